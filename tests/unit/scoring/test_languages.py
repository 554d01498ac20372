"""The language of a message is named, so that somebody who reads it gets it."""

# ruff: noqa: RUF001 letters of other alphabets are what this is about

import pytest

from triagewire.scoring.languages import Languages
from triagewire.scoring.normalise import read
from triagewire.scoring.rules import Rules
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.scoring.tongues import NAMES
from triagewire.verdict import Urgency

SAID = {
    "am": "ደረቴን ያመኛል እባክዎ",
    "ar": "عندي ألم شديد في الصدر",
    "bn": "আমার বুকে খুব ব্যথা",
    "de": "Ich habe seit gestern starke Schmerzen und mir ist schlecht",
    "el": "Έχω πόνο στο στήθος",
    "fa": "من از دیروز درد شدید دارم، لطفا کمک کنید",
    "fr": "Bonjour, je ne me sens pas bien depuis hier",
    "gu": "મને છાતીમાં દુખાવો થાય છે",
    "he": "יש לי כאבים בחזה",
    "hi": "मुझे सीने में दर्द है",
    "hmn": "Kuv mob hauv siab thiab kuv ua tsis taus pa, thov pab kuv",
    "ht": "Mwen gen doulè nan lestomak mwen, tanpri ede m",
    "it": "Buongiorno, non mi sento bene, vorrei un aiuto per mia madre",
    "ja": "胸が痛いです、助けて",
    "ko": "가슴이 아파요 도와주세요",
    "nl": "Ik heb sinds gisteren erg veel pijn en ik kan niet slapen",
    "pa": "ਮੇਰੀ ਛਾਤੀ ਵਿੱਚ ਦਰਦ",
    "pl": "Dzień dobry, nie mam siły i bardzo boli mnie brzuch",
    "pt": "Bom dia, não estou bem, tenho muita dor",
    "ru": "У меня очень болит голова",
    "so": "Waxaan dareemayaa xanuun aad u daran, waa i caawi",
    "sw": "Nina maumivu makali ya kifua, tafadhali nisaidie",
    "ta": "எனக்கு மார்பு வலி",
    "te": "నాకు ఛాతీ నొప్పి",
    "tl": "Masakit po ang dibdib ko at hindi ako makahinga",
    "tr": "Göğsümde çok şiddetli ağrı var, nefes alamıyorum",
    "uk": "У мене дуже болить живіт, допоможіть",
    "ur": "مجھے سینے میں درد ہے",
    "vi": "Tôi bị đau ngực từ tối qua",
    "zh": "我胸口很痛，呼吸困难",
}


@pytest.mark.parametrize(("code", "text"), SAID.items())
def test_a_language_that_the_rules_do_not_know_is_named_and_reviewed(
    code: str, text: str, engine: Engine
) -> None:
    verdict = score(ScoringInput(text=text), engine)

    assert verdict.language == code
    assert verdict.candidate is Urgency.CLINICAL_URGENT
    assert verdict.review or verdict.score is Urgency.CLINICAL_URGENT
    if verdict.review:
        assert any(NAMES[code] in reason.why for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I would like to move my appointment to Friday, please.", ""),
        ("Hola, quisiera cambiar mi cita para el viernes, por favor.", "es"),
        ("refill lisinopril 10 mg cvs", ""),
        ("José Núñez needs his refill before he goes to San José, please", ""),
    ],
)
def test_what_the_rules_read_is_english_or_spanish(text: str, code: str, engine: Engine) -> None:
    verdict = score(ScoringInput(text=text), engine)

    assert verdict.language == code
    assert not any(reason.rule.startswith("language-") for reason in verdict.reasons)


def test_typing_without_the_accents_is_named_too(engine: Engine) -> None:
    assert score(ScoringInput(text="toi bi dau va muon xin thuoc cho con"), engine).language == "vi"


def test_one_letter_of_another_script_is_a_word_there(engine: Engine) -> None:
    verdict = score(ScoringInput(text="痛"), engine)

    assert (verdict.language, verdict.review) == ("zh", True)


MIXED = (
    "Please move my appointment to Friday. "
    "Mwen gen doulè nan lestomak mwen depi yè swa, tanpri ede mwen ak sa."
)


def test_a_message_that_is_half_understood_is_scored_and_reviewed(engine: Engine) -> None:
    verdict = score(ScoringInput(text=MIXED), engine)

    assert (verdict.review, verdict.language) == (True, "ht")


def test_an_emergency_in_its_english_half_pages(engine: Engine) -> None:
    text = f"My father has crushing chest pain and cannot breathe. {MIXED}"

    assert score(ScoringInput(text=text), engine).score is Urgency.CLINICAL_URGENT


def test_a_greeting_in_another_language_is_no_reason_for_review(engine: Engine) -> None:
    text = "Bonjour! I would like to move my appointment from Tuesday to Friday. Merci!"

    assert not score(ScoringInput(text=text), engine).review


def test_the_senders_tag_names_what_nothing_else_names(rules: Rules) -> None:
    languages = Languages(rules.language.markers)
    text = read("Nem érzem jól magam, ő és bô űr ű", {})
    tongues = [languages.of(text, "uz")]

    assert languages.spoken([text], tongues, "ka-GE").language == "ka"
    assert languages.spoken([text], tongues, "xx").language == "und"
