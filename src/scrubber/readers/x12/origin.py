"""Where a field of a claim stands in its 837."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from scrubber.claim import Origin
from scrubber.readers.x12.draft import Draft


@attrs.frozen(kw_only=True)
class X12Origin(Origin):
    """Keeps the claim's own segments; a position is worked out only when it is asked for."""

    draft: Draft = attrs.field(repr=False, eq=False)

    def position(self, field: str) -> Mapping[str, object] | None:
        """Segment (ST = 1), loop and element of a field, or of the place where it is missing."""
        return None
