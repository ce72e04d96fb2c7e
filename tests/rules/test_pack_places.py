"""Packs by name: shipped ones, those of installed packages, and what is told where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber import RuleError, Scrubber, UnknownName
from scrubber.rules.pack_hash import check_hashes, file_hashes, hash_of
from scrubber.rules.pack_places import pack_folder, shipped_packs
from scrubber.tables import TableSet

from .layer_packs import setting, write_layer, write_national

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a distribution with packs on the path, as pip would: its metadata, and a package that must not be run."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(site)

    def install(value: str = "their_rules:packs.theirs", *, name: str = "theirs", dist: str = "their-rules") -> Path:
        folder = site / "their_rules" / "packs" / "theirs"
        if not folder.is_dir():
            write_national(folder.parent).rename(folder)
            (site / "their_rules" / "__init__.py").write_text("raise SystemExit('run')\n", encoding="utf-8")
        metadata = site / f"{dist.replace('-', '_')}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.0\n", encoding="utf-8")
        (metadata / "entry_points.txt").write_text(f"[scrubber.packs]\n{name} = {value}\n", encoding="utf-8")
        return folder

    return install


def test_a_pack_of_an_installed_package_is_found_without_running_the_package(
    install: Install, shipped_tables: TableSet
) -> None:
    folder = install()
    assert pack_folder("theirs") == folder
    assert [pack.name for pack in Scrubber.load(["theirs"], shipped_tables).packs] == ["base"]


def test_a_package_may_be_the_pack(install: Install) -> None:
    folder = install("their_rules")
    for path in folder.iterdir():
        path.rename(folder.parents[1] / path.name)
    assert pack_folder("theirs") == folder.parents[1]


@pytest.mark.parametrize("value", ["their_rules:packs.others", "no_such_package", "their_rules.no:x"])
def test_a_package_that_does_not_hold_its_pack_is_named(install: Install, value: str) -> None:
    install(value)
    with pytest.raises(RuleError, match="the package their-rules says"):
        pack_folder("theirs")


def test_two_packages_may_not_bring_one_name(install: Install) -> None:
    install()
    install(dist="other-rules")
    with pytest.raises(RuleError, match="other-rules, their-rules"):
        pack_folder("theirs")


def test_a_name_that_is_none_is_answered_with_the_nearest(install: Install) -> None:
    install()
    with pytest.raises(UnknownName, match="Did you mean 'theirs'"):
        pack_folder("their")
    with pytest.raises(UnknownName, match="Did you mean 'medicare'"):
        pack_folder("medicar")
    assert shipped_packs() == ["commercial-sample", "core", "medicaid", "medicare"]


def test_the_hash_tells_every_change_and_nothing_else(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path)
    layer = write_layer(tmp_path, setting("{severity: warning}"))
    before = hash_of(file_hashes(layer))
    (layer / "notes.txt").write_text("not read", encoding="utf-8")
    assert hash_of(file_hashes(layer)) == before
    (layer / "overrides.yaml").write_text(setting("{severity: info}"), encoding="utf-8")
    assert hash_of(file_hashes(layer)) != before


def test_python_callers_may_give_the_hashes(tmp_path: Path, shipped_tables: TableSet) -> None:
    base = write_national(tmp_path)
    hashes = {f"base/{name}": digest for name, digest in file_hashes(base).items()}
    scrubber = Scrubber.load([base], shipped_tables, pack_hashes=hashes)
    check_hashes(scrubber.packs, hashes)
    missing = {name: digest for name, digest in hashes.items() if name != "base/pack.yaml"}
    for given, message in (
        (missing, "not in the list of hashes"),
        ({**hashes, "base/more.yaml": "0" * 64}, "and not in the pack"),
        ({}, "the pack is not in the list"),
    ):
        with pytest.raises(RuleError, match=message):
            Scrubber.load([base], shipped_tables, pack_hashes=given)
