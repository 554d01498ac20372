"""Twilio's messaging callbacks: a text that came in, a command to the network, a delivery report.

Rules: Twilio, "Messaging Webhooks" and "Outbound Message Status in Status Callbacks".
"""

from triagewire.arrival import Arrival, Attachment, Channel, Fact, FactKind
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.phone.calls import WITHOUT_WORDS, caller
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.record import link_from
from triagewire.channels.source import Source

_MOST_MEDIA = 10
_INBOUND_STATES = frozenset({"received", "receiving"})
# Commands to the network, which Twilio obeys and answers by itself. HELP is not among them: from a
# patient it may be meant.
_COMMANDS = {
    "stop": FactKind.OPT_OUT,
    "stopall": FactKind.OPT_OUT,
    "unsubscribe": FactKind.OPT_OUT,
    "start": FactKind.OPT_IN,
    "unstop": FactKind.OPT_IN,
}
_COMMAND_TYPES = {"stop": FactKind.OPT_OUT, "start": FactKind.OPT_IN}
# The network obeys these too, but they answer "Will you come on Monday?" just as well.
_PLAIN_WORDS = frozenset({"cancel", "end", "quit", "yes"})


def text_message(fields: Fields, source: Source) -> Parsed:
    """A message with its words and pictures, or the command that it was."""
    sid = fields.required("MessageSid", message_sid(fields))
    written = _written(fields)
    word = (fields.prose("Body") or "").strip().lower()
    network = _COMMAND_TYPES.get((fields.line("OptOutType") or "").lower())
    command = _COMMANDS.get(word) or (None if word in _PLAIN_WORDS else network)
    if command:
        fact = Fact(site=source.site, source=source.name, kind=command, event_id=sid)
        return Ignored("opt-out command", facts=(fact,))
    remarks = () if written else (WITHOUT_WORDS,)
    if network:
        remarks = (*remarks, "the phone network took the message for a command to it")
    return (
        Arrival(
            site=source.site,
            source=source.name,
            channel=source.channel or Channel.SMS,
            event_id=sid,
            requester=caller(source, fields.line("From"), fields.line("ProfileName")),
            text=written,
            attachments=_media(fields),
            remarks=remarks,
        ),
    )


def _written(fields: Fields) -> str:
    """The words. WhatsApp puts a choice out of a list, and where somebody is, elsewhere."""
    said = next(filter(None, map(fields.prose, ("Body", "ListTitle", "ButtonText"))), "")
    latitude, longitude = fields.line("Latitude"), fields.line("Longitude")
    point = f"{latitude}, {longitude}" if latitude and longitude else None
    place = ", ".join(filter(None, (fields.line("Label"), fields.line("Address"), point)))
    return "\n".join(filter(None, (said, f"Location: {place}" if point else "")))


def message_sid(fields: Fields) -> str | None:
    """The message's id, which old and new callbacks name differently."""
    names = ("MessageSid", "SmsMessageSid", "SmsSid")
    return next(filter(None, map(fields.identifier, names)), None)


def delivery_state(fields: Fields) -> str:
    """What became of a message of ours (`delivered`, `undelivered` …); "" for one that came in."""
    # Callbacks of the oldest numbers know the state under its first name alone.
    state = (fields.line("MessageStatus") or fields.line("SmsStatus") or "").lower()
    return "" if state in _INBOUND_STATES else state


def delivery_report(fields: Fields, source: Source) -> Ignored:
    """A fact about a message of ours. Each state of it is an event of its own."""
    sid, state = message_sid(fields), delivery_state(fields)[:40]
    if sid is None:
        return Ignored("delivery report")
    fact = Fact(
        site=source.site,
        source=source.name,
        kind=FactKind.DELIVERY,
        event_id=f"{sid}:{state}",
        thread=sid,
        state=state,
    )
    return Ignored("delivery report", facts=(fact,))


def _media(fields: Fields) -> tuple[Attachment, ...]:
    """Pictures of an MMS, in order."""
    given = [
        (fields.line(f"MediaContentType{number}") or "", link_from(fields, f"MediaUrl{number}"))
        for number in range(_MOST_MEDIA)
    ]
    return tuple(
        Attachment(name=f"media {number}", media_type=kind, link=link)
        for number, (kind, link) in enumerate(given, start=1)
        if kind or link
    )
