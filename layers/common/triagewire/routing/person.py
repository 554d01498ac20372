"""Who is the same person: the identities a merge may use, and what contradicts them.

Families share phones and mailboxes, so a shared contact alone joins nobody whose name, birth date
or patient id says otherwise: a wrong merge is a privacy breach.

"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from triagewire.arrival import Requester, RequesterKind

TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir sr sra srta don dona senor senora".split()  # noqa: SIM905
)
"""What stands before a name and tells nobody apart."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to know a requester again. Only a patient id is `strong`: contacts can be shared."""

    kind: str
    value: str

    @property
    def strong(self) -> bool:
        """Whether it names one person and no other."""
        return self.kind == "patient"


def identities(requester: Requester) -> tuple[Identity, ...]:
    """The identities of a requester in comparable form, the strong one first."""
    found = []
    if requester.patient_id:
        found.append(Identity("patient", requester.patient_id.strip().casefold()))
    if requester.email:
        found.append(Identity("email", requester.email.strip().casefold()))
    if phone := _comparable(requester.phone or ""):
        found.append(Identity("phone", phone))
    return tuple(found)


def _comparable(phone: str) -> str:
    """The last ten digits, and the extension: the colleagues behind one number are not one."""
    number, _, extension = phone.partition(";ext=")
    digits = re.sub(r"\D", "", number)[-10:]
    return f"{digits};{extension}" if digits and extension else digits


def identity_hash(key: bytes, site: str, identity: Identity) -> str:
    """The keyed hash that stands for an identity in a database key; without the key it cannot be
    guessed.
    """
    content = f"{site}|{identity.kind}|{identity.value}".encode()
    return hmac.new(key, content, hashlib.sha256).hexdigest()[:32]


def contradicts(one: Requester, other: Requester) -> bool:
    """Whether two requesters who share a contact are stated to be different people."""
    return bool(difference(one, other))


def difference(one: Requester, other: Requester) -> str:
    """The field by which two requesters are stated to be different people, "" if by none.

    An `unknown` kind (that of a mail, whose sender can be forged) states nothing to contradict.
    """
    kinds = {one.kind, other.kind} - {RequesterKind.UNKNOWN}
    if len(kinds) > 1:
        return "kind"
    if one.on_behalf != other.on_behalf and not (one.patient_id and other.patient_id):
        return "on_behalf"  # a proxy's phone is also the proxy's own: for whom is this message?
    if one.patient_id and other.patient_id:
        same = one.patient_id.strip().casefold() == other.patient_id.strip().casefold()
        return "" if same else "patient_id"
    if one.date_of_birth and other.date_of_birth and one.date_of_birth != other.date_of_birth:
        return "date_of_birth"
    return "name" if _names_differ(one.name, other.name) else ""


def comparable(one: Requester, other: Requester) -> bool:
    """Whether two requesters who share a contact could be told apart at all, if they were two.

    A name alone and a record number alone say nothing of each other: the one may be the mother and
    the other her child. Who states nothing but the contact is taken for whoever else has it.
    """
    stated, others = (
        {
            "id": each.patient_id,
            "born": each.date_of_birth,
            "name": _words(each.name),
        }
        for each in (one, other)
    )
    if not any(stated.values()) or not any(others.values()):
        return True
    return any(stated[what] and others[what] for what in stated)


def _names_differ(one: str | None, other: str | None) -> bool:
    """Whether two given names cannot be the same: an initial agrees with every name it begins."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    if first[0] != second[0] and not _initial_of(first[0], second[0]):
        return True
    return len(first) > 1 and len(second) > 1 and first[-1] != second[-1]


def _initial_of(one: str, other: str) -> bool:
    """Whether one of two given names is the other's initial; Ann and Anna are two people."""
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _words(name: str | None) -> list[str]:
    """The words of a name in any script, without accents, the given name first."""
    parts = unicodedata.normalize("NFKD", name or "")
    plain = "".join(each for each in parts if not unicodedata.combining(each))
    family, comma, given = plain.partition(",")
    ordered = f"{given} {family}" if comma else plain
    found = re.findall(r"[^\W\d_]+", ordered.casefold())
    return [each for each in found if each not in TITLES] or found
