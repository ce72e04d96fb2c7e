"""What the shell offers at the tabulator key: rules, packs, payers, tables and languages.

It is asked at each stroke, so nothing is loaded: the names of files say it, or the few lines of a `pack.yaml`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from scrubber.content import content_folder
from scrubber.errors import ScrubberError

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

PAYER_KINDS = (
    *("medicare", "medicare_advantage", "medicaid", "commercial", "tricare", "workers_comp", "auto", "other"),
)
"""As `scrubber.claim` names them, whose import takes too long here."""

_PACK_FILE = "pack.yaml"
_RULE_FILE = re.compile(r"(?P<id>(?P<family>[A-Z]{2,5})[0-9]{3})-(?P<name>[a-z0-9-]+)\.yaml")
_PAYER_IDS = re.compile(r"^\s*(?:applies_to:\s*\{.*)?payer_ids:\s*\[([^\]]*)\]", re.MULTILINE)


def of(known: Iterable[str]) -> Complete:
    """One of a list."""

    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _beginning((CompletionItem(name) for name in known), incomplete)

    return complete


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def rules(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids, and where the word begins with no id, families and names."""
    found = {match["id"]: match for folder in _packs_used(ctx) for match in _rule_files(folder)}
    ids = _beginning((CompletionItem(name, help=match["name"]) for name, match in sorted(found.items())), incomplete)
    names = _beginning((CompletionItem(one) for one in sorted({match["name"] for match in found.values()})), incomplete)
    return ids or names


def rules_and_families(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    families = sorted({match["family"] for folder in _packs_used(ctx) for match in _rule_files(folder)})
    listed = (CompletionItem(family, help=f"all of {family}") for family in families)
    return [*_beginning(listed, incomplete), *rules(ctx, parameter, incomplete)]


def packs(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shipped packs and folders of packs nearby; else any folder."""
    shipped = (folder.parent.name for folder in sorted(content_folder("rules").glob(f"*/{_PACK_FILE}")))
    near = (path.parent.as_posix() for depth in ("*", "*/*") for path in sorted(Path().glob(f"{depth}/{_PACK_FILE}")))
    # a shell would split or expand anything else
    plain = filter(re.compile(r"[\w./-]+", re.ASCII).fullmatch, (*shipped, *near))
    found = _beginning((CompletionItem(name) for name in plain), incomplete)
    return found or [CompletionItem(incomplete, type="dir")]


def payers(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Kinds of payers, and the ids that the packs in use name."""
    ids = [name for folder in _packs_used(ctx) for name in _payer_ids(folder / _PACK_FILE)]
    return _beginning((CompletionItem(name) for name in dict.fromkeys((*PAYER_KINDS, *ids))), incomplete)


def tables(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The tables that are here, shipped and imported."""
    from scrubber.cli.options import tables_place

    places = [content_folder("code_tables")]
    with suppress(ScrubberError):
        places += filter(None, [tables_place(ctx.params.get("tables_folder"))])
    names = {path.parent.name for place in places for path in place.glob("*/*.table")}
    return _beginning((CompletionItem(name) for name in sorted(names)), incomplete)


def known_tables(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from scrubber.tables.catalogue import KNOWN_TABLES

    return _beginning((CompletionItem(name) for name in sorted(KNOWN_TABLES)), incomplete)


def languages(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    names = {path.stem for folder in _packs_used(ctx) for path in folder.glob("languages/*.yaml")}
    return _beginning((CompletionItem(name) for name in sorted({"en", *names})), incomplete)


def _beginning(items: Iterable[CompletionItem], incomplete: str) -> list[CompletionItem]:
    """Those that begin so, whatever the case; each once."""
    folded = incomplete.casefold()
    return [item for item in items if str(item.value).casefold().startswith(folded)]


def _packs_used(ctx: click.Context) -> Iterator[Path]:
    """The folders of the packs named so far or in the settings, and of core; what is not there is passed over."""
    from scrubber.cli.settings import settings

    given = list(ctx.params.get("packs") or ())
    if not given:
        try:
            given = list(settings().packs)
        except ScrubberError:
            given = []
    shipped = content_folder("rules")
    for name in dict.fromkeys((*given, "core")):
        folder = Path(name) if (Path(name) / _PACK_FILE).is_file() else shipped / name
        if (folder / _PACK_FILE).is_file():
            yield folder


def _rule_files(folder: Path) -> Iterator[re.Match[str]]:
    for _, _, names in os.walk(folder):
        yield from filter(None, map(_RULE_FILE.fullmatch, sorted(names)))


def _payer_ids(pack_file: Path) -> list[str]:
    try:
        found = _PAYER_IDS.search(pack_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return []
    return re.findall(r"[\w.-]+", found[1], re.ASCII) if found else []
