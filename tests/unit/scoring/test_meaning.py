"""What a message means: negation, history, hypothesis, others, paperwork, figures of speech."""

import pytest

from tests.unit.scoring.conftest import Judge

LIVE = [
    ("I can't breathe", "an ability negation is the symptom itself"),
    ("no relief from the chest pain after three nitros", "no relief denies the relief"),
    ("no fever but I have crushing chest pain", "but ends the scope"),
    ("No, I have chest pain", "a bare no before a comma is an answer"),
    ("I can't say I'm not having chest pain", "two negations cancel"),
    ("no chest pain yesterday, I have chest pain now", "a live mention beats a negated one"),
    ("My husband had a seizure 10 minutes ago", "a relative in danger now is the patient"),
    ("My chest pain from last year is back", "a recurrence is no history"),
    ("I had a stroke in 2018 and now my face is drooping", "only the clause of the date is past"),
    ("It's probably nothing, but I have pressure in my chest", "minimising carries no weight"),
    ("my wife says anxiety, my left arm is numb and I'm sweating", "reassurance has no weight"),
    ("refill my lisinopril please. My tongue is swelling", "a request hides no emergency"),
    ("I'm not suicidal but I have my pills lined up", "a denial in crisis changes nothing"),
    ("Sleeping better, no thoughts of suicide except at night", "an except turns a denial round"),
    ("Feeling well and not suicidal, I have my pills lined up", "a means turns a denial round"),
    ("My aunt had a stroke years ago and now my face is drooping", "my own now is no family past"),
    ("Thanks for the choking class, my toddler is choking now", "a lesson is not what happens now"),
    ("lol I think I'm having a stroke, half my face is numb", "a laugh hides no sign"),
    ("My bill is wrong and my chest feels tight", "a bill explains only what it names"),
    ("Hypothetically, how many Tylenol would it take to not wake up", "a crisis has no hypothesis"),
    ("she's not breathing and is blue", "not belongs to breathing"),
    ("los labios de mi niño se están poniendo morados", "de mi niño is no childhood"),
    ("In '09 I had a blood clot. My calf is swollen and hot.", "a short year dates itself only"),
    ("Years later the old wound opened and blood is pouring out", "later is now"),
    ("My dad won't write himself but he has had pressure in his chest all day", "a proxy writes"),
]
MODIFIED = [
    ("No chest pain, no shortness of breath, just checking in", "patient", "negated list"),
    ("Denies chest pain, dyspnea, syncope or palpitations.", "staff", "charted list"),
    ("I have never had a seizure", "patient", "never"),
    ("What should I do if I ever get chest pain?", "patient", "if I ever"),
    ("What are the signs of a stroke?", "patient", "education"),
    ("My father died of a heart attack at 52, do I need a test?", "patient", "family history"),
    ("I had a heart attack in 2015, do I still need aspirin?", "patient", "dated history"),
    ("I was charged twice for the chest pain visit", "patient", "a visit that was charged"),
    ("My bill has a line 'chest pain, unspecified', why?", "patient", "words quoted from a bill"),
    (
        "Zoloft is going well, no thoughts of hurting myself",
        "patient",
        "a denial where all is well",
    ),
    (
        "My uncle dropped dead of a stroke years ago. Do I need a scan?",
        "patient",
        "a relative once",
    ),
    ("Suppose I get chest pain on the boat, what then?", "patient", "suppose"),
    ("Do you run a class on choking?", "patient", "a lesson"),
    (
        "I had a stroke last year. Which vitamins may I take?",
        "patient",
        "a year ago with a question",
    ),
    (
        "My late wife's heart stopped in 2022, can you send the invoice?",
        "patient",
        "somebody who has died",
    ),
    ("I had a heart attack when I was 40, can I fly?", "patient", "an age of long ago"),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=why) for text, why in LIVE])
def test_a_live_emergency_scores_5(judge: Judge, text: str) -> None:
    verdict = judge(text)

    assert (verdict.score, verdict.team) == (5, "clinical")


@pytest.mark.parametrize(
    ("text", "voice"), [pytest.param(text, voice, id=why) for text, voice, why in MODIFIED]
)
def test_a_modified_emergency_is_no_page_and_never_below_4(
    judge: Judge, text: str, voice: str
) -> None:
    verdict = judge(text, voice)

    assert verdict.score == 4


@pytest.mark.parametrize(
    ("text", "team"),
    [
        pytest.param("I nearly died when I saw the bill", "billing", id="died at the bill"),
        pytest.param("Overdose of paperwork! Can I get e-statements?", "billing", id="paperwork"),
        pytest.param("I'm bleeding money on stamps, can I upload forms?", "portal", id="money"),
    ],
)
def test_a_figure_of_speech_is_scored_by_its_request(judge: Judge, text: str, team: str) -> None:
    verdict = judge(text)

    assert (verdict.team, verdict.score <= 3, verdict.review) == (team, True, False)


def test_an_alert_of_a_computer_system_goes_to_its_resolvers(judge: Judge) -> None:
    verdict = judge("Sepsis alert keeps firing on every patient, please tune it", "staff")

    assert (verdict.team, verdict.score <= 3) == ("it_ehr", True)


def test_an_emergency_beside_a_broken_system_is_still_an_emergency(judge: Judge) -> None:
    verdict = judge("EHR is down and the patient in room 3 has chest pain", "staff")

    assert verdict.score == 5
    assert [need.team for need in verdict.others] == ["it_ehr"]


def test_a_crisis_in_paperwork_waits_for_a_person(judge: Judge) -> None:
    verdict = judge("I need proof of my 2021 hospitalization for suicidal thoughts, for my lawyer")

    assert (verdict.score, verdict.review, verdict.candidate) == (4, True, 5)


def test_a_charted_denial_of_a_crisis_waits_for_a_person(judge: Judge) -> None:
    verdict = judge("Patient denies suicidal ideation.", "staff")

    assert (verdict.score, verdict.review, verdict.crisis) == (4, True, True)


def test_a_denial_of_a_crisis_by_the_patient_still_pages(judge: Judge) -> None:
    assert judge("I'm not suicidal").score == 5


def test_doubt_about_now_goes_to_review(judge: Judge) -> None:
    verdict = judge("What do I do if I'm having a heart attack?")

    assert verdict.review
    assert verdict.candidate == 5


def test_two_needs_make_a_leading_and_a_linked_one(judge: Judge) -> None:
    verdict = judge("Please reschedule my appointment, I have crushing chest pain")

    assert verdict.team == "clinical"
    assert [need.team for need in verdict.others] == ["scheduling"]


def test_reasons_name_the_rule_and_the_words(judge: Judge) -> None:
    reason = judge("Since noon my CHEST really hurts").reasons[0]

    assert (reason.rule, reason.text_span) == ("chest-sensation", "CHEST really hurts")
    assert reason.source.startswith("Schmitt-Thompson")
