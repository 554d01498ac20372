"""Who has signed in: where they may work, with whom, and the codes that they may say there."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from triagewire.access import Principal
from triagewire.clock.promise import PauseReason
from triagewire.desk.emergency import (
    EmergencySiteView,
    EmergencyView,
    emergency_sites,
    emergency_view,
)
from triagewire.desk.shapes import Count, When
from triagewire.emergency import EmergencyReason
from triagewire.flow.handing import HandoffReason
from triagewire.flow.labelling import known_topics
from triagewire.flow.sessions import IDLE
from triagewire.flow.staff import Outcome, ReopenReason
from triagewire.flow.unmerging import UnmergeReason
from triagewire.flow.working import Answer
from triagewire.label import Basis
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import Role
from triagewire.retention import HoldReason
from triagewire.routing.hand_merge import MergeReason


class OwnTeamView(TypedDict):
    """A team to which work may be handed; `mine` says that the caller belongs to it, `see` that
    they may see its tickets, `work` that they may change them, `own` that such a ticket may be
    theirs, `export` that they may take its queue as a file.
    """

    id: str
    lead: str
    mine: bool
    see: bool
    work: bool
    own: bool
    export: bool


class ColleagueView(TypedDict):
    """Somebody to whom work may be handed."""

    id: str
    name: str
    teams: list[str]


class OwnSiteView(TypedDict):
    """A site of the caller. `topics` are those that a person may say a ticket is about."""

    id: str
    name: str
    zone: str
    phone: str
    languages: list[str]
    roles: list[Role]
    teams: list[OwnTeamView]
    members: list[ColleagueView]
    topics: list[str]


class CodesView(TypedDict):
    """The reasons and outcomes that acts take."""

    handoff_reasons: list[str]
    outcomes: list[str]
    pause_reasons: list[str]
    reopen_reasons: list[str]
    bases: list[str]
    answers: list[str]
    unmerge_reasons: list[str]
    merge_reasons: list[str]
    rescore_reasons: list[str]
    emergency_reasons: list[str]
    hold_reasons: list[str]


class MeView(TypedDict):
    """Who has signed in. After `idle_minutes` without an act they are signed out; a reply may be
    undone for `undo_seconds`. `draft_key` (base64url of 32 bytes) is for what they have begun to
    write and not sent: a browser may keep that past a log-off only encrypted with it. `emergency`
    is the emergency access that stands, whose site is among `sites` as long; `emergency_sites` are
    those that may be opened so.
    """

    member: str
    name: str
    at: When
    idle_minutes: Count
    undo_seconds: Count
    draft_key: str
    sites: list[OwnSiteView]
    emergency: EmergencyView | None
    emergency_sites: list[EmergencySiteView]
    codes: CodesView


_PURPOSE = b"triagewire draft\0"
"""What the key signs for another purpose never opens a draft."""


def me_view(principal: Principal, now: datetime, key: bytes) -> MeView:
    """Who has signed in; without a name and a site for whom no roster has. `key` is what the key of
    their drafts is made from.
    """
    own = dict(principal.sites())
    sites = dict(principal.open_sites())
    undo = (site.replies.undo_seconds for site in sites.values())
    return {
        "member": principal.id,
        "name": next((site.members[principal.id].name for site in own.values()), ""),
        "at": now.isoformat(),
        "idle_minutes": int(IDLE.total_seconds()) // 60,
        "undo_seconds": max(undo, default=0),
        "draft_key": draft_key(key, principal.id),
        "sites": [_site(name, site, principal) for name, site in sites.items()],
        "emergency": emergency_view(stands) if (stands := principal.emergency) else None,
        "emergency_sites": emergency_sites(principal),
        "codes": _codes(),
    }


def draft_key(key: bytes, member: str) -> str:
    """A key that a member alone gets, and always the same: who reads what a browser has kept after
    they left cannot open it, and they can when they are back.
    """
    made = hmac.new(key, _PURPOSE + member.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode("ascii").rstrip("=")


def _site(name: str, site: Site, principal: Principal) -> OwnSiteView:
    me = site.members.get(principal.id)
    return {
        "id": name,
        "name": site.name,
        "zone": site.zone,
        "phone": site.phone,
        "languages": list(site.languages),
        "roles": list(me.roles) if me else [],
        "teams": [_team(name, site, team, principal) for team in site.teams],
        "members": [
            {"id": id, "name": member.name, "teams": list(member.teams)}
            for id, member in site.members.items()
        ],
        "topics": _topics(principal.policy),
    }


def _team(name: str, site: Site, team: str, principal: Principal) -> OwnTeamView:
    return {
        "id": team,
        "lead": site.teams[team].lead,
        "mine": team in me.teams if (me := site.members.get(principal.id)) else False,
        "see": principal.may_see(name, team),
        "work": principal.may_work(name, team),
        "own": principal.may_own(name, team),
        "export": principal.may_export(name),
    }


def _topics(policy: Policy) -> list[str]:
    return sorted(set(known_topics(policy.rules)))


def _codes() -> CodesView:
    return {
        "handoff_reasons": _values(HandoffReason),
        "outcomes": _values(Outcome),
        "pause_reasons": _values(PauseReason),
        "reopen_reasons": _values(ReopenReason),
        "bases": _values(Basis),
        "answers": _values(Answer),
        "unmerge_reasons": _values(UnmergeReason),
        "merge_reasons": _values(MergeReason),
        "rescore_reasons": _values(Basis),
        "emergency_reasons": _values(EmergencyReason),
        "hold_reasons": _values(HoldReason),
    }


def _values(codes: Iterable[StrEnum]) -> list[str]:
    return [code.value for code in codes]
