"""What the checks of a policy say of a starter policy that a test has broken."""

from collections.abc import Callable
from pathlib import Path

from triagewire.errors import PolicyError
from triagewire.policy.checks import problems_of
from triagewire.policy.load import load

type Edit = Callable[[str, str, str], Path]

FILE = "sites/riverside.yaml"
PHONE = "phone: 555-0140"
"""A line after which a test adds whole fields."""
PARK = "desk.park: { name: Minho Park, teams: [scheduling, portal]"


def found(folder: Path) -> list[str]:
    """Every problem, whether the shape of the policy or its meaning is wrong."""
    try:
        draft = load(folder)
    except PolicyError as error:
        return list(error.problems)
    return problems_of(draft.policy, draft.document)


def refused(folder: Path, field: str, problem: str, at: str, file: str = FILE) -> None:
    """There is this problem of this field, on the line of the file that holds `at`."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if at in text)
    wanted = f"policy/{file}:{line}: sites.riverside.{field}: {problem}"
    problems = found(folder)
    assert any(each.startswith(wanted) for each in problems), (wanted, problems)


def with_fields(edited: Edit, text: str) -> Path:
    """The starter policy with more fields at one of its sites."""
    return edited(FILE, PHONE, f"{PHONE}\n{text.strip()}")
