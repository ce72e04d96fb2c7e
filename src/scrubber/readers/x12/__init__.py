"""Read 837 claim files: `read_x12(stream, source)` yields one `Claim` after the other."""

from scrubber.readers.x12.reader import read_x12
from scrubber.readers.x12.tokens import looks_like_x12

__all__ = ["looks_like_x12", "read_x12"]
