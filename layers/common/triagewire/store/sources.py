"""What intake needs of a policy, apart from everything that it does not."""

from collections.abc import Mapping
from dataclasses import dataclass

from triagewire.cache import Kept
from triagewire.channels.source import Source
from triagewire.store.active import SOURCES, active_version, last_usable, version_item
from triagewire.store.codec import read_blob
from triagewire.store.table import Tables

NEW_SOURCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Every source of the active policy by `site/source`."""

    policy_version: int
    by_name: Mapping[str, Source]


def load_sources(tables: Tables) -> Sources:
    """The sources of the active version, or of the last one before it that this code can read.

    Raises PolicyMissingError before the first publication.
    """

    def read(version: int) -> Sources:
        item = version_item(tables, version, SOURCES)
        by_name: dict[str, Source] = read_blob(item, "sources", dict[str, Source])
        return Sources(policy_version=version, by_name=by_name)

    return last_usable(active_version(tables), read)


def sources_with(kept: Kept[Sources], name: str) -> Sources:
    """The sources, read again if this one (`site/source`) is not among them: it may be new.

    Anybody can name one that does not exist, so it happens once in `NEW_SOURCE_SECONDS` at most.
    """
    if name not in kept.get().by_name:
        kept.renew(NEW_SOURCE_SECONDS)
    return kept.get()
