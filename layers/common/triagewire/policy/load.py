"""A group's policy directory → one checked policy value.

    group.yaml          the group's name, and under `site` what all its sites share
    sites/<site>.yaml   what differs in one site
    articles/<id>.<language>.md   what all sites answer automatically; one site's own are in
                        sites/<site>/articles/
    rules/<set>.yaml    rules that the group adds, changes or switches off
    checks.yaml         synthetic tickets of the group's own, run before every publication

Shipped defaults stand below all of it: a group writes only what it wants otherwise.
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from triagewire.errors import PolicyError
from triagewire.policy.articles import (
    FOLDER,
    articles_in,
    refuse_written,
    stray_articles,
)
from triagewire.policy.articles import (
    with_own as with_own_articles,
)
from triagewire.policy.document import Document, overlay, read
from triagewire.policy.gate.tickets import SECTIONS, shipped_tickets, with_own
from triagewire.policy.model import Policy
from triagewire.policy.schema import checked

DEFAULTS = Path(__file__).parent / "defaults"
CHECKS = DEFAULTS / "checks"
RECORD = DEFAULTS / "release.json"
"""What the shipped rules scored when they were last recorded; `policy.gate.release` reads it."""
EMPTY = Document(data={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A policy that was read but not published; `document` knows the lines, `checks` the synthetic
    tickets.
    """

    policy: Policy
    document: Document
    checks: Document


def default_rules() -> dict[str, Any]:
    """The rule files that are shipped, for scoring without a policy directory; the caller's own to
    change.
    """
    rules: dict[str, Any] = deepcopy(_shipped_rules().data["rules"])
    return rules


def load(directory: Path) -> Draft:
    """Read a policy directory. Raises PolicyError naming file, line and field of everything
    wrong.
    """
    _only_known_files(directory)
    group = _optional(directory, "group.yaml", ("group", "site"))
    sites = sorted((directory / "sites").glob("*.yaml"))
    if not group.data.get("group") or not sites:
        raise PolicyError(
            (f"{directory.name}: needs a group.yaml with `group:` and one file per site in sites/",)
        )
    document = Document(data={"group": group.data["group"], "sites": {}})
    document = overlay(document, _named(group))
    refuse_written(group, ("site", "replies", "articles"))
    shared = overlay(read(DEFAULTS / "site.yaml", "defaults/site.yaml"), _part(group, "site"))
    articles = articles_in(directory / FOLDER, f"{directory.name}/{FOLDER}")
    for path in sites:
        own = read(path, f"{directory.name}/sites/{path.name}")
        refuse_written(own, ("replies", "articles"))
        document = overlay(document, _site(overlay(shared, own), path.stem))
        document = overlay(document, _articles(directory, path.stem, articles))
    document = overlay(document, _rules(directory))
    checks = with_own(shipped_tickets(CHECKS), _optional(directory, "checks.yaml", SECTIONS))
    return Draft(policy=checked(document), document=document, checks=checks)


def _only_known_files(directory: Path) -> None:
    """Refuse what would be passed over in silence: with `sites/mesa.yml` a clinic goes missing."""
    known = {directory / "group.yaml", directory / "checks.yaml"}
    strays = [
        each
        for each in sorted(directory.rglob("*.y*ml"))
        if each not in known
        and not (
            each.suffix == ".yaml" and each.parent in (directory / "sites", directory / "rules")
        )
    ]
    told = [
        f"{directory.name}/{each.relative_to(directory)}:1: is not read: name it "
        "group.yaml, checks.yaml, sites/<site>.yaml or rules/<set>.yaml"
        for each in strays
    ]
    told += stray_articles(directory)
    if told:
        raise PolicyError(tuple(told))


def _optional(directory: Path, name: str, keys: tuple[str, ...]) -> Document:
    path = directory / name
    if not path.exists():
        return EMPTY
    found = read(path, f"{directory.name}/{name}")
    _only_keys(found, keys)
    return found


def _only_keys(document: Document, keys: tuple[str, ...]) -> None:
    unknown = [each for each in document.data if each not in keys]
    if unknown:
        raise PolicyError(
            tuple(
                f"{document.origin((each,))}: {each}: is none of {', '.join(keys)}"
                for each in unknown
            )
        )
    wrong = [
        k for k in document.data if k != "group" and not isinstance(document.data[k], dict | None)
    ]
    if wrong:
        raise PolicyError(tuple(f"{document.origin((k,))}: {k}: must be a mapping" for k in wrong))


def _named(group: Document) -> Document:
    origin = group.origin(("group",))
    return Document(data={"group": group.data["group"]}, origins={("group",): origin})


def _part(document: Document, name: str) -> Document:
    """What stands under one key, as a document of its own."""
    origins = {
        place[1:]: origin for place, origin in document.origins.items() if place[:1] == (name,)
    }
    return Document(data=document.data.get(name) or {}, origins=origins)


def _site(site: Document, site_id: str) -> Document:
    """A site in its place; each source learns whose it is."""
    data = dict(site.data)
    data["sources"] = {
        name: {**source, "site": site_id, "name": name} for name, source in _sources(site).items()
    }
    return Document(data=data, origins=site.origins).under("sites", site_id)


def _articles(directory: Path, site_id: str, shared: Document) -> Document:
    """The articles of a site, in their place."""
    folder = f"sites/{site_id}/{FOLDER}"
    own = articles_in(directory / folder, f"{directory.name}/{folder}")
    return with_own_articles(shared, own).under("sites", site_id, "replies", "articles")


def _sources(site: Document) -> dict[str, Any]:
    sources = site.data.get("sources") or {}
    places = (
        [("sources",)]
        if not isinstance(sources, dict)
        else [("sources", name) for name, each in sources.items() if not isinstance(each, dict)]
    )
    if places:
        raise PolicyError(
            tuple(f"{site.origin(place)}: {'.'.join(place)}: must be a mapping" for place in places)
        )
    return dict(sources)


@cache
def _shipped_rules() -> Document:
    """The shipped rule files under `rules`, read once: they do not change while a process runs."""
    rules = EMPTY
    for path in sorted((DEFAULTS / "rules").glob("*.yaml")):
        shipped = read(path, f"defaults/rules/{path.name}")
        rules = overlay(rules, shipped.under("rules", path.stem))
    return rules


def _rules(directory: Path) -> Document:
    """The shipped rules under those of a policy directory."""
    rules = _shipped_rules()
    for path in sorted((directory / "rules").glob("*.yaml")):
        changed = read(path, f"{path.parent.parent.name}/rules/{path.name}")
        kind = path.stem.partition("-")[0]
        if kind not in ("language", "opinion"):
            net = ("net",) if kind == "clinical" else ()
            _only_keys(changed, ("concepts", "measures", "rules", *net))
        rules = overlay(rules, changed.under("rules", path.stem))
    return rules
