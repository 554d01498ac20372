"""What a mail tells without saying anything: bounces, reports, automatic answers, authentication.

Rules: RFC 3834 (automatic responses), RFC 3464 and 3463 (delivery reports and their codes),
RFC 5965 (complaints), RFC 8098 (read receipts), RFC 8601 (Authentication-Results).
"""

import re
from dataclasses import dataclass

from triagewire.arrival import FactKind
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.parts import Verdicts

_BULK = frozenset({"bulk", "junk", "auto_reply"})
_ANSWERING = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply")
_SUPPRESS = "x-auto-response-suppress"
# Outlook and mailing lists put these on the mail of people too.
_ANYBODY_S_HEADERS = (_SUPPRESS, "list-id", "list-unsubscribe", "x-loop")
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:automatic(?:ally)? (?:reply|response|answer)|auto(?:matic)?[- ]?(?:reply|response)\b|"
    r"auto\s?:|autoreply\b|ooo\s?:|out of (?:the )?office|respuesta autom[aá]tica|"
    r"fuera de la oficina|respuesta de ausencia|r[eé]ponse automatique|absence du bureau|"
    r"message d\Wabsence|automatische antwort|auto-?antwort\b|nicht im büro|abwesenheits|"
    r"abwesend|risposta automatica|fuori ufficio|resposta autom[aá]tica|"
    r"automatisch antwoord|afwezigheids)",
    re.IGNORECASE,
)
_BOUNCED_SUBJECT = re.compile(
    r"undeliver|non-?deliver|(?:mail |message )?delivery (?:\w{1,20} ){0,2}(?:fail|notif|report|"
    r"delay|problem)|(?:mail|message) (?:\w{1,12} ){0,2}(?:not|failed|delayed|returned)|"
    r"returned (?:mail|to sender)|failure notice|mail system error|unzustell|nicht zugestellt|"
    r"no se (?:ha podido|pudo|puede) entregar|no entregad|devuelto|non remis|échec de|"
    r"non distribu|mancat[ao] (?:consegna|recapito)|não (?:foi )?entregue|onbestelbaar|退信|配信",
    re.IGNORECASE,
)
_REPLY_CODE = re.compile(r"(?<![\d.])[45][0-5]\d[ -][#(]?(?:[45]\.\d|[a-z<])", re.IGNORECASE)
_SYSTEMS = frozenset({"mailer-daemon", "mail-daemon", "maildaemon"})
_STATUS = re.compile(r"^status\s*:\s*([245])\.\d{1,3}\.\d{1,3}", re.IGNORECASE | re.MULTILINE)
_LOOSE_STATUS = re.compile(r"(?<![\d.])([45])\.\d{1,3}\.\d{1,3}(?![\d.])")
_ACTION = re.compile(r"^action\s*:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_SAID_BY_SENDER = re.compile(r"\"[^\"]*\"|\([^()]*\)")
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*=\s*([a-z]{2,20})", re.IGNORECASE)
_FAILED = frozenset({"fail", "hardfail", "permerror", "reject", "quarantine"})
_SAYS_YES = frozenset({"yes", "fail", "true"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A mail that is nobody's message: what it says, and why it opens no ticket."""

    kind: FactKind
    reason: str
    permanent: bool = False
    state: str = ""


def told(
    headers: MailHeaders, sender: str | None, envelope_sender: str | None, subject: str, report: str
) -> Told | None:
    """What a mail system says with this mail, or None when somebody writes.

    `report` is the text in which a mail system would explain itself.
    """
    local = (sender or "").partition("@")[0].lower()
    if headers.word("content-type") == "multipart/report":
        return _reported(headers.parameter("content-type", "report-type"), report)
    empty = is_empty(envelope_sender)
    robot_says = headers.word("auto-submitted") not in {"", "no"}
    if local in _SYSTEMS or headers.get("x-failed-recipients") is not None:
        return _bounced(report)
    if local == "postmaster" and (empty or robot_says):
        return _bounced(report)
    if _answers_by_itself(headers, subject, empty=empty):
        return Told(kind=FactKind.AUTOMATIC_ANSWER, reason="automatic answer")
    return _bounced(report) if empty and _reads_like_a_bounce(subject, report) else None


def is_empty(envelope_sender: str | None) -> bool:
    """Whether the envelope names nobody, as that of reports does (RFC 5321 §4.5.5)."""
    return envelope_sender is not None and envelope_sender.strip(" <>") == ""


def _reads_like_a_bounce(subject: str, report: str) -> bool:
    """Whether a mail with an empty envelope sender says that another one failed. Some forwarding
    systems and web forms leave the sender of people's mail empty too.
    """
    if _BOUNCED_SUBJECT.search(subject) or _LOOSE_STATUS.search(report):
        return True
    return _REPLY_CODE.search(report) is not None


def _reported(report_type: str, report: str) -> Told:
    if report_type == "feedback-report":
        return Told(kind=FactKind.COMPLAINT, reason="complaint of a mailbox")
    if report_type == "disposition-notification":
        return Told(kind=FactKind.DELIVERY, reason="read receipt", state="read")
    action = found[1].lower() if (found := _ACTION.search(report)) else ""
    if action in {"delayed", "delivered", "relayed", "expanded"}:
        return Told(kind=FactKind.DELIVERY, reason="bounce or delivery report", state=action)
    return _bounced(report)


def _bounced(report: str) -> Told:
    classes = _STATUS.findall(report) or _LOOSE_STATUS.findall(report)
    return Told(
        kind=FactKind.BOUNCE,
        reason="bounce or delivery report",
        permanent="5" in classes,
        state="failed",
    )


def _answers_by_itself(headers: MailHeaders, subject: str, *, empty: bool) -> bool:
    """An out-of-office answer. A subject alone proves nothing: a person may write such a one, also
    with Outlook, whose mark says only that no robot should answer.
    """
    submitted = headers.word("auto-submitted")
    if submitted in {"auto-replied", "no"}:
        return submitted == "auto-replied"
    if headers.word("precedence") == "auto_reply":
        return True
    marked = bool(submitted) or empty or any(headers.has(name) for name in _ANSWERING)
    marked = marked or (headers.has(_SUPPRESS) and headers.answers())
    return marked and _AUTOMATIC_SUBJECT.match(subject) is not None


def is_automatic(
    headers: MailHeaders,
    subject: str,
    sender: str | None = None,
    *,
    answers_us: bool = False,
    empty: bool = False,
) -> bool:
    """Whether a robot wrote this mail, so that no automatic text may answer it.

    `Auto-Submitted: no` says that a person did (RFC 3834 §5). What a list or Outlook puts on
    anybody's mail counts for nothing in an answer to ours: it would let a patient's word pass by.
    `empty` says that the envelope names no sender, so that nobody can be answered.
    """
    submitted = headers.word("auto-submitted")
    if submitted == "no":
        return False
    return (
        bool(submitted)
        or empty
        or headers.word("precedence") in _BULK
        or any(headers.has(name) for name in _ANSWERING)
        or (not answers_us and _is_marked(headers))
        or _AUTOMATIC_SUBJECT.match(subject) is not None
        or (sender or "").partition("@")[0].lower() == "postmaster"
    )


def _is_marked(headers: MailHeaders) -> bool:
    listed = headers.word("precedence") == "list"
    return listed or any(headers.has(name) for name in _ANYBODY_S_HEADERS)


def verdicts_of(headers: MailHeaders, stated: Verdicts) -> Verdicts:
    """What the receiving service says by itself, else what it wrote above the mail."""
    results = _results(headers.get("authentication-results") or "")
    return Verdicts(
        spf=stated.spf or results.get("spf", "") or headers.word("received-spf"),
        dkim=stated.dkim or results.get("dkim", ""),
        dmarc=stated.dmarc or results.get("dmarc", ""),
        spam=stated.spam or _is_spam(headers),
        virus=stated.virus or headers.word("x-ses-virus-verdict") == "fail",
    )


def _results(header: str) -> dict[str, str]:
    """The result of each method. What is quoted or in brackets may be the sender's own text.

    One good DKIM signature is enough among several; of the others the worst counts.
    """
    found: dict[str, str] = {}
    for part in _SAID_BY_SENDER.sub("", header).split(";"):
        if stated := _RESULT.match(part):
            method, result = stated[1].lower(), stated[2].lower()
            better = result == "pass" if method == "dkim" else result in _FAILED
            if better or method not in found:
                found[method] = result
    return found


def _is_spam(headers: MailHeaders) -> bool:
    return (
        headers.word("x-ses-spam-verdict") == "fail"
        or headers.word("x-spam-flag") in _SAYS_YES
        or headers.word("x-spam-status").strip(",") in _SAYS_YES
    )


def is_doubtful(verdicts: Verdicts) -> bool:
    """Whether From is believed less than usual: its domain says that it did not send this mail."""
    if verdicts.dmarc in _FAILED:
        return True
    return verdicts.dmarc != "pass" and verdicts.spf in _FAILED and verdicts.dkim != "pass"


def remarks_on(verdicts: Verdicts) -> tuple[str, ...]:
    """What staff should know of the checks; nothing when all is well."""
    stated = (("SPF", verdicts.spf), ("DKIM", verdicts.dkim), ("DMARC", verdicts.dmarc))
    failed = [name for name, verdict in stated if verdict in _FAILED]
    remarks = [f"the sender's address failed {', '.join(failed)}"] if failed else []
    if verdicts.spam:
        remarks.append("the mail service takes it for spam")
    if verdicts.virus:
        remarks.append("the mail service found a virus in it: do not open its attachments")
    return tuple(remarks)
