"""A loop of two mail systems ends within two of our texts, however the other one hides."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.builders import a_verdict, minutes
from tests.template import ROOT
from tests.unit.replies.mail_loop import MAILBOX, MONTH, SENDER, Mailbox, Robot, a_mail
from triagewire.policy.load import load
from triagewire.policy.replies import Replies

MOST = 2
ADA = "Ada Marlow <ada@mail.example>"
DELAYS = {
    "at once": timedelta(seconds=4),
    "in minutes": minutes(7),
    "in hours": timedelta(hours=5, minutes=13),
    "a day later": timedelta(days=1),
    "a day and more later": timedelta(days=1, hours=2, minutes=41),
}


@pytest.fixture(scope="module")
def replies() -> Replies:
    """The shipped texts."""
    return load(ROOT / "policy").policy.sites["mesa"].replies


@pytest.fixture(autouse=True)
def scored_alike() -> Iterator[None]:
    """Whatever is written is an administrative request: a robot is not saved by its words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
        patch.setattr("triagewire.flow.judge.score", lambda _subject, _engine: a_verdict(2))
        yield


def of_header(robot: Robot, **headers: str) -> Robot:
    """The same robot, honest: it answers in the thread, with these headers."""

    def answer(mail: EmailMessage, nth: int) -> EmailMessage | None:
        made = robot(mail, nth)
        if made is not None:
            del made["To"]
            made["To"] = mail["Reply-To"]
            made["In-Reply-To"] = mail["Message-ID"]
            for name, value in headers.items():
                made[name.replace("_", "-")] = value
        return made

    return answer


def vacation(_mail: EmailMessage, nth: int) -> EmailMessage:
    """Answers every mail while somebody is away."""
    return a_mail(
        f"Hello,\nI am out of the office until March {20 + nth % 9} with limited access to email. "
        "For urgent matters please call my colleague Tom Reyes.\nBest, Ada",
        f"Away {nth}",
        ADA,
    )


def autoresponder(mail: EmailMessage, nth: int) -> EmailMessage:
    """An old program that answers with one text and the subject that it was sent."""
    return a_mail(
        "Hi! This mailbox belongs to the Marlow family. We read our letters every evening after "
        f"supper, so give us a day or two. Visit number {nth + 1000}. God bless!",
        f"Re: {mail['Subject']} ({nth})",
        ADA,
    )


def help_desk(mail: EmailMessage, nth: int) -> EmailMessage:
    """Opens a ticket for each mail, with a new number each time, and says so."""
    return a_mail(
        f'Dear Lakeside,\nyour request about "{mail["Subject"]}" was filed under '
        f"#{48_211 + 7 * nth}. Our agents look at requests in the order in which they arrive. "
        f"Current queue: {nth * 3 % 11} before you.\n-- \nMarlow Plumbing, service desk",
        f"[#{48_211 + 7 * nth}] filed",
        "Marlow Plumbing <service@marlow.example>",
    )


def bounces(mail: EmailMessage, nth: int) -> EmailMessage:
    """Says that the mail could not be delivered, and quotes it."""
    return a_mail(
        f"Sorry, ada@mail.example has moved. Attempt {nth}. What you sent us was:\n\n"
        + "\n".join(f"> {line}" for line in mail.get_content().splitlines()),
        f"Notice {nth}",
        "Mail Service <service@mail.example>",
    )


def sends_back(mail: EmailMessage, nth: int) -> EmailMessage:
    """A list, or a rule of somebody's mailbox, that sends to us what comes from us."""
    return a_mail(mail.get_content(), f"[list] Fwd {nth}", "The Marlows <list@marlow.example>")


def another_triagewire(mail: EmailMessage, nth: int) -> EmailMessage:
    """Another clinic with this program and texts of its own, by day and by night."""
    texts = (
        "Thank you for writing to West Clinic. A member of our team will answer by Friday, March "
        f"{nth % 28 + 1}, 12:00 PM.\n\nIf this is an emergency, call 911.",
        "Thank you for writing to West Clinic. We are closed now. A member of our team will answer "
        f"by Monday, March {nth % 28 + 1}, 9:00 AM.\n\nFor medical advice before we open, call "
        "555-0199.",
    )
    return a_mail(texts[nth % 2], f"We have your message {nth}", "West <desk@west.example>")


ROBOTS: dict[str, tuple[Robot, dict[str, str]]] = {
    "a vacation responder": (vacation, {"Auto-Submitted": "auto-replied"}),
    "an old autoresponder": (autoresponder, {"X-Autoreply": "yes", "Precedence": "bulk"}),
    "a help desk": (help_desk, {"Auto-Submitted": "auto-generated", "X-Loop": "desk"}),
    "a system that returns mail": (bounces, {"Return-Path": "<>"}),
    "a list": (sends_back, {"List-Id": "<list.marlow.example>", "Precedence": "list"}),
    "another Triagewire": (another_triagewire, {"Auto-Submitted": "auto-replied"}),
}


