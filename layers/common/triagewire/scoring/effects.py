"""What can be the matter with a mention of a symptom: a bit each, and in words."""

NEGATED, HISTORICAL, HYPOTHETICAL, OTHER, PURPOSE, FIGURATIVE, SYSTEM, UNSURE = (
    1 << n for n in range(8)
)
EFFECTS = {
    NEGATED: "negated",
    HISTORICAL: "in the past",
    HYPOTHETICAL: "hypothetical",
    OTHER: "somebody else",
    PURPOSE: "about paperwork or a service",
    FIGURATIVE: "figurative",
    SYSTEM: "about a computer system",
    UNSURE: "not certain",
}


def describe(bits: int) -> str:
    """The modifiers in words, for a reason's `effect`."""
    return ", ".join(words for bit, words in EFFECTS.items() if bits & bit)
