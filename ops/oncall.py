"""`triagewire oncall …`: who is on call, where nobody is, and the calendar of it.

Only `link` needs AWS; the others read a policy folder.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3

from ops.deployed import add_stack_argument, deployed, told_plainly
from triagewire.clock.calendar import local
from triagewire.errors import InvalidFieldError, PolicyError
from triagewire.escalation.coverage import Share, Shift, evenness, gaps, shares, shifts, unreachable
from triagewire.escalation.feed import calendar_text
from triagewire.escalation.feed_tokens import feed_token
from triagewire.policy.calendars import calendar_problems
from triagewire.policy.load import Draft, load
from triagewire.policy.model import Site
from triagewire.policy.on_call_checks import absence, on_call_problems
from triagewire.policy.roster import SANE_YEARS
from triagewire.policy.schema import problem_at
from triagewire.store.active import active_version
from triagewire.store.policies import load_usable_policy

DIRECTORY = Path("policy")
DAYS = 30
MOST_DAYS = 366
UNREACHABLE = "has no way of their own: give their member `ways`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="who is on call from when to when, in site time")
    check = actions.add_parser("check", help="gaps, unreachable people and how even the turns are")
    ical = actions.add_parser("ical", help="print the calendar of a site (iCalendar)")
    link = actions.add_parser("link", help="print the address of a site's calendar feed")
    for action in (show, check, ical):
        action.add_argument(
            "--policy", type=Path, default=DIRECTORY, metavar="DIR", help="default: policy"
        )
        action.add_argument("--at", metavar="ISO", help="from this time on (default: now)")
    for action in (show, check):
        action.add_argument("--site", metavar="SITE", help="this site only")
        action.add_argument(
            "--days", type=int, default=DAYS, metavar="N", help=f"so many days (default: {DAYS})"
        )
        action.add_argument("--json", action="store_true", help="print for machines")
    for action in (ical, link):
        action.add_argument("--site", required=True, metavar="SITE")
    add_stack_argument(link)


def run(args: argparse.Namespace) -> int:
    """0 when done; `check` is 1 when somebody who should be on call is not there or not reached."""
    if args.action == "link":
        return _link(args)
    draft, now = load(args.policy), _now(args.at)
    if args.action == "ical":
        print(calendar_text(args.site, _site(draft, args.site), now), end="")
        return 0
    return _show_or_check(args, draft, now)


def _show_or_check(args: argparse.Namespace, draft: Draft, now: datetime) -> int:
    sites, until = _sites(draft, args.site), now + timedelta(days=_days(args.days))
    if problems := tuple(_problems(draft, sites)):
        raise PolicyError(problems)
    plans = {name: shifts(site, now, until) for name, site in sites.items()}
    found = {name: _plain(site, plans[name]) for name, site in sites.items()}
    if args.json:
        whole = {"from": now.isoformat(), "until": until.isoformat(), "sites": found}
        print(json.dumps(whole, indent=2))
    else:
        write = _print_shifts if args.action == "show" else _print_check
        for name, site in sites.items():
            write(name, site, plans[name])
    if args.action == "show":
        return 0
    return int(any(each["gaps"] or each["unreachable"] for each in found.values()))


def _print_shifts(name: str, site: Site, plan: tuple[Shift, ...]) -> None:
    print(f"{name}  {site.name}, {site.zone}")
    for shift in plan:
        print(f"  {_when(site, shift)}  {_who(site, shift)}")
    print()


def _print_check(name: str, site: Site, plan: tuple[Shift, ...]) -> None:
    print(f"{name}  {site.name}, {site.zone}")
    for gap in gaps(plan):
        print(f"  GAP {_when(site, gap)}  {absence(site, gap)}: add an override or a swap")
    for person in unreachable(site, plan):
        print(f"  UNREACHABLE {person} {UNREACHABLE}")
    held = shares(site, plan)
    width = max(map(len, held))
    print(f"  {'hours':>{width + 7}}  nights  weekends")
    for person, share in held.items():
        hours = f"{share.hours:7.0f}  {share.nights:6.0f}  {share.weekends:8.0f}"
        print(f"  {person:<{width}}{hours}")
    even = "  ".join(f"{kind} {value:.2f}" for kind, value in _balance(held).items())
    print(f"  balance (1 is even)  {even}")
    print()


def _when(site: Site, shift: Shift) -> str:
    begins, ends = (
        f"{local(site.calendar, at):%a %Y-%m-%d %H:%M}" for at in (shift.begins, shift.ends)
    )
    return f"{begins}  to  {ends}"


def _who(site: Site, shift: Shift) -> str:
    by = f"  ({shift.turn.rota})" if shift.turn.rota else ""
    if shift.member is None:
        return f"NOBODY: {absence(site, shift)}{by}"
    return f"{shift.member}  {site.members[shift.member].name}{by}"


def _plain(site: Site, plan: tuple[Shift, ...]) -> dict[str, object]:
    """What is known of a site's plan, as plain data; times in site time with their offset."""

    def plain(shift: Shift) -> dict[str, object]:
        return {
            "begins": local(site.calendar, shift.begins).isoformat(),
            "ends": local(site.calendar, shift.ends).isoformat(),
            "member": shift.member,
            "planned": shift.turn.member,
            "rota": shift.turn.rota,
        }

    held = shares(site, plan)
    return {
        "zone": site.zone,
        "shifts": [plain(each) for each in plan],
        "gaps": [plain(each) for each in gaps(plan)],
        "unreachable": list(unreachable(site, plan)),
        "hours": {
            person: {
                "hours": round(share.hours, 2),
                "nights": round(share.nights, 2),
                "weekends": round(share.weekends, 2),
            }
            for person, share in held.items()
        },
        "balance": _balance(held),
    }


