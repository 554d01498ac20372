"""YAML with a memory: every value knows the file and line it came from, also after overlaying."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from triagewire.errors import PolicyError

type Place = tuple[str | int, ...]
"""Where a value stands: the keys and indexes that lead to it."""
type Problem = tuple[Place, str]
"""What is wrong with the value at a place, in words for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Plain data and, for each place in it, `file:line`."""

    data: Any
    origins: Mapping[Place, str] = field(default_factory=dict)

    def origin(self, place: Place) -> str:
        """The file and line of a place, or of the nearest thing around it that has one."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.origins:
                return self.origins[place[:length]]
        return "policy"

    def under(self, *place: str) -> "Document":
        """The same document as the value of a key of a larger one."""
        data = self.data
        for name in reversed(place):
            data = {name: data}
        origins = {(*place, *inner): origin for inner, origin in self.origins.items()}
        return Document(data=data, origins=origins)


if TYPE_CHECKING:
    from yaml import SafeLoader as Loader
else:  # libyaml reads the same values a dozen times sooner; not every build of PyYAML has it
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(Loader):
    """YAML 1.2's idea of plain values: `17:30` is text and not 1050, `no` is text and not false.

    Digits after a leading zero are text too: PyYAML would read them to base eight.
    """


_PlainLoader.yaml_implicit_resolvers = {}
for _kind, _pattern, _begins in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,17})$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    ("null", r"^(?:~|null)$", "~n"),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), list(_begins)
    )


def read(path: Path, shown_as: str) -> Document:
    """Read a YAML file that errors call `shown_as`.

    Raises PolicyError with file and line for what is not YAML, holds itself, or names a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PolicyError((f"{shown_as}:1: is not YAML text",)) from None
    return parsed(text, shown_as)


def parsed(text: str, shown_as: str) -> Document:
    """Read YAML text. Raises PolicyError as `read` does."""
    try:
        loader = _PlainLoader(text)
        root = loader.get_single_node()
        origins: dict[Place, str] = {(): f"{shown_as}:1"}
        data = {} if root is None else _value(loader, root, (), shown_as, origins)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError((f"{shown_as}:{line}: {error.problem or 'is not YAML'}",)) from None
    except yaml.YAMLError:
        raise PolicyError((f"{shown_as}:1: is not YAML text",)) from None
    except RecursionError:
        told = f"{shown_as}:1: is nested too deeply: write it flatter, without an alias to itself"
        raise PolicyError((told,)) from None
    if not isinstance(data, dict):
        raise PolicyError((f"{shown_as}:1: must be a mapping of fields",))
    return Document(data=data, origins=origins)


def overlay(base: Document, over: Document) -> Document:
    """`base` with what `over` says differently: mappings are joined key by key, all else is
    replaced.
    """
    origins = dict(base.origins)
    data = _overlaid(base.data, over.data, (), origins, over.origins)
    return Document(data=data, origins=origins)


def _overlaid(
    base: Any,  # noqa: ANN401
    over: Any,  # noqa: ANN401
    place: Place,
    origins: dict[Place, str],
    new: Mapping[Place, str],
) -> Any:  # noqa: ANN401
    if isinstance(base, dict) and isinstance(over, dict):
        joined = dict(base)
        origins.update({place: new[place]} if place in new else {})
        for name, value in over.items():
            inner = (*place, name)
            joined[name] = _overlaid(base.get(name), value, inner, origins, new)
        return joined
    for old in [each for each in origins if each[: len(place)] == place]:
        del origins[old]
    origins.update({each: at for each, at in new.items() if each[: len(place)] == place})
    return over


def _value(
    loader: _PlainLoader, node: yaml.Node, place: Place, name: str, origins: dict[Place, str]
) -> Any:  # noqa: ANN401
    """The plain value of a node; the line of everything inside it is noted on the way."""
    origins[place] = f"{name}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(loader, each, (*place, number), name, origins)
            for number, each in enumerate(node.value)
        ]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in found:
            raise PolicyError((f"{name}:{line}: {key}: is there twice",))
        found[key] = _value(loader, value_node, (*place, key), name, origins)
        origins[(*place, key)] = f"{name}:{line}"
    return found
