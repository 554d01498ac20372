"""The mail that leaves us: its marks, and the token by which an answer finds back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders import a_message
from triagewire import aws, telling
from triagewire.errors import UndeliverableError
from triagewire.ids import find_thread_token, thread_token
from triagewire.settings import settings

TOKEN = thread_token(b"key", "A" * 26)


class Service:
    """Takes mail as SES does."""

    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []

    def send_email(self, **mail: Any) -> None:  # noqa: ANN401 whatever SES takes
        self.mails.append(mail)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    taken = Service()
    monkeypatch.setattr(aws, "ses", lambda: taken)
    for name in ("TICKETS_TABLE", "LEDGER_TABLE"):
        monkeypatch.setenv(name, name)
    monkeypatch.setenv("SENDER_ADDRESS", "desk@clinic.example")
    settings.cache_clear()
    yield taken
    settings.cache_clear()


def sent(service: Service, **changes: object) -> dict[str, Any]:
    telling.mail(a_message(to="ada@mail.example", **({"thread_token": TOKEN} | changes)))
    return service.mails[-1]


def headers(mail: dict[str, Any]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in mail["Content"]["Simple"]["Headers"]}


def test_an_answer_goes_to_an_address_with_the_token(service: Service) -> None:
    (address,) = sent(service)["ReplyToAddresses"]

    assert address == f"desk+{TOKEN}@clinic.example"
    assert find_thread_token(address) == TOKEN


def test_the_headers_name_the_token_for_programs_that_lose_the_address(service: Service) -> None:
    given = headers(sent(service))

    assert given["References"] == given["In-Reply-To"] == f"<{TOKEN}@clinic.example>"


def test_the_mail_that_is_answered_is_named_before_the_token(service: Service) -> None:
    given = headers(sent(service, thread="root.1+2@mail.example"))

    assert given["In-Reply-To"] == "<root.1+2@mail.example>"
    assert given["References"] == f"<root.1+2@mail.example> <{TOKEN}@clinic.example>"


@pytest.mark.parametrize(
    "thread", ["C-1:17", "a@b\r\nBcc: all@mail.example", "a b@c", "<a@b>", "ä@mail.example", "@"]
)
def test_a_thread_that_is_no_message_id_stands_in_no_header(service: Service, thread: str) -> None:
    given = headers(sent(service, thread=thread))

    assert given["References"] == given["In-Reply-To"] == f"<{TOKEN}@clinic.example>"


def test_an_automatic_text_says_so_and_a_persons_does_not(service: Service) -> None:
    assert headers(sent(service, automatic=True))["Auto-Submitted"] == "auto-replied"
    assert "Auto-Submitted" not in headers(sent(service, automatic=False))


def test_an_address_that_would_be_too_long_is_left_out(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDER_ADDRESS", "patient-messages-desk@clinic.example")
    settings.cache_clear()

    mail = sent(service)

    assert mail["ReplyToAddresses"] == []
    assert TOKEN in headers(mail)["References"]


def test_a_site_with_a_mailbox_of_its_own_is_answered_there(service: Service) -> None:
    (address,) = sent(service, reply_to="north@clinic.example")["ReplyToAddresses"]

    assert address == f"north+{TOKEN}@clinic.example"


def test_without_a_token_the_mail_is_as_it_was(service: Service) -> None:
    mail = sent(service, thread_token=None)

    assert (mail["ReplyToAddresses"], headers(mail)) == ([], {})


def test_a_robots_mail_says_so_in_every_way_that_robots_heed(service: Service) -> None:
    given = headers(sent(service, automatic=True))

    assert given["Auto-Submitted"] == "auto-replied"
    assert given["Precedence"] == "auto_reply"
    assert given["X-Auto-Response-Suppress"] == "All"


def test_a_persons_mail_is_a_persons(service: Service) -> None:
    given = headers(sent(service, automatic=False))

    assert not {"Auto-Submitted", "Precedence", "X-Auto-Response-Suppress"} & given.keys()


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
def test_a_subject_begins_no_other_header(service: Service, break_: str) -> None:
    mail = sent(service, subject=f"Hello{break_}Bcc: all@mail.example")

    assert mail["Content"]["Simple"]["Subject"]["Data"] == "Hello Bcc: all@mail.example"


@pytest.mark.parametrize(
    "address", ["ada@mail.example\r\nBcc: all@mail.example", "ada", "", "a@b\n"]
)
def test_an_address_that_is_none_is_written_to_by_nobody(service: Service, address: str) -> None:
    with pytest.raises(UndeliverableError):
        telling.mail(a_message(to=address))

    assert service.mails == []
