"""The page around the data: read from the files beside this module, with a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

import attrs

STYLES = ("page.css", "print.css")
SCRIPTS = (
    "dom.js",
    "data.js",
    "filters.js",
    "state.js",
    "summary.js",
    "queue.js",
    "finding.js",
    "claim.js",
    "charts.js",
    "unchecked.js",
    "rules.js",
    "export.js",
    "main.js",
)
"""In the order in which they need each other; together they are one script."""


@attrs.frozen
class Page:
    """What stands before the data, between the data and the summary for browsers without script, and after it."""

    before: str
    between: str
    after: str


def load_page() -> Page:
    """The page with its style and script in place."""
    style = "".join(_text(name) for name in STYLES)
    script = "".join(_text(f"js/{name}") for name in SCRIPTS)
    # No default, no network, no frame, no form target: only this style and this script, known by their digests.
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    html = _text("page.html").replace("{{policy}}", policy).replace("{{style}}", style)
    before, _, rest = html.partition("{{data}}\n")
    between, _, after = rest.partition("{{noscript}}")
    return Page(before, between, after.replace("{{script}}", script))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
