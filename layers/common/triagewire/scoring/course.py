"""How it goes on: words that say that something known has become worse, or has not become better.

On a clinical ticket they raise whatever else they say (a follow-up that is worse is context that
raises: triage evidence, section 10); a denial of them ("no worse than before") is taken out first.
"""

import re

MOST_CHARACTERS = 20_000
_APOSTROPHES = re.compile("['\u2019\u02bc`]")
_NOT = r"(?:no|not|never|nothing|isnt|hasnt|doesnt|didnt|arent|wasnt|without|sin|ni)"
_DENIED = re.compile(
    rf"\b{_NOT}\s+(?:\w+\s+){{0,3}}(?:worse|worsening|spreading|spread|higher|bigger|increasing)\b"
    r"|\bno\s+(?:ha\s+|est[aá]\s+|se\s+)?(?:empeor\w+|peor)\b"
    r"|\b(?:higher|bigger|increased?)\s+(?:dose|dosage|supply|quantity|deductible|copay|bill)\b"
)
_WORSE = re.compile(
    r"\b(?:wors\w*|wurse|werse|worce|deteriorat\w*|declining|going downhill|spread(?:ing|s)?"
    r"|higher|bigger|increas(?:ed|es|ing)|growing|climbing|rising|intensif\w+"
    r"|no better|no improvement|no relief|no change|unchanged|stronger"
    r"|(?:not|isnt|arent|hasnt|havent|doesnt|didnt|never)\s+(?:\w+\s+){0,4}"
    r"(?:better|improv\w+|help\w*|eas\w+|working|(?:gone|going|go|come|coming) (?:away|down))"
    r"|more\s+(?:and more|pain\w*|swollen|swelling|red|redness|blood|bleeding|often|frequent\w*"
    r"|severe|tired|dizzy|short of breath|confused|sleepy|pus|drainage|vomiting)"
    r"|(?:came|come|coming|is|its|are|theyre)\s+back(?!\s+(?:home|from|to|on|at|in)\b)"
    r"|still\s+(?:no|not|there|hurt\w*|ach\w+|bleeding|vomiting|throwing up|swollen|sick|in pain"
    r"|bad|feverish|running a fever|dizzy|coughing|wheezing)"
    r"|(?:now|also|started|starting)\s+(?:\w+\s+){0,2}(?:vomiting|throwing up|bleeding|fever\w*"
    r"|dizzy|numb|swollen|swelling|confused|chills|shaking|faint\w*)"
    r"|peor|peores|empeor\w*|no\s+(?:\w+\s+){0,2}mejor\w*|no se (?:me |le )?(?:quita|baja|va)"
    r"|sigue(?:n)?\s+(?:igual|mal|con|sin|subiendo|doliendo|sangrando|vomitando)|subiendo|aument\w+"
    r"|extendi(?:o|ó|endo)\w*|m[aá]s\s+(?:dolor|hinchad\w*|fuerte|roj\w+|sangre|alta|seguido|d[eé]bil)"
    r"|ahora\s+(?:\w+\s+){0,2}(?:v[oó]mit\w*|sangr\w+|fiebre|mare\w+))\b"
)


def is_worse(text: str) -> bool:
    """Whether a follow-up says that it is worse, spreading, higher, back, or no better."""
    plain = _APOSTROPHES.sub("", text[:MOST_CHARACTERS].casefold())
    return _WORSE.search(_DENIED.sub(" ", " ".join(plain.split()))) is not None
