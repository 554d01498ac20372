"""A repeated event is known again, also by a version that knows of more fields."""

import hashlib
from dataclasses import replace

import msgspec

from tests.builders import an_arrival
from triagewire.arrival import StaffRequest
from triagewire.flow.receive import _digest


def test_an_arrival_without_staff_fields_has_the_digest_that_it_had_before_there_were_any() -> None:
    arrival = an_arrival(text='he wrote "staff_request":null, twice')
    plain = msgspec.json.decode(msgspec.json.encode(arrival))
    del plain["staff_request"]

    assert _digest(arrival) == hashlib.sha256(msgspec.json.encode(plain)).hexdigest()


def test_other_fields_are_other_content() -> None:
    arrival = an_arrival()

    assert _digest(arrival) != _digest(replace(arrival, staff_request=StaffRequest(asset="WS-7")))
