"""A function of the tests' own that wears the role of a deployed function.

What IAM would let the real function do is so tried for real, without a hook in the real one.
"""

import io
import json
import zipfile
from typing import Any

import boto3

from local.stack.deployment import Stack

_CODE = """
import boto3
from botocore.exceptions import ClientError

REFUSALS = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}

def lambda_handler(event, context):
    answers = []
    for service, operation, arguments in event:
        try:
            getattr(boto3.client(service), operation)(**arguments)
            answers.append("allowed")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            answers.append("refused" if code in REFUSALS else "failed: " + code)
    return answers
"""

Call = tuple[str, str, dict[str, Any]]


class Probe:
    """Calls AWS as one of the four functions would: same role, same policies, same evaluation."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._lambda = boto3.client("lambda", **stack.aws())
        self._made: dict[str, str] = {}

    def answers(self, function: str, calls: list[Call]) -> list[str]:
        """For each call `allowed`, `refused` by IAM or `failed: <code>`; names are the outputs'."""
        answer = self._lambda.invoke(
            FunctionName=self._wearing_role_of(function), Payload=json.dumps(calls).encode()
        )
        found: list[str] = json.loads(answer["Payload"].read())
        return found

    def remove(self) -> None:
        """Delete the functions that were made."""
        for name in self._made.values():
            self._lambda.delete_function(FunctionName=name)

    def _wearing_role_of(self, function: str) -> str:
        if function not in self._made:
            real = self._stack.outputs[f"{function}FunctionName"]
            role = self._lambda.get_function_configuration(FunctionName=real)["Role"]
            name = f"probe-{function}"
            self._lambda.create_function(
                FunctionName=name,
                Runtime="python3.13",
                Role=role,
                Handler="handler.lambda_handler",
                Code={"ZipFile": _zipped(_CODE)},
                Timeout=60,
            )
            self._made[function] = name
        return self._made[function]


def _zipped(code: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("handler.py", code)
    return archive.getvalue()
