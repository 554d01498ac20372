"""Messages that say thanks, or that all is well, and nothing else, so that a resolved ticket may
stay resolved.

Every word must be on a short list: "thanks, but the pain is worse" is not thanks. Farewells are
left out on purpose ("thank you for everything, goodbye"): they can mean the worst. So are yes, no
and please: somebody may have asked.
"""

import re
from collections.abc import Iterable, Iterator

MOST_WORDS = 24
_LONGEST_CHARACTERS = 300
_LONGEST_PHRASE = 9
_MOST_NAMES = 4
"""Words of names: more of them are a sentence."""
_KIND_SIGNS = frozenset("👍👌🙏🙂😊😀☺✅✔👏🏻🏼🏽🏾🏿\ufe0f")
_APOSTROPHES = re.compile("['\u2019\u02bc`]")
_BETWEEN = re.compile("[\\s.,;:!¡\u2013\u2014\u2026-]+")
_DEVICE = (
    r"(?:iphone|ipad|ipod|imac|mac|macbook|phone|smartphone|cellphone|cell|mobile|android|device"
    r"|tablet|computer|laptop|pc|desktop|blackberry|windows|verizon|sprint|cricket|boost|wireless"
    r"|lte|t-mobile|tmobile|samsung|galaxy|google|pixel|lg|moto|motorola|htc|sony|xperia|huawei"
    r"|xiaomi|redmi|oneplus|nokia|apple|pro|max|plus|mini|ultra|work|tel[eé]fono|celular|m[oó]vil"
    r"|dispositivo|tableta|computadora|ordenador|(?!9)[a-z]{0,2}\d{1,4}[a-z]{0,2})"
)
"""Any other word may be one of the message: "sent from my bed with chest pain"."""
_ABOUT_THE_DEVICE = re.compile(
    rf"^\s*(?:(?:sent|enviado) (?:from|via|desde) (?:my|mi) {_DEVICE}(?:,? {_DEVICE}){{0,5}}"
    r"|get outlook for (?:ios|android|mac|windows)"
    r"|obtener outlook para (?:ios|android|mac|windows))\.?\s*$",
    re.IGNORECASE | re.MULTILINE,
)

