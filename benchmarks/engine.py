"""The engine's speed: trajectory-days per core-second on workload W, compiled and NumPy, and how long a what-if takes.

`python -m benchmarks.engine [--json] [--paths N] [--no-case]` from the checkout, with the extra `[fast]`. A
trajectory-day is one path through one day; core-seconds are processor time, so that a busy machine counts less. All
engines step the same paths in one process and must agree in every bit; a plain C program does so too where gcc is here
(path by path, with none of the kernel's bounds and lanes). A row goes to `benchmarks/results/engine.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import fields
from typing import Any

import numpy as np

from benchmarks import measure, with_c
from benchmarks.measure import Row
from benchmarks.workload import DAYS, workload
from fissures.kernel import paths as oracle
from fissures.kernel.world import Paths, World
from fissures.model import engine

REPEATS = 20
ARM = 2_000  # paths of a what-if


def speeds(world: World, paths: int, days: int) -> list[Row]:
    """Each engine's trajectory-days per core-second, the best of a few runs, on one thread."""
    compiled, theirs, rows = engine.load(), oracle.run(world, days, 0, 500), []
    same(compiled(world, days, 0, 500), theirs)
    for name, step, n, times in (("compiled", compiled, paths, 5), ("numpy", oracle.run, paths, 2)):
        costs = [measure.timed(lambda step=step, n=n: step(world, days, 0, n))[1] for _ in range(times)]
        cpu = min(cost["cpu_seconds"] for cost in costs)
        rows.append({"engine": name, "paths": n, "cpu_seconds": cpu, "per_core_second": round(n * days / cpu)})
    return rows


def in_c(world: World, paths: int, days: int) -> list[Row]:
    """The C program's speed, once its bits are ours; [] without gcc."""
    if not with_c.available():
        return []
    step, ours = with_c.compiled(world, days), engine.load()(world, days, 0, 500)
    apart = [name for name, values in step(0, 500).items() if not np.array_equal(values, getattr(ours, name))]
    if apart:
        raise SystemExit(f"the C program differs in {', '.join(apart)}")
    cpu = min(measure.timed(lambda: step(0, paths))[1]["cpu_seconds"] for _ in range(3))
    return [{"engine": "c", "paths": paths, "cpu_seconds": cpu, "per_core_second": round(paths * days / cpu)}]


def same(one: Paths, other: Paths) -> None:
    """Stop the benchmark where two engines differ in a bit."""
    apart = [f.name for f in fields(Paths) if not np.array_equal(getattr(one, f.name), getattr(other, f.name))]
    if apart:
        raise SystemExit(f"the engines differ in {', '.join(apart)}")


def what_if() -> tuple[Row, World, int]:
    """How long the shipped case takes to answer all its questions under one lever, everything else in memory."""
    import fissures as fs
    from fissures.api.running import pulled
    from fissures.model.simulate import simulate, world
    from fissures.study import claims
    from fissures.study.compare import compare

    case = fs.load("south-caucasus-2020")
    fit = fs.fit(case)
    rows = claims.table(case.record, fit.on)
    levers = [name for name, lever in case.record.levers.items() if not lever.escalatory]
    base = simulate(fit.plan, fit.on, ARM, 1, engine="compiled")
    parts = []
    for k in range(REPEATS + 2):  # the first two only warm up
        name, marks, cpu = levers[k % len(levers)], [time.perf_counter()], time.process_time()
        plan = pulled(case, fit.plan, (name,), True)
        marks.append(time.perf_counter())
        arm = simulate(plan, fit.on, base.paths, base.seed, engine="compiled")
        marks.append(time.perf_counter())
        compare(case.record, base, arm, (name,), rows)
        marks.append(time.perf_counter())
        parts.append([*np.diff(marks), marks[-1] - marks[0], time.process_time() - cpu])
    middle, high = (np.quantile(parts[2:], q, axis=0).round(3).tolist() for q in (0.5, 0.95))
    names = ("lever", "simulate", "answer", "whole", "cpu")
    told: Row = {
        "paths": ARM,
        "questions": len(case.record.questions),
        "repeats": REPEATS,
        "p50_seconds": dict(zip(names, middle, strict=True)),
        "p95_seconds": dict(zip(names, high, strict=True)),
    }
    return told, world(fit.plan, fit.on, 1), fit.plan.horizon_days


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--paths", type=int, default=2_000)
    parser.add_argument("--no-case", action="store_true", help="leave out the shipped case, which must be fitted first")
    asked = parser.parse_args()
    row: dict[str, Any] = {"machine": {**measure.machine(), "numba": _version("numba"), "numpy": np.__version__}}
    made = workload()
    events = oracle.run(made, DAYS, 0, 500).counts.sum() / 500 / DAYS
    row["workload"] = f"W: 40 streams, 24 pressures, 3 fronts of 6 rungs, {DAYS} days, {events:.0f} events a day"
    row["rows"] = speeds(made, asked.paths, DAYS) + in_c(made, asked.paths, DAYS)
    row["ratios"] = _ratios(row["rows"])
    if not asked.no_case:
        latency, shipped, days = what_if()
        rows = speeds(shipped, asked.paths, days)
        row["shipped_case"] = {"what_if": latency, "rows": rows, "ratios": _ratios(rows)}
    path = measure.keep("engine", row)
    print(json.dumps(row, indent=None if asked.json else 2))
    if not asked.json:
        print(f"kept in {path.name}")


def _ratios(rows: list[Row]) -> dict[str, float]:
    """Ours over theirs."""
    speed = {row["engine"]: row["per_core_second"] for row in rows}
    return {name: round(speed["compiled"] / theirs, 1) for name, theirs in speed.items() if name != "compiled"}


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


if __name__ == "__main__":
    main()
