"""Rebuild the shipped reference classes, byte for byte, from the development data beside the checkout.

`python scripts/derive_classes.py [--to FOLDER]`. Each class is what `fissures reference fit` writes: one to the
end of 2017, the last year that the recipes were tuned on, and one before 21 July 2020, when the shipped case stands.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from fissures import api

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "ged"
FRONTS = (DATA / "ged_world.parquet", "UCDP GED 21.1")
COUNTRIES = (DATA / "country_month_sb_by_end_date_1990_2020.csv", "UCDP GED, challenge of 2023/24")
CLASSES = {
    "fronts-by-week-2017": (*FRONTS, "week", date(2018, 1, 1)),
    "fronts-by-week-2020": (*FRONTS, "week", date(2020, 7, 21)),
    "countries-by-month-2017": (*COUNTRIES, "month", date(2018, 1, 1)),
    "countries-by-month-2020": (*COUNTRIES, "month", date(2020, 7, 1)),
}


def build(folder: Path) -> None:
    """Write every class under a folder."""
    for name, (file, vintage, step, before) in CLASSES.items():
        made = api.fit_class(file, before, vintage, step, out=folder / name)
        print(f"{name}: {made.units} units to {made.cutoff}, {made.digest[:12]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "src" / "fissures" / "classes")
    build(parser.parse_args().to)