_THANKS = """
thank you/thank you so much/thank you very much/thank you so very much/thank you again
thank you kindly/thanks/thanks again/thanks so much/thanks very much/thanks a lot/thanks a million
thanks a bunch/thank u/thank you all/thanks all/thanks everyone/thank you everyone/many thanks
thanks guys/thank you both/thanks team/thank you team/thx/ty/tysm/tyvm/tks/thnx/thanx/thankyou
much appreciated/very much appreciated/greatly appreciated/i appreciate it/i really appreciate it
i appreciate your help/i appreciate you/appreciate it/really appreciate it/i am so grateful
im so grateful/so grateful/with gratitude/and thank you/and thanks
gracias/muchas gracias/mil gracias/muchisimas gracias/muchísimas gracias/muchas gracias a todos
gracias a todos/gracias de nuevo/muchas gracias de nuevo/le agradezco/le agradezco mucho
se lo agradezco/se lo agradezco mucho/muy agradecido/muy agradecida/te lo agradezco/les agradezco
les agradezco mucho
"""
_FOR_WHAT = """
for your help/for all your help/for all of your help/for the help/for helping/for helping me
for helping us/for your time/for your quick reply/for the quick reply/for your quick response
for the quick response/for your fast response/for the fast response/for your prompt reply
for your prompt response/for the prompt response/for the fast reply/for the reply/for your reply
for the response/for your response/for your answer/for the answer/for letting me know
for letting us know/for getting back to me/for getting back to me so quickly/for getting back to us
for calling/for calling me/for calling me back/for the call/for your call/for the callback
for the update/for the info/for the information/for the heads up/for checking/for checking in
for checking on this/for looking into it/for looking into this/for taking care of it
for taking care of this/for taking care of that/for sorting it out/for sorting this out
for fixing it/for fixing this/for fixing that/for the fix/for your patience/for your support
for your kindness/for being so kind/for being so helpful/for the reminder/for confirming
for the confirmation/for scheduling me/for the appointment/for fitting me in/for squeezing me in
for the refill/for sending it/for sending that/for sending this/for sending it over/so quickly
so much/very much/for the quick turnaround/for the quick fix/for your quick help/for the quick help
por su ayuda/por la ayuda/por toda su ayuda/por todo su apoyo/por su apoyo/por avisarme/por avisar
por su respuesta/por la respuesta/por responder/por responder tan rápido/por responder tan rapido
por su tiempo/por su paciencia/por la información/por la informacion/por su amabilidad/por llamar
por llamarme/por la llamada/por la cita/por la confirmación/por la confirmacion/por confirmar
por su atención/por su atencion/por la atención/por la atencion/por su pronta respuesta
por la pronta respuesta/por atenderme/por ayudarme/por la receta/por arreglarlo/por resolverlo
"""
_KIND = """
have a nice day/have a great day/have a good day/have a wonderful day/have a lovely day
have a blessed day/have a great weekend/have a good weekend/have a nice weekend/have a good one
have a great one/have a good evening/have a nice evening/have a great evening/happy holidays
happy thanksgiving/happy new year/merry christmas/enjoy your day/enjoy your weekend/you too
same to you/and you too/you are the best/youre the best/you guys are the best/you are awesome
youre awesome/you guys are awesome/you rock/you are wonderful/you are amazing/youre amazing
you are so kind/very kind/so kind/very kind of you/that is very kind/thats very kind
god bless/god bless you/bless you/great job/great work/good job/nice work/great service
excellent service/great help/very helpful/that was very helpful/so helpful/super helpful
this was very helpful/that helps/that helps a lot/this helps/this helps a lot/that is helpful
best/best regards/kind regards/warm regards/regards/sincerely/respectfully/cheers/yours truly
all the best/best wishes/warmly/thankfully/gratefully/hi/hello/dear/hey/good morning
good afternoon/good evening/hi there/hello there/hi all/hi team/hello team/hi everyone
muy amable/muy amables/es muy amable/son muy amables/que tenga buen día/que tenga buen dia
que tenga un buen día/que tenga un buen dia/que tengan buen día/que tengan buen dia
buen día/buen dia/que tengan un buen día/que tengan un buen dia/que tenga linda tarde
buen fin de semana/igualmente
feliz día/feliz dia/dios le bendiga/dios los bendiga/dios la bendiga/bendiciones/excelente servicio
excelente atención/excelente atencion/muy buen servicio/saludos/saludos cordiales/un saludo
cordialmente/atentamente/hola/buenos días/buenos dias/buenas tardes/buenas noches/buenas
feliz navidad/feliz año/feliz año nuevo/felices fiestas/un abrazo/es usted muy amable
"""
_FINE = """
ok/okay/got it/sounds good/great/perfect/wonderful/that is great/thats great/perfecto/vale
"""
_WELL = """
okey/oki/k/kk/okie dokie/okey dokey/alright/all right/sure/sure thing/cool
awesome/excellent/fantastic/amazing/lovely/super/brilliant/good/very good/all good
all set/all good now/all set now/we are all set/im all set/i am all set/im good/i got it
gotcha/understood/noted/duly noted/received/will do/sounds great/sounds perfect
sounds like a plan/that works/that works for me/works for me/that is fine/thats fine/fine by me
fine with me/that is perfect/thats perfect/this is great/this is perfect
that is wonderful/thats wonderful/that is good to know/good to know/great news/good news
thats great news/that is great news/wonderful news/great to hear/glad to hear it/makes sense
that makes sense/that answers my question/this answers my question/that answered my question
no worries/no problem/no problem at all/no further questions/no more questions
no need to reply/no reply needed/no need to respond/no response needed/see you then/see you there
see you soon/see you tomorrow/see you next week/i will see you then/ill see you then
we will see you then
talk to you then/looking forward to it/i look forward to it/looking forward to seeing you
it works/it works now/it works great/it works again/works now/works great/works great now
works perfectly/works perfectly now/it is working/it is working now/its working/its working now
it is working again/its working again/working now/that worked/that did it/that did the trick
that fixed it/that solved it/that took care of it/fixed/it is fixed/its fixed/it is fixed now
its fixed now/problem solved/issue resolved/resolved/solved/im in/i am in/im back in/i am back in
i can log in now/i can sign in now/i was able to log in/i was able to sign in
i am able to log in now/everything works/everything works now/everything is working
everything is working now
you can close this/you can close this ticket/you may close this ticket/please close this ticket
please close the ticket/ticket can be closed/this can be closed/feel free to close this
de acuerdo/está bien/esta bien/claro/listo/entendido/recibido/me parece bien
me queda bien/muy bien/genial/excelente/estupendo/todo bien/todo en orden/ya quedó/ya quedo
ya funciona/ya está/ya esta/ya está resuelto/ya esta resuelto/resuelto
ya pude entrar/ya puedo entrar/quedo atento/quedo atenta/nos vemos/nos vemos entonces
nos vemos mañana/ahí nos vemos/ahi nos vemos
nos vemos ahí/nos vemos ahi/allí estaré/alli estare/ahí estaré/ahi estare/ok gracias
buenas noticias
qué bueno/que bueno/qué bien/que bien/con eso me ayuda/eso responde mi pregunta/no hay problema
puede cerrar el ticket/pueden cerrar el ticket/puede cerrar esto/puede cerrarlo/pueden cerrarlo
"""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DIAS = ("lunes", "martes", "miércoles", "miercoles", "jueves", "viernes", "sábado", "sabado")
_SEE_YOU = "/".join(
    (
        *(f"see you {day}/see you on {day}/see you next {day}" for day in _DAYS),
        *(f"nos vemos el {day}" for day in _DIAS),
    )
)
_TITLES = frozenset({"dr", "doctor", "doc", "nurse", "mr", "mrs", "ms", "miss"}) | frozenset(
    {"dra", "doctora", "enfermera", "enfermero", "sr", "sra", "señor", "señora"}
)


