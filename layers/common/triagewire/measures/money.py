"""Hours that are not worked any more, in money by the group's own rate."""

from collections.abc import Sequence
from dataclasses import dataclass

CURRENCIES = "sites count in different currencies: see each"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What hours are worth. `hours` are those of the whole period that were worked before and are
    not seen now, below 0 if more are worked; `amount` is in `currency`. Both are None where
    something is `missing`.
    """

    name: str
    hours: float | None
    rate: float | None
    currency: str
    amount: float | None
    missing: tuple[str, ...] = ()


def saving_of(
    *,
    name: str,
    hours: tuple[float | None, float | None],
    days: int,
    rate: float | None,
    currency: str,
    missing: tuple[str, ...],
) -> Saving:
    """(hours of a day before - hours of a day now) x days, and that x the rate of an hour."""
    before, now = hours
    saved = None if before is None or now is None else (before - now) * days
    amount = None if saved is None or rate is None else round(saved * rate, 2)
    return Saving(
        name=name, hours=saved, rate=rate, currency=currency, amount=amount, missing=missing
    )


def savings_together(of_sites: Sequence[tuple[str, Saving]]) -> Saving:
    """The savings of all sites. Of one that misses something it says so, and adds up the others."""
    name = of_sites[0][1].name
    currencies = {each.currency for _, each in of_sites}
    missing = [f"{site}: {why}" for site, each in of_sites for why in each.missing]
    hours = [each.hours for _, each in of_sites if each.hours is not None]
    amounts = [each.amount for _, each in of_sites if each.amount is not None]
    one_currency = len(currencies) == 1
    if not one_currency:
        missing.append(CURRENCIES)
    return Saving(
        name=name,
        hours=sum(hours) if hours else None,
        rate=None,
        currency=currencies.pop() if one_currency else "",
        amount=round(sum(amounts), 2) if amounts and one_currency else None,
        missing=tuple(missing),
    )
