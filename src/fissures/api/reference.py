"""Reference classes: those that ship with the package, fitting one from a file, scoring its models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fissures.errors import UsageError

if TYPE_CHECKING:
    from fissures.model.reference import ReferenceTable as ReferenceTable
    from fissures.study.class_skill import Window as Window

Progress = Callable[[str], None]

SHIPPED = Path(__file__).parents[1] / "classes"
HORIZON = {"month": (3, 14), "week": (1, 22)}  # steps that a score looks ahead: the challenge's, and a case's


def classes() -> dict[str, ReferenceTable]:
    """The shipped reference classes by name, each as fitted on what was known to its cut-off."""
    return {folder.name: open_class(folder) for folder in sorted(SHIPPED.iterdir()) if folder.is_dir()}


def open_class(name: str | Path) -> ReferenceTable:
    """A shipped class by name, or one that `fit_class` wrote; raises DataError where its numbers were changed."""
    from fissures.bundle import store
    from fissures.model.reference import restored

    folder = SHIPPED / name if (SHIPPED / name / store.MANIFEST).is_file() else Path(name)
    if not store.is_bundle(folder):
        raise UsageError(
            f"no reference class '{name}'",
            where="reference class",
            why="a class is a shipped name or a folder that 'fissures reference fit' wrote",
            remedy=f"one of {', '.join(sorted(one.name for one in SHIPPED.iterdir() if one.is_dir()))}",
        )
    bundle = store.read(folder)
    return restored(bundle.manifest["class"], bundle.groups["table"])


def class_for(as_of: date) -> ReferenceTable | None:
    """The shipped class for a case that stands at a date: fronts by week, the latest that knows nothing later."""
    able = [one for one in classes().values() if (one.unit, one.step) == ("front", "week") and one.cutoff <= as_of]
    return max(able, key=lambda one: one.cutoff, default=None)


def fit_class(
    file: str | Path, before: date, vintage: str, step: str = "week", name: str = "", out: str | Path | None = None
) -> ReferenceTable:
    """Fit a reference class on what a file of counts or UCDP events knew before a date, and save it where asked.

    The same file and date give the same folder, byte for byte, on the same machine. Raises DataError for a file that is
    neither, or that has no whole step before the date.
    """
    from fissures.bundle import store
    from fissures.events.unit_panel import read
    from fissures.model.reference import arrays, fit, plain

    panel = read(Path(file), vintage, step)
    named = name or (Path(out).name if out else f"{panel.kind}-{panel.step}-{before}")
    table = fit(panel, before, named)
    if out is not None:
        store.write(Path(out), {"kind": "reference class", "class": plain(table)}, {"table": arrays(table)}, {})
    return table


def score_class(
    file: str | Path,
    origins: Sequence[date],
    vintage: str,
    step: str = "week",
    paths: int = 1000,
    seeds: int = 1,
    progress: Progress | None = None,
) -> list[Window]:
    """Score a class's models and plain baselines on the window after each origin, fitted on what was known before it.

    Months 3 to 14 after an origin for counts by month, as the VIEWS challenge does; weeks 1 to 22 for fronts by week.
    """
    from fissures.events.unit_panel import read
    from fissures.study.class_skill import score

    panel = read(Path(file), vintage, step)
    return score(panel, origins, HORIZON[panel.step], paths, seeds, progress=progress)
