"""A gateway's event as one request: exact bytes, folded names, a trusted address."""

import base64

from triagewire.channels.request import request_from_api_gateway


def test_header_names_are_folded() -> None:
    request = request_from_api_gateway({"headers": {"X-Slack-Signature": "v0=1"}})

    assert request.header("x-slack-signature") == "v0=1"


def test_repeated_headers_are_joined() -> None:
    event = {"headers": {"Via": "b"}, "multiValueHeaders": {"Via": ["a", "b"]}}

    assert request_from_api_gateway(event).header("via") == "a, b"


def test_headers_and_body_may_be_null() -> None:
    request = request_from_api_gateway({"headers": None, "multiValueHeaders": None, "body": None})

    assert (request.headers, request.body) == ({}, b"")


def test_a_base64_body_is_decoded_to_the_bytes_that_were_signed() -> None:
    body = base64.b64encode(b'{"a": 1}\r\n\xff').decode()

    request = request_from_api_gateway({"body": body, "isBase64Encoded": True})

    assert request.body == b'{"a": 1}\r\n\xff'


def test_a_text_body_keeps_each_space_and_line_end() -> None:
    assert request_from_api_gateway({"body": '{"a":1} \n'}).body == b'{"a":1} \n'


def test_the_address_is_the_configured_base_and_never_the_host_header() -> None:
    event = {
        "path": "/webhook/riverside/sms",
        "headers": {"Host": "evil.example"},
        "multiValueQueryStringParameters": {"bodySHA256": ["0a1f"]},
    }

    request = request_from_api_gateway(event, public_url="https://hooks.example/prod/")

    assert request.url == "https://hooks.example/prod/webhook/riverside/sms?bodySHA256=0a1f"


def test_a_request_shows_neither_its_headers_nor_its_body() -> None:
    event = {"headers": {"Authorization": "Basic c2VjcmV0"}, "body": "my chest hurts"}

    shown = repr(request_from_api_gateway(event))

    assert "c2VjcmV0" not in shown
    assert "chest" not in shown
