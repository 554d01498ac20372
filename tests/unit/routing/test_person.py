"""Who is the same person: what joins, and above all what never does."""

from datetime import date

import pytest

from tests.builders import a_requester
from triagewire.arrival import Requester, RequesterKind
from triagewire.routing.person import Identity, contradicts, identities, identity_hash

PATIENT = RequesterKind.PATIENT


def someone(**stated: object) -> Requester:
    """A patient of whom only what is named was stated."""
    nothing = {"patient_id": None, "email": None, "phone": None, "name": None}
    return a_requester(**(nothing | {"date_of_birth": None} | stated))


def test_a_patient_id_is_the_only_identity_that_names_one_person() -> None:
    strong = [identity.kind for identity in identities(a_requester()) if identity.strong]

    assert strong == ["patient"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+1 (555) 010-7744", "5550107744"),
        ("+15550107744", "1-555-010-7744"),
    ],
)
def test_a_phone_number_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert identities(someone(phone=one)) == identities(someone(phone=other))


def test_two_extensions_of_one_number_are_two_people() -> None:
    numbers = ("+14155550123", "+14155550123;ext=4", "+14155550123;ext=5")

    assert len({identities(someone(phone=number)) for number in numbers}) == 3


def test_an_extension_never_makes_one_number_look_like_another() -> None:
    extended = identities(someone(phone="+14155550123;ext=4567"))

    assert extended != identities(someone(phone="+15501234567"))


def test_an_address_is_the_same_in_capitals() -> None:
    assert identities(someone(email="Ada@Mail.Example ")) == identities(
        someone(email="ada@mail.example")
    )


def test_who_states_nothing_has_no_identity() -> None:
    assert identities(someone()) == ()


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"patient_id": "MRN-1"}, {"patient_id": "MRN-2"}, "two record numbers"),
        ({"name": "Ada Marlow"}, {"name": "Ben Marlow"}, "mother and child"),
        ({"name": "Ada Marlow"}, {"name": "Ada Quill"}, "two family names"),
        ({"name": "Мария Орлова"}, {"name": "Иван Орлов"}, "names in Cyrillic"),
        ({"name": "王芳"}, {"name": "李伟"}, "names in Chinese"),
        (
            {"date_of_birth": date(1961, 5, 17)},
            {"date_of_birth": date(2019, 5, 17)},
            "two birth dates",
        ),
        (
            {"kind": RequesterKind.STAFF},
            {"kind": RequesterKind.PATIENT},
            "a member of staff and a patient",
        ),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_different_people_behind_one_phone_contradict_each_other(
    one: dict[str, object], other: dict[str, object], why: str
) -> None:
    assert contradicts(someone(**one), someone(**other)), why
    assert contradicts(someone(**other), someone(**one)), why


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"name": "Ada Marlow"}, {"name": "Marlow, Ada"}, "the family name first"),
        ({"name": "Ada Marlow"}, {"name": "A. Marlow"}, "an initial"),
        ({"name": "Ada Marlow"}, {"name": "ada"}, "a first name alone"),
        ({"name": "José Núñez"}, {"name": "Jose Nunez"}, "accents left out"),
        ({"name": "Ada Marlow"}, {"name": None}, "no name at all"),
        ({"name": "Ada Marlow"}, {"name": "+15550107744"}, "a number where a name should be"),
        ({"kind": RequesterKind.UNKNOWN}, {"kind": RequesterKind.PATIENT}, "not known who"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_the_same_person_written_in_two_ways_does_not_contradict(
    one: dict[str, object], other: dict[str, object], why: str
) -> None:
    assert not contradicts(someone(**one), someone(**other)), why
    assert not contradicts(someone(**other), someone(**one)), why


def test_one_record_number_is_one_patient_whoever_writes() -> None:
    patient = someone(patient_id="MRN-1", name="Ada Marlow")
    daughter = someone(patient_id="mrn-1", name="Eve Marlow", on_behalf=True)

    assert not contradicts(patient, daughter)


def test_an_identity_in_a_key_says_nothing_without_the_secret_key() -> None:
    phone = Identity("phone", "5550107744")
    hashed = identity_hash(b"secret", "north", phone)

    assert phone.value not in hashed
    assert hashed != identity_hash(b"other secret", "north", phone)
    assert hashed != identity_hash(b"secret", "west", phone)
    assert hashed != identity_hash(b"secret", "north", Identity("patient", "5550107744"))
