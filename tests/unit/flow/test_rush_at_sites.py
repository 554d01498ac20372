"""A rush at one of several sites that share who is paged: the others do not fall silent."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.aws.said import CHEST_PAIN, score_as_said
from tests.builders import (
    AT_NIGHT,
    LADDERS,
    a_requester,
    a_site,
    a_stamp,
    an_arrival,
    minutes,
    sources_of,
)
from tests.unit.flow.post import Post
from triagewire.flow.escalate import act
from triagewire.flow.receive import receive
from triagewire.flow.sweeping import sweep
from triagewire.flow.triage import triage
from triagewire.ladder import Ladder, Tell
from triagewire.policy.model import Policy

SITES = ("north", "west", "east")
RUSH = 30
"""Minutes in each of which one more comes in at the first site; then one comes at each other."""
LADDER = Ladder(steps=(Tell.CATCH_ALL,), wait_minutes=5)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    """Three sites with one catch-all."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    monkeypatch.setattr(
        "triagewire.flow.judge.score", lambda subject, _engine: score_as_said(subject.text)
    )
    ladders = replace(LADDERS, urgent=LADDER, urgent_after_hours=LADDER)
    sites = {site: a_site(ladders=ladders, sources=sources_of(site)) for site in SITES}
    post = Post()
    post.policy = replace(post.policy, policy=Policy(group="lakeside", sites=sites, rules={}))
    return post


def _arrives(post: Post, site: str, number: int) -> None:
    who = a_requester(patient_id=f"MRN-{number}", email=f"p{number}@mail.example", phone=None)
    arrival = an_arrival(site=site, event_id=f"evt-{number}", text=CHEST_PAIN, requester=who)
    stored = receive(post.tables, arrival, a_stamp(post.now))
    ticket = triage(post.context(), stored)
    assert ticket is not None
    act(post.context(), ticket.id)


def test_no_site_falls_silent_behind_the_rush_of_another(post: Post) -> None:
    last: dict[str, datetime] = {}
    for minute in range(2 * RUSH):
        post.now = AT_NIGHT + minutes(minute)
        arriving = SITES[:1] if minute < RUSH else SITES[1:] if minute == RUSH else ()
        for place, site in enumerate(arriving):
            _arrives(post, site, 10 * minute + place)
        sweep(post.context())
        last |= {bundle.site: at for at, bundle, _ in post.sent if at == post.now}

        assert all(at >= post.now - 3 * minutes(LADDER.wait_minutes) for at in last.values())
    assert set(last) == set(SITES)
