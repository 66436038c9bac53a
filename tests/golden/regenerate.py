"""The reference case's numbers, kept so that a change of results is seen: python -m tests.golden.regenerate

Where results change for a reason (told in CHANGELOG.md under "Results changed"), the new ones are written to
`golden.json` beside this file, by this command and nothing else, and are what the test compares with from then on.
The first honest fit, `first_fit.json` beside the shipped case, is history: it was written once and never again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fissures as fs
from fissures.api import Answer, Study
from fissures.study.answers import NOBODY_TUNES

CASE = "south-caucasus-2020"
PATHS, SEED = 10_000, 1
HERE = Path(__file__).resolve().parent
FIRST = HERE.parents[1] / "src" / "fissures" / "cases" / CASE / "first_fit.json"
LATEST = HERE / "golden.json"

ERRORS = 4  # Monte Carlo errors by which a number may differ: another machine's last digits move a path now and then
# Newton's method stops within 1e-4 of a mode; another machine's linear algebra may stop a step apart.
BELIEFS = 2e-4


def numbers(paths: int = PATHS, seed: int = SEED) -> dict[str, Any]:
    """Answers and claims of the shipped case, as plain values."""
    case = fs.load(CASE)
    return plain(fs.study(fs.simulate(case, fs.fit(case, seed=seed), paths=paths, seed=seed), levers=()))


def plain(study: Study) -> dict[str, Any]:
    """What is kept of a study: its answers, those outside their base rates, and every coupling."""
    asked = study.answers.questions
    return {
        "paths": study.answers.paths,
        "seed": study.answers.seed,
        "questions": {answer.code: _answer(answer) for answer in asked},
        "outside": sorted({f.where for f in study.answers.findings if f.remedy == NOBODY_TUNES}),
        "couplings": study.couplings,
        "moved": study.moved,
        "claims": {
            row.code: {
                "before": [row.before.mean, row.before.sd],
                "after": [row.after.mean, row.after.sd],
                "vague": [row.vague.mean, row.vague.sd],
                "verdict": row.verdict,
                "shares": row.shares,
            }
            for row in study.claims
        },
    }


def _answer(answer: Answer) -> dict[str, Any]:
    names = ("kind", "with_claims", "claims_off", "mc_error", "void")
    exceed = {"exceed": dict(answer.exceed), "exceed_off": dict(answer.exceed_off)}
    return {name: getattr(answer, name) for name in names} | exceed


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Everything in which two sets of numbers differ by more than machines do, in words; [] where they agree."""
    out = []
    for kind in ("questions", "claims"):
        if list(then[kind]) != list(now[kind]):
            out.append(f"{kind}: {_names(then[kind], now[kind])}")
    for code in (code for code in then["questions"] if code in now["questions"]):
        out += [f"{code} {said}" for said in _of_answer(then["questions"][code], now["questions"][code], then["paths"])]
    for code in (code for code in then["claims"] if code in now["claims"]):
        out += [f"{code} {said}" for said in _of_claim(then["claims"][code], now["claims"][code])]
    keys = ("paths", "seed", "outside", "couplings", "moved")
    return out + [f"{key}: {then[key]} -> {now[key]}" for key in keys if then[key] != now[key]]


def _names(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    gone, new = ([name for name in a if name not in b] for a, b in ((then, now), (now, then)))
    parts = [f"{what} {', '.join(names)}" for what, names in (("gone", gone), ("new", new)) if names]
    return "; ".join(parts) or "in another order"


def _of_answer(then: Mapping[str, Any], now: Mapping[str, Any], paths: int) -> Iterator[str]:
    # The median of a count moves in whole steps, however small its error is said to be.
    slack = max(ERRORS * then["mc_error"], 1.0 if then["kind"] == "number" else 0.0)
    for name in ("with_claims", "claims_off"):
        if abs(now[name] - then[name]) > slack:
            yield f"{name}: {then[name]:.4g} -> {now[name]:.4g}"
    shares = {"void": ({"": then["void"]}, {"": now["void"]})}
    shares |= {name: (then[name], now[name]) for name in ("exceed", "exceed_off")}
    for name, (old, new) in shares.items():
        for level in dict.fromkeys((*old, *new)):
            if level not in old or level not in new:
                yield f"{name} {level}: {'new' if level in new else 'gone'}"
            elif abs(new[level] - old[level]) > ERRORS * _error(old[level], paths):
                yield f"{name} {level}".rstrip() + f": {old[level]:.4g} -> {new[level]:.4g}"


def _error(share: float, paths: int) -> float:
    return math.sqrt(max(share * (1 - share), 1 / paths) / paths)


def _of_claim(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in ("verdict", "shares"):
        if then[name] != now[name]:
            yield f"{name}: {then[name] or 'nothing'} -> {now[name] or 'nothing'}"
    for name in ("before", "after", "vague"):
        if any(abs(a - b) > BELIEFS for a, b in zip(then[name], now[name], strict=True)):
            was, is_now = (" sd ".join(f"{value:.3f}" for value in values) for values in (then[name], now[name]))
            yield f"{name}: {was} -> {is_now}"


def kept() -> dict[str, Any]:
    """The accepted numbers; raises FileNotFoundError where none were accepted yet."""
    return dict(json.loads(LATEST.read_text(encoding="utf-8")))


def main() -> None:
    """Write today's numbers, and say in what they differ from those accepted before."""
    now = numbers()
    for said in differences(kept(), now) if LATEST.is_file() else ["no numbers were accepted before"]:
        print(said)
    LATEST.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {LATEST.relative_to(HERE.parents[1])}")


if __name__ == "__main__":
    main()
