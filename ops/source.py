"""`triagewire source list|add|rotate|drop-previous|test`: the sources' secrets, from first to last.

A secret of our own making is printed once, to whoever must type it in at the sender; no other is
ever printed. The one before stays live until it is dropped, so that a rotation loses nothing.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from getpass import getpass
from importlib import import_module
from importlib.util import find_spec

from ops.deployed import (
    Deployed,
    DeploymentError,
    add_stack_argument,
    context_of,
    deployed,
    noted_first,
    told_plainly,
)
from ops.secret_forms import check_secret
from ops.source_trial import send_test
from ops.stored_secrets import LIVE, Live, stored_secrets
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError
from triagewire.flow.webhook import RENEW_SECONDS
from triagewire.ledger.event import Action, Entry
from triagewire.secrets import SECONDS
from triagewire.store.sources import load_sources

_ACTIONS = {
    "add": "give a source its first secret",
    "rotate": "give a source a new secret; the one before stays live",
    "drop-previous": "believe the newest secret of a source only",
    "test": "send a signed test message through a source",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add_stack_argument(actions.add_parser("list", help="every source, and how many secrets it has"))
    for name, purpose in _ACTIONS.items():
        action = actions.add_parser(name, help=purpose)
        action.add_argument("site", metavar="SITE")
        action.add_argument("source", metavar="SOURCE")
        add_stack_argument(action)
        if name in ("add", "rotate"):
            action.add_argument(
                "--secret-stdin", action="store_true", help="take the secret from standard input"
            )
        if name == "rotate":
            action.add_argument(
                "--again",
                action="store_true",
                help="the newest secret was lost before the sender had it: replace that one",
            )
        if name == "test":
            action.add_argument(
                "--direct",
                action="store_true",
                help="send to the stack's own address, though the source names a public one",
            )


def run(args: argparse.Namespace) -> int:
    """0 when it is done, 1 when a test was not accepted."""
    with told_plainly():
        return _done(deployed(args.stack), args)


def _done(stack: Deployed, args: argparse.Namespace) -> int:
    sources = load_sources(stack.tables).by_name
    if args.action == "list":
        return _list(stack, sources)
    name = f"{args.site}/{args.source}"
    if name not in sources:
        raise DeploymentError(f"no such source; the policy has {', '.join(sorted(sources))}")
    source = sources[name]
    if args.action == "test":
        secret = next(iter(stored_secrets(stack).all().get(name, ())), "")
        return send_test(stack, source, secret, address(stack, source), direct=args.direct)
    _require_secret(source)
    if args.action == "drop-previous":
        return _drop_previous(stack, name)
    return _give(stack, source, args)


_OURS_ALONE = frozenset({"sns"})
"""Senders that sign with a certificate of their own: nobody types a secret in there."""


def address(stack: Deployed, source: Source) -> str:
    """Where the sender posts to: the public address that the policy names, or the stack's own."""
    return source.url or f"{stack.api_url}/webhook/{source.site}/{source.name}"


def _list(stack: Deployed, sources: Mapping[str, Source]) -> int:
    live = stored_secrets(stack).all()
    for name, source in sorted(sources.items()):
        count = f"{len(live.get(name, ()))} live" if _takes_secret(source) else "no secret needed"
        print(f"{name:<32} {source.adapter:<13} {count:<17} {address(stack, source)}")
    for name in sorted(live.keys() - sources.keys()):
        print(f"{name:<32} in no policy any more: {len(live[name])} secrets left")
    return 0


def _give(stack: Deployed, source: Source, args: argparse.Namespace) -> int:
    """`add` and `rotate`: make or read the secret, store it first, then say how to go on."""
    name = f"{source.site}/{source.name}"
    make = _maker(source.adapter)
    made = make is not None and not args.secret_stdin
    secret = make() if make is not None and made else _read_secret(source.adapter)
    edit = _added(name, secret) if args.action == "add" else _rotated(name, secret, args.again)
    _tell_ledger(stack, name, args.action)
    live = stored_secrets(stack).change(name, edit)
    print(f"{name}: stored, {len(live)} live")
    print(f"  webhook URL    {address(stack, source)}")
    if source.adapter in _OURS_ALONE:
        print("  new secret     a key for `source test` alone: the sender signs with its own")
    elif made:
        print(f"  new secret     {secret}")
        print("                 (shown this once; it stands in Secrets Manager and nowhere else)")
    print(f"  at the sender  docs/channels/{source.adapter}.md")
    print(
        f"  taken up       wait {RENEW_SECONDS:.0f} seconds before the sender uses it; "
        f"every function knows it within {SECONDS / 60:.0f} minutes"
    )
    print(f"  then           triagewire source test {source.site} {source.name}")
    if len(live) == LIVE:
        print(f"  and at last    triagewire source drop-previous {source.site} {source.name}")
    return 0


def _drop_previous(stack: Deployed, name: str) -> int:
    _tell_ledger(stack, name, "drop-previous")
    live = stored_secrets(stack).change(name, lambda before: before[:1])
    if not live:
        raise DeploymentError(f"{name} has no secret: add one first")
    print(f"{name}: 1 live; functions forget the previous one within {SECONDS / 60:.0f} minutes")
    return 0


def _tell_ledger(stack: Deployed, name: str, change: str) -> None:
    """Record that somebody changes which secrets of a source are believed: its name alone."""
    entry = Entry(
        action=Action.ACCESS_CHANGED,
        why="the secrets of a source are changed",
        detail={"source": name, "change": change},
    )
    noted_first(context_of(stack, datetime.now(UTC)), entry)


def _added(name: str, secret: str) -> Callable[[Live], Live]:
    def edit(before: Live) -> Live:
        if before:
            raise DeploymentError(f"{name} has a secret already: rotate it")
        return (secret,)

    return edit


def _rotated(name: str, secret: str, again: bool) -> Callable[[Live], Live]:
    """The new secret and the one that the sender uses now.

    A third would push out the oldest, which may be the one in use: the operator decides that.
    """

    def edit(before: Live) -> Live:
        if not before:
            raise DeploymentError(f"{name} has no secret: add one first")
        if secret in before:
            raise DeploymentError(f"{name}: that secret is live already")
        if again != (len(before) == LIVE):
            raise DeploymentError(f"{name}: {_ONE_LIVE if again else _TWO_LIVE}")
        return (secret, before[-1])

    return edit


_ONE_LIVE = "only one secret is live, so there is no lost one to replace: rotate without --again"
_TWO_LIVE = (
    "two secrets are live already. If the sender uses the newest, drop the previous one first; "
    "if the newest never reached it, rotate with --again"
)


def _takes_secret(source: Source) -> bool:
    options = source.options
    return options.signed and not options.public_key and source.adapter != "ses"


def _require_secret(source: Source) -> None:
    if not _takes_secret(source):
        raise DeploymentError(f"{source.site}/{source.name} needs no secret")


def _maker(adapter: str) -> Callable[[], str] | None:
    """What makes a secret, where it is ours to make; None where the sender gives it."""
    if find_spec(f"ops.senders.{adapter}") is None:
        return None
    make: Callable[[], str] | None
    make = getattr(import_module(f"ops.senders.{adapter}"), "new_secret", None)
    return make


def _read_secret(adapter: str) -> str:
    given = getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.read()
    secret = given.strip()
    if not secret:
        raise InvalidFieldError("secret", "is missing: give it on standard input")
    check_secret(adapter, secret)
    return secret
