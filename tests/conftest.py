"""What all tests share."""

from __future__ import annotations

import gc
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scrubber.content import content_folder
from scrubber.rules import loader
from scrubber.rules.model import Pack
from scrubber.rules.yaml_source import RuleProblem
from scrubber.tables import TableSet

CHECKOUT = Path(__file__).parents[1]


def pytest_collection_finish() -> None:
    """Thousands of tests are at hand now: the collector need not look at them again whenever rules are read."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def shipped_packs_read_once() -> Iterator[None]:
    """Hundreds of tests load the shipped packs over the same tables: frozen, so that one reading serves them all."""
    read, home = loader.read_pack, content_folder("rules").resolve()
    known: dict[object, tuple[Pack | None, list[RuleProblem]]] = {}

    def read_pack(folder: Path, tables: TableSet) -> tuple[Pack | None, list[RuleProblem]]:
        if folder.resolve().parent != home:
            return read(folder, tables)
        found = (tables.get(name) for name in sorted(tables.names))
        columns = tuple((table.name, table.key, tuple(table.columns.values())) for table in found if table)
        key = (folder, columns, tuple(one.path for one in tables.value_sets.values()))
        if key not in known:
            known[key] = read(folder, tables)
        pack, problems = known[key]
        return pack, list(problems)

    loader.read_pack = read_pack
    yield
    loader.read_pack = read


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Published files and labelled cases that lie beside the checkout; they are read in place and never copied."""
    folder = CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of published files and labelled cases is not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def clinic_837() -> Path:
    """The sample file that the README checks."""
    return CHECKOUT / "examples" / "clinic.837"


@pytest.fixture(scope="session")
def shipped_tables() -> TableSet:
    """The tables that the library ships."""
    return TableSet.open()


RULE = """\
id: {id}
name: {name}
title: A rule of a test
status: stable
for_each: {scope}
severity: error
risk: 0.5
disposition: line_denial
owner: biller
message: "It fired."
why: Because the test says so.
fix: {{text: Mend it.}}
references: [{{title: This test}}]
tests:
  - {{name: fires, claim: {{dos: 2026-03-02}}, fires_at: [claim]}}
  - {{name: clean, claim: {{dos: 2026-03-02}}, fires_at: []}}
"""


MANY_VISITS = """\
id: TST101
name: many-visits
title: Many visits on a line
status: stable
for_each: line
when:
  - line.procedure: {is_one_of: [99202-99215]}
  - line.units: {more_than: 1}
severity: error
risk: 0.5
disposition: line_denial
owner: biller
message: "Line {line.position} has {line.units} visits."
why: A visit is paid once a day.
fix: {text: Check the units.}
references: [{title: This test}]
tests:
  - {name: two visits, claim: {lines: [99213 x2]}, fires_at: [line 1]}
  - {name: one visit, claim: {lines: [99213]}, fires_at: []}
"""


@pytest.fixture
def many_visits() -> str:
    """A rule of two conditions, of which its examples prove the second."""
    return MANY_VISITS


def _write_rule(folder: Path, body: str, *, id: str = "TST101", name: str = "test-rule", scope: str = "line") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text('name: test\nversion: "1"\ntitle: A test\n', encoding="utf-8")
    path = folder / f"{id}-{name}.yaml"
    path.write_text(RULE.format(id=id, name=name, scope=scope) + textwrap.dedent(body), encoding="utf-8")
    return path


@pytest.fixture
def write_rule(tmp_path: Path) -> Callable[..., Path]:
    """Writes a rule into the pack in `tmp_path`: the common keys, and a body below them; gives the rule's file."""

    def write(body: str, **keys: str) -> Path:
        return _write_rule(tmp_path, body, **keys)

    return write
