"""The ledger in words, for who reads it without knowing the code: who, what, and why."""

from triagewire.ledger.event import SYSTEM, Action

ACTIONS = {
    Action.RECEIVED: "received the message",
    Action.REPEATED_DIFFERENTLY: "saw the sender use an event id again for other content",
    Action.FETCHED: "read more from the record system",
    Action.SCORED: "scored how urgent it is",
    Action.ROUTED: "gave it a place",
    Action.LINKED: "linked it with another ticket",
    Action.MERGED: "merged it into another ticket",
    Action.ABSORBED: "took another ticket into it",
    Action.PARTED: "took it out of another ticket again",
    Action.UNMERGED: "took a merged ticket out of it again",
    Action.RESTATED: "worked out its times anew",
    Action.REPLY_WRITTEN: "wrote to the requester",
    Action.REPLY_WITHDRAWN: "took back what was written to the requester",
    Action.REPLY_QUEUED: "made an automatic text for the requester ready",
    Action.REPLY_WITHHELD: "held an automatic text back",
    Action.REPLY_SENT: "sent a text to the requester",
    Action.REPLY_FAILED: "could not send a text to the requester",
    Action.DELIVERY_REPORTED: "heard what became of a text",
    Action.ANSWERED: "answered it by an article",
    Action.PAGED: "paged",
    Action.REMINDED: "reminded its owner",
    Action.BREACHED: "noted that the promised time is over",
    Action.ESCALATED: "told those above",
    Action.FOREWARNED: "warned that the promised time is nearly over",
    Action.MUTED: "told nobody, although it was due",
    Action.ACKNOWLEDGEMENT_EXPIRED: "no longer counted the page as heard",
    Action.TOLD: "sent notices",
    Action.NOTICE_FAILED: "could not send a notice",
    Action.NOTICE_DROPPED: "dropped a notice that was no longer needed",
    Action.HELD: "held a notice until the opening",
    Action.REPAIRED: "repaired the ticket",
    Action.WOKEN: "ended its waiting",
    Action.VIEWED: "looked at it",
    Action.DENIED: "was refused",
    Action.CLAIMED: "took it from the queue",
    Action.ACCEPTED: "took it up",
    Action.RETURNED: "gave it back to the queue",
    Action.RESPONDED: "answered the requester",
    Action.PAUSED: "let it wait",
    Action.RESUMED: "went on with it",
    Action.BOUNCED: "told a lead that it is passed from team to team",
    Action.PRESENCE_CHANGED: "said who is at work",
    Action.SIGNED_IN: "signed in",
    Action.SIGNED_OUT: "was signed out",
    Action.EXPORTED: "took a file",
    Action.RECLOCKED: "counted its time by a new calendar",
    Action.ACKNOWLEDGED: "acknowledged the page",
    Action.REASSIGNED: "handed it over",
    Action.NOTED: "wrote a note",
    Action.RESCORED: "changed its urgency or topic",
    Action.LABELLED: "kept the decision for the tuning of rules",
    Action.SEARCHED: "searched for tickets",
    Action.RESOLVED: "resolved it",
    Action.REOPENED: "opened it again",
    Action.CLOSED: "closed it for good",
    Action.REDRIVEN: "read a quarantined message again",
    Action.QUARANTINE_DISMISSED: "dismissed a quarantined message",
    Action.POLICY_PUBLISHED: "published a policy",
    Action.SHADOW_STARTED: "let a candidate policy run beside",
    Action.SHADOW_ENDED: "ended the candidate policy",
    Action.MESSAGES_READ: "read messages for a comparison of policies",
    Action.HANDED_TO_PROGRAM: "handed the request to a program",
    Action.PROGRAM_REPORTED: "had the program's report",
    Action.TAKEN_BACK: "took the request back from the program",
    Action.SURVEYED: "asked the requester how it was",
    Action.RATED: "had the requester's answer to how it was",
    Action.ACCESS_CHANGED: "changed who has access",
    Action.EXAMINED: "examined the ledger",
    Action.EMERGENCY_STARTED: "took emergency access",
    Action.EMERGENCY_ENDED: "ended emergency access",
    Action.HOLD_PLACED: "placed a legal hold",
    Action.HOLD_RELEASED: "released a legal hold",
    Action.PURGE_TIMED: "said when its messages will be taken away",
    Action.PURGED: "took its messages away",
}
"""What was done, so that it reads after who did it."""

CODES = {
    "review": "a person must judge it",
    "clear": "the rules are sure",
    "done": "it was done",
    "answered": "the requester was answered",
    "answered_automatically": "an article answered it",
    "done_automatically": "a program did it",
    "not_needed": "it was not needed any more",
    "called_back": "the requester was called",
    "called": "by telephone",
    "wrote": "in writing, elsewhere",
    "in_person": "in person",
    "failed": "it failed",
    "working": "it is being worked on",
    "requester": "waits for the requester",
    "payer": "waits for the payer",
    "vendor": "waits for a vendor",
    "workload": "because of workload",
    "reviewed": "after review",
    "rescored": "scored anew",
    "interpreted": "a person read it so",
    "opened": "opened on the desk",
    "templates": "to begin a reply",
    "verified": "its sender was verified",
    "replied": "a written reply has left",
    "away": "said that they are away",
    "back": "said that they are back",
    "litigation": "for litigation",
    "investigation": "for an investigation",
    "audit": "for an audit",
    "disaster": "in a disaster",
    "other": "for another reason",
    "dismissed": "it was dismissed",
    "redriven": "it was read again",
    "undeliverable": "it cannot be delivered",
    "refused": "it was refused",
}
"""Codes that say too little by themselves. All others read as words once they are parted."""

PARTS = {
    "intake": "the intake of messages",
    "score_route": "scoring and routing",
    "escalate": "the minute's look at what is due",
    "desk": "the desk",
}
KINDS = {
    "staff": "{}, staff",
    "administrator": "{}, by a command",
    "program": "the program {}",
    "source": "the source {}",
}


def actor_in_words(actor: str) -> str:
    """Who did it; an actor that nobody foresaw stands as it is recorded."""
    kind, _, name = actor.partition(":")
    if kind == SYSTEM:
        return f"Triagewire ({PARTS.get(name, name)})" if name else "Triagewire"
    if kind in KINDS and name:
        return KINDS[kind].format(name)
    return "the requester" if actor == "requester" else actor


def action_in_words(action: Action) -> str:
    """What they did."""
    return ACTIONS[action]


def why_in_words(why: str) -> str:
    """Why. A sentence stands as it is, a code is put into words."""
    if why in CODES:
        return CODES[why]
    return why if " " in why else why.replace("_", " ")
