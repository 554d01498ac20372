"""What the embedded stack tells a shell: everything leads to this machine."""

from pathlib import Path

from local.stack.deployment import Stack
from local.stack.emulator import Emulator

PORT = 54321


def test_a_shell_of_the_stack_knows_its_api_on_this_machine() -> None:
    real = {"ApiUrl": "https://ab12.execute-api.us-east-1.amazonaws.com/demo"}

    environment = Stack(Emulator(1, PORT, Path()), real).environment()

    here = f"https://127.0.0.1:{PORT}"
    assert environment["AWS_ENDPOINT_URL"] == here
    assert environment["TRIAGEWIRE_API_URL"] == f"{here}/_aws/execute-api/ab12/demo"
