"""The FHIR server that a site's policy names for reading patients' records.

Rules: SMART App Launch 2.x, Backend Services (client assertion, RS384 or ES384); RFC 6749 §4.4.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

ALGORITHMS = ("ES384", "RS384")
"""The two that SMART Backend Services asks servers to know."""
SCOPE = " ".join(
    f"system/{kind}.rs"
    for kind in (
        "Patient",
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
        "Procedure",
        "Encounter",
        "Appointment",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordServer:
    """Where a site's patients' records are, and how we prove who asks.

    With `algorithm` the stored secret is a private key that signs a client assertion, under
    `key_id`; with `token_url` alone it is a client secret; with neither it is the bearer token.
    `patient_system` is the assigning system of numbers that come without one.
    """

    base_url: str
    token_url: str = ""
    client_id: str = ""
    algorithm: str = ""
    key_id: str = ""
    scope: str = SCOPE
    patient_system: str = ""

    def __post_init__(self) -> None:
        _require(_plain_https(self.base_url), "base_url: must be a plain https address")
        if self.token_url:
            _require(_plain_https(self.token_url), "token_url: must be a plain https address")
        _require(
            bool(self.token_url) == bool(self.client_id), "client_id: goes together with token_url"
        )
        _require(
            self.algorithm in ("", *ALGORITHMS),
            f"algorithm: must be one of {', '.join(ALGORITHMS)}, or be left out",
        )
        _require(
            bool(self.algorithm) == bool(self.key_id),
            "key_id: goes together with algorithm: servers find the public key by it",
        )
        _require(
            bool(self.token_url) or not self.algorithm,
            "token_url: is needed with algorithm: the signed assertion is for it",
        )
        _require(
            "|" not in self.patient_system, "patient_system: must be one system, without a number"
        )

    @property
    def base(self) -> str:
        """The address that all resources are below, with a slash at its end."""
        return self.base_url.rstrip("/") + "/"


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise ValueError(problem)


def _plain_https(address: str) -> bool:
    """Whether an address leads nowhere but where it says."""
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    extra = parts.query or parts.fragment or parts.username or parts.password
    written = address.isascii() and address.isprintable() and " " not in address
    return written and named and parts.scheme == "https" and not extra
