"""A hook of mkdocs: the page of every shipped rule, made from the rules while the site is built."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from scrubber.rules.loader import load_packs
from scrubber.tables import TableSet
from scrubber.testing.rule_pages import rule_pages

PACKS = ("core", "medicare", "medicaid", "commercial-sample")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages under `rules/`; the navigation names the two indexes, and search finds the rest."""
    tables = TableSet.open(None)
    for name, text in rule_pages(load_packs(PACKS, tables), tables).items():
        files.append(File.generated(config, f"rules/{name}", content=text))
    return files