def sender_of(robot: Robot) -> str:
    """Where a robot's mail comes from."""
    answer = robot(a_mail("", "We have your message"), 0)
    assert answer is not None
    return str(answer["From"])


def begun(replies: Replies, robot: Robot, delay: timedelta) -> Mailbox:
    """Somebody writes to us from the address at which the robot sits."""
    box = Mailbox(replies=replies, robot=robot, delay=delay)
    box.comes(a_mail("Could you send me the form for my school?", "A form", sender_of(robot)))
    return box


@pytest.mark.parametrize("delay", DELAYS.values(), ids=DELAYS.keys())
@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_that_hides_gets_two_texts_in_a_month(
    replies: Replies, name: str, delay: timedelta
) -> None:
    box = begun(replies, ROBOTS[name][0], delay)

    assert 1 <= box.run(MONTH) <= MOST


@pytest.mark.parametrize("delay", DELAYS.values(), ids=DELAYS.keys())
@pytest.mark.parametrize("name", ROBOTS)
def test_an_honest_robot_gets_none_beside_the_one_that_a_person_got(
    replies: Replies, name: str, delay: timedelta
) -> None:
    robot, headers = ROBOTS[name]
    box = begun(replies, of_header(robot, **headers), delay)

    assert box.run(MONTH) == 1


@pytest.mark.parametrize("delay", DELAYS.values(), ids=DELAYS.keys())
@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_that_begins_itself_gets_two_texts_in_a_month(
    replies: Replies, name: str, delay: timedelta
) -> None:
    robot = ROBOTS[name][0]
    box = Mailbox(replies=replies, robot=robot, delay=delay)
    first = robot(a_mail("Hello", "Newsletter"), 0)
    assert first is not None
    box.comes(first)

    assert box.run(MONTH) <= MOST


@pytest.mark.parametrize("name", ROBOTS)
def test_every_mail_of_a_robot_is_kept_for_a_person(replies: Replies, name: str) -> None:
    box = begun(replies, ROBOTS[name][0], DELAYS["a day later"])
    box.run()

    assert len(box.tickets) == 1 + len(box.ours)


@pytest.mark.parametrize("sender", [MAILBOX, SENDER, f"Desk <{MAILBOX.replace('@', '+abc@')}>"])
def test_what_comes_from_ourselves_is_not_answered(replies: Replies, sender: str) -> None:
    box = Mailbox(replies=replace(replies, address=MAILBOX))
    box.comes(a_mail("Could you send me the form for my school?", "A form", sender))

    assert box.run() == 0
    assert len(box.tickets) == 1


@pytest.mark.parametrize(
    "sender",
    [
        "no-reply@shop.example",
        "noreply-invoices@shop.example",
        "donotreply@bank.example",
        "do-not-reply@bank.example",
        "MAILER-DAEMON@isp.example",
        "bounces+1234@lists.example",
        "no-responder@banco.example",
        "nicht-antworten@firma.example",
        "ne-pas-repondre@mairie.example",
    ],
)
def test_an_address_that_nobody_reads_is_not_written_to(replies: Replies, sender: str) -> None:
    box = Mailbox(replies=replies)
    box.comes(a_mail("Your parcel will arrive on Friday.", "Parcel", sender))

    assert box.run() == 0


QUESTIONS = (
    "Could you send me the form for my school? They need it by next week.",
    "I moved to 12 Elm Street last month. What do you need from me to change my address?",
    "My new insurance card came today. Where should I send a copy of both sides?",
)
SIGNATURE = """
--
Ada Marlow | Marlow Plumbing | 55 Harbor Road, Riverside | 555-0144
This message is meant for its addressee alone and may hold confidential information. If you are not
the addressee, please delete it and tell the sender."""


@pytest.mark.parametrize("tail", ["", "\n\nThank you!\nAda Marlow", SIGNATURE], ids=len)
@pytest.mark.parametrize("gap", [minutes(125), timedelta(hours=20), timedelta(days=2)], ids=str)
def test_a_person_with_three_questions_hears_three_times_that_they_arrived(
    replies: Replies, gap: timedelta, tail: str
) -> None:
    box = Mailbox(replies=replies)
    for nth, question in enumerate(QUESTIONS):
        box.comes(a_mail(question + tail, f"Question {nth}"), nth * gap)

    assert box.run() == len(QUESTIONS)


def test_a_person_who_asks_the_same_again_hears_of_it_once(replies: Replies) -> None:
    box = Mailbox(replies=replies)
    for nth in range(3):
        box.comes(a_mail(QUESTIONS[0], f"Question {nth}"), nth * timedelta(days=2))

    assert box.run() == 1
    assert len(box.tickets) == 3


def test_a_mail_that_says_a_person_wrote_it_is_a_person_s(replies: Replies) -> None:
    box = Mailbox(replies=replies)
    mail = a_mail(QUESTIONS[0], "Automatic reply: no, it is me")
    mail["Auto-Submitted"] = "no"
    box.comes(mail)

    assert box.run() == 1
