"""What the layer carries is locked with hashes, free to ship, and listed the same twice."""

import json
from typing import Any

import pytest

from ops.supply.licences import PAGE, allowed, page, refused
from ops.supply.parts import LOCK, Compiled, Part, PartsError, locked, parts
from ops.supply.sbom import bill, written
from tests.template import ROOT

CARRIED = parts()
A_HASH = "a" * 64
COPYLEFT = Part(
    name="ward",
    version="1.0",
    licence="MIT",
    summary="",
    hashes=(A_HASH,),
    needs=(),
    compiled=(Compiled(name="rust", version="2.0", purl="pkg:cargo/rust@2.0", licence="GPL-3.0"),),
)


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    stated: dict[str, Any] = json.loads(written(bill(CARRIED)))
    return stated


def test_every_part_of_the_layer_has_a_licence_of_the_list() -> None:
    assert list(refused(CARRIED)) == []


def test_a_library_inside_a_package_needs_such_a_licence_too() -> None:
    assert list(refused([COPYLEFT])) == ["rust 2.0, inside ward: GPL-3.0"]


@pytest.mark.parametrize(
    ("expression", "may"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("Apache-2.0 AND GPL-2.0-only", False),
        ("GPL-2.0-only OR MIT AND ISC", True),
        ("(GPL-2.0-only OR MIT) AND ISC", True),
        ("MIT AND (GPL-2.0-only OR AGPL-3.0)", False),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("Apache-2.0 WITH another-exception", False),
        ("", False),
        ("MIT OR", False),
        ("(MIT", False),
        ("MIT)", False),
        ("MIT MIT", False),
    ],
)
def test_a_licence_expression_is_read_as_its_standard_says(expression: str, *, may: bool) -> None:
    assert allowed(expression) is may


def test_the_page_of_licences_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(CARRIED), "run `make licences`"


def test_a_pinned_package_without_a_hash_is_refused() -> None:
    lock = f"one==1.0 \\\n    --hash=sha256:{A_HASH}\ntwo==2.0\n"

    with pytest.raises(PartsError, match="no hash for two"):
        locked(lock)


@pytest.mark.parametrize(
    "line",
    [
        f"Evil==1.0 \\\n    --hash=sha256:{'0' * 64}",
        f"evil @ https://packages.example/evil.whl \\\n    --hash=sha256:{'0' * 64}",
        "-r other.txt",
        "-i https://packages.example",
    ],
)
def test_a_line_that_an_installer_reads_and_our_lists_do_not_is_refused(line: str) -> None:
    with pytest.raises(PartsError, match="a line that"):
        locked(LOCK.read_text(encoding="utf-8") + line + "\n")


def test_two_lists_of_one_checkout_are_the_same_bytes() -> None:
    assert written(bill(CARRIED)) == written(bill(parts()))


def test_the_list_names_every_part_with_version_licence_and_hashes(listed: dict[str, Any]) -> None:
    by_name = {each["name"]: each for each in listed["components"]}

    assert set(by_name) == {part.name for part in CARRIED}
    for part in CARRIED:
        found = by_name[part.name]
        hashes = {each["content"] for each in found["externalReferences"][0]["hashes"]}
        assert found["version"] == part.version
        assert found["licenses"] == [{"expression": part.licence}]
        assert hashes == set(part.hashes)
        assert hashes


def test_the_list_names_what_is_compiled_into_a_package(listed: dict[str, Any]) -> None:
    cryptography = next(each for each in listed["components"] if each["name"] == "cryptography")

    assert "openssl" in {each["name"] for each in cryptography["components"]}


def test_every_part_hangs_from_the_product(listed: dict[str, Any]) -> None:
    needs = {each["ref"]: each.get("dependsOn", []) for each in listed["dependencies"]}
    reached, todo = set(), ["triagewire"]
    while todo:
        reached.add(here := todo.pop())
        todo += [each for each in needs[here] if each not in reached]

    assert listed["metadata"]["component"]["name"] == "triagewire"
    assert reached >= {each["bom-ref"] for each in listed["components"]}


def test_the_list_has_neither_time_nor_serial_number_unless_asked(listed: dict[str, Any]) -> None:
    assert "serialNumber" not in listed
    assert "timestamp" not in listed["metadata"]


def test_no_locked_file_names_a_registry() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt"), ROOT / "layers/common/requirements.txt"]

    assert not [lock.name for lock in locks if "://" in lock.read_text(encoding="utf-8")]
