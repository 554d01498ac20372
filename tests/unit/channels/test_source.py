"""A source from the policy's plain data: what it may say, and how a mistake is named."""

import pytest

from triagewire.arrival import Channel, RequesterKind
from triagewire.channels.source import source_from
from triagewire.errors import InvalidFieldError

PLAIN: dict[str, object] = {"site": "riverside", "name": "portal", "adapter": "epic"}


def test_a_source_needs_no_more_than_site_name_and_adapter() -> None:
    source = source_from(PLAIN)

    assert (source.channel, source.url, source.options.signed) == (None, "", True)
    assert source.options.body_limit_bytes == 1_000_000


def test_a_source_may_override_its_channel_and_options() -> None:
    source = source_from(
        {
            **PLAIN,
            "adapter": "web",
            "channel": "chat",
            "options": {
                "signed": False,
                "origins": ["https://a.example"],
                "requester_kind": "patient",
                "country_code": 44,
                "body_limit_bytes": 20_000,
            },
        }
    )

    assert source.channel is Channel.CHAT
    assert source.options.origins == ("https://a.example",)
    assert source.options.requester_kind is RequesterKind.PATIENT
    assert (source.options.country_code, source.options.body_limit_bytes) == ("44", 20_000)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"adapter": "fax"}, "adapter: must be one of athena"),
        ({"adapter": None}, "adapter: is missing"),
        ({"site": "River Side"}, "site: must be lower-case"),
        ({"name": "a/b"}, "name: must be lower-case"),
        ({"channel": "pigeon"}, "channel: must be one of ehr"),
        ({"options": {"signed": False}}, "options.signed: is no option of the adapter epic"),
        ({"options": {"body_limit_bytes": 0}}, "options.body_limit_bytes: must be a whole"),
        ({"options": {"body_limit_bytes": 1.5}}, "options.body_limit_bytes: must be a whole"),
        ({"options": {"tolerance_seconds": 1e9}}, "options.tolerance_seconds: must be a whole"),
        ({"options": {"country_code": "+1"}}, "options.country_code: must be one to three"),
        ({"options": {"requester_kind": "boss"}}, "options.requester_kind: must be one of"),
        (
            {"adapter": "web", "options": {"signed": False}},
            "options.origins: is needed when signed is false",
        ),
        (
            {
                "adapter": "fhir",
                "options": {"reader": {"base_url": "https://a.example", "token_url": "https://b"}},
            },
            "options.reader.client_id: goes together with token_url",
        ),
        (
            {"adapter": "fhir", "options": {"reader": {"base_url": "http://a.example"}}},
            "options.reader.base_url: must begin with https://",
        ),
    ],
)
def test_a_mistake_is_named_by_its_field(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(InvalidFieldError) as mistake:
        source_from({**PLAIN, **change})

    assert str(mistake.value).startswith(complaint)
