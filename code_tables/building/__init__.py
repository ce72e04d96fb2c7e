"""The steps of building the shipped tables from pinned packages. Used by `build.py` only, never at run time."""
