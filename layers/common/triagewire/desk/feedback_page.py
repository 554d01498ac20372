"""The page behind the link of a text to a requester: how was it, or: this did not help me.

Whoever reads it may be ill, so each of its forms says whom to call in an emergency, and none tells
anybody to wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from triagewire.desk.page import Page, framed
from triagewire.flow.feedback import LONGEST_COMMENT
from triagewire.policy.model import Site
from triagewire.replies.matching import DEFAULT_LANGUAGE
from triagewire.replies.satisfaction import SCORES, language_of
from triagewire.ticket import Ticket

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "1": "Very poor",
        "2": "Poor",
        "3": "Fair",
        "4": "Good",
        "5": "Very good",
        "asked": "How did we do?",
        "choose": "Choose one answer. You can change it for two weeks.",
        "thanks": "Thank you for your answer",
        "answered": "You answered: {}.",
        "another": "Another answer?",
        "comment": "Do you want to add something? (optional)",
        "read": "A person of our team reads it.",
        "send": "Send",
        "sent": "We have your words",
        "sent_why": "A person of our team reads them.",
        "helped": "Did this answer not help?",
        "to_person": "This did not answer my question",
        "to_person_why": "One tap brings your question to a person of our team.",
        "with_person": "Your question is with a person",
        "with_person_why": "Somebody of our team has your question.",
        "emergency": "In an emergency call 911 or go to the nearest emergency room. In emotional "
        "distress call or text 988. Do not use this page for it. Our phone is {}.",
        "bad": "This link does not work",
        "bad_why": "It is too old, or a part of it is missing. Nothing was done. If you need "
        "something, call us or write to us again. In an emergency call 911; in emotional distress "
        "call or text 988.",
        "wrong": "That was no answer",
        "wrong_why": "Go back, choose one of the five answers, and write at most {} characters.",
        "many": "That was a lot at once",
        "many_why": "We have what you sent before, but not this. Go back and send it again in a "
        "minute, or call us now.",
        "failed": "That did not work",
        "failed_why": "Something failed on our side. Go back and try it again in a minute. In an "
        "emergency call 911; in emotional distress call or text 988.",
    },
    "es": {
        "1": "Muy mal",
        "2": "Mal",
        "3": "Regular",
        "4": "Bien",
        "5": "Muy bien",
        "asked": "¿Cómo le atendimos?",
        "choose": "Elija una respuesta. Puede cambiarla durante dos semanas.",
        "thanks": "Gracias por su respuesta",
        "answered": "Su respuesta: {}.",
        "another": "¿Otra respuesta?",
        "comment": "¿Quiere añadir algo? (opcional)",
        "read": "Lo lee una persona de nuestro equipo.",
        "send": "Enviar",
        "sent": "Hemos recibido sus palabras",
        "sent_why": "Las lee una persona de nuestro equipo.",
        "helped": "¿No le ayudó esta respuesta?",
        "to_person": "No respondió a mi pregunta",
        "to_person_why": "Con un toque, su pregunta llega a una persona de nuestro equipo.",
        "with_person": "Su pregunta la tiene una persona",
        "with_person_why": "Alguien de nuestro equipo tiene su pregunta.",
        "emergency": "En una emergencia llame al 911 o vaya a la sala de emergencias más cercana. "
        "En crisis emocional llame o mande un mensaje al 988. No use esta página para eso. Nuestro "
        "teléfono es {}.",
        "bad": "Este enlace no funciona",
        "bad_why": "Es demasiado antiguo o le falta una parte. No se hizo nada. Si necesita algo, "
        "llámenos o escríbanos de nuevo. En una emergencia llame al 911; en crisis emocional llame "
        "o escriba al 988.",
        "wrong": "Eso no es una respuesta",
        "wrong_why": "Vuelva atrás, elija una de las cinco respuestas y escriba como máximo {} "
        "caracteres.",
        "many": "Eso fue mucho a la vez",
        "many_why": "Tenemos lo que envió antes, pero esto no. Vuelva atrás y envíelo de nuevo "
        "en un minuto, o llámenos ahora.",
        "failed": "No funcionó",
        "failed_why": "Algo falló de nuestro lado. Vuelva atrás e inténtelo en un minuto. En una "
        "emergencia llame al 911; en crisis emocional llame o escriba al 988.",
    },
}


@dataclass(frozen=True, slots=True)
class _Voice:
    """Whose page it is, and in which language."""

    site: Site
    language: str

    def say(self, name: str, *values: object) -> str:
        """A text of the page, escaped."""
        return escape(WORDS[self.language][name].format(*values))

    def page(self, title: str, inner: str, status: int = 200) -> Page:
        """A page of the site, with whom to call in an emergency: above a field to write in, below
        anything else.
        """
        parts = (self._call(), inner) if "<textarea" in inner else (inner, self._call())
        said = WORDS[self.language][title]
        return framed(status, said, "".join(parts), of=self.site.name, language=self.language)

    def _call(self) -> str:
        """Whom to call, by a tap."""
        words = self.say("emergency", self.site.phone)
        for number in ("911", "988", escape(self.site.phone)):
            dialled = "".join(char for char in number if char.isdigit() or char == "+")
            words = words.replace(number, f'<a href="tel:{dialled}">{number}</a>', 1)
        return f"<aside><p>{words}</p></aside>"


def survey_page(ticket: Ticket, site: Site) -> Page:
    """The question, with its five answers; who has answered may answer anew."""
    voice = _voice(ticket, site)
    score = ticket.survey.score if ticket.survey else None
    if score is not None:
        return _answered(voice, score)
    asked = site.satisfaction.question
    question = asked.get(voice.language) or asked.get(DEFAULT_LANGUAGE) or ""
    inner = f"<p>{voice.say('choose')}</p>{_answers(voice, escape(question), None)}"
    return voice.page("asked", inner)


def rated_page(ticket: Ticket, site: Site, *, commented: bool) -> Page:
    """What somebody sees who has answered."""
    voice = _voice(ticket, site)
    score = ticket.survey.score if ticket.survey else None
    if commented or score is None:
        return voice.page("sent", f"<p>{voice.say('sent_why')}</p>")
    return _answered(voice, score)


def article_page(ticket: Ticket, site: Site, *, waits: bool) -> Page:
    """One button for whom an article did not help, as long as nobody but it has answered."""
    voice = _voice(ticket, site)
    if not waits:
        return voice.page("with_person", f"<p>{voice.say('with_person_why')}</p>")
    button = f'<button type="submit">{voice.say("to_person")}</button>'
    inner = f'<p>{voice.say("to_person_why")}</p><form method="post">{button}</form>'
    return voice.page("helped", inner)


def wrong_page(ticket: Ticket, site: Site) -> Page:
    """What somebody sees whose answer was none."""
    voice = _voice(ticket, site)
    return voice.page("wrong", f"<p>{voice.say('wrong_why', LONGEST_COMMENT)}</p>", 422)


def too_many_page(ticket: Ticket, site: Site) -> Page:
    """What somebody sees who answers again and again: nothing that they say now is taken."""
    voice = _voice(ticket, site)
    return voice.page("many", f"<p>{voice.say('many_why')}</p>", 429)


def bad_link_page() -> Page:
    """What everybody sees whose link does nothing, in both languages: whose it was is not known."""
    return _of_nobody("bad", 404)


def failed_page() -> Page:
    """What is shown when something failed here."""
    return _of_nobody("failed", 500)


def _of_nobody(name: str, status: int) -> Page:
    said = (f'<p lang="{each}">{escape(WORDS[each][f"{name}_why"])}</p>' for each in WORDS)
    return framed(status, WORDS[DEFAULT_LANGUAGE][name], "".join(said))


def _voice(ticket: Ticket, site: Site) -> _Voice:
    return _Voice(site, language_of(ticket, WORDS))


def _answered(voice: _Voice, score: int) -> Page:
    given = f"{score} · {WORDS[voice.language][str(score)]}"
    more = (
        f'<form method="post"><input type="hidden" name="score" value="{score}">'
        f'<label for="comment">{voice.say("comment")}</label>'
        f"<p>{voice.say('read')}</p>"
        f'<textarea id="comment" name="comment" maxlength="{LONGEST_COMMENT}"></textarea>'
        f'<button type="submit">{voice.say("send")}</button></form>'
    )
    anew = _answers(voice, voice.say("another"), score)
    return voice.page("thanks", f"<p>{voice.say('answered', given)}</p>{more}{anew}")


def _answers(voice: _Voice, question: str, given: int | None) -> str:
    """The five answers as buttons, the best first; `question` is escaped."""
    chosen = (each for each in reversed(SCORES) if each != given)
    buttons = "".join(
        f'<button type="submit" name="score" value="{each}">'
        f"{each} · {voice.say(str(each))}</button>"
        for each in chosen
    )
    legend = f"<legend>{question}</legend>"
    return f'<form method="post"><fieldset>{legend}{buttons}</fieldset></form>'
