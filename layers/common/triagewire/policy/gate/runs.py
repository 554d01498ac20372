"""Scoring and routing the synthetic tickets: once for each set of rules, then on every site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec

from triagewire.arrival import PatientContext, StaffRequest
from triagewire.policy.gate.tickets import Ticket, topic_of
from triagewire.policy.model import Site
from triagewire.routing.queueing import Facts, queue_of
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency, Verdict

REHEARSED_AT = datetime(2026, 3, 4, 17, tzinfo=UTC)
"""An ordinary Wednesday, so that the tickets mean the same on every day they are run."""


class Scorer:
    """The verdicts of one set of rules, compiled when the first ticket is asked for. A ticket is
    scored once, however often it is asked for.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._verdicts: dict[bytes, Verdict] = {}

    @cached_property
    def _engine(self) -> Engine:
        return build_engine(self.rules)

    def verdict(self, ticket: Ticket) -> Verdict:
        """What these rules say of a ticket."""
        known = msgspec.json.encode(ticket)
        if known not in self._verdicts:
            self._verdicts[known] = score(_subject(ticket), self._engine)
        return self._verdicts[known]

    def urgent(self, ticket: Ticket) -> bool:
        """Whether these rules would page for a ticket."""
        return self.verdict(ticket).score is Urgency.CLINICAL_URGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One synthetic ticket on one site: what was expected and what came out.

    `language` is the one it is written in, `en` where the ticket does not say; `topic` what it is
    about, where it does.
    """

    ticket: str
    site: str
    expected: Mapping[str, Any]
    verdict: Verdict
    queue: str
    language: str = "en"
    red_flag: bool = False
    topic: str | None = None

    @property
    def clear(self) -> bool:
        """Whether it is one that needs nobody's judgement: not urgent, and not meant for review."""
        return (
            "score" in self.expected and not self.urgent and self.expected.get("review") is not True
        )

    @property
    def held(self) -> bool:
        """Whether a clear one waits for a person's judgement: safe, and a nuisance when it is
        many.
        """
        return self.clear and self.queue == REVIEW

    @property
    def misrouted(self) -> bool:
        """Whether anything that was expected came out otherwise. Doubt is no fault of one ticket:
        what a second opinion or the record may add to any of them is counted over all.
        """
        if self.held:
            return False
        found = {
            "score": int(self.verdict.score),
            "team": self.verdict.team,
            "topic": self.verdict.topic,
            "review": self.queue == REVIEW,
            "queue": self.queue,
        }
        return any(found[name] != wanted for name, wanted in self.expected.items())

    @property
    def found(self) -> bool:
        """Whether it was scored 5 by the rules themselves."""
        return self.verdict.score is Urgency.CLINICAL_URGENT

    @property
    def urgent(self) -> bool:
        """Whether it is one that must be scored 5."""
        return bool(self.expected.get("score") == Urgency.CLINICAL_URGENT)

    @property
    def missed(self) -> bool:
        """Whether an urgent one was neither scored 5 nor put before a person."""
        return self.urgent and not self.found and self.queue != REVIEW


def rehearsals(
    scorer: Scorer, tickets: Mapping[str, Ticket], sites: Mapping[str, Site]
) -> Iterator[Rehearsed]:
    """Every ticket on every site that it is for."""
    for name, ticket in tickets.items():
        verdict = scorer.verdict(ticket)
        for site_id, site in sites.items():
            if site_id not in (ticket.get("sites") or sites):
                continue
            yield Rehearsed(
                ticket=name,
                site=site_id,
                expected=ticket["expect"],
                verdict=verdict,
                queue=queue_of(verdict, site, _facts(ticket)).team,
                language=ticket.get("written_in") or ticket.get("language") or "en",
                red_flag=bool(ticket.get("red_flag")),
                topic=topic_of(ticket),
            )


def _facts(ticket: Ticket) -> Facts:
    """What a routing rule may ask of a ticket beside its verdict."""
    stated = _stated(ticket) or StaffRequest()
    return Facts(
        source=ticket.get("source") or "",
        channel=ticket.get("channel") or "",
        application=stated.application,
        department=stated.department,
    )


def _stated(ticket: Ticket) -> StaffRequest | None:
    fields = ticket.get("staff_request")
    return msgspec.convert(fields, StaffRequest) if fields else None


def _subject(ticket: Ticket) -> ScoringInput:
    return ScoringInput(
        text=ticket["text"],
        subject=ticket.get("subject", ""),
        voice=ticket.get("voice", "patient"),
        language=ticket.get("language"),
        speech=ticket.get("speech"),
        channel=ticket.get("channel"),
        staff_request=_stated(ticket),
        context=msgspec.convert(ticket.get("context") or {}, PatientContext),
        now=REHEARSED_AT,
    )
