"""The articles that a site answers from, and how each serves: for everybody of the site."""

from typing import Annotated, TypedDict

from pydantic import Field

from triagewire.desk.api import Call, Route
from triagewire.desk.shapes import Count, When
from triagewire.flow.article_report import ArticleServed, articles_served
from triagewire.policy.replies import Article
from triagewire.replies.matching import DEFAULT_LANGUAGE
from triagewire.replies.uses import Use

type Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class ArticleView(TypedDict):
    """An article, and what became of it in the last twelve months: how often it was shown before
    somebody wrote, answered a question, had its ticket opened again, and was called no help.
    """

    id: str
    title: str
    languages: list[str]
    valid_from: Day | None
    valid_until: Day | None
    enabled: bool
    suggested: Count
    answered: Count
    reopened: Count
    not_helpful: Count


class ArticlesView(TypedDict):
    """The articles of a site's policy by their id."""

    site: str
    at: When
    articles: list[ArticleView]


def show_articles(call: Call) -> ArticlesView:
    """Show what a site answers automatically, and how well."""
    site = call.path["site"]
    call.principal.site(site)
    served = articles_served(call.context, site)
    return {
        "site": site,
        "at": call.context.now.isoformat(),
        "articles": [_view(each, each.article) for each in served if each.article],
    }


def _view(served: ArticleServed, article: Article) -> ArticleView:
    first, last = article.valid_from, article.valid_until
    return {
        "id": served.id,
        "title": article.title[DEFAULT_LANGUAGE],
        "languages": sorted(article.text),
        "valid_from": first.isoformat() if first else None,
        "valid_until": last.isoformat() if last else None,
        "enabled": article.enabled,
        "suggested": served.uses.get(Use.SUGGESTED, 0),
        "answered": served.uses.get(Use.ANSWERED, 0),
        "reopened": served.uses.get(Use.REOPENED, 0),
        "not_helpful": served.uses.get(Use.NOT_HELPFUL, 0),
    }


ROUTES = (Route("GET", "/desk/sites/{site}/articles", show_articles, gives=ArticlesView),)
