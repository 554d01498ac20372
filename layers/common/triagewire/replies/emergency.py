"""What every page of ours says to somebody who must not wait for an answer."""

from collections.abc import Mapping

from triagewire.replies.matching import spoken

_USUAL: Mapping[str, str] = {
    "en": "In an emergency call 911. In emotional distress call or text 988. "
    "Our number is {phone}.",
    "es": "En una emergencia llame al 911. En crisis emocional llame o escriba al 988. "
    "Nuestro teléfono es {phone}.",
}
_URGENT: Mapping[str, str] = {
    "en": "What you describe may need help right now. Do not wait for an answer: call 911, or go "
    "to the nearest emergency room. If you think of harming yourself, call or text 988. You can "
    "also call us at {phone}.",
    "es": "Lo que describe puede necesitar ayuda ahora mismo. No espere una respuesta: llame al "
    "911 o vaya a la sala de emergencias más cercana. Si piensa en hacerse daño, llame o escriba "
    "al 988. También puede llamarnos al {phone}.",
}


def where_to_call(language: str, phone: str, *, urgent: bool) -> str:
    """Where to call, in a language or in English; louder when it is urgent."""
    texts = _URGENT if urgent else _USUAL
    return texts[spoken(language, texts.keys())].format(phone=phone)
