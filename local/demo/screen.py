"""The report for a person at a terminal."""

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from local.demo.report import Report


def show(report: Report, console: Console) -> None:
    """Print the whole report."""
    console.print(_numbers(report))
    console.print(_hostile(report))
    for example in report["examples"]:
        console.print(_example(example))
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
        "misroutes": f"{staff['misroutes']} handed over, {off_label} off label",
        "still open": f"{times['open_at_the_end']}, each with its timer",
        "ledger": f"{ledger['events']} events of {ledger['tickets']} tickets",
    }


def _hostile(report: Report) -> Table:
    table = Table(title="Hostile posts", show_header=False, title_justify="left")
    for each in report["hostile"]:
        table.add_row(each["post"], str(each["status"]), "ok" if each["as_wanted"] else "WRONG")
    return table


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
        said = Text("kept", style="green") if each["kept"] else Text("BROKEN", style="bold red")
        table.add_row(said, "\n".join([each["promise"], *(f"  {why}" for why in each["broken"])]))
    return table


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())
