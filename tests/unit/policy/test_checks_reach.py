"""How people are reached: addresses that nothing could be sent to are refused, and so is a page
ladder that nobody hears.
"""

import pytest

from tests.unit.policy.refusals import FILE, PARK, Edit, found, refused

REYES = 'ways: { pager: https://pager.lakeside.example/dr.reyes, sms: "+15550100103" }'
ASHE = 'ways: { sms: "+15550100109", email: manager.ashe@lakeside.example }'
HAAS = "ways: { email: biller.haas@lakeside.example }"


@pytest.mark.parametrize(
    ("ways", "field", "problem"),
    [
        ('sms: "555-0140"', "sms", "is no number with a plus and its country code"),
        ('sms: "+0555010014"', "sms", "is no number with a plus and its country code"),
        ("email: park", "email", "is no mail address"),
        ("pager: http://pager.lakeside.example/park", "pager", "is no https address"),
        ("pager: https://me:secret@pager.lakeside.example/", "pager", "holds a name or password"),
        ("pager: https://10.1.2.3/park", "pager", "names a host that is not on the internet"),
        ("pager: 'https://[::1]/park'", "pager", "names a host that is not on the internet"),
        ("pager: https://pager/park", "pager", "names a host that is not on the internet"),
        ("pager: https://pager.clinic.internal/", "pager", "names a host that is not on the int"),
        ("pager: 'https://pager.lakeside.example/#a'", "pager", "holds a #fragment"),
        ("pager: 'https://pager.lakeside.example:port/'", "pager", "is no https address"),
        ("topic: pages", "topic", "has no address: leave it out"),
    ],
)
def test_an_address_that_nothing_could_be_sent_to_is_refused(
    edited: Edit, ways: str, field: str, problem: str
) -> None:
    folder = edited(FILE, PARK, f"{PARK}, ways: {{ {ways} }}")

    refused(folder, f"members.desk.park.ways.{field}", problem, at="desk.park: {")


def test_a_way_that_is_not_known_is_refused(edited: Edit) -> None:
    folder = edited(FILE, PARK, f"{PARK}, ways: {{ fax: '+15550100123' }}")

    assert any("members.desk.park.ways" in each and "fax" in each for each in found(folder))


def test_no_refusal_holds_the_address_itself(edited: Edit) -> None:
    folder = edited(FILE, PARK, f"{PARK}, ways: {{ sms: '5550140', email: park }}")

    assert not any("5550140" in each for each in found(folder))


@pytest.mark.parametrize(
    ("ways", "member", "why"),
    [
        (REYES, "dr.reyes", "on the rota"),
        (HAAS, "biller.haas", "the lead of billing, whom a page ladder names"),
    ],
)
def test_who_is_paged_and_has_no_way_is_refused(
    edited: Edit, ways: str, member: str, why: str
) -> None:
    folder = edited(FILE, ways, "capacity: 0")

    problem = f"has no ways, and is {why}: a page would not reach them"
    refused(folder, f"members.{member}", problem, at=f"  {member}: {{")


def test_a_member_of_two_sites_has_the_same_ways_at_both(edited: Edit) -> None:
    folder = edited(FILE, ASHE, 'ways: { sms: "+15550100119" }')

    problem = "sites.riverside.members.manager.ashe.ways: is at mesa too, with other ways"
    assert any(problem in each for each in found(folder))


def test_a_site_in_which_nobody_has_a_way_is_told_by_the_topics_subscribers(edited: Edit) -> None:
    folder = edited(FILE, HAAS, "capacity: 0")
    for file in (folder / FILE, folder / "sites/mesa.yaml"):
        text = file.read_text(encoding="utf-8").splitlines()
        kept = ("    capacity: 0 }" if each.startswith("    ways: {") else each for each in text)
        file.write_text("\n".join(kept), encoding="utf-8")

    assert found(folder) == []
