"""Events as they were written on the day of this test: every later version must read them."""

import pytest

from triagewire.ledger.chain import digest, first_fault
from triagewire.ledger.lines import from_line, to_line

GOLDEN = r"""
{"action":"received","actor":"source:north/portal","at":"2026-11-22T14:00:00.123456+00:00","detail":{"bytes":412,"channel":"ehr","source":"portal"},"hash":"3c88845fc8df156292464ca6774bdb48efd471118d9d5998e09f56731254ef9d","policy_version":3,"previous":"cbb8e4cae1ee85be904758d754d3819a489e08d9a8a6b856505228b616f402ae","request_id":"req-1","sequence":1,"subject":"TICKET#01GOLDEN","why":"signed"}
{"action":"scored","actor":"system:score_route","at":"2026-11-22T14:00:00.123456+00:00","detail":{"confidence":0.93,"review":false,"rules":["chest-pain","breath"],"score":5,"topic":"symptom"},"hash":"72184b152f9b26d06dfaf60d1013941fbaf81a2cd91af00f1733d0ca14d9621b","policy_version":3,"previous":"3c88845fc8df156292464ca6774bdb48efd471118d9d5998e09f56731254ef9d","request_id":"","sequence":2,"subject":"TICKET#01GOLDEN","why":"rules"}
{"action":"routed","actor":"system:score_route","at":"2026-11-22T14:00:00.123456+00:00","detail":{"member":"nora","team":"clinical"},"hash":"cbabae6ef65d4a9e2669e229762101c04a558ad0bca2e011df42aba5bc8e5bcf","policy_version":3,"previous":"72184b152f9b26d06dfaf60d1013941fbaf81a2cd91af00f1733d0ca14d9621b","request_id":"","sequence":3,"subject":"TICKET#01GOLDEN","why":"symptom is handled by clinical"}
{"action":"acknowledged","actor":"staff:nora","at":"2026-11-22T14:04:00.123456+00:00","detail":{},"hash":"cfcd5e2b091a7b99a571fb3520e23e90ef416358780175178728f8b6cee32ee6","policy_version":3,"previous":"cbabae6ef65d4a9e2669e229762101c04a558ad0bca2e011df42aba5bc8e5bcf","request_id":"req-2","sequence":4,"subject":"TICKET#01GOLDEN","why":"page"}
{"action":"reassigned","actor":"staff:nora","at":"2026-11-22T14:09:00.123456+00:00","detail":{"member":null,"misroute":true,"team":"clinical"},"hash":"ce87681688f21d939f0d7fb76c872cb316801d6ba3947cb2b954dfcd76b836c9","policy_version":4,"previous":"cfcd5e2b091a7b99a571fb3520e23e90ef416358780175178728f8b6cee32ee6","request_id":"","sequence":5,"subject":"TICKET#01GOLDEN","why":"Überweisung nach Süd\n2. Zeile"}
""".strip().split("\n")  # noqa: E501 a line of the ledger is a line


@pytest.mark.parametrize("line", GOLDEN, ids=lambda line: line[11:20])
def test_a_line_of_that_day_is_read_and_still_has_its_hash(line: str) -> None:
    event = from_line(line)

    assert digest(event) == event.hash
    assert to_line(event) == line


def test_the_ledger_of_that_day_verifies() -> None:
    events = [from_line(line) for line in GOLDEN]

    assert first_fault("TICKET#01GOLDEN", events, 5, events[-1].hash) is None
