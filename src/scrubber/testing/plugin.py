"""A plugin of pytest: `pytest --scrubber-rules DIR` runs the examples of every rule below DIR, one item for each.

Every run of pytest loads this module where the library is installed, so it imports nothing of the library before it is
asked for rules; what it collects stands in `testing/collection.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

PACK_FILE = "pack.yaml"
"""As `rules.loader` has it, which is not imported here."""
SUFFIXES = (".yaml", ".yml")
RULES, TABLES, MUTANTS = "scrubber_rules", "scrubber_tables", "scrubber_mutants"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("scrubber", "rules of Claim Scrubber")
    group.addoption(
        "--scrubber-rules",
        dest=RULES,
        metavar="DIR",
        action="append",
        default=[],
        help="Run the examples of the rule packs in or below DIR; may be repeated.",
    )
    group.addoption(
        "--scrubber-tables", dest=TABLES, metavar="DIR", default=None, help="Folder of imported tables for the rules."
    )
    group.addoption(
        "--scrubber-mutants",
        dest=MUTANTS,
        action="store_true",
        default=False,
        help="Leave out each condition of a rule in turn, too, and demand that an example notices.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let the folders be collected beside whatever else is named."""
    folders = _folders(config)
    for folder in folders:
        if not folder.is_dir():
            raise pytest.UsageError(f"--scrubber-rules {folder}: there is no such folder.")
        if _pack_of(folder) is None and next(folder.rglob(PACK_FILE), None) is None:
            raise pytest.UsageError(f"--scrubber-rules {folder}: no {PACK_FILE} is in or below it, so it has no rules.")
        named = [Path(config.invocation_params.dir, argument.split("::")[0]).resolve() for argument in config.args]
        if not any(folder.is_relative_to(path) or path.is_relative_to(folder) for path in named):
            config.args.append(str(folder))
    if folders:
        from scrubber.testing.collection import open_tables

        open_tables(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    folders = _folders(parent.config)
    if not folders or file_path.suffix.lower() not in SUFFIXES:
        return None
    path = file_path.resolve()
    if not any(path.is_relative_to(folder) for folder in folders):
        return None
    pack = _pack_of(path.parent)
    if pack is None:
        return None
    from scrubber.testing.collection import RuleFile

    return RuleFile.of(file_path, parent, pack)


def _folders(config: pytest.Config) -> list[Path]:
    return [Path(config.invocation_params.dir, name).resolve() for name in config.getoption(RULES)]


def _pack_of(folder: Path) -> Path | None:
    """The folder of the pack that a folder is or lies in."""
    return next((one for one in (folder, *folder.parents) if (one / PACK_FILE).is_file()), None)
