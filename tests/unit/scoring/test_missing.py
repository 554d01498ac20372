"""What a staff request lacks, read generously: a word of the right kind is an answer."""

import pytest

from triagewire.arrival import StaffRequest
from triagewire.scoring.labelled import with_labelled
from triagewire.scoring.missing import INTAKE_MISSING, with_missing
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Urgency, Verdict

CRITICAL = {
    "it_access": ("account", "for_whom"),
    "it_endpoint": ("asset", "place"),
    "it_application": ("application",),
    "it_ehr": ("patient_impact",),
}


def on(text: str, engine: Engine, voice: str = "staff", **fields: str) -> Verdict:
    request = StaffRequest(**fields) if fields else None
    subject = ScoringInput(
        text=text,
        voice="staff" if voice == "staff" else "patient",
        automatic=voice == "robot",
        staff_request=with_labelled(request, text),
    )
    return with_missing(score(subject, engine), subject, engine, CRITICAL)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("please reset the password", ("account", "for_whom")),
        ("I forgot my password", ("account",)),
        ("please reset my Windows password", ()),
        ("New hire needs access", ("account", "for_whom")),
        ("New hire needs access to Epic for Dana Roth, MA", ()),
        ("The label printer is jammed", ("place",)),
        ("The label printer at the front desk is jammed", ()),
        ("Label printer PRN-0412 in exam room 3 is jammed", ()),
        ("the application crashes when I save", ("application",)),
        ("Outlook crashes when I save", ()),
        ("Epic is slow today", ("patient_impact",)),
        ("Epic is slow today, three patients are in rooms", ()),
    ],
)
def test_the_words_of_a_request_answer_what_its_group_needs(
    engine: Engine, text: str, missing: tuple[str, ...]
) -> None:
    verdict = on(text, engine)

    assert (verdict.missing, verdict.review) == (missing, False)


def test_a_filled_field_is_not_missing_whatever_stands_in_it(engine: Engine) -> None:
    assert on("The label printer is jammed", engine, place="do not know").missing == ()
    assert on("Epic is slow today", engine, patient_impact="no").missing == ()


def test_a_request_without_any_group_goes_to_review_with_what_is_missing(engine: Engine) -> None:
    verdict = on("It does not work.", engine)

    assert verdict.review
    assert verdict.candidate is Urgency.CLINICAL_URGENT
    (reason,) = (each for each in verdict.reasons if each.rule == INTAKE_MISSING)
    assert "not stated: account, for_whom, asset" in reason.why


@pytest.mark.parametrize("voice", ["patient", "robot"])
def test_only_people_of_the_staff_are_held_to_it(engine: Engine, voice: str) -> None:
    assert on("The label printer is jammed", engine, voice).missing == ()


def test_an_urgent_or_doubtful_message_lacks_nothing(engine: Engine) -> None:
    assert on("Patient in bed 4 is not breathing, printer down", engine).missing == ()
    assert on("Bedside monitors went dark, printer too", engine).missing == ()


# Lines that staff write themselves where a channel has no form


def test_labelled_lines_are_fields() -> None:
    said = "broken again\n*Asset tag*: PRN-0412\n- Room = 3\nPatient impact? : yes\nFor: Dana Roth"

    assert with_labelled(None, said) == StaffRequest(
        asset="PRN-0412", place="3", patient_impact="yes", for_whom="Dana Roth"
    )


def test_what_a_form_stated_stays() -> None:
    stated = StaffRequest(asset="WS-7")

    assert with_labelled(stated, "Asset: PRN-0412") is stated


@pytest.mark.parametrize("said", ["", "Note: call me", "see 10:30", "http://intranet/asset: x"])
def test_other_lines_are_words_only(said: str) -> None:
    assert with_labelled(None, said) is None


def test_a_labelled_impact_on_patients_counts_like_the_field(engine: Engine) -> None:
    verdict = on("Label printer is jammed\nRoom: 3\nPatient impact: yes", engine)

    assert int(verdict.score) == 3
