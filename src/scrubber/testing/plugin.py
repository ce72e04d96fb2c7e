"""A plugin of pytest: fixtures for tests of software that uses the library, and `pytest --scrubber-rules DIR`, which
runs the examples of every rule below DIR, one item for each.

Every run of pytest loads this module where the library is installed, so it imports nothing of the library before it is
asked for a fixture or for rules; what it collects stands in `testing/collection.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from scrubber.claim import Claim
    from scrubber.scrub import Scrubber
    from scrubber.tables import TableSet
    from scrubber.testing.snapshots import Snapshots

PACK_FILE = "pack.yaml"
"""As `rules.loader` has it, which is not imported here."""
SUFFIXES = (".yaml", ".yml")
RULES, TABLES, MUTANTS = "scrubber_rules", "scrubber_tables", "scrubber_mutants"
UPDATE = "scrubber_update_snapshots"


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
    group.addoption(
        "--scrubber-update-snapshots",
        dest=UPDATE,
        action="store_true",
        default=False,
        help="Store what `report_snapshot` is given, in place of comparing it.",
    )


@pytest.fixture(scope="session")
def scrubber_mini_tables() -> TableSet:
    """The frozen mini tables: a few rows of every table that rules ask (`scrubber.testing.mini_tables`)."""
    from scrubber.testing.mini import mini_tables

    return mini_tables()


@pytest.fixture(scope="session")
def mini_scrubber() -> Scrubber:
    """A Scrubber with the core pack and the mini tables, loaded once for the run (`scrubber.testing.mini_scrubber`)."""
    from scrubber.testing import mini_scrubber

    return mini_scrubber()


@pytest.fixture
def make_claim() -> Callable[..., Claim]:
    """`scrubber.testing.a_claim` with claim ids that count up: T-1, T-2 …; `form="dental"` makes the other forms."""
    from scrubber.testing.claims import FORMS

    numbers = count(1)

    def make(*, form: str = "professional", **fields: Any) -> Claim:
        return FORMS[form](**{"claim_id": f"T-{next(numbers)}", **fields})

    return make


@pytest.fixture
def report_snapshot(request: pytest.FixtureRequest) -> Snapshots:
    """Compares a report with what is stored beside the test: `report_snapshot(report)`."""
    from scrubber.testing.snapshots import snapshots_of

    inner = request.node.nodeid.partition("::")[2].partition("[")
    test = inner[0].replace("::", ".") + "".join(inner[1:])
    return snapshots_of(request.path, test, update=request.config.getoption(UPDATE))


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
