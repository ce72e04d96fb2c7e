"""Coverage policies: the csv export of the Medicare Coverage Database, local coverage articles.

    article.csv                     article_id, article_version, title, article_eff_date, article_end_date, status, …
    article_x_hcpc_code.csv         the procedures of each version of an article
    article_x_icd10_covered.csv     diagnoses that support them; …_noncovered.csv: diagnoses that do not
    article_x_contractor.csv, contractor_jurisdiction.csv, state_lookup.csv     the states where it holds
    article_related_documents.csv   the determination that it belongs to, where the export has it

`article.csv` is read together with the files beside it, in the same zip or folder. An article has up to thousands of
diagnoses for dozens of procedures in a dozen states, so the product of all three is not written out: `coverage` has a
row for each procedure, state and version, which names a list in `coverage_diagnoses`. Asking is two look-ups, however
long the list.

Groups of an article are not kept apart: the export does not say which group of diagnoses belongs to which group of
procedures. A diagnosis in any covered group counts as covered; its groups stand in `groups`. Which groups need a second
diagnosis, and which modifiers an article demands, stands in its text only.

Source: https://www.cms.gov/medicare-coverage-database/downloads/downloads.aspx, data dictionary of the export.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Remark,
    Sample,
    SourceFile,
    TableRow,
    reads_nothing,
)
from scrubber.tables.importers.coverage_files import CsvFile, ExportedRow, files_beside
from scrubber.tables.importers.values import NotTaken, day_of, icd10cm_of, procedure_of, shown

TABLE = "coverage"
LISTS = "coverage_diagnoses"
_LICENCE = "CPT codes are the AMA's, used under your own licence; the policies are works of CMS and its contractors"
_NEEDED = frozenset({"article_id", "article_version", "article_eff_date", "status"})
_NEEDED_FILES = ("article_x_hcpc_code", "article_x_contractor", "contractor_jurisdiction", "state_lookup")
_IN_FORCE = frozenset({"a", "active", "r", "retired", "superseded"})
_COMPANIONS = (
    {"article_id", "article_version"},
    {"lcd_id", "lcd_version"},
    {"contractor_id", "contractor_type_id"},
    {"state_id", "state_abbrev"},
)

Version = tuple[str, str]
"""Number and version of an article."""


@frozen
class _Article:
    """One version of an article."""

    version: Version
    policy: str
    title: str
    first: date
    last: date | None
    line: int

    @property
    def diagnosis_list(self) -> str:
        """The key of its diagnoses."""
        return f"{self.policy}-{self.version[1]}"


def _is_article(sample: Sample) -> bool:
    return any(_headings(cells) >= _NEEDED for cells in sample.rows[:1])


def _is_companion(sample: Sample) -> bool:
    headings = _headings(sample.rows[0]) if sample.rows else set()
    return not headings >= _NEEDED and any(words <= headings for words in _COMPANIONS)


def _headings(cells: Iterable[str]) -> set[str]:
    return {cell.strip().lower() for cell in cells}


def _read(source: SourceFile) -> Iterator[Parsed]:
    files = files_beside(source)
    missing = [name for name in _NEEDED_FILES if name not in files]
    if missing:
        raise TableError(
            f"of the export {', '.join(f'{name}.csv' for name in missing)} are missing beside the articles.",
            where=source.name,
            hint="Import the zip as it was downloaded.",
        )
    articles, refusals, seen = _articles(files["article"])
    if not articles:
        raise TableError("no article of the export has days and a number.", where=source.name)
    first_day = min(article.first for article in articles.values())
    name = (source.stated_day or seen or first_day).isoformat()
    what = f"Medicare Coverage Database, articles as of {name}"
    yield EditionFound(TABLE, name, first_day, None, what, _LICENCE)
    yield EditionFound(LISTS, name, first_day, None, what, _LICENCE)
    yield from refusals
    lists = _Lists()
    yield from lists.read(files, articles)
    for version, diagnoses in lists.by_version.items():
        article = articles[version]
        for diagnosis, entry in diagnoses.items():
            groups = " ".join(sorted(entry.groups, key=lambda group: (len(group), group))) or None
            values = (entry.covered, entry.noncovered, groups, None)
            yield TableRow(LISTS, (article.diagnosis_list, diagnosis), article.first, article.last, values, (), 0)
    yield from _policies(files, articles, lists)


def _policies(files: dict[str, CsvFile], articles: dict[Version, _Article], lists: _Lists) -> Iterator[Parsed]:
    """A row for each procedure, state and version of an article."""
    states = _states(files)
    determinations = _determinations(files)
    seen: set[tuple[Version, str]] = set()
    nowhere: set[str] = set()
    for row in files["article_x_hcpc_code"].rows():
        article = articles.get(_version(row))
        if article is None:
            continue
        try:
            procedure = procedure_of(row.text("hcpc_code_id"))
        except NotTaken as reason:
            yield Refused(article.line, f"line {row.line} of article_x_hcpc_code.csv: {reason}.")
            continue
        if (article.version, procedure) in seen:
            continue  # a procedure may stand in several groups
        seen.add((article.version, procedure))
        diagnoses = lists.by_version.get(article.version, {})
        values = (
            article.policy,
            int(article.version[1]),
            "article",
            determinations.get(article.version),
            article.diagnosis_list if diagnoses else None,
            any(entry.covered for entry in diagnoses.values()),
            any(entry.noncovered for entry in diagnoses.values()),
            None,
        )
        if not states.get(article.version):
            nowhere.add(article.policy)
        for state in sorted(states.get(article.version, ())):
            key = (procedure, state)
            yield TableRow(TABLE, key, article.first, article.last, values, (article.title or None,), article.line)
    for policy in sorted(nowhere):
        yield Remark(f"{policy} holds in no state that the export names, and is left out.")


@frozen
class _Entry:
    """What an article says of a diagnosis."""

    covered: bool = False
    noncovered: bool = False
    groups: frozenset[str] = frozenset()


class _Lists:
    """The diagnoses of every version. Stateful while it is read."""

    def __init__(self) -> None:
        self.by_version: dict[Version, dict[str, _Entry]] = defaultdict(dict)

    def read(self, files: dict[str, CsvFile], articles: dict[Version, _Article]) -> Iterator[Refused]:
        """Take both lists of diagnoses."""
        for name, group, is_covered in (
            ("article_x_icd10_covered", "icd10_covered_group", True),
            ("article_x_icd10_noncovered", "icd10_noncovered_group", False),
        ):
            for row in files[name].rows() if name in files else ():
                article = articles.get(_version(row))
                if article is None:
                    continue
                try:
                    diagnosis = icd10cm_of(row.text("icd10_code_id"))
                except NotTaken as reason:
                    yield Refused(article.line, f"line {row.line} of {name}.csv: {reason}.")
                    continue
                known = self.by_version[article.version].get(diagnosis, _Entry())
                groups = known.groups | {row.text(group)} if is_covered and row.text(group) else known.groups
                entry = _Entry(known.covered or is_covered, known.noncovered or not is_covered, groups)
                self.by_version[article.version][diagnosis] = entry


def _articles(file: CsvFile) -> tuple[dict[Version, _Article], list[Refused], date | None]:
    """The versions that hold or held, what was refused, and the day of the latest change in the export."""
    found: dict[Version, _Article] = {}
    refusals: list[Refused] = []
    latest: date | None = None
    for row in file.rows():
        status = row.text("status").lower()
        try:
            article = _article(row)
            changed = day_of(row.text("last_updated"), "the day of the last change,")
        except NotTaken as reason:
            refusals.append(Refused(row.line, f"{reason}."))
            continue
        latest = max((day for day in (latest, changed) if day), default=None)
        if status in _IN_FORCE:
            found[article.version] = article
        elif status not in ("f", "future", "p", "proposed", "d", "draft"):
            refusals.append(Refused(row.line, f"the status of the article is {shown(row.text('status'))}."))
    return _one_after_another(found), refusals, latest


def _article(row: ExportedRow) -> _Article:
    version = _version(row)
    if not version[0].isdigit() or not version[1].isdigit():
        raise NotTaken("the article has no number or no version")
    # A revision holds from its own day on; the article's first day is that of its first version.
    first = day_of(row.text("article_rev_eff_date"), "the first day of the revision,") or day_of(
        row.text("article_eff_date"), "the first day of the article,"
    )
    last = day_of(row.text("article_rev_end_date"), "the last day of the revision,") or day_of(
        row.text("article_end_date"), "the last day of the article,"
    )
    if first is None:
        raise NotTaken("the article has no first day")
    if last is not None and last < first:
        raise NotTaken(f"the article ends on {last}, before it begins on {first}")
    policy = row.text("display_id") or f"A{version[0]}"
    return _Article(version, policy, " ".join(row.text("title").split()), first, last, row.line)


def _one_after_another(articles: dict[Version, _Article]) -> dict[Version, _Article]:
    """Versions of one article end where the next begins."""
    ended: dict[Version, _Article] = {}
    following: dict[str, _Article] = {}
    for article in sorted(articles.values(), key=lambda one: (one.version[0], -int(one.version[1]))):
        after = following.get(article.version[0])
        last = article.last
        if after is not None:
            day_before = after.first - timedelta(days=1)
            last = day_before if last is None else min(last, day_before)
        if last is None or last >= article.first:  # else the next version took its place before its first day
            one = _Article(article.version, article.policy, article.title, article.first, last, article.line)
            ended[article.version] = following[article.version[0]] = one
    return ended


def _states(files: dict[str, CsvFile]) -> dict[Version, set[str]]:
    """The states in which each version holds: its own list where it has one, else all of its contractors'."""
    abbreviations = {row.text("state_id"): row.text("state_abbrev").upper() for row in files["state_lookup"].rows()}
    of_contractor: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in files["contractor_jurisdiction"].rows():
        state = abbreviations.get(row.text("state_id"), "")
        if state and not row.text("term_date"):
            of_contractor[_contractor(row)].add(state)
    states: dict[Version, set[str]] = defaultdict(set)
    for row in files["article_x_contractor"].rows():
        states[_version(row)] |= of_contractor.get(_contractor(row), set())
    own: dict[Version, set[str]] = defaultdict(set)
    if "article_x_primary_jurisdiction" in files:
        for row in files["article_x_primary_jurisdiction"].rows():
            state = abbreviations.get(row.text("state_id"), "")
            if state:
                own[_version(row)].add(state)
    return {**states, **own}


def _determinations(files: dict[str, CsvFile]) -> dict[Version, str]:
    """The determination of each version, where the export has the relations of articles."""
    if "article_related_documents" not in files:
        return {}
    return {
        _version(row): f"L{row.text('r_lcd_id')}"
        for row in files["article_related_documents"].rows()
        if row.text("r_lcd_id").isdigit()
    }


def _version(row: ExportedRow) -> Version:
    return row.text("article_id"), row.text("article_version")


def _contractor(row: ExportedRow) -> tuple[str, ...]:
    return tuple(row.text(name) for name in ("contractor_id", "contractor_type_id", "contractor_version"))


IMPORTERS = (
    Importer(
        name="coverage",
        meaning="coverage articles of Medicare contractors",
        layout="Medicare Coverage Database export, csv: article.csv with its companions in one zip or folder",
        recognise=_is_article,
        read=_read,
    ),
    Importer(
        name="coverage_companion",
        meaning="files of the coverage export that are read with article.csv",
        layout="as in the zip of the export",
        recognise=_is_companion,
        read=reads_nothing,
        leaves_out="it is read together with article.csv.",
    ),
)
