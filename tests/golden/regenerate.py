"""The numbers that the reference case gave, kept so that a change of results is seen: python -m tests.golden.regenerate

The first honest fit, `first_fit.json` beside the shipped case, is written once and never again. Where results change
for a reason (told in CHANGELOG.md under "Results changed"), the new ones go to `golden.json` beside this file, and
are what the test compares with from then on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fissures as fs

CASE = "south-caucasus-2020"
PATHS, SEED = 10_000, 1
HERE = Path(__file__).resolve().parent
FIRST = HERE.parents[1] / "src" / "fissures" / "cases" / CASE / "first_fit.json"
LATEST = HERE / "golden.json"


def numbers(paths: int = PATHS, seed: int = SEED) -> dict[str, Any]:
    """Answers and claims of the shipped case, as plain values."""
    case = fs.load(CASE)
    run = fs.simulate(case, fs.fit(case, seed=seed), paths=paths, seed=seed)
    study = fs.study(run, levers=())
    asked = study.answers.questions
    return {
        "paths": paths,
        "seed": seed,
        "questions": {
            q.code: {
                "with_claims": q.with_claims,
                "claims_off": q.claims_off,
                "mc_error": q.mc_error,
                "exceed": dict(q.exceed),
            }
            for q in asked
        },
        "outside": [q.code for q in asked if q.bounds and not q.bounds[0] <= q.with_claims <= q.bounds[1]],
        "claims": {
            row.code: {
                "before": [row.before.mean, row.before.sd],
                "after": [row.after.mean, row.after.sd],
                "vague": [row.vague.mean, row.vague.sd],
                "verdict": row.verdict,
            }
            for row in study.claims
        },
    }


def kept() -> dict[str, Any]:
    """What to compare with: the latest accepted numbers, or those of the first fit."""
    file = LATEST if LATEST.is_file() else FIRST
    return dict(json.loads(file.read_text(encoding="utf-8")))


def main() -> None:
    """Write today's numbers; the first fit is never overwritten."""
    file = LATEST if FIRST.is_file() else FIRST
    file.write_text(json.dumps(numbers(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {file.relative_to(HERE.parents[1])}")


if __name__ == "__main__":
    main()
