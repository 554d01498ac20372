"""Word of reports to the leads of a site, by the topic of alerts.

It goes by e-mail to those whom the roster gives an address, as their subscriptions filter by person
and way, and never by text or pager: a report wakes nobody. Where nobody has an address, the topic's
own subscribers hear it.
"""

from collections.abc import Iterator, Mapping

from triagewire import aws
from triagewire.escalation.notice import SUBJECT
from triagewire.escalation.undelivered import REPORT
from triagewire.ladder import Way
from triagewire.measures.due import Due
from triagewire.observability import logger
from triagewire.policy.model import Site
from triagewire.policy.roster import Role
from triagewire.settings import settings

LEADING = frozenset({Role.LEAD, Role.ADMINISTRATOR})


def tell_leads(what: Due, site: Site, text: str) -> None:
    """Send the word of a report. In debug mode nothing leaves. Raises ClientError or BotoCoreError
    when SNS does not take it.
    """
    names = settings()
    for attributes in addressed(what, site):
        if names.notify_people:
            aws.sns().publish(
                TopicArn=names.alerts_topic_arn,
                Subject=SUBJECT,
                Message=text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in attributes.items()
                },
            )
        told = "told of a report" if names.notify_people else "not told of a report: debug mode"
        logger.info(told, site=what.site, notice=attributes["notice"], way=attributes["way"])


def addressed(what: Due, site: Site) -> Iterator[Mapping[str, str]]:
    """The attributes of each message, by which subscriptions filter: who hears the topic as a whole
    wants one copy.
    """
    people = readers(site) or ("",)
    for number, person in enumerate(people):
        yield {
            "site": what.site,
            "notice": f"{REPORT}-{what.site}-{what.each.value}-{what.name}",
            "kind": REPORT,
            "person": person or "-",
            "way": (Way.EMAIL if person else Way.TOPIC).value,
            "count": "1",
            "copy": "more" if number else "first",
        }


def readers(site: Site) -> tuple[str, ...]:
    """The members who lead or administer a site and have an address for mail."""
    leads = {team.lead for team in site.teams.values()}
    return tuple(
        name
        for name, member in sorted(site.members.items())
        if Way.EMAIL in member.ways and (name in leads or not LEADING.isdisjoint(member.roles))
    )
