"""Stored mails and large bodies go with the words of their ticket, and nobody else's file does."""

from dataclasses import replace

import pytest

from tests.aws.clinic import Clinic
from tests.aws.test_retention import DAY, DAYS, closed, keeping
from triagewire import aws
from triagewire.arrival import Attachment
from triagewire.store.messages import rewritten
from triagewire.store.table import commit

BUCKET = "inbound-of-the-tests"

__all__ = ["keeping"]


def with_file(clinic: Clinic, ticket: str, key: str, bucket: str = BUCKET) -> None:
    """Let the first message of a ticket name a file that lies in the bucket."""
    aws.s3().put_object(Bucket=BUCKET, Key=key, Body=b"From: a patient")
    message = clinic.said(ticket)[0]
    file = Attachment(name="scan.pdf", link=f"s3://{bucket}/{key}")
    told = replace(message, attachments=(file,))
    commit(aws.tables(), [rewritten(aws.tables(), told, "north")])


def stored(clinic: Clinic) -> list[str]:
    """What lies in the bucket."""
    return [each["Key"] for each in aws.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def purged(clinic: Clinic) -> list[str]:
    """What is in the bucket after the time of all tickets."""
    clinic.sweep(clinic.now + DAYS * DAY)
    return stored(clinic)


def test_the_mail_of_a_ticket_goes_with_it(keeping: Clinic) -> None:
    with_file(keeping, ticket := closed(keeping), "mail/north/portal/abc")

    assert purged(keeping) == []
    assert keeping.ticket(ticket).purged_at is not None


@pytest.mark.parametrize(
    "key",
    [
        "mail/north/mailbox/of-another-source",
        "mail/west/portal/of-another-site",
        "mail/north/portal/../mailbox/abc",
        "quarantine/north/OF-ANOTHER-TICKET",
        "elsewhere",
    ],
)
def test_a_link_that_a_sender_wrote_takes_nobody_elses_file_away(keeping: Clinic, key: str) -> None:
    with_file(keeping, closed(keeping), key)

    assert purged(keeping) == [key]


def test_a_link_into_another_bucket_is_left_alone(keeping: Clinic) -> None:
    with_file(keeping, ticket := closed(keeping), "mail/north/portal/abc", bucket="of-others")

    assert purged(keeping) == ["mail/north/portal/abc"]
    assert keeping.ticket(ticket).purged_at is not None


def test_a_mail_that_a_linked_ticket_still_shows_stays_until_that_one_goes(
    keeping: Clinic,
) -> None:
    first = closed(keeping, "evt-1")
    with_file(keeping, first, "mail/north/portal/abc")
    second = closed(keeping, "evt-2")
    with_file(keeping, second, "mail/north/portal/abc")
    _link(keeping, first, second)

    keeping.sweep(keeping.now + 30 * DAY)
    assert keeping.ticket(first).purged_at is not None
    assert stored(keeping) == ["mail/north/portal/abc"]
    assert purged(keeping) == []


def _link(clinic: Clinic, first: str, second: str) -> None:
    from triagewire.flow.context import Plan
    from triagewire.ledger.event import Action, Entry
    from triagewire.store.tickets import Change

    context, _ = clinic._desk("nick")
    for one, other in ((first, second), (second, first)):
        before = clinic.ticket(one)
        after = replace(before, linked=(other,))
        entry = Entry(action=Action.LINKED, why="a further need of the same mail")
        Plan(changes=[Change(before=before, after=after, entries=(entry,))]).commit(context)
