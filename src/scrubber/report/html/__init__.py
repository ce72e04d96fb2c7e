"""The report as one page for a browser: a work queue with filters and charts, in one file that needs no network.

`data.py` turns reports into lines of JSON, `page.py` puts the files beside it (HTML, CSS, JavaScript) around them,
`noscript.py` says the summary where no script runs, `writer.py` writes all of it while the claims come in.
"""

from scrubber.report.html.writer import HtmlWriter

__all__ = ["HtmlWriter"]
