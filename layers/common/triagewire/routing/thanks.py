"""Messages that say thanks and nothing else, so that a resolved ticket may stay resolved.

Every word must be on a short list: "thanks, but the pain is worse" is not thanks. Farewells are
left out on purpose ("thank you for everything, goodbye"): they can mean the worst.
"""

import re

MOST_WORDS = 14
_LONGEST_CHARACTERS = 200
_KIND_SIGNS = "👍🙏🙂😊😀☺️🏻🏼🏽🏾🏿"

# Longer ones first: what is left over after these were taken away is something else.
_PHRASES = (
    "thank you so very much",
    "thank you very much",
    "thank you so much",
    "thanks very much",
    "thanks so much",
    "thanks again",
    "thank you again",
    "thank you",
    "many thanks",
    "thanks a lot",
    "thanks",
    "thx",
    "much appreciated",
    "i appreciate it",
    "appreciate it",
    "for your help",
    "for the help",
    "for your quick reply",
    "for the quick reply",
    "for letting me know",
    "for getting back to me",
    "have a nice day",
    "have a great day",
    "have a good day",
    "you too",
    "got it",
    "sounds good",
    "that is great",
    "thats great",
    "great",
    "perfect",
    "wonderful",
    "okay",
    "ok",
    "muchísimas gracias",
    "muchisimas gracias",
    "muchas gracias",
    "mil gracias",
    "gracias",
    "por su ayuda",
    "por la ayuda",
    "por avisarme",
    "muy amable",
    "perfecto",
    "que tenga buen día",
    "que tenga buen dia",
    "vale",
)
_GRATEFUL = re.compile(r"\b(?:thank|thanks|thx|gracias|appreciated?)\b")
_ALL_KIND = re.compile(r"(?:(?:" + "|".join(map(re.escape, _PHRASES)) + r")(?:\s+|$))+")


def only_thanks(text: str) -> bool:
    """Whether a text thanks and says nothing besides; False wherever there is any doubt."""
    if len(text) > _LONGEST_CHARACTERS:
        return False
    plain = re.sub("['\u2019]", "", text.casefold())
    for sign in _KIND_SIGNS:
        plain = plain.replace(sign, " ")
    words = re.sub("[\\s.,!;\u2013\u2014-]+", " ", plain).strip()
    if len(words.split()) > MOST_WORDS or not _GRATEFUL.search(words):
        return False
    return _ALL_KIND.fullmatch(words) is not None