def _phrases(text: str) -> Iterator[tuple[str, ...]]:
    for phrase in text.replace("\n", "/").split("/"):
        if words := tuple(phrase.split()):
            yield words


_GRATEFUL = frozenset(_phrases(_THANKS))
_COURTESY = _GRATEFUL | frozenset(_phrases(_FOR_WHAT + _KIND))
_PLAIN_THANKS = _COURTESY | frozenset(_phrases(_FINE))
_ALL_WELL = _PLAIN_THANKS | frozenset(_phrases(_WELL + _SEE_YOU))


def only_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a text thanks and says nothing besides; False wherever there is any doubt.

    `names` are those with which people greet and sign: the requester's own, and of staff.
    """
    words = _words(text)
    return bool(words) and _is_made_of(words or [], _PLAIN_THANKS, names) and _thanks(words or [])


def settles(text: str, names: Iterable[str] = (), *, asked: bool = False) -> bool:
    """Whether a text says thanks, or that all is well, and nothing besides: "perfect, see you
    then", "it works now", a thumb. False wherever there is any doubt.

    Where somebody `asked` something, "perfect" may be the answer: then it must be courtesy alone.
    """
    words = _words(text)
    if words is None:
        return False
    if not words:
        return _is_kind_sign(text) and not asked
    return _is_made_of(words, _COURTESY if asked else _ALL_WELL, names)


def _words(text: str) -> list[str] | None:
    """The words of a text without what a device adds; None for one that is too long."""
    said = _ABOUT_THE_DEVICE.sub(" ", text)
    if len(said) > _LONGEST_CHARACTERS:
        return None
    plain = _APOSTROPHES.sub("", said.casefold())
    bare = "".join(" " if char in _KIND_SIGNS else char for char in plain)
    words = _BETWEEN.sub(" ", bare).split()
    return words if len(words) <= MOST_WORDS else None


def _is_made_of(words: list[str], known: frozenset[tuple[str, ...]], names: Iterable[str]) -> bool:
    """Whether known phrases and some names make up all of it, and it is more than names."""
    own = {part for name in names for part in _words(name) or ()} | _TITLES
    ends = {0}
    for at in range(len(words)):
        if at in ends:
            ends |= {at + size for size in _sizes(words, at, known)}
            ends |= {at + 1} if words[at] in own else set()
    named = sum(word in own for word in words)
    return len(words) in ends and named <= _MOST_NAMES and named < len(words)


def _sizes(words: list[str], at: int, known: frozenset[tuple[str, ...]]) -> Iterator[int]:
    """How many words the known phrases have that begin there."""
    for size in range(1, min(_LONGEST_PHRASE, len(words) - at) + 1):
        if tuple(words[at : at + size]) in known:
            yield size


def _thanks(words: list[str]) -> bool:
    return any(
        tuple(words[at : at + size]) in _GRATEFUL
        for at in range(len(words))
        for size in range(1, _LONGEST_PHRASE + 1)
    )


def _is_kind_sign(text: str) -> bool:
    """Whether it is nothing but a thumb, folded hands or a smile."""
    signs = [char for char in text if not char.isspace()]
    return bool(signs) and all(char in _KIND_SIGNS for char in signs)
