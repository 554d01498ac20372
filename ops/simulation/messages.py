"""The messages of a scenario as intake would have read them."""

from dataclasses import dataclass

from ops.simulation.sheet import Said, Writer
from triagewire.arrival import Arrival, Channel, Requester, RequesterKind
from triagewire.policy.model import Site
from triagewire.team import CLINICAL, USUAL_TOPICS
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency, Verdict

NO_SOURCE = "scenario"
"""The source of a message to a site that has none."""
URGENT_TOPIC = "symptom"
OF_STAFF = frozenset({Channel.CHAT, Channel.MONITORING})
"""By these nobody but staff, and their machines, write to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message: what intake stores, and the verdict that the scenario states, if it does."""

    arrival: Arrival
    verdict: Verdict | None


def incoming(said: Said, site_id: str, site: Site) -> Incoming:
    """A message of the scenario. The same name gives the same ticket, in every run."""
    name = said.source or next(iter(site.sources), NO_SOURCE)
    source = site.sources.get(name)
    channel = said.channel or (source.usual_channel if source else Channel.WEB)
    usual = RequesterKind.STAFF if channel in OF_STAFF else RequesterKind.PATIENT
    arrival = Arrival(
        site=site_id,
        source=name,
        channel=channel,
        event_id=f"scenario-{said.name}",
        requester=_requester(said, usual),
        text=said.text or "…",
        subject=said.subject,
        language=said.language,
        thread=said.thread,
        automatic=said.automatic,
    )
    return Incoming(arrival=arrival, verdict=_stated(said))


def _requester(said: Said, usual: RequesterKind) -> Requester:
    """Who writes; nobody named is a patient whom nobody else is."""
    who = said.who or Writer(id=f"patient-{said.name}")
    return Requester(
        kind=who.kind or usual,
        patient_id=who.id,
        name=who.name,
        phone=who.phone,
        email=who.email,
        date_of_birth=who.born,
    )


def _stated(said: Said) -> Verdict | None:
    """What the scenario says that scoring would say."""
    if said.score is None:
        return None
    score = Urgency(said.score)
    team = said.team or CLINICAL
    about = CLINICAL if team == REVIEW else team
    usual = URGENT_TOPIC if score is Urgency.CLINICAL_URGENT else USUAL_TOPICS[about]
    return Verdict(
        score=score,
        topic=said.topic or usual,
        team=about,
        confidence=1.0,
        review=team == REVIEW,
        candidate=score,
    )
