"""Counts from event data: the shared rows written in their native layouts, read by the package, counted by the case.

The development data hold ICEWS and UCDP rows in other files than those their providers publish. Here they are put back
into the native columns, so that the shipped counts come through the same readers that an analyst's own download would.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

import fissures as fs

from .tables import SourceProblem

ACCESSED = date(2026, 11, 1)  # when the development data were gathered; a fixed day, so that the same bytes come out
MAPPINGS = Path(__file__).parent / "mappings"
ICEWS = {
    "Event ID": "event_id",
    "Event Date": "event_date::DATE",
    "Source Name": "source_name",
    "Source Sectors": "source_sectors",
    "Source Country": "source_country",
    "Event Text": "event_text",
    "CAMEO Code": "cameo_code",
    "Intensity": "intensity",
    "Target Name": "target_name",
    "Target Sectors": "target_sectors",
    "Target Country": "target_country",
    "Story ID": "story_id",
    "Sentence Number": "sentence_number",
    "Publisher": "publisher",
    "City": "city",
    "District": "district",
    "Province": "province",
    "Country": "country",
    "Latitude": "latitude",
    "Longitude": "longitude",
}
QUADRUPLES = {"source": "source", "relation": "relation", "target": "target", "date": "date::DATE"}


def store_of(shared: Path, folder: Path) -> Path:
    """A store that holds what the case counts from: ICEWS 2018-01 to 2019-03, and the UCDP subset."""
    icews = shared / "data/icews"
    daily, quads = icews / "icews_daily_2018-09_2019-03.parquet", icews / "icews_quads_2005_2018.parquet"
    _native(daily, folder / "events.tab", ICEWS, "true", header=True)
    _native(quads, folder / "icews18.txt", QUADRUPLES, "dataset = 'ICEWS18'", header=False)
    store = folder / "store"
    fs.add_data(folder / "events.tab", version="2018-09..2019-03", accessed=ACCESSED, store=store)
    fs.add_data(folder / "icews18.txt", version="ICEWS18", accessed=ACCESSED, store=store)
    fs.add_data(
        shared / "data/ged/ged_world.parquet",
        version="21.1",
        mapping=MAPPINGS / "ged_world.yaml",
        published=date(2021, 6, 1),
        accessed=ACCESSED,
        store=store,
    )
    return store


def _native(source: Path, target: Path, columns: Mapping[str, str], where: str, header: bool) -> None:
    """Rows of a Parquet file as tab-separated text in native columns, without quoting; tabs inside become blanks."""
    named = ", ".join(f"replace(CAST({sql} AS VARCHAR), chr(9), ' ') AS \"{name}\"" for name, sql in columns.items())
    told = "DELIMITER '\t', QUOTE '', HEADER true" if header else "DELIMITER '\t', QUOTE '', HEADER false"
    if not source.is_file():
        raise SourceProblem(f"cannot read {source.as_posix()}")
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {named} FROM '{source}' WHERE {where}) TO '{target}' ({told})")


def count(shared: Path, case: Path, out: Path) -> None:
    """Write the files that the case counts from event data, each with its provenance beside it."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "case"
        made.mkdir()
        shutil.copyfile(case / "case.yaml", made / "case.yaml")
        fs.panel(made, write=True, store=store_of(shared, Path(folder)))
        for file in sorted(made.iterdir()):
            if file.name != "case.yaml":
                shutil.copyfile(file, out / file.name)
