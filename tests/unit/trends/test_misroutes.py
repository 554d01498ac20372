"""Rules that misroute: which, where to, in what the tickets differ, and the rule that helps."""

from dataclasses import replace

from tests.builders import MONDAY_MORNING, a_site, minutes
from tests.trending import LAST_WEEK, a_life, done, found, judged, many, moved, the
from triagewire.policy.roster import RoutingRule, When
from triagewire.trends.finding import Kind, Standing
from triagewire.verdict import Urgency

WRONG = {"rules": ("portal-mention", "visit"), "topic": "portal", "source": "form"}


def test_a_rule_whose_tickets_are_moved_is_found_with_the_words_of_the_policy() -> None:
    one = the(
        Kind.MISROUTE,
        found(*moved(many(8, "W"), "scheduling"), *many(12, "R", source="mailbox")),
    )

    assert one.title == (
        "Put into portal by the rule portal-mention (Mentions the portal), moved to scheduling"
    )
    assert (one.n, one.of, one.rules) == (8, 20, ("portal-mention",))
    assert one.words == (
        "portal-mention: {portal}",
        "{portal}: portal, patient website, portal",
    )
    assert one.tickets[:2] == ("W00", "W01")
    assert 0.2 < one.sure < 0.4


def test_what_tells_the_wrong_ones_from_the_right_ones_is_said_and_drafted() -> None:
    one = the(
        Kind.MISROUTE,
        found(*moved(many(8, "W"), "scheduling"), *many(12, "R", source="mailbox")),
    )

    assert one.told[0] == "8 of 8 came by the source form; of those that stayed, 0 of 12"
    assert one.draft is not None
    assert (one.draft.file, one.draft.place) == ("sites/north.yaml", "routing")
    assert (one.draft.right, one.draft.wrong) == (8, 0)
    assert "when: { topics: [portal], sources: [form] }\n    team: scheduling" in one.draft.text


def test_the_shortest_rule_is_drafted_of_those_that_do_the_same() -> None:
    draft = the(Kind.MISROUTE, found(*moved(many(8, "W"), "scheduling"))).draft

    assert draft is not None
    assert "when: { topics: [portal] }" in draft.text


def test_no_rule_is_drafted_that_does_more_harm_than_good() -> None:
    one = the(Kind.MISROUTE, found(*moved(many(8, "W"), "scheduling"), *many(12, "R")))

    assert one.draft is None
    assert "without doing harm" in one.suggestion


def test_a_rule_for_tickets_that_another_rule_of_the_site_sends_away_is_not_praised_for_them() -> (
    None
):
    rule = RoutingRule(when=When(sources=("form",)), team="billing")
    one = the(
        Kind.MISROUTE,
        found(*moved(many(8, "W"), "scheduling"), site=a_site(routing={"forms": rule})),
    )

    assert one.draft is None


def test_a_draft_moves_nothing_that_is_clinical_to_people_who_may_not_open_it() -> None:
    clinical = many(
        8, "W", first_team="clinical", scored_team="clinical", team="clinical", urgency=4, peak=4
    )

    assert the(Kind.MISROUTE, found(*moved(clinical, "billing"))).draft is None


def test_what_stood_in_review_is_judged_wrong_and_no_rule_could_have_moved_it() -> None:
    lives = judged(many(8, "W", first_team="review"), 2, team="scheduling")

    one = the(Kind.MISROUTE, found(*lives))

    assert "moved to scheduling" in one.title
    assert one.draft is None


def test_a_ticket_is_in_the_finding_of_the_rule_that_explains_it_best() -> None:
    wrong = moved(many(8, "W", rules=("portal-mention", "visit")), "scheduling")
    right = many(40, "R", rules=("portal-mention",))

    one = the(Kind.MISROUTE, found(*wrong, *right))

    assert (one.rules, one.n, one.of) == (("visit",), 8, 8)


def test_four_tickets_are_no_finding() -> None:
    assert not found(*moved(many(4, "W"), "scheduling"))


def test_a_rule_that_is_hardly_ever_wrong_is_no_finding() -> None:
    assert not found(*moved(many(5, "W"), "scheduling"), *done(many(300, "R")))


def test_a_ticket_that_was_placed_last_week_counts_in_the_week_in_which_it_was_moved() -> None:
    old = many(6, "W", at=MONDAY_MORNING - minutes(30 * 60))
    for life in moved(old, "scheduling"):
        life.moves[0].at = MONDAY_MORNING

    assert the(Kind.MISROUTE, found(*old)).n == 6


def test_what_is_found_again_and_what_is_gone_is_said() -> None:
    before = moved(many(6, "B", at=LAST_WEEK), "scheduling")
    billing = {"first_team": "billing", "team": "billing", "scored_team": "billing"}
    gone = moved(many(6, "G", at=LAST_WEEK, **billing), "scheduling")
    now = moved(many(6, "N"), "scheduling")

    seen = {each.id: each for each in found(*before, *gone, *now)}

    again = seen["misroute.north.portal.scheduling.portal-mention"]
    assert (again.standing, again.tickets[0]) == (Standing.AGAIN, "N00")
    past = seen["misroute.north.billing.scheduling.portal-mention"]
    assert (past.standing, past.draft, past.weight) == (Standing.GONE, None, 0.0)


def test_a_draft_gets_a_name_that_no_rule_has() -> None:
    other = RoutingRule(when=When(topics=("refill",)), team="clinical")
    site = a_site(routing={"trend-portal-to-scheduling": other})

    draft = the(Kind.MISROUTE, found(*moved(many(8, "W"), "scheduling"), site=site)).draft

    assert draft is not None
    assert draft.name == "trend-portal-to-scheduling-2"


def test_a_condition_that_the_policy_does_not_know_any_more_is_not_drafted() -> None:
    lives = moved(many(8, "W", topic="retired-topic"), "scheduling")

    assert the(Kind.MISROUTE, found(*lives)).draft is None


def test_tickets_that_are_merged_or_come_from_robots_say_nothing_of_a_rule() -> None:
    merged = moved(many(8, "M", merged_into="S"), "scheduling")
    robots = moved(many(8, "A", automatic=True), "scheduling")

    kinds = {each.kind for each in found(*merged, *robots)}

    assert Kind.MISROUTE not in kinds


def test_a_ticket_that_a_person_called_urgent_is_under_triage_and_no_misroute() -> None:
    lives = moved(judged(many(6, "U"), Urgency.CLINICAL_URGENT, team="clinical"), "clinical")

    assert {each.kind for each in found(*lives)} == {Kind.UNDER_TRIAGE}


def test_a_site_without_tickets_has_no_findings() -> None:
    assert found() == ()
    assert found(a_life("X", at=LAST_WEEK - minutes(60 * 24 * 30))) == ()


def test_the_site_of_a_draft_is_the_one_that_was_asked_for() -> None:
    elsewhere = moved(many(8, "W", site="west"), "scheduling")

    assert found(*elsewhere, site=replace(a_site(), name="North")) == ()
