"""Read 837 claim files: `read_x12(stream, source)` yields one `Claim` after the other."""

from scrubber.readers.x12.reader import find_x12, read_x12
from scrubber.readers.x12.tokens import looks_like_x12

__all__ = ["find_x12", "looks_like_x12", "read_x12"]
