"""What a number or a field of a policy must be, said where the value is made."""

MOST_MINUTES = 527_040
"""A year of them: more is a slip of the pen, and could not be counted on a calendar."""
LONGEST_SILENCE = 1440
"""Minutes, a day: so long at most nobody hears again of what is urgent or late."""


def require(condition: bool, field_name: str, problem: str) -> None:
    """Raise a `ValueError` that names the field of the policy, as both readers of policies
    expect.
    """
    if not condition:
        raise ValueError(f"{field_name}: {problem}")


def require_minutes(minutes: int, field_name: str, most: int = MOST_MINUTES) -> None:
    """Raise a `ValueError` for a number of minutes that is none, or so large that it is a slip."""
    require(minutes > 0, field_name, "must be more than 0")
    require(minutes <= most, field_name, f"must be at most {most}")
