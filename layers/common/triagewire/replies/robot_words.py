"""How robots that answer mail call themselves, and what they say that people hardly ever do, in
English, Spanish, German and French, folded: small letters without accents.
"""

import re
from functools import cache

_ADDRESSES = (
    r"mailer-?daemon",
    r"mail-?daemon",
    r"postmaster",
    r"bounces?",
    r"listserv",
    r"majordomo",
    r"auto-?repl(?:y|ies)",
    r"auto-?responder",
    r"(?:do[-_.]?)?no[-_.]?t?[-_.]?reply",
    r"(?:do[-_.]?)?no[-_.]?t?[-_.]?respond(?:er|a)?",
    r"no[-_.]?contest(?:ar|e)",
    r"(?:bitte[-_.]?)?nicht[-_.]?antworten",
    r"keine[-_.]?antwort",
    r"ne[-_.]?pas[-_.]?repondre",
)
ROBOTS = re.compile(rf"(?:{'|'.join(_ADDRESSES)})(?:[-_.+=\d].*)?", re.IGNORECASE)
"""The part before the @ of addresses that nobody reads."""

_MOVING = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december lunes martes miercoles jueves viernes sabado
    domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz juni juli
    oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril
    mai juin juillet aout septembre octobre novembre decembre
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun am pm today
    tomorrow
    """
MOVING = frozenset(_MOVING.split())
"""Words that move with the calendar, as numbers do."""

_THING = r"(?:e ?mail|message|request|inquiry|enquiry|ticket|case|query|question|interest)"
_PATTERNS = (
    # that something was received
    rf"\b(?:we|i) (?:(?:have|ve) )?(?:received|got|logged) your {_THING}",
    rf"\bthank(?:s| you) for (?:contacting|writing to|reaching out|emailing|your {_THING})",
    rf"\byour {_THING} (?:\S+ ){{0,6}}(?:has|have) been (?:received|created|logged|opened)",
    rf"\byour {_THING} (?:\S+ ){{0,6}}(?:has|have) been (?:registered|assigned|forwarded)",
    r"\b(?:ticket|case|request|reference|incident) (?:number|id|no|nr)\b",
    r"\ba (?:new )?(?:support )?(?:ticket|case) (?:\S+ ){0,3}(?:has been|was) (?:created|opened)",
    r"\b(?:will|ll) (?:get back to|respond to|reply to|contact|be in touch with) you\b",
    r"\ba member of (?:our|the) \S+(?: \S+)? will\b",
    r"\b(?:this is an|an) automat(?:ed|ic) (?:message|reply|response|answer|e ?mail)",
    r"\b(?:do|please) not (?:reply|respond) to this (?:e ?mail|message)",
    r"\bhemos recibido su (?:mensaje|correo|solicitud|consulta)",
    r"\bgracias por (?:escribir a|escribirnos|contactar|comunicarse|su (?:mensaje|correo))",
    r"\b(?:le|nos) (?:responderemos|responderan|contactaremos|pondremos en contacto)",
    r"\b(?:respuesta|mensaje|correo) automatic[oa]\b",
    r"\bno (?:responda|conteste) a este (?:mensaje|correo)",
    r"\bnumero de (?:caso|ticket|referencia|solicitud|incidencia)",
    r"\b(?:ihre|deine) (?:e ?mail|nachricht|anfrage) (?:ist|wurde|haben wir)",
    r"\b(?:vielen )?dank fur (?:ihre|deine) (?:e ?mail|nachricht|anfrage)",
    r"\bautomatische? (?:erstellte )?(?:antwort|nachricht|e ?mail)",
    r"\b(?:nous )?avons bien recu votre\b",
    r"\bmerci pour votre (?:message|courriel|e ?mail)",
    r"\b(?:reponse|message) automatique\b",
    # that nobody is there
    r"\bout of (?:the )?office\b|\baway from (?:my|the) (?:desk|office|e ?mail)\b",
    r"\bon (?:vacation|annual leave|maternity leave|parental leave|holiday)\b",
    r"\b(?:fuera de la oficina|de vacaciones)\b",
    r"\b(?:nicht im (?:buro|haus)|im urlaub|abwesend|auss?er haus)\b",
    r"\b(?:absente? du bureau|en (?:conges?|vacances)|actuellement absente?)\b",
    r"\bi (?:will|ll) (?:be back|return|have (?:limited|no) access)\b",
    r"\blimited access to (?:my )?e ?mail",
    r"\b(?:in|for) urgent (?:cases|matters)\b",
    # that a text did not arrive
    r"\b(?:could not|couldn t|cannot|can not) be delivered\b|\bdelivery (?:\S+ ){0,3}failed\b",
    r"\bundeliver(?:able|ed)\b|\breturned to (?:the )?sender\b",
    r"\bmail delivery (?:system|sub ?system|failed)",
    r"\b(?:recipient|mailbox|user) (?:\S+ ){0,3}(?:unknown|not found|unavailable|full|rejected)\b",
)


@cache
def cues() -> tuple[re.Pattern[str], ...]:
    """What automatic texts say, in words parted by one blank each; compiled when first needed, for
    a cold start has other things to do.
    """
    return tuple(map(re.compile, _PATTERNS))
