"""A program of the group's own: it takes the password resets from the sample rule's queue, does
them, and says so by the callback of each.

Rules: docs/automation.md.
"""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from local.demo.world import HTTP_SECONDS, World

BATCH = 10
SAID = "Your password is reset. Sign in with the one-time code that your telephone shows."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A request that the program took: its ticket, type, and what its callback was answered."""

    ticket: str
    type: str
    status: int


@dataclass(slots=True)
class Program:
    """The program of a furnished stack."""

    world: World
    settled: list[Settled] = field(default_factory=list)

    def work(self) -> None:
        """Do every reset that waits."""
        sqs, queue = self.world.client("sqs"), self.world.stack.outputs["PasswordResetQueueUrl"]
        while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=BATCH).get(
            "Messages", []
        ):
            for each in found:
                self.settled.append(self._settle(json.loads(each["Body"])["detail"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])

    def _settle(self, request: dict[str, Any]) -> Settled:
        # The API has another address on this machine; the path below the stage is the same.
        path = "/automation/" + urlsplit(request["callback"]).path.rpartition("/")[2]
        answer = self.world.http.post(
            self.world.url + path, json={"status": "done", "message": SAID}, timeout=HTTP_SECONDS
        )
        return Settled(ticket=request["ticket"], type=request["type"], status=answer.status_code)
