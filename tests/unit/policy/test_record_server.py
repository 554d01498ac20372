"""A site may name a record server; one that cannot work is refused with file, line and field."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from triagewire.errors import PolicyError
from triagewire.policy.load import load
from triagewire.policy.model import Policy

type Edit = Callable[[str, str, str], Path]

SIGNED = """catch_all: manager.ashe
record:
  base_url: https://fhir.ehr.example/r4
  token_url: https://login.ehr.example/oauth2/token
  client_id: triagewire
  algorithm: ES384
  key_id: triagewire-2026
  patient_system: "urn:oid:1.2.36.146"
"""


def with_record(edited: Edit, text: str = SIGNED) -> Path:
    return edited("sites/mesa.yaml", "catch_all: manager.ashe\n", text)


def test_the_starter_policy_reads_no_records(starter: Path) -> None:
    assert {site.record for site in load(starter).policy.sites.values()} == {None}


def test_a_record_server_survives_being_stored(edited: Edit) -> None:
    policy = load(with_record(edited)).policy

    stored = msgspec.json.decode(msgspec.json.encode(policy), type=Policy)

    server = stored.sites["mesa"].record
    assert server is not None
    assert server == policy.sites["mesa"].record
    assert (server.base, server.algorithm) == ("https://fhir.ehr.example/r4/", "ES384")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("ES384", "HS256", "record.algorithm: must be one of ES384, RS384, or be left out"),
        ("https://fhir", "http://fhir", "record.base_url: must be a plain https address"),
        ("  client_id: triagewire\n", "", "client_id: goes together with token_url"),
        ("  key_id: triagewire-2026\n", "", "key_id: goes together with algorithm"),
        ("client_id:", "client:", "record.client: is no field here"),
        ("  base_url: https://fhir.ehr.example/r4\n", "", "record.base_url: "),
    ],
)
def test_one_that_cannot_work_is_told_by_file_line_and_field(
    edited: Edit, old: str, new: str, problem: str
) -> None:
    folder = with_record(edited, SIGNED.replace(old, new))

    with pytest.raises(PolicyError) as raised:
        load(folder)

    (told, *_) = [each for each in raised.value.problems if problem in each]
    assert told.startswith("policy/sites/mesa.yaml:")
