"""How steady a what-if is by how its paths are shared out among draws: many draws of few paths, or few of many.

`python -m benchmarks.few_draws [--json] [--each N] [--note TEXT]` from the checkout, with the extra `[fast]`. Every
what-if of the shipped case is simulated on N paths of each of 1,000 draws, and cut into disjoint parts of each design.
For a question and design, over those parts: the root mean square distance of the difference from that of all paths; how
far draws differ as all paths have it (`sd`), and the mean and the standard deviation of what the parts say of it. All
are in percentage points. A row goes to `benchmarks/results/few_draws.jsonl`.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
from numpy.typing import NDArray

from benchmarks import measure
from benchmarks.measure import Row

CASE = "south-caucasus-2020"
QUESTIONS = ("Q4", "Q3c", "Q15>=50")
DESIGNS = ((4, 1000), (2, 1000), (4, 500), (8, 250), (16, 125))  # paths of each draw, draws


def gaps(each: int) -> dict[str, dict[str, NDArray[np.float64]]]:
    """By lever and question, the paired change on every path; (each, 1000)."""
    import fissures as fs
    from fissures.api.running import pulled
    from fissures.model.causes import DRAWS
    from fissures.model.simulate import simulate
    from fissures.study.outcomes import every

    case = fs.load(CASE)
    fit = fs.fit(case, seed=1)
    base = every(case.record, simulate(fit.plan, fit.on, each * DRAWS, 1))
    out = {}
    for name, lever in case.record.levers.items():
        if not lever.escalatory:
            arm = every(case.record, simulate(pulled(case, fit.plan, (name,), False), fit.on, each * DRAWS, 1))
            out[lever.code] = {code: (arm[code] - base[code]).reshape(each, DRAWS) for code in QUESTIONS}
    return out


def steadiness(gap: NDArray[np.float64], each: int, draws: int) -> Row:
    """What the parts of one design say of a change, (paths of a draw, draws); points."""
    from fissures.study.answers import between_draws

    parts = [
        gap[i : i + each, j : j + draws].ravel()
        for i in range(0, gap.shape[0] - each + 1, each)
        for j in range(0, gap.shape[1] - draws + 1, draws)
    ]
    away = [part.mean() - gap.mean() for part in parts]
    told = [float(np.sqrt(between_draws(part, draws))) for part in parts]
    numbers = (np.sqrt(np.mean(np.square(away))), np.mean(told), np.std(told))
    return {"design": f"{draws} x {each}"} | {
        name: round(100 * float(value), 2) for name, value in zip(("error", "sd", "sd_of_sd"), numbers, strict=True)
    }


def main() -> None:
    """Measure, print and append a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--note", default="")
    asked = parser.parse_args()
    rows: list[Row] = []
    for lever, by_question in gaps(asked.each).items():
        for code, gap in by_question.items():
            whole = steadiness(gap, *gap.shape)
            told = [steadiness(gap, *design) for design in DESIGNS]
            rows.append({"lever": lever, "question": code, "points": round(100 * float(gap.mean()), 2),
                         "sd": whole["sd"], "designs": told})  # fmt: skip
    row: Row = {
        "machine": measure.machine(),
        "note": asked.note,
        "case": CASE,
        "paths_a_draw": asked.each,
        "rows": rows,
    }
    measure.keep("few_draws", row)
    if asked.json:
        print(json.dumps(row))
        return
    for one in rows:
        designs = "  ".join(
            f"{d['design']}: {d['error']:.2f}, {d['sd']:.2f}±{d['sd_of_sd']:.2f}" for d in one["designs"]
        )
        print(f"{one['lever']:4} {one['question']:8} {one['points']:6.2f}  sd {one['sd']:5.2f}  {designs}")


if __name__ == "__main__":
    main()
