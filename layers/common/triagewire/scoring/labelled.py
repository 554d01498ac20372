"""Fields that staff write as lines of their own where a channel has no form: "Asset: WS-4412"."""

import re
from dataclasses import replace

from triagewire.arrival import StaffRequest

MOST_LINES = 60
_LONGEST_VALUE = 500
_LABELS = {
    "category": "category, request type, type of request",
    "urgency": "urgency, priority, severity",
    "department": "department, dept, team",
    "place": "place, location, room, site, where",
    "asset": "asset, asset tag, device, computer name, workstation, printer, hostname, tag",
    "application": "application, app, program, software, system",
    "account": "account, username, user name, user id, access to",
    "for_whom": "for, for whom, user, employee, on behalf of",
    "business_impact": "impact, business impact",
    "patient_impact": "patient impact, patient care impact, patients affected, patient safety",
}
_FIELD_OF = {label: name for name, labels in _LABELS.items() for label in labels.split(", ")}
_LINE = re.compile(r"^[\s*•_-]*([A-Za-z][A-Za-z ]{1,24}?)[\s*_?]*[:=][\s*_]*(\S.*)$")


def with_labelled(request: StaffRequest | None, text: str) -> StaffRequest | None:
    """The request with what such lines state; what a form stated stays."""
    known = request or StaffRequest()
    found: dict[str, str] = {}
    for line in text.splitlines()[:MOST_LINES]:
        matched = _LINE.match(line[: _LONGEST_VALUE + 60])
        name = _FIELD_OF.get(" ".join(matched[1].lower().split())) if matched else None
        if matched and name and not getattr(known, name):
            found.setdefault(name, matched[2].strip()[:_LONGEST_VALUE])
    return replace(known, **found) if found else request
