"""The report for a person at a terminal."""

from collections.abc import Iterator

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from local.demo.report import Report

MOST_LINES = 24
SHOWN = ("r-invoice-and-face", "m-dolor-de-pecho", "r-order-set")
"""The examples that are printed; the report in the file has more."""
EVENING = {
    "explain": "triagewire explain: why a small bump paged",
    "diff": "triagewire policy diff: the day under the candidate, against the active policy",
    "shadow": "triagewire policy shadow --report: the same, judged beside the day",
    "labels": "triagewire labels: what people found in review",
    "measures": "triagewire measures: the week in figures, from the ledger alone",
    "roi": "triagewire roi: what it brings, held against what was before",
    "trends": "triagewire trends list: what the week suggests to change",
    "verify": "triagewire ledger verify --all: the tables against what nobody can change",
    "altered": "the same, after an administrator of the account changed one event by hand",
    "month": "triagewire ledger examine: what an examiner should look at first",
    "night": "triagewire simulate: what a night would be in which nobody answers",
}
"""What an administrator asked in the evening."""


def show(report: Report, console: Console) -> None:
    """Print the whole report."""
    console.print(_numbers(report))
    for example in report["examples"]:
        if example["message"] in SHOWN:
            console.print(_example(example))
    for panel in _evening(report["administrator"]):
        console.print(panel)
    console.print(_promises(report))


def _numbers(report: Report) -> Table:
    table = Table(title="One clinic day", show_header=False, title_justify="left")
    for name, said in {**_routing(report), **_care(report)}.items():
        table.add_row(name, said)
    return table


def _routing(report: Report) -> dict[str, str]:
    messages, routed = report["messages"], report["webhook_to_routed_seconds"]
    repeated = messages["repeated_webhooks"]
    return {
        "messages": f"{messages['posted']}, and {repeated} repeated webhooks",
        "routed without a person": str(messages["without_a_person"]),
        "where they went": _counts(messages["queues"]),
        "to review": f"{messages['to_review']} ({messages['review_share']:.1%})",
        "duplicates merged": str(messages["merged"]),
        "second needs": f"{messages['linked_tickets']} linked tickets",
        **_second_looks(report["second_looks"]),
        "webhook → routed": ", ".join(f"{name} {value:.2f} s" for name, value in routed.items()),
    }


def _care(report: Report) -> dict[str, str]:
    times, urgent, replies = report["time"], report["urgent"], report["replies"]
    staff, ledger = report["staff"], report["ledger"]
    slowest = max(urgent["seconds_to_page"].values(), default=0.0)
    off_label = len(report["messages"]["off_label"])
    return {
        "automatic replies": f"{replies['sent']}: {_counts(replies['by_text'])}",
        "pages": f"{urgent['pages']}, each first one within {slowest:.1f} s",
        "reminders, breaches": f"{times['reminders']}, {times['breaches']}",
        "later ladder steps": str(times["ladder_steps"]),
        "staff": f"{staff['resolved']} resolved, {staff['reviews_decided']} reviews decided",
        "who had it": f"{staff['accepted']} taken up, {staff['returned']} given back untaken, "
        f"{staff['waits']} waited, {staff['merges_undone']} merge undone",
        "misroutes": f"{staff['misroutes']} handed over, {off_label} off label",
        "still open": f"{times['open_at_the_end']}, each with its timer",
        "hostile posts": _hostile(report["hostile"]),
        "ledger": f"{ledger['events']} events of {ledger['tickets']} tickets",
    }


def _second_looks(looks: Report) -> dict[str, str]:
    return {
        "patients' records": f"{looks['records_read']} read, until the EHR fell silent",
        "assistant": f"asked at one site, about doubts only: {_counts(looks['assistant'])}",
        "conversations": f"{looks['conversations']} messages heard on the ticket they belong to",
    }


def _hostile(posts: list[Report]) -> str:
    wrong = [each["post"] for each in posts if not each["as_wanted"]]
    answered = f"{len(posts) - len(wrong)} of {len(posts)} answered as they must be"
    return f"{answered}; WRONG: {', '.join(wrong)}" if wrong else answered


def _evening(said: dict[str, str]) -> Iterator[Panel]:
    for name, title in EVENING.items():
        if text := said.get(name):
            yield Panel(
                Text("\n".join(text.splitlines()[:MOST_LINES])), title=title, title_align="left"
            )


def _example(example: Report) -> Panel:
    lines = [Text(f"“{example['text']}”", style="italic")]
    for each in example["reasons"]:
        lines.append(Text(f"  {each['set']} {each['rule']}: “{each['words']}” → {each['why']}"))
    if example["duplicate_channels"]:
        lines.append(Text(f"  came again by {', '.join(example['duplicate_channels'])}"))
    title = f"{example['channel']} · score {example['score']} · {example['went_to']}"
    return Panel(Group(*lines), title=title, title_align="left")


def _promises(report: Report) -> Table:
    table = Table(title="Promises", show_header=False, title_justify="left")
    for each in report["promises"]:
        said = Text("✓", style="green") if each["kept"] else Text("BROKEN", style="bold red")
        table.add_row(said, "\n".join([each["promise"], *(f"  {why}" for why in each["broken"])]))
    return table


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())
