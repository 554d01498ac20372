"""What `make up` adds to a stack for trying by hand: policy, secrets, a nurse, ready commands.

`python -m local.demo.handmade` furnishes the running stack and prints what to type.
"""

import base64
import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

from local.demo.pings import ping_all
from local.demo.world import World, furnish
from local.stack import session
from local.stack.emulator import ROOT
from local.stack.staff import give_password, sign_in
from ops.senders.epic import signed_epic
from triagewire.errors import TriagewireError

SITE, SOURCE, NURSE = "riverside", "portal", "nurse.okafor"
TEXT = "I have had chest pain for an hour and I am short of breath."
OWNER_ONLY, OWNER_RUNS = 0o600, 0o700

SEND = """\
#!/bin/sh
# Sends a signed portal message of an invented patient: send "the words of the message"
set -eu
id="evt-$(openssl rand -hex 16)"
seconds=$(date +%s)
words=$(printf '%s' "${{1:-{text}}}" | sed 's/[\\"]/\\\\&/g')
body=$(printf '{body}' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$id" "$words")
signature=$(printf '%s.%s.%s' "$id" "$seconds" "$body" |
    openssl dgst -sha256 -mac HMAC -macopt hexkey:{key} -binary | base64)
printf '%s' "$body" | curl --silent --show-error --cacert {authority} --data-binary @- \\
    -H 'Content-Type: application/json' -H "webhook-id: $id" \\
    -H "webhook-timestamp: $seconds" -H "webhook-signature: v1,$signature" \\
    {url}
echo
"""


def main() -> int:
    """Furnish the stack that `make up` left running; 0 when it can be used."""
    stack = session.find()
    if stack is None or not stack.emulator.is_running():
        print("stack: nothing is running; start it with: make up", file=sys.stderr)
        return 1
    try:
        world = furnish(stack, datetime.now(UTC))
        ping_all(world, datetime.now(UTC))
    except TriagewireError as error:
        print(error, file=sys.stderr)
        return 1
    print(_guide(world))
    return 0


def _guide(world: World) -> str:
    folder = world.stack.emulator.directory
    send = _write(folder / "send", _send_script(world), OWNER_RUNS)
    token = _write(folder / "token", sign_in(world.stack, NURSE), OWNER_ONLY)
    password = _write(folder / "password", give_password(world.stack, NURSE), OWNER_ONLY)
    authority = _shown(world.stack.emulator.authority)
    return "\n".join(
        [
            "",
            f"Policy and secrets are in place. A patient of {SITE} writes (valid for 5 minutes):",
            f"  {_curl(world)}",
            "the same at any time, with your own words, signed by openssl:",
            f'  {send} "I need a refill of my lisinopril"',
            f"the console: {world.url}/console, as {NURSE} with the password in {password}",
            "(a browser asks whether to trust the stack's throw-away certificate)",
            f"what {NURSE} sees in the queue (sign-in ends after 15 minutes without use):",
            f'  curl -s --cacert {authority} -H "Authorization: $(cat {token})"'
            f" {world.url}/desk/queues/{SITE}/clinical",
        ]
    )


def _curl(world: World) -> str:
    now = datetime.now(UTC)
    secret = world.secrets[f"{SITE}/{SOURCE}"]
    event_id = f"evt-{int(now.timestamp())}"
    body = json.loads(_body() % (now.strftime("%Y-%m-%dT%H:%M:%SZ"), event_id, TEXT))
    headers, signed = signed_epic(secret, now, body, event_id=event_id)
    parts = ["curl", "-s", "--cacert", _shown(world.stack.emulator.authority)]
    for name, value in headers.items():
        parts += ["-H", f"{name}: {value}"]
    return shlex.join([*parts, "--data-binary", signed.decode(), _url(world)])


def _send_script(world: World) -> str:
    secret = world.secrets[f"{SITE}/{SOURCE}"].removeprefix("whsec_")
    return SEND.format(
        text=TEXT,
        body=_body(),
        key=base64.b64decode(secret).hex(),
        authority=shlex.quote(str(world.stack.emulator.authority)),
        url=_url(world),
    )


def _body() -> str:
    """A portal message with `%s` for the time, the id and the words."""
    return json.dumps(
        {
            "type": "patient_message.received",
            "timestamp": "%s",
            "data": {
                "message_id": "%s",
                "body": "%s",
                "patient": {"mrn": "R-10047", "name": "Walter Iverson"},
            },
        }
    )


def _url(world: World) -> str:
    return f"{world.url}/webhook/{SITE}/{SOURCE}"


def _write(path: Path, text: str, mode: int) -> str:
    """Keep something that only this user may read; returns the path as it is typed."""
    path.touch(mode=mode)
    path.write_text(text, encoding="utf-8")
    return _shown(path)


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
