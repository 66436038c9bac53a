"""Where the pressures stand: what reads as 1, the level at the as-of date, and the record's usual level."""

from __future__ import annotations

from fissures.case.records import Case
from fissures.model.simulate import Run


def levels(case: Case, run: Run) -> tuple[tuple[str, str, float, float], ...]:
    """Name, reference surge in words, level at the as-of date and usual level, both in surges, of every pressure.

    A pressure that stands once for each front is named with it. The usual level is that of the first claim it moves,
    and zero where no claim does.
    """
    out = []
    for p, pressure in enumerate(run.plan.pressures):
        name, _, front = pressure.name.partition("@")
        record = case.pressures[name]
        shown = f"{record.name} ({case.fronts[front].name})" if front else record.name
        terms = (*run.plan.ladder_terms, *run.plan.stream_terms)
        linked = [t.name for t in terms if (t.column.kind, t.column.index) == ("pressure", p)]
        usual = next(
            (run.fit.usual[claim] for claim in linked if claim in run.fit.usual and not _above(run, claim)), 0.0
        )
        level = float(run.fit.start.pressures[:, p].mean()) / pressure.scale
        out.append((shown, record.reference_surge, level, usual))
    return tuple(out)


def _above(run: Run, claim: str) -> bool:
    """Whether a claim acts above a threshold, so that its usual value is a share of days and not a level."""
    return any(t.above is not None for t in (*run.plan.ladder_terms, *run.plan.stream_terms) if t.name == claim)
