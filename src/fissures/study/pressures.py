"""Where the pressures stand: what reads as 1, the level at the as-of date, and the record's usual level."""

from __future__ import annotations

from fissures.case.records import Case
from fissures.model.simulate import Run


def levels(case: Case, run: Run) -> tuple[tuple[str, str, float, float], ...]:
    """Name, reference surge in words, level at the as-of date and on an average day of the record, both in surges.

    A pressure that stands once for each front is named with its front.
    """
    out = []
    for p, pressure in enumerate(run.plan.pressures):
        name, _, front = pressure.name.partition("@")
        record = case.pressures[name]
        shown = f"{record.name} ({case.fronts[front].name})" if front else record.name
        level = float(run.fit.start.pressures[:, p].mean()) / pressure.scale
        out.append((shown, record.reference_surge, level, float(run.fit.start.average[p]) / pressure.scale))
    return tuple(out)
