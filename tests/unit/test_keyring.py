"""The keys of sites on a table in memory and a KMS that fails on demand: how often it is asked, and
what holds while it does not answer.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from ops.simulation.table import Memory
from tests.template import resources
from triagewire.aws import HASTY
from triagewire.errors import KeyUnavailableError, SealBrokenError
from triagewire.keyring import (
    LONGEST_SECONDS,
    MOST_KEYS,
    QUIET_SECONDS,
    QUIET_TIMES,
    SECONDS,
    DerivedKeys,
    SiteKeys,
)
from triagewire.store.cipher import KeyName, Place, seal, unseal

MARCH = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
PLACE = Place("TICKET#01", "TICKET", "document")
NONCE = b"n" * 12
SILENCE = 5.0
"""In seconds: how long it takes to find out that KMS is silent."""


@dataclass(slots=True)
class Kms:
    """Wraps a key by naming its site beside it."""

    made: int = 0
    decrypted: int = 0
    failing: str = ""
    silent: Any = None
    before_answering: Any = None

    def generate_data_key(self, **asked: Any) -> dict[str, bytes]:  # noqa: ANN401
        """A new key."""
        self._refuse("GenerateDataKey")
        self.made += 1
        secret = bytes([self.made]) * asked["NumberOfBytes"]
        site = asked["EncryptionContext"]["site"].encode()
        if self.before_answering:
            self.before_answering()
        return {"Plaintext": secret, "CiphertextBlob": site + b"|" + secret}

    def decrypt(self, **asked: Any) -> dict[str, bytes]:  # noqa: ANN401
        """A key that was made before."""
        self._refuse("Decrypt")
        self.decrypted += 1
        site, _, secret = asked["CiphertextBlob"].partition(b"|")
        if site.decode() != asked["EncryptionContext"]["site"]:
            raise _error("InvalidCiphertextException", "Decrypt")
        return {"Plaintext": secret}

    def _refuse(self, operation: str) -> None:
        if self.silent:
            self.silent()
            raise ReadTimeoutError(endpoint_url="https://kms.example")
        if self.failing:
            raise _error(self.failing, operation)


@dataclass(slots=True)
class Deployment:
    """One table and one KMS, and the clock of all containers."""

    table: Any = field(default_factory=Memory)
    kms: Kms = field(default_factory=Kms)
    now: datetime = MARCH
    ticks: float = 1000.0

    def container(self) -> SiteKeys:
        """The keys as a function sees them that has just started."""
        kms: Any = self.kms
        return SiteKeys(self.table, "tickets", "arn:key", lambda: kms, lambda: self.now)

    def passes(self, seconds: float) -> None:
        """Let time go by."""
        self.ticks += seconds
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    made = Deployment()
    for where in ("cache", "keyring"):
        monkeypatch.setattr(f"triagewire.{where}.time.monotonic", lambda: made.ticks)
    return made


def sealed(keys: SiteKeys, site: str = "north") -> tuple[KeyName, bytes]:
    key = keys.sealing(site)
    return key.name, seal(key, PLACE, b"words", NONCE)


def opens(keys: SiteKeys, name: KeyName, stored: bytes) -> bool:
    return unseal(keys.opening(name), PLACE, stored) == b"words"


def test_one_container_opens_what_another_sealed(aws: Deployment) -> None:
    name, stored = sealed(aws.container())

    assert opens(aws.container(), name, stored)
    assert aws.kms.made == 1


def test_a_container_asks_kms_once_for_a_site_and_month(aws: Deployment) -> None:
    aws.container().sealing("north")
    keys = aws.container()

    for _ in range(50):
        name, stored = sealed(keys)
        assert opens(keys, name, stored)

    assert (aws.kms.made, aws.kms.decrypted) == (1, 1)


def test_each_site_has_a_key_of_its_own(aws: Deployment) -> None:
    keys = aws.container()

    assert sealed(keys, "north")[1] != sealed(keys, "west")[1]
    assert aws.kms.made == 2


def test_a_new_month_brings_a_new_key_and_what_the_last_one_sealed_still_opens(
    aws: Deployment,
) -> None:
    keys = aws.container()
    march, before = sealed(keys)

    aws.passes(120)
    april, after = sealed(keys)

    assert (march.month, april.month) == ("2026-03", "2026-04")
    assert opens(keys, march, before)
    assert opens(keys, april, after)
    assert opens(aws.container(), march, before)


def test_who_loses_the_race_for_a_new_key_seals_with_the_winner_s(aws: Deployment) -> None:
    winner, loser = aws.container(), aws.container()
    won: list[tuple[KeyName, bytes]] = []

    def another_is_quicker() -> None:
        aws.kms.before_answering = None
        won.append(sealed(winner))

    aws.kms.before_answering = another_is_quicker
    name, stored = sealed(loser)

    assert aws.kms.made == 2
    assert opens(winner, name, stored)
    assert opens(aws.container(), *won[0])


def test_a_wrapped_key_put_into_another_site_s_place_opens_nothing(aws: Deployment) -> None:
    name, _ = sealed(aws.container())
    item = aws.table.get_item(TableName="tickets", Key=_key(name))["Item"]
    aws.table.put_item(TableName="tickets", Item=item | _key(KeyName("west", name.month)))

    with pytest.raises(SealBrokenError, match="of another site"):
        aws.container().opening(KeyName("west", name.month))


def test_a_value_that_names_a_key_which_was_never_made_does_not_open_and_makes_none(
    aws: Deployment,
) -> None:
    with pytest.raises(SealBrokenError):
        aws.container().opening(KeyName("north", "2019-01"))

    assert aws.kms.made == 0


@pytest.mark.parametrize("code", ["KMSInternalException", "AccessDeniedException"])
def test_without_kms_a_new_container_seals_and_opens_nothing(aws: Deployment, code: str) -> None:
    name, _ = sealed(aws.container())
    aws.kms.failing = code

    with pytest.raises(KeyUnavailableError):
        aws.container().sealing("north")
    with pytest.raises(KeyUnavailableError):
        aws.container().opening(name)


def test_a_warm_container_goes_on_for_a_night_without_kms_and_no_longer(aws: Deployment) -> None:
    keys = aws.container()
    name, stored = sealed(keys)
    aws.kms.failing = "KMSInternalException"

    aws.passes(LONGEST_SECONDS - 1)
    assert opens(keys, name, stored)
    aws.passes(2)
    with pytest.raises(KeyUnavailableError):
        keys.opening(name)


def test_it_recovers_once_kms_answers_again(aws: Deployment) -> None:
    keys = aws.container()
    name, stored = sealed(keys)
    aws.kms.failing = "KMSInternalException"
    aws.passes(LONGEST_SECONDS + 1)

    aws.kms.failing = ""
    aws.passes(60)

    assert opens(keys, name, stored)


def test_kms_is_asked_again_after_an_hour_whether_the_key_may_be_used(aws: Deployment) -> None:
    keys = aws.container()
    name, _ = sealed(keys)

    aws.passes(SECONDS)
    keys.opening(name)

    assert aws.kms.decrypted == 1


def test_a_month_that_begins_without_kms_is_sealed_with_the_key_at_hand(aws: Deployment) -> None:
    keys = aws.container()
    march, _ = sealed(keys)
    aws.kms.failing = "KMSInternalException"

    aws.passes(120)

    assert keys.sealing("north").name == march
    with pytest.raises(KeyUnavailableError):
        keys.sealing("west")


def test_after_a_failure_kms_is_left_alone_for_a_moment(aws: Deployment) -> None:
    keys = aws.container()
    aws.kms.failing = "KMSInternalException"
    with pytest.raises(KeyUnavailableError):
        keys.sealing("north")
    aws.kms.failing = ""

    with pytest.raises(KeyUnavailableError):
        keys.sealing("north")
    aws.passes(QUIET_SECONDS)

    assert keys.sealing("north").name.site == "north"


def test_a_silent_kms_takes_one_wait_of_a_sweep_that_needs_the_keys_of_many_months(
    aws: Deployment,
) -> None:
    keys = aws.container()
    names = []
    for _ in range(6):
        names.append(keys.sealing("north").name)
        aws.passes(31 * 24 * 3600)
    aws.kms.silent = lambda: aws.passes(SILENCE)
    began, cold = aws.ticks, aws.container()

    for name in names:
        with pytest.raises(KeyUnavailableError):
            cold.opening(name)
        aws.passes(1)  # what the rest of a ticket takes

    assert aws.ticks - began == SILENCE + len(names)
    aws.kms.silent = None
    aws.passes(QUIET_TIMES * SILENCE)
    assert cold.opening(names[0]).name == names[0]


def test_intake_waits_for_a_silent_kms_no_longer_than_half_of_its_own_time() -> None:
    properties = resources("AWS::Serverless::Function")["IntakeFunction"]["Properties"]
    options: Any = HASTY
    tries = options.retries["total_max_attempts"]
    longest = tries * (options.connect_timeout + options.read_timeout) + (tries - 1)

    assert longest <= properties["Timeout"] / 2


def test_a_container_keeps_so_many_keys_and_reads_the_others_again(aws: Deployment) -> None:
    keys = aws.container()
    names = [sealed(keys, f"site-{each}")[0] for each in range(MOST_KEYS + 1)]

    assert len(keys._kept) == MOST_KEYS
    keys.opening(names[0])
    assert aws.kms.decrypted == 1


def test_a_keyring_shows_none_of_its_keys(aws: Deployment) -> None:
    keys = aws.container()
    key = keys.sealing("north")

    assert repr(key) == f"SiteKey(name={key.name!r})"
    assert "SiteKey(" not in repr(keys)
    assert "kkkk" not in repr(DerivedKeys(b"k" * 32))


def _key(name: KeyName) -> dict[str, Any]:
    return {"pk": {"S": f"KEYS#{name.site}"}, "sk": {"S": name.month}}


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "injected"}}, operation)
