"""The reference classes: how long a refit of all takes, and how well their models forecast.

`python -m benchmarks.reference [--quick]` from the checkout, with `../shared` beside it. A row goes to
`benchmarks/results/reference.jsonl`; the tables of `docs/reference-class.md` are written anew between their markers.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scripts.derive_classes import COUNTRIES, FRONTS, build

from benchmarks import measure
from fissures import api
from fissures.study import class_skill as skill

PAGE = measure.HERE.parent / "docs" / "reference-class.md"
OF_COUNTRIES, OF_FRONTS = (1000, 3), (300, 1)  # paths and seeds: of fronts there are hundreds, for 22 weeks
SPANS: dict[str, tuple[Any, str, list[date]]] = {
    "countries-2008-2017": (COUNTRIES, "month", [date(year, 11, 1) for year in range(2007, 2017)]),
    "countries-2018-2020": (COUNTRIES, "month", [date(year, 11, 1) for year in range(2017, 2020)]),
    "fronts-2008-2017": (FRONTS, "week", [date(year, 1, 1) for year in range(2008, 2018)]),
    "fronts-2018-2020": (FRONTS, "week", [date(2018, 1, 1), date(2018, 7, 1), date(2019, 1, 1), date(2019, 7, 1)]),
}


def scores(windows: list[skill.Window]) -> dict[str, dict[str, Any]]:
    """Everything that is told of each model."""
    return {
        model: {
            **{what: round(skill.mean(windows, model, what), 4) for what in skill.SCORES},
            "rung questions": [round(float(loss), 4) for loss in skill.log_losses(windows, model)],
            "flare-ups": [[round(float(one), 1) for one in told] for told in skill.flare_ups(windows, model)],
        }
        for model in skill.MODELS
    }


def differences(windows: list[skill.Window]) -> dict[str, list[float]]:
    """The mixture less another model, with 90 % intervals by units."""
    pairs = [(other, what) for other in ("record", "own last year") for what in ("crps", "ignorance")]
    return {
        f"{what}, less {other}": [round(x, 4) for x in skill.difference(windows, "mixture", other, what)]
        for other, what in pairs
    }


def markdown(told: dict[str, dict[str, Any]]) -> Iterator[str]:
    """One table: a row a model."""
    heads = (
        "model",
        "CRPS",
        "ignorance, bits",
        "interval 90 %",
        "log CRPS",
        "25 / 100 / 1000 reached, log2 loss",
        "to 25",
    )
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|---|---|---|---|"
    for model, row in told.items():
        losses = " / ".join(f"{loss:.3f}" for loss in row["rung questions"])
        (expected, *_), (came, *_) = row["flare-ups"]
        yield (
            f"| {model} | {row['crps']:.2f} | {row['ignorance']:.3f} | {row['interval']:.1f} | {row['log crps']:.4f} "
            f"| {losses} | {expected:.0f} expected, {came:.0f} came |"
        )


def write(name: str, lines: list[str]) -> None:
    """Put lines between a pair of markers of the page."""
    text = PAGE.read_text(encoding="utf-8")
    body = f"<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- /{name} -->"
    found = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _: body, text, flags=re.DOTALL)
    PAGE.write_text(found, encoding="utf-8")


def main() -> None:
    """Rebuild, score, keep a row, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, and neither a row nor a page is written")
    quick = parser.parse_args().quick
    with TemporaryDirectory() as folder:
        _, refit = measure.timed(lambda: build(Path(folder)))
    row: dict[str, Any] = {"machine": measure.machine(), "refit of all": refit, "spans": {}}
    for name, ((file, vintage), step, origins) in SPANS.items():
        paths, seeds = OF_COUNTRIES if step == "month" else OF_FRONTS
        windows, spent = measure.timed(
            lambda f=file, v=vintage, s=step, o=origins, n=(paths, 1 if quick else seeds): api.score_class(
                f, o, v, s, *n
            )
        )
        told, apart = scores(windows), differences(windows)
        row["spans"][name] = {"vintage": vintage, **spent, "models": told, "mixture": apart}
        lines = [
            *markdown(told),
            "",
            *(f"- {what}: {m:+.3f} ({lo:+.3f} to {hi:+.3f})" for what, (m, lo, hi) in apart.items()),
        ]
        print(name, spent, *lines, sep="\n", flush=True)
        if not quick:
            write(name, lines)
    if not quick:
        measure.keep("reference", row)


if __name__ == "__main__":
    main()