def _balance(held: Mapping[str, Share]) -> dict[str, float]:
    """How evenly each kind of time is shared, 1 at best."""
    everybody = held.values()
    return {
        "hours": round(evenness([each.hours for each in everybody]), 2),
        "nights": round(evenness([each.nights for each in everybody]), 2),
        "weekends": round(evenness([each.weekends for each in everybody]), 2),
    }


def _problems(draft: Draft, sites: Mapping[str, Site]) -> Iterator[str]:
    """Hours and rotas that cannot be meant: what follows from them would be wrong."""
    for name, site in sites.items():
        for place, problem in (*calendar_problems(site), *on_call_problems(site)):
            yield problem_at(draft.document, ("sites", name, *place), problem)


def _sites(draft: Draft, name: str | None) -> Mapping[str, Site]:
    return draft.policy.sites if name is None else {name: _site(draft, name)}


def _site(draft: Draft, name: str) -> Site:
    site = draft.policy.sites.get(name)
    if site is None:
        raise InvalidFieldError("--site", f"is none of {', '.join(sorted(draft.policy.sites))}")
    return site


def _days(given: int) -> int:
    if not 1 <= given <= MOST_DAYS:
        raise InvalidFieldError("--days", f"must be between 1 and {MOST_DAYS}")
    return given


def _now(given: str | None) -> datetime:
    if given is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise InvalidFieldError("--at", "must be a time such as 2026-03-02T09:00Z") from None
    if at.tzinfo is None:
        raise InvalidFieldError("--at", "needs its offset, as in 2026-03-02T09:00-05:00")
    if at.year not in SANE_YEARS:
        raise InvalidFieldError("--at", "must be in the years 2000 to 2199")
    return at.astimezone(UTC)


def _link(args: argparse.Namespace) -> int:
    """The address holds the key to the feed: it goes to stdout and nowhere else."""
    stack = deployed(args.stack)
    with told_plainly():
        policy = load_usable_policy(stack.tables, active_version(stack.tables)).policy
        arn = stack.output("LinkKeyArn")
        key = boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    site = policy.sites.get(args.site)
    if site is None:
        raise InvalidFieldError("--site", f"is none of {', '.join(sorted(policy.sites))}")
    if site.on_call.feed == 0:
        print(f"{args.site} has no feed: its policy says on_call.feed: 0", file=sys.stderr)
        return 1
    token = feed_token(key.encode(), args.site, site.on_call.feed)
    print(f"{stack.api_url}/on-call/{args.site}/{token}")
    return 0
