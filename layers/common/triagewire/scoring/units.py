"""What the units of times and temperatures make of a number."""

HOURS = {
    "h": 1.0,
    "d": 24.0,
    "w": 168.0,
    "minute": 1 / 60,
    "min": 1 / 60,
    "minuto": 1 / 60,
    "hour": 1.0,
    "hr": 1.0,
    "hora": 1.0,
    "day": 24.0,
    "dia": 24.0,
    "week": 168.0,
    "wk": 168.0,
    "semana": 168.0,
    "month": 730.0,
    "mo": 730.0,
    "mth": 730.0,
    "mes": 730.0,
    "mese": 730.0,
    "year": 8766.0,
    "yr": 8766.0,
    "y": 8766.0,
    "yo": 8766.0,
    "ano": 8766.0,
}
"""Hours in each unit of time, in English and Spanish, short and long."""


def celsius(value: float, unit: str, named: bool) -> float | None:
    """A body's temperature in °C, told in either scale; None where the number is none. `named`
    says that a word beside it speaks of heat.
    """
    fahrenheit = 94 <= value <= 112
    if not (fahrenheit or 34 <= value <= 44):
        return None
    if unit in ("c", "celsius", "centigrade", "centigrados") and not fahrenheit:
        return value
    if unit in ("f", "fahrenheit", "farenheit") and fahrenheit:
        return (value - 32) / 1.8
    if not named and unit not in ("degrees", "degree", "deg", "grados"):
        return None
    return (value - 32) / 1.8 if fahrenheit else value
