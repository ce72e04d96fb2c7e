"""Where the shipped content (rules, code tables) lies: inside the installed package, or in the checkout."""

from __future__ import annotations

from pathlib import Path

from scrubber.errors import ScrubberError

_PACKAGE = Path(__file__).parent


def content_folder(name: str) -> Path:
    """The folder of shipped content called `name`: "rules" or "code_tables".

    A wheel carries it inside the package; an editable install reads it from the checkout beside `src/`.

    Raises:
        ScrubberError: neither place has it.
    """
    for folder in (_PACKAGE / "_content" / name, _PACKAGE.parents[1] / name):
        if folder.is_dir():
            return folder
    raise ScrubberError(
        f"the shipped folder {name!r} is missing from this installation.",
        hint="Install claim-scrubber again.",
    )
