"""`python -m local.stack up|down|env`: the embedded stack for trying things by hand."""

import sys

from local.stack import session
from local.stack.deployment import Stack
from local.stack.emulator import StackError

_USAGE = "usage: python -m local.stack up|down|env"


def main(arguments: list[str]) -> int:
    """Do what the one argument says; 0 when it was done, 1 when it failed, 2 for a wrong call."""
    try:
        match arguments:
            case ["up"]:
                print(_welcome(session.up(lambda step: print(f"stack: {step}", flush=True))))
            case ["down"]:
                print("stack: stopped" if session.down() else "stack: nothing was running")
            case ["env"]:
                return _print_environment()
            case _:
                print(_USAGE, file=sys.stderr)
                return 2
    except StackError as error:
        print(f"stack: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stack: interrupted, everything that was started is stopped", file=sys.stderr)
        return 130
    return 0


def _print_environment() -> int:
    stack = session.find()
    if stack is None:
        print("stack: nothing is running; start it with: make up", file=sys.stderr)
        return 1
    for name, value in stack.environment().items():
        print(f"export {name}={value}")
    return 0


def _welcome(stack: Stack) -> str:
    return "\n".join(
        [
            "stack: ready",
            f"  API       {stack.api_url}",
            f"  console   {stack.api_url}/console",
            f"  AWS APIs  {stack.emulator.endpoint}",
            f"  log       {stack.emulator.directory / 'emulator.log'}",
            '  shell     eval "$(.venv/bin/python -m local.stack env)"   then any AWS client',
            "  stop      make down",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
