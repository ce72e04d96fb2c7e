"""Reports in the formats that people and programs read. This package reads findings and nothing else.

A new format is one new module with a class that keeps to `ReportWriter`, and one line in `formats.py`.
"""
