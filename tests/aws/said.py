"""What made-up people say, with the verdict on it where scoring is not what is tested."""

from tests.builders import a_verdict, for_review
from triagewire.verdict import Need, Urgency, Verdict

CHEST_PAIN = "I have had crushing chest pain for twenty minutes and can hardly breathe."
WORSE = "About the tablets: since yesterday I am faint, and now my chest hurts badly."
REFILL = "Could you renew my lisinopril? I have three tablets left."
AUTHORIZATION = "My insurance wants an approval before the MRI tomorrow morning."
APPOINTMENT = "Please move my appointment from Tuesday to Thursday."
SOONER = "Can I be seen sooner than Thursday? The cut has started to weep."
HOURS = "What are your hours on Friday?"
UNCLEAR = "It is happening again like last time, call me."
MIXED = "I feel a pressure on my chest. Also, why was my claim denied?"
BOTH = "I need my tablets renewed. Also, why was my claim denied?"
BREAKS = "This message makes the scoring fail."

BILLING = Need(score=Urgency.ADMINISTRATIVE_URGENT, topic="billing", team="billing")
VERDICTS = {
    CHEST_PAIN: a_verdict(5),
    WORSE: a_verdict(5, topic="refill"),
    REFILL: a_verdict(4),
    AUTHORIZATION: a_verdict(3),
    APPOINTMENT: a_verdict(2),
    SOONER: a_verdict(4, topic="appointment"),
    HOURS: a_verdict(1),
    UNCLEAR: for_review(candidate=4),
    MIXED: a_verdict(5, others=(BILLING,)),
    BOTH: a_verdict(4, others=(BILLING,)),
}


def score_as_said(text: str) -> Verdict:
    """The verdict on one of the messages above; an appointment for what none of them says."""
    if text == BREAKS:
        raise ValueError("a rule is broken")
    return VERDICTS.get(text, VERDICTS[APPOINTMENT])
