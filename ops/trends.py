"""`triagewire trends`: from a line of the weekly trend review to the tickets behind it, and to a
change of the policy that a person checks and publishes.
"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import boto3
import msgspec

from ops import policy_diff
from ops.deployed import Deployed, add_stack_argument, deployed, told_plainly
from ops.policy_changes import changes_of
from ops.policy_named import named_policy
from ops.trends_found import Found, Reviewed, findings_of, last_week_before, one_of
from triagewire.errors import NotFoundError
from triagewire.measures.period import Period, week_name, week_of
from triagewire.reports import ReportBox
from triagewire.trends.finding import Finding
from triagewire.trends.written import checked_file, written

POLICY = Path("policy")
_TITLE = 88


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    list_ = actions.add_parser("list", help="the findings of a week, the gravest first")
    list_.add_argument("--site", metavar="SITE", default="", help="only of this site")
    list_.add_argument("--json", action="store_true", help="print for machines")
    show = actions.add_parser("show", help="one finding, the tickets and the rules behind it")
    draft = actions.add_parser("draft", help="write the change it suggests into a policy folder")
    try_ = actions.add_parser("try", help="what that change would do, written nowhere")
    try_.add_argument("--tickets", type=Path, metavar="FILE", help="messages as JSON lines")
    for action in (show, draft, try_):
        action.add_argument("finding", metavar="FINDING", help="its id, as `trends list` shows it")
    for action in (draft, try_):
        action.add_argument("--policy", type=Path, default=POLICY, metavar="FOLDER")
    for action in (list_, show, draft, try_):
        action.add_argument("--week", type=_week, help="such as 2026-W10 (default: the last one)")
        add_stack_argument(action)


def run(args: argparse.Namespace) -> int:
    """0; what cannot be found or written is an error that says so."""
    with told_plainly():
        stack, now = deployed(args.stack), datetime.now(UTC)
        week = args.week or last_week_before(now)
        found = _found(stack, getattr(args, "site", ""), week, now)
    if args.action == "list":
        print(_as_json(found.findings) if args.json else "\n".join(_listed(found, week)))
        return 0
    finding = one_of(found.findings, args.finding)
    if args.action == "show":
        print("\n".join(shown(finding, stack.outputs.get("ConsoleUrl", ""))))
        return 0
    if args.action == "draft":
        print("\n".join(_drafted(finding, args.policy, week, args.stack)))
        return 0
    return _try(finding, args)


def shown(finding: Finding, console: str) -> Iterator[str]:
    """A finding whole: what, how sure, why, whose rules, which tickets, what to do."""
    yield finding.title
    yield f"  {finding.id}  {finding.standing.value}, {_counted(finding)}"
    yield from (f"  {line}" for line in finding.told)
    if finding.words:
        yield "The policy's words that led there:"
        yield from (f"  {line}" for line in finding.words)
    if finding.tickets:
        more = finding.n - len(finding.tickets)
        yield f"Tickets{f' (and {more} more)' if more > 0 else ''}:"
        yield from (f"  {console}#/tickets/{each}" for each in finding.tickets)
    if finding.suggestion:
        yield f"What to do: {finding.suggestion}"
    if draft := finding.draft:
        yield f"Draft for {draft.file}:"
        yield from draft.text.splitlines()


def write_draft(finding: Finding, folder: Path) -> Path:
    """Write the draft of a finding into a policy folder; returns the file.

    Raises NotFoundError where there is no draft or no such file, and as `written`.
    """
    draft = finding.draft
    if draft is None:
        raise NotFoundError(f"{finding.id} has no draft: {finding.suggestion or 'it is gone'}")
    path = folder / checked_file(draft)
    if not draft.by_hand and not path.is_file():
        raise NotFoundError(f"{folder} has no {draft.file}: name the folder by --policy")
    text = path.read_bytes().decode("utf-8") if path.is_file() else ""
    after = written(text, draft)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(after.encode("utf-8"))
    return path


def _found(stack: Deployed, site: str, week: Period, now: datetime) -> Reviewed:
    kept = ReportBox(boto3.client("s3"), stack.output("ReportsBucketName"))
    return findings_of(Found(kept=kept, tables=stack.tables, now=now), site, week)


def _listed(found: Reviewed, week: Period) -> Iterator[str]:
    yield from found.warnings
    yield f"{week_name(week.first)} ({week.first} to {week.last}): {len(found.findings)} findings"
    for each in found.findings:
        mark = " *" if each.draft and not each.draft.by_hand else ""
        yield f"  {each.standing.value:<5} {each.site:<12} {each.title[:_TITLE]}{mark}"
        yield f"        {_counted(each)}  {each.id}"
    if any(each.draft and not each.draft.by_hand for each in found.findings):
        yield "* has a draft: triagewire trends draft ID --policy FOLDER"


def _counted(finding: Finding) -> str:
    if not finding.of:
        return f"{finding.n}"
    return f"{finding.n} of {finding.of} (surely more than {finding.sure:.0%})"


def _as_json(findings: Sequence[Finding]) -> str:
    return msgspec.json.format(msgspec.json.encode(list(findings)), indent=2).decode()


def _drafted(finding: Finding, folder: Path, week: Period, stack: str) -> Iterator[str]:
    draft = finding.draft
    path = write_draft(finding, folder)
    yield f"written into {path}"
    if draft is None or draft.by_hand:
        yield "It is a comment: write the rule yourself, with a synthetic ticket in checks.yaml."
    else:
        yield f"  {_predicted(finding)}"
    yield "Next; nothing holds until it is published:"
    why = f"trend review {week_name(week.first)}"
    yield f"  triagewire policy check {folder}"
    yield f'  triagewire policy diff active {folder} --stack {stack} --reason "{why}"'
    yield f"  triagewire policy shadow {folder} --stack {stack}"
    yield f"  triagewire policy shadow --report --stack {stack}"
    yield f"  triagewire policy publish {folder} --stack {stack}"


def _predicted(finding: Finding) -> str:
    draft = finding.draft
    if draft is None or not (draft.right or draft.wrong):
        return "what it would do to the week's tickets cannot be told from their ledger"
    return (
        f"of the week's tickets {draft.right} would have gone right by it, and {draft.wrong} that "
        "went right would have gone wrong"
    )


def _try(finding: Finding, args: argparse.Namespace) -> int:
    """The draft in a copy of the policy, held against the policy; 1 as `policy diff`."""
    if not args.policy.is_dir():
        raise NotFoundError(f"{args.policy} is no folder: name the policy's by --policy")
    with TemporaryDirectory() as place:
        copy = Path(place) / args.policy.name
        copytree(args.policy, copy)
        write_draft(finding, copy)
        print(_predicted(finding))
        if args.tickets is None:
            print("\n".join(_changes(args.policy, copy)))
            return 0
        parser = argparse.ArgumentParser()
        policy_diff.add_arguments(parser)
        compared = [str(args.policy), str(copy), "--tickets", str(args.tickets)]
        return policy_diff.run(parser.parse_args(compared))


def _changes(before: Path, after: Path) -> list[str]:
    changes = changes_of(named_policy(str(before), None), named_policy(str(after), None))
    return ["What differs in the policies:", *(f"  {each}" for each in changes or ["nothing"])]


def _week(text: str) -> Period:
    """The week that `2026-W10` names."""
    try:
        year, number = text.split("-W")
        return week_of(date.fromisocalendar(int(year), int(number), 1))
    except ValueError:
        message = "is no week: write it as 2026-W10"
        raise argparse.ArgumentTypeError(message) from None
