"""Small packs for tests of layers: a national one whose rule fires on units, and layers over it."""

from __future__ import annotations

import textwrap
from pathlib import Path

RULE = """\
id: {id}
name: {name}
title: Too many units
status: {status}
for_each: line
{applies_to}params: {{most: 5, codes: {{2020-01-01: ["99213"], 2025-01-01: ["99213", "99214"]}}}}
when:
  - line.procedure: {{is_one_of: $params.codes}}
  - line.units: {{more_than: $params.most}}
severity: error
risk: 0.9
disposition: line_denial
owner: biller
adjustment: {{group: CO, carc: ["151"]}}
acknowledgment: {{category: A7, status: ["476"]}}
message: "Line {{line.position}} has {{line.units}} units."
why: The example of a test.
fix: {{text: Bill fewer.}}
references: [{{title: National manual}}]
tests:
  - {{name: six, claim: {{lines: ["99213 x6"]}}, fires_at: [line 1]}}
  - {{name: five, claim: {{lines: ["99213 x5"]}}, fires_at: []}}
"""

OVERRIDE = """\
overrides:
  - rule: TST101
    from: 2026-01-01
    set: {set}
    reason: The manual of the payer says so.
    reference: {{title: Payer manual, url: "https://example.org/manual"}}
"""


def write_national(
    folder: Path, *, id: str = "TST101", name: str = "too-many-units", status: str = "stable", applies_to: str = ""
) -> Path:
    """The national pack `base` in a folder of packs."""
    pack = folder / "base"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "pack.yaml").write_text('name: base\nversion: "1"\ntitle: A national pack\n', encoding="utf-8")
    claims = f"applies_to: {applies_to}\n" if applies_to else ""
    text = RULE.format(id=id, name=name, status=status, applies_to=claims)
    (pack / f"{id}-{name}.yaml").write_text(text, encoding="utf-8")
    return pack


def write_layer(
    folder: Path,
    overrides: str | None,
    *,
    name: str = "our-payer",
    level: str = "payer",
    over: str = "[base]",
    applies_to: str | None = "{payers: [commercial], payer_ids: [P1]}",
    more: str = "",
) -> Path:
    """A layer over `base`, beside it."""
    pack = folder / name
    pack.mkdir(parents=True, exist_ok=True)
    header = f'name: {name}\nversion: "7"\ntitle: A layer\nlayer: {{level: {level}, over: {over}}}\n{more}'
    header += f"applies_to: {applies_to}\n" if applies_to else ""
    (pack / "pack.yaml").write_text(header, encoding="utf-8")
    if overrides is not None:
        (pack / "overrides.yaml").write_text(textwrap.dedent(overrides), encoding="utf-8")
    return pack


def setting(values: str) -> str:
    """An `overrides.yaml` that sets something of TST101 from 2026 on."""
    return OVERRIDE.format(set=values)
