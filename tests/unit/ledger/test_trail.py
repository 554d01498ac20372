"""The page of a trail: everything in it is text, and each change says what was before."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from triagewire.ledger.chain import extend
from triagewire.ledger.event import Action, Detail, Entry, Event, Stamp
from triagewire.ledger.trail import Story, Trail, change_in_words, more_in_words, page, title

AT = datetime(2026, 7, 2, 15, 30, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
TRAIL = Trail(
    asked={"ticket": "T1"},
    made_by="administrator:ana",
    made_at=AT,
    key_id="0011",
    checked="Checked: 1 event.",
    faults=(),
)


def an_event(actor: str = "staff:nick", why: str = "done", **detail: str) -> Event:
    entry = Entry(action=Action.RESOLVED, why=why, detail=detail)
    stamp = Stamp(at=AT, actor=actor, policy_version=7, request_id="request-9")
    (event,) = extend("TICKET#T1", 0, "", (entry,), stamp)
    return event


class Tags(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}


def tags(text: str) -> set[str]:
    parser = Tags()
    parser.feed(text)
    return parser.seen


PLAIN = tags("".join(page(TRAIL, [Story(subject="TICKET#T1", events=[an_event()], zone=NEW_YORK)])))


@given(st.text(), st.text(), st.text())
def test_whatever_stands_in_the_ledger_is_only_text_on_the_page(
    actor: str, why: str, value: str
) -> None:
    event = an_event(f"staff:{actor}<script>", f"{why}\"><img onerror='x'>", reason=value)

    made = "".join(page(TRAIL, [Story(subject=f"TICKET#{value}", events=[event], zone=NEW_YORK)]))

    assert tags(made) <= PLAIN


def test_a_row_says_both_times_who_what_why_and_under_which_policy() -> None:
    made = "".join(page(TRAIL, [Story(subject="TICKET#T1", events=[an_event()], zone=NEW_YORK)]))

    for said in (
        "2026-07-02 11:30:00 EDT",
        "2026-07-02 15:30:00",
        "nick, staff",
        "resolved it",
        "it was done",
        "7<br><small>request-9</small>",
    ):
        assert said in made


def test_nothing_turns_the_direction_of_what_is_read() -> None:
    made = "".join(page(TRAIL, [Story(subject="T", events=[an_event(why="a\u202eb\x1b[2J")])]))

    assert "\u202e" not in made
    assert "\x1b" not in made


def test_a_trail_with_a_fault_begins_with_it() -> None:
    wrong = Trail(
        asked={}, made_by="x", made_at=AT, key_id="", checked="Checked.", faults=("gone <b>",)
    )

    made = "".join(page(wrong, []))

    assert "It is not what was recorded" in made
    assert "<li>gone &lt;b&gt;</li>" in made


def test_a_change_says_what_was_before_and_the_rest_says_the_rest() -> None:
    detail: dict[str, Detail] = {
        "state_before": ["status=routed", "owner="],
        "state_after": ["status=accepted", "owner=nick"],
        "score_before": 2,
        "score": 4,
        "team": "clinical",
        "note": False,
    }

    assert change_in_words(detail) == (
        "status: routed → accepted\nowner: none → nick\nurgency: 2 → 4"
    )
    assert more_in_words(detail) == "team: clinical\nnote: no"


def test_a_part_of_a_ledger_says_how_much_came_before() -> None:
    first = an_event()
    entry = Entry(action=Action.CLOSED, why="nobody reopened it in time")
    stamp = Stamp(at=AT, actor="system:escalate", policy_version=7)
    (second,) = extend("TICKET#T1", 1, first.hash, (entry,), stamp)

    made = "".join(page(TRAIL, [Story(subject="TICKET#T1", events=[second])]))

    assert "1 earlier events of it are not in this trail." in made


def test_every_kind_of_subject_has_a_title() -> None:
    assert title("TICKET#ABC") == "Ticket ABC"
    assert title("SEARCHES#north#nora") == "Searches of nora (north)"
    assert title("POLICY") == "The policy"
    assert title("SOMETHING") == "SOMETHING"
