"""Short answers: "ok, Tuesday works" adds nothing to what a ticket says, "yes" may say everything.

Every word must be on a list here, so "ok but it hurts" is none. Farewells are left out on purpose,
as in `routing.thanks`: they can mean the worst.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

MOST_WORDS = 14
SHORT_WORDS = 12
_LONGEST_CHARACTERS = 200
_LONGEST_PHRASE = 5


class Answer(StrEnum):
    """What a message is that holds nothing but an answer: `some` is a yes by degrees, `more` every
    other message.
    """

    AGREES = "agrees"
    YES = "yes"
    SOME = "some"
    NO = "no"
    MORE = "more"


_KIND_SIGNS = frozenset("👍👌🙏🙂😊😀☺✅✔👏🏻🏼🏽🏾🏿\ufe0f")
_APOSTROPHES = re.compile("['\u2019\u02bc`]")
_BETWEEN = re.compile("[\\s.,!;:\u2013\u2014\u2026¡-]+")

_AGREES = """
yes please/yes thanks/yes thank you/si por favor/sí por favor/no thanks/no thank you/no gracias
ok/okay/okey/k/kk/sure/sure thing/of course/alright/all right/will do/done/all done/all set/all good
sounds good/sounds great/sounds perfect/that works/works/works for me/that is fine/thats fine
fine with me/that is great/thats great/great/perfect/wonderful/awesome/cool/excellent/good
thank you/thank you so much/thank you very much/thank you so very much/thanks/thanks so much
thanks very much/thanks a lot/thanks again/thank you again/many thanks/thx/ty/tysm/much appreciated
i appreciate it/appreciate it/for your help/for the help/for everything you do/for letting me know
for getting back to me/for your quick reply/for the quick reply/for the update/you too/got it
understood/noted/received/confirmed/i confirm/confirm/no problem/please/please do/go ahead
i will/i will be there/ill be there/i can do that/i can make it/see you then/see you there
see you/looking forward to it/it is done/i did it/i did that/sent/just sent it/i sent it
that would be great/that would be fine/that would work/have a nice day/have a great day
have a good day/hi/hello/good morning/good afternoon/good evening/dear doctor/doctor
gracias/muchas gracias/mil gracias/muchisimas gracias/muchísimas gracias/muy amable/perfecto/vale
de acuerdo/esta bien gracias/está bien gracias/claro/claro que si/claro que sí/listo/hecho
entendido/recibido/me parece bien/me queda bien/buenos dias/buenos días/buenas tardes/hola
por su ayuda/por la ayuda/por avisarme/por favor/que tenga buen dia/que tenga buen día
"""
_WHEN = """
monday/tuesday/wednesday/thursday/friday/saturday/sunday/mon/tue/tues/wed/thu/thur/thurs/fri/sat
tomorrow/next week/next monday/next tuesday/next wednesday/next thursday/next friday/the morning
morning/afternoon/in the morning/in the afternoon/on/then/at noon/is good/is great/is perfect/it is
lunes/martes/miercoles/miércoles/jueves/viernes/sabado/sábado/domingo/mañana/el/por la tarde
por la mañana/la proxima semana/la próxima semana
"""
_YES = """
yes/yea/yeah/yeh/yep/yup/ya/y/yes i am/yes i do/yes i have/yes it is/yes he is/yes she is
yes it does/yes he does/yes she does/i am/i do/i have/it is so/correct/right/exactly/definitely
absolutely/uh huh/mhm/si/sí/correcto/si señor/sí señor/si señora/sí señora
"""
_SOME = """
a little/a little bit/a bit/a lot/some/sometimes/kind of/kinda/sort of/maybe/i think so/i guess/both
all of them/un poco/un poquito/mucho/a veces/creo que si/creo que sí/las dos/los dos/ambos/tal vez
"""
_NO = """
no/nope/nah/no i do not/no i dont/no i am not/no im not/no it does not/no it doesnt/not really
not at all/none/none of that/none of those/neither/never/nothing like that/para nada/ninguno/ninguna
no ninguno/no ninguna/nada
"""


def _phrases(text: str) -> Iterable[tuple[str, ...]]:
    return (tuple(phrase.split()) for line in text.split("\n") for phrase in line.split("/"))


_KNOWN: dict[tuple[str, ...], Answer] = {
    **dict.fromkeys(_phrases(_WHEN), Answer.AGREES),
    **dict.fromkeys(_phrases(_YES), Answer.YES),
    **dict.fromkeys(_phrases(_SOME), Answer.SOME),
    **dict.fromkeys(_phrases(_NO), Answer.NO),
    **dict.fromkeys(_phrases(_AGREES), Answer.AGREES),
}
_KNOWN.pop((), None)


def answer_of(text: str, names: Iterable[str] = ()) -> Answer:
    """What kind of answer a whole message is; `MORE` wherever there is any doubt.

    `names` are the requester's own, with which people sign.
    """
    if len(text) > _LONGEST_CHARACTERS:
        return Answer.MORE
    words = _words(text)
    if len(words) > MOST_WORDS:
        return Answer.MORE
    own = {part for name in names for part in _words(name)}
    while len(words) > 1 and words[-1] in own:
        words.pop()
    if not words:
        signs = any(char in _KIND_SIGNS for char in text)
        return Answer.AGREES if signs else Answer.MORE
    return _together(words)


def leads_with(text: str, answer: Answer) -> bool:
    """Whether a longer message begins as such an answer: "yes, since last night"."""
    words = _words(text[:_LONGEST_CHARACTERS])
    return any(_KNOWN.get(tuple(words[:size])) is answer for size in range(1, _LONGEST_PHRASE + 1))


def is_short(text: str) -> bool:
    """Whether a message is so short that it can only be understood with what it answers."""
    return len(text) <= _LONGEST_CHARACTERS and len(_words(text)) <= SHORT_WORDS


def _words(text: str) -> list[str]:
    plain = _APOSTROPHES.sub("", text.casefold())
    bare = "".join(" " if char in _KIND_SIGNS else char for char in plain)
    return _BETWEEN.sub(" ", bare).split()


def _together(words: list[str]) -> Answer:
    """The phrases of an answer, each as long as possible: yes and no both is no plain answer."""
    kinds: set[Answer] = set()
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            kind = _KNOWN.get(tuple(words[at : at + size]))
            if kind is not None:
                kinds.add(kind)
                at += size
                break
        else:
            return Answer.MORE
    if Answer.NO in kinds and kinds & {Answer.YES, Answer.SOME}:
        return Answer.MORE
    return next(
        kind for kind in (Answer.SOME, Answer.YES, Answer.NO, Answer.AGREES) if kind in kinds
    )
