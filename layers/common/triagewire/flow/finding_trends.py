"""The findings of a trend review, with what they need of the policy and of the uses of articles."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from triagewire.clock.calendar import local
from triagewire.flow.reviewing import Find, Known
from triagewire.measures.due import Due
from triagewire.measures.encoded import Filed
from triagewire.measures.figures import Asked
from triagewire.policy.model import Policy
from triagewire.replies.uses import Use
from triagewire.scoring.rules import rules_from
from triagewire.store.article_uses import read_uses
from triagewire.store.table import Tables
from triagewire.trends.finding import Finding
from triagewire.trends.looked import Beside
from triagewire.trends.review import findings

MONTHS = 3
"""How many months of an article's uses count, the present one included."""


def finding(tables: Tables, policy: Policy, now: datetime) -> Find:
    """What gives a trend review its findings. The uses of articles are read at the first one."""
    beside: list[Beside] = []

    def find(what: Due, known: Known, _filed: Filed[Finding]) -> tuple[Finding, ...]:
        if not beside:
            beside.append(beside_of(tables, policy, now))
        asked = Asked(period=what.period, around=known.around, site=what.site, go_live=known.since)
        return findings(known.lives.values(), asked, beside[0])

    return find


def beside_of(tables: Tables, policy: Policy, now: datetime) -> Beside:
    """What findings need beside lives. Raises ClientError or BotoCoreError."""
    return Beside(
        policy=policy,
        rules=rules_from(policy.rules),
        uses={site: uses_since(tables, policy, site, now) for site in policy.sites},
    )


def uses_since(
    tables: Tables, policy: Policy, site: str, now: datetime
) -> Mapping[str, Mapping[Use, int]]:
    """How often each article of a site was used in the last months."""
    today = local(policy.sites[site].calendar, now)
    months = today.year * 12 + today.month - MONTHS
    since = f"{months // 12:04d}-{months % 12 + 1:02d}"
    return {
        article: sum((Counter(uses) for month, uses in each.items() if month >= since), Counter())
        for article, each in read_uses(tables, site).items()
    }
