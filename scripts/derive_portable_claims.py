"""Rebuild the shipped results of the portable claims and their pages from the shared development data.

Usage: python scripts/derive_portable_claims.py [SHARED] [OUT]. Writes OUT/portable_results.json and OUT/docs; without
OUT the shipped files are replaced. About three minutes on one core.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import fissures as fs
from fissures.cli import main

ROOT = Path(__file__).resolve().parent.parent
MAPPINGS = ROOT / "scripts/portable_claims"
ACCESSED = date(2026, 11, 1)  # when the development data were gathered
FILES = (
    ("icews/icews_quads_2005_2018.parquet", MAPPINGS / "quads.yaml", "2005..2018"),
    ("icews/icews_daily_2018-09_2019-03.parquet", MAPPINGS / "daily.yaml", "2018-09..2019-03"),
    ("ged/ged_world.parquet", ROOT / "scripts/derive/mappings/ged_world.yaml", "21.1"),
)
ARGUMENTS = (
    *("--complete", "icews-quads+icews-daily:2018-01-01..2019-03-26"),
    *("--second", "icews-quads:2005-01-01..2015-12-31"),
    *("--wars", "ucdp-ged-subset"),
    *("--without", "ARM,AZE"),
)


def rebuild(shared: Path, results: Path, docs: Path) -> int:
    """Fill a store from the shared data, and run the command that an analyst would run."""
    with TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        for file, mapping, version in FILES:
            fs.add_data(shared / "data" / file, version=version, mapping=mapping, accessed=ACCESSED, store=store)
        where = ("--store", str(store), "--out", str(results), "--pages", str(docs))
        return main(["portable", "fit", *ARGUMENTS, *where])


if __name__ == "__main__":
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    shipped = ROOT / "src/fissures/terms/portable_results.json"
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    raise SystemExit(
        rebuild(shared, out / "portable_results.json" if out else shipped, out / "docs" if out else ROOT / "docs")
    )
