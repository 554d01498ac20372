"""`triagewire articles`: how the articles of the active policy serve, from their counts."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime

from ops.deployed import add_stack_argument, context_of, deployed, told_plainly
from triagewire.clock.calendar import local
from triagewire.errors import NotFoundError
from triagewire.flow.article_report import MONTHS, ArticleServed, articles_served
from triagewire.flow.context import Context
from triagewire.replies.uses import Use

_HEAD = f"{'article':<24}{'shown':>8}{'answered':>10}{'reopened':>10}{'no help':>9}  state"
MOST_UNHELPFUL = 0.2
"""Of what an article answered, so much may come back before it should be written anew."""
LEAST_ANSWERED = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("action", choices=["report"], help=f"the uses of the last {MONTHS} months")
    parser.add_argument("--site", metavar="SITE", help="only of this site")
    add_stack_argument(parser)


def run(args: argparse.Namespace) -> int:
    """0, also when no article was used yet."""
    with told_plainly():
        context = context_of(deployed(args.stack), datetime.now(UTC))
        print("\n".join(report(context, args.site)))
    return 0


def report(context: Context, site: str | None = None) -> Iterator[str]:
    """The lines of the report. Raises NotFoundError for a site that the policy does not have."""
    known = sorted(context.policy.policy.sites)
    if site is not None and site not in known:
        raise NotFoundError(f"the policy has no site {site}: it has {', '.join(known)}")
    for each in [site] if site else known:
        yield each
        yield f"  {_HEAD}"
        for served in articles_served(context, each):
            yield f"  {_line(context, each, served)}"


def _line(context: Context, site: str, served: ArticleServed) -> str:
    counts = [served.uses.get(use, 0) for use in Use]
    shown, answered, reopened, unhelpful = counts
    return (
        f"{served.id:<24}{shown:>8}{answered:>10}{reopened:>10}{unhelpful:>9}"
        f"  {_state(context, site, served)}"
    )


def _state(context: Context, site: str, served: ArticleServed) -> str:
    """What to know of an article in a word or two."""
    article = served.article
    if article is None:
        return "no longer in the policy"
    if not article.holds_on(local(context.site(site).calendar, context.now).date()):
        return "not given now"
    answered = served.uses.get(Use.ANSWERED, 0)
    back = served.uses.get(Use.REOPENED, 0) + served.uses.get(Use.NOT_HELPFUL, 0)
    if answered >= LEAST_ANSWERED and back > MOST_UNHELPFUL * answered:
        return f"comes back {round(100 * back / answered)} % of the time: write it anew"
    return "given"
