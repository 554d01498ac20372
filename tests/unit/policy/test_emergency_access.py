"""Who may open a site in an emergency: what cannot be meant is refused, and nothing is open by
itself.
"""

from pathlib import Path

import pytest

from tests.builders import a_policy, a_site
from tests.unit.policy.refusals import FILE, Edit, refused, with_fields
from triagewire.access import Principal
from triagewire.policy.emergency import EmergencyAccess
from triagewire.policy.load import load
from triagewire.policy.roster import Member, Role


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ("minutes: 0", "minutes", "must be at least 1"),
        ("minutes: 61", "minutes", "must be at most 60"),
        ("minutes: soon", "minutes", "must be a whole number"),
        ("roles: []", "roles", "needs at least one role, or nobody ever gets in"),
        ("roles: [auditor]", "roles", "must not name auditor"),
        ("roles: [doctor]", "roles.0", "Input should be"),
        ("for: everybody", "for", "is no field here"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(
    edited: Edit, fields: str, field: str, problem: str
) -> None:
    text = f"emergency_access: {{ enabled: true, {fields} }}"

    refused(with_fields(edited, text), f"emergency_access.{field}", problem, at=text)


def test_a_policy_that_says_nothing_of_it_opens_nothing() -> None:
    policy = a_policy(site=a_site(members={"lea": Member(name="Lea", roles=(Role.LEAD,))}))

    assert list(Principal(id="lea", policy=policy).emergency_sites()) == []


def test_the_starter_policy_has_the_procedure_that_the_rule_requires(starter: Path) -> None:
    policy = load(starter).policy

    stated = {site.emergency_access for site in policy.sites.values()}
    assert stated == {EmergencyAccess(enabled=True, minutes=60)}


def test_a_site_may_close_itself_though_its_group_does_not(edited: Edit) -> None:
    folder = edited(
        FILE, "phone: 555-0140", "phone: 555-0140\nemergency_access: { enabled: false }"
    )

    sites = load(folder).policy.sites
    assert {name for name, site in sites.items() if site.emergency_access.enabled} == (
        set(sites) - {"riverside"}
    )
