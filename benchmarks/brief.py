"""The brief's speed: the shipped case from a fit to a page, stage by stage, with the compiled kernel warm.

`python -m benchmarks.brief [--json] [--paths N] [--note TEXT]` from the checkout, with the extras `[fast]` and `[pdf]`.
Seconds are those of the clock, `cpu_seconds` of the processor. The floor is what the kernel alone needs for so many
path-days on so many cores; what is above it is counting, words and drawings. A row goes to
`benchmarks/results/brief.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.measure import Row


def stages(paths: int) -> tuple[list[Row], int]:
    """Each stage's seconds, and how many path-days were stepped in all of them."""
    import fissures as fs
    from fissures.api.documents import context_of
    from fissures.api.running import PAIRED
    from fissures.brief.render import render
    from fissures.model import engine
    from fissures.study.reasons import TRIED

    engine.load()
    case = fs.load("south-caucasus-2020")
    fit = fs.fit(case, seed=1)
    fs.study(fs.simulate(case, fit, paths=1000), levers=())  # warms what is loaded lazily
    rows: list[Row] = []

    def stage(name: str, do: Callable[[], Any]) -> Any:
        made, cost = measure.timed(do)
        rows.append({"stage": name, **cost})
        return made

    run = stage("paths, claims on and off", lambda: fs.simulate(case, fit, paths=paths, seed=1))
    study = stage("answers, what-ifs", lambda: fs.study(run))
    study = stage("rival readings, reasons, signs", lambda: fs.briefed(run, study))
    page = stage("rendering", lambda: render(study, context_of(run, study)))
    rows.append({"stage": "to the page", "seconds": round(sum(row["seconds"] for row in rows), 2)})
    with tempfile.TemporaryDirectory() as room:
        html = Path(room) / "brief.html"
        html.write_text(page, encoding="utf-8")
        stage("PDF", lambda: fs.brief_pdf(html, Path(room) / "brief.pdf"))
    paired = (len(study.arms) + len(study.rivals) + TRIED) * min(PAIRED, paths)
    return rows, (2 * paths + paired) * (case.record.horizon - case.record.as_of).days


def kernel(days: int) -> float:
    """Path-days a second that the compiled kernel steps of the shipped case, on all cores."""
    import fissures as fs
    from fissures.model.simulate import simulate

    case = fs.load("south-caucasus-2020")
    fit = fs.fit(case, seed=1)
    simulate(fit.plan, fit.on, 2000, 1, engine="compiled")
    costs = [measure.timed(lambda: simulate(fit.plan, fit.on, 10_000, 1, engine="compiled"))[1] for _ in range(3)]
    return 10_000 * days / float(min(cost["seconds"] for cost in costs))


def main() -> None:
    """Measure, print and append a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--paths", type=int, default=10_000)
    parser.add_argument("--note", default="")
    asked = parser.parse_args()
    rows, path_days = stages(asked.paths)
    floor = round(path_days / kernel(163), 2)
    row: Row = {"machine": measure.machine(), "note": asked.note, "paths": asked.paths, "rows": rows, "floor": floor}
    measure.keep("brief", row)
    if asked.json:
        print(json.dumps(row))
        return
    for one in rows:
        print(f"{one['stage']:36}{one['seconds']:7.2f} s")
    print(f"{'the kernel alone, for as many paths':36}{floor:7.2f} s")


if __name__ == "__main__":
    main()
