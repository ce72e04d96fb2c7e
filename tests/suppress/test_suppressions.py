"""The file of suppressions: what an entry may say, and that every mistake is told with its place and its mend."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.errors import ScrubberError
from scrubber.rules.model import Pack
from scrubber.scrub import Scrubber
from scrubber.suppress import Suppressions, read_suppressions
from scrubber.tables import TableSet

jsonschema = pytest.importorskip("jsonschema")

from scrubber.rules.schema import suppressions_schema  # noqa: E402


@pytest.fixture(scope="module")
def packs(shipped_tables: TableSet) -> tuple[Pack, ...]:
    return Scrubber.load(tables=shipped_tables, select=["dx"]).packs


WHOLE = """\
# decided in the meeting of October
- rule: DX104
  claim: A-1001
  payer: [60054, Medicare]
  procedure: 99213
  fingerprint: 0123456789012345
  reason: >
    The payer confirmed in writing
    that it takes the old code.
  by: J. Rivera
  until: 2027-01-31
- {rule: dx, reason: Under review., by: coding, until: 2026-12-31}
"""


def read(folder: Path, text: str, packs: tuple[Pack, ...]) -> Suppressions:
    path = folder / "suppressions.yaml"
    path.write_text(text, encoding="utf-8")
    return read_suppressions(path, packs)


def test_an_entry_says(tmp_path: Path, packs: tuple[Pack, ...]) -> None:
    first, second = read(tmp_path, WHOLE, packs).entries
    assert first.place == f"{tmp_path / 'suppressions.yaml'}:2"
    assert first.rules == {"dx104"}
    assert first.claims == {"A-1001"}
    assert first.payers == {"60054", "medicare"}
    assert first.procedures == {"99213"}
    assert first.fingerprints == {"0123456789012345"}, "it is text, whatever it looks like"
    assert first.reason == "The payer confirmed in writing that it takes the old code."
    assert (first.by, first.until) == ("J. Rivera", date(2027, 1, 31))
    assert second.place.endswith(":12")
    assert second.rules == {"dx"}


@pytest.mark.parametrize("text", ["", "# nothing is set aside now\n", "[]\n"])
def test_a_file_may_be_empty(tmp_path: Path, packs: tuple[Pack, ...], text: str) -> None:
    assert read(tmp_path, text, packs).entries == ()


GOOD = "- {rule: DX104, reason: r, by: b, until: 2027-01-31}"


@pytest.mark.parametrize(
    ("wrong", "place", "told"),
    [
        (GOOD.replace("DX104", "DX401"), "1:10", "no rule or family is called 'DX401'. Did you mean 'DX104'?"),
        (GOOD.replace("DX104", "dxx"), "1:10", "no rule or family is called 'dxx'"),
        (GOOD.replace("until", "untill"), "1:35", "a suppression has no key 'untill'. Did you mean 'until'?"),
        (GOOD.replace(", until: 2027-01-31", ""), "1:3", "a suppression lacks the key 'until'"),
        (GOOD.replace(", by: b", ""), "1:3", "a suppression lacks the key 'by'"),
        (GOOD.replace("reason: r, ", ""), "1:3", "a suppression lacks the key 'reason'"),
        (GOOD.replace("reason: r", "reason: ''"), "1:25", "reason is empty. Say why"),
        (GOOD.replace("by: b", "by: ~"), "1:32", "by is empty. Say who"),
        (GOOD.replace("2027-01-31", "01/31/2027"), "1:42", "not '01/31/2027'. Write it as 2027-01-31."),
        (GOOD.replace("2027-01-31", "never"), "1:42", "until must be a date"),
        (GOOD.replace("2027-01-31", "2027-02-30"), "1:42", "There is no such day"),
        (GOOD.replace("rule: DX104", "payer: 60054"), "1:3", "a suppression must say of which rule or finding"),
        (GOOD.replace("rule: DX104", "fingerprint: A-1001"), "1:17", "this is no fingerprint. It has 16 digits"),
        (GOOD.replace("rule: DX104", "rule: DX104, payer: []"), "1:24", "payer is empty"),
        (GOOD.replace("rule: DX104", "rule: DX104, claim: ''"), "1:24", "claim is empty"),
        (GOOD.replace("rule: DX104", "rule: DX104, rule: DX105"), "1:17", "the key 'rule' stands twice"),
        ("- DX104", "1:3", "a suppression must be a mapping of `key: value` lines. Write `- rule: DX104`"),
        ("{rule: DX104}", "1:1", "suppressions must be a list"),
        ("- &a {rule: DX104}", "1:3", "anchors and aliases"),
        ("- rule: 'DX104", "1:9", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, packs: tuple[Pack, ...], wrong: str, place: str, told: str
) -> None:
    with pytest.raises(ScrubberError) as raised:
        read(tmp_path, wrong + "\n", packs)
    assert f"suppressions.yaml:{place}: " in raised.value.message
    assert told in raised.value.message


def test_all_mistakes_are_told_at_once(tmp_path: Path, packs: tuple[Pack, ...]) -> None:
    text = f"{GOOD.replace('DX104', 'DX9999')}\n{GOOD.replace('by: b', 'bye: b')}\n{GOOD.replace('2027', '27')}\n"
    with pytest.raises(ScrubberError, match=": 3 mistakes in the suppressions") as raised:
        read(tmp_path, text, packs)
    assert re.findall(r"yaml:(\d):", raised.value.message) == ["1", "2", "3"]


def test_a_file_that_is_not_there(tmp_path: Path, packs: tuple[Pack, ...]) -> None:
    with pytest.raises(ScrubberError, match=r"there is no such file\. Check the spelling of the path"):
        read_suppressions(tmp_path / "absent.yaml", packs)
    with pytest.raises(ScrubberError, match=r"the file cannot be read\. Name a file, not a folder"):
        read_suppressions(tmp_path, packs)


@settings(deadline=None)
@given(text=st.text(alphabet="- {}[]:,'\"\n\t#&*ruleDX104untireasoby2\u0000\u201c", max_size=80))
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, packs: tuple[Pack, ...], text: str
) -> None:
    with suppress(ScrubberError):
        read(tmp_path_factory.getbasetemp(), text, packs)


class EditorLoader(yaml.SafeLoader):
    """Dates are text, as editors read them."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, shape) for tag, shape in resolvers if not tag.endswith("timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (WHOLE, True),
        ("# nothing\n", True),
        (GOOD, True),
        (GOOD.replace("by: b, ", ""), False),
        (GOOD.replace("rule: DX104", "payer: 60054"), False),
        (GOOD.replace("until", "til"), False),
        (GOOD.replace("2027-01-31", "never"), False),
    ],
)
def test_the_schema_for_editors_says_the_same(text: str, fits: bool) -> None:
    document = yaml.load(text, Loader=EditorLoader)
    assert jsonschema.Draft202012Validator(suppressions_schema()).is_valid(document) == fits
