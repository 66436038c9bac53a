"""Rebuild the shipped record of the fronts class: what chances it gave of many dead, and how often they came.

`python scripts/derive_class_record.py` from the checkout, with the development data beside it. Every window is fitted
on what was known before it (`fissures reference score`), 300 paths, one seed. Two spans are kept apart: the one on
which the class's choices were made, and the one on which none was. The latter had been seen once, when the ladder's
share was chosen again (docs/reference-class.md).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from fissures import api
from fissures.study.class_skill import THRESHOLDS, Window

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "ged" / "ged_world.parquet"
OUT = ROOT / "src" / "fissures" / "classes" / "record.csv"
VINTAGE = "UCDP GED 21.1"
SPANS = {
    "choices were made on it": [date(year, 1, 1) for year in range(2008, 2018)],
    "no choice was made on it": [date(2018, 1, 1), date(2018, 7, 1), date(2019, 1, 1), date(2019, 7, 1)],
}
ENDS = {"choices were made on it": date(2017, 6, 4), "no choice was made on it": date(2019, 12, 1)}
BINS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
LEAST = 25.0  # dead in a week
COLUMNS = ("span", "vintage", "known_by", "windows", "least", "from", "to", "chances", "mean", "came")


def rows(span: str, windows: Sequence[Window]) -> list[tuple[object, ...]]:
    """One row a bin of chances: how many were given, their mean, and how many came."""
    k = THRESHOLDS.index(LEAST)
    said = np.concatenate([window.chances[k] for window in windows])
    came = np.concatenate([window.came[k] for window in windows])
    which = np.clip(np.searchsorted(BINS, said, side="right") - 1, 0, len(BINS) - 2)
    out: list[tuple[object, ...]] = []
    for b in range(len(BINS) - 1):
        inside = which == b
        mean = round(float(said[inside].mean()), 5) if inside.any() else ""
        told = (int(inside.sum()), mean, int(came[inside].sum()))
        out.append((span, VINTAGE, ENDS[span], len(windows), f"{LEAST:g}", BINS[b], BINS[b + 1], *told))
    return out


def build() -> str:
    """The table as CSV."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for span, origins in SPANS.items():
        scored = api.score_class(DATA, origins, VINTAGE, paths=300, seeds=1)
        table.writerows(rows(span, [window for window in scored if window.model == "mixture"]))
    return text.getvalue()


if __name__ == "__main__":
    OUT.write_text(build(), encoding="utf-8")
    print(OUT.relative_to(ROOT))
