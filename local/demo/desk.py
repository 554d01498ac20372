"""The desk API as staff use it: signed in to the real user pool, with a second factor."""

import base64
import hmac
import secrets
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from local.demo.world import HTTP_SECONDS, World

TOKEN_SECONDS = 50 * 60
"""Tokens live for an hour; a simulated shift is longer, so people sign in again."""
STEP_SECONDS = 30
SIGNED_OUT = 401


class DeskError(Exception):
    """The desk API refused what a member of staff did; the message has the status and the path."""


@dataclass(slots=True)
class Account:
    """What one member of staff signs in with."""

    password: str = field(repr=False)
    totp_secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    signed_in_at: float = 0.0


class Desk:
    """The desk API, used as a given member of staff."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._staff = world.client("cognito-idp")
        self._pool = world.stack.outputs["UserPoolId"]
        self._client = world.stack.outputs["UserPoolClientId"]
        self._accounts: dict[str, Account] = {}
        self.calls = 0

    def enrol(self, member: str) -> None:
        """Create the user and enrol an authenticator, as an administrator and the user would."""
        account = Account(password=_password())
        self._staff.admin_create_user(
            UserPoolId=self._pool,
            Username=member,
            MessageAction="SUPPRESS",
            TemporaryPassword=_password(),
        )
        self._staff.admin_set_user_password(
            UserPoolId=self._pool, Username=member, Password=account.password, Permanent=True
        )
        tokens = self._authenticate(member, account)
        started = self._staff.associate_software_token(AccessToken=tokens["AccessToken"])
        account.totp_secret = started["SecretCode"]
        self._staff.verify_software_token(
            AccessToken=tokens["AccessToken"], UserCode=one_time_code(account.totp_secret)
        )
        self._accounts[member] = account

    def get(self, member: str, path: str) -> Any:  # noqa: ANN401 JSON
        """Read a path of the desk API."""
        return self._call(member, "GET", path, None)

    def act(self, member: str, ticket_id: str, action: str, /, **body: object) -> Any:  # noqa: ANN401
        """Do something with a ticket; returns its line. Raises DeskError when it is refused."""
        return self._call(member, "POST", f"/desk/tickets/{ticket_id}/{action}", body)

    def say(self, member: str, path: str, **body: object) -> Any:  # noqa: ANN401
        """Post to a path of the desk API. Raises DeskError when it is refused."""
        return self._call(member, "POST", path, body)

    def status_of(self, member: str, path: str) -> int:
        """Only the status of a GET, for what must be refused."""
        status: int = self._send(member, "GET", path, None).status_code
        return status

    def follow(self, method: str, link: str) -> int:
        """The status of a link that anybody may follow who has it."""
        self.calls += 1
        answer = self._world.http.request(method, self._world.url + link, timeout=HTTP_SECONDS)
        return int(answer.status_code)

    def _call(self, member: str, method: str, path: str, body: dict[str, object] | None) -> Any:  # noqa: ANN401
        answer = self._send(member, method, path, body)
        if answer.status_code != 200:
            raise DeskError(f"{method} {path} as {member}: {answer.status_code} {answer.text}")
        return answer.json()

    def _send(self, member: str, method: str, path: str, body: dict[str, object] | None) -> Any:  # noqa: ANN401
        answer = self._sent(method, path, body, self.token_of(member))
        if answer.status_code == SIGNED_OUT:
            # The desk logs off who does nothing for 15 minutes; a simulated day is full of them.
            self._accounts[member].token = ""
            answer = self._sent(method, path, body, self.token_of(member))
        return answer

    def _sent(self, method: str, path: str, body: dict[str, object] | None, token: str) -> Any:  # noqa: ANN401
        self.calls += 1
        return self._world.http.request(
            method,
            self._world.url + path,
            json=body,
            headers={"Authorization": token},
            timeout=HTTP_SECONDS,
        )

    def token_of(self, member: str) -> str:
        """A valid identity token; who has no account yet gets one."""
        if member not in self._accounts:
            self.enrol(member)
        account = self._accounts[member]
        stale = time.time() - account.signed_in_at > TOKEN_SECONDS
        if stale or not account.token:
            account.token = self._authenticate(member, account)["IdToken"]
            account.signed_in_at = time.time()
        return account.token

    def password_of(self, member: str) -> str:
        """What somebody signs in with at the console; who has no account yet gets one."""
        if member not in self._accounts:
            self.enrol(member)
        return self._accounts[member].password

    def _authenticate(self, member: str, account: Account) -> dict[str, str]:
        answer = self._staff.admin_initiate_auth(
            UserPoolId=self._pool,
            ClientId=self._client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": member, "PASSWORD": account.password},
        )
        if answer.get("ChallengeName") == "SOFTWARE_TOKEN_MFA":
            answer = self._staff.admin_respond_to_auth_challenge(
                UserPoolId=self._pool,
                ClientId=self._client,
                ChallengeName="SOFTWARE_TOKEN_MFA",
                Session=answer["Session"],
                ChallengeResponses={
                    "USERNAME": member,
                    "SOFTWARE_TOKEN_MFA_CODE": one_time_code(account.totp_secret),
                },
            )
        tokens: dict[str, str] = answer["AuthenticationResult"]
        return tokens


def _password() -> str:
    return f"aA1!{secrets.token_urlsafe(18)}"


def one_time_code(secret: str) -> str:
    """The six digits that an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // STEP_SECONDS)
    mac = hmac.new(key, counter, "sha1").digest()
    place = mac[-1] & 0x0F
    return f"{(struct.unpack('>I', mac[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
