"""How the articles of a site serve: what each was shown, answered and could not answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.clock.calendar import local
from triagewire.flow.context import Context
from triagewire.policy.replies import Article
from triagewire.replies.uses import Use
from triagewire.store.article_uses import read_uses

MONTHS = 12
"""How many months count, the present one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleServed:
    """An article of the policy, and its uses of the last months. Without `article` it was taken out
    of the policy and is known by its uses alone.
    """

    id: str
    article: Article | None
    uses: Mapping[Use, int] = field(default_factory=Counter)


def articles_served(context: Context, site_id: str) -> tuple[ArticleServed, ...]:
    """The articles of a site by their id. Raises NotFoundError for a site that there is not."""
    site = context.site(site_id)
    since = _first_month(context, site_id)
    used = {
        article: sum((Counter(uses) for month, uses in months.items() if month >= since), Counter())
        for article, months in read_uses(context.tables, site_id).items()
    }
    named = {*site.replies.articles, *(article for article, uses in used.items() if +uses)}
    return tuple(
        ArticleServed(
            id=each, article=site.replies.articles.get(each), uses=used.get(each, Counter())
        )
        for each in sorted(named)
    )


def _first_month(context: Context, site_id: str) -> str:
    today = local(context.site(site_id).calendar, context.now)
    months = today.year * 12 + today.month - MONTHS
    return f"{months // 12:04d}-{months % 12 + 1:02d}"
