"""The public key set that a FHIR server registers: the public part of a key that can sign."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ops.cli import main

P384: Any = ec.generate_private_key(ec.SECP384R1())
RSA: Any = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def written(folder: Path, key: Any) -> Path:  # noqa: ANN401
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "key.pem"
    path.write_bytes(pem)
    return path


@pytest.mark.parametrize(("key", "algorithm"), [(P384, "ES384"), (RSA, "RS384")])
def test_what_the_private_key_signs_the_printed_one_verifies(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    key: Any,  # noqa: ANN401
    algorithm: str,
) -> None:
    assert main(["record", "jwks", str(written(tmp_path, key)), "--key-id", "k1"]) == 0

    (printed,) = json.loads(capsys.readouterr().out)["keys"]
    assert (printed["kid"], printed["alg"], printed["use"]) == ("k1", algorithm, "sig")
    assert not printed.keys() & {"d", "p", "q", "dp", "dq", "qi"}
    signed = jwt.encode({"iss": "desk"}, key, algorithm=algorithm)
    assert jwt.decode(signed, jwt.PyJWK(printed).key, algorithms=[algorithm]) == {"iss": "desk"}


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
)
def test_a_key_that_cannot_sign_so_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    key: Any,  # noqa: ANN401
) -> None:
    assert main(["record", "jwks", str(written(tmp_path, key)), "--key-id", "k1"]) == 1
    assert "P-384, or RSA of at least 2048" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAA==\n", b"\xff"])
def test_a_file_that_is_no_key_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)

    assert main(["record", "jwks", str(path), "--key-id", "k1"]) == 1
    assert "is no private key" in capsys.readouterr().err
    assert main(["record", "jwks", str(tmp_path / "none"), "--key-id", "k1"]) == 1
