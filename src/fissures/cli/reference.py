"""`fissures reference`: classes of conflicts that stand beside an answer; look at them, fit one, score their models."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fissures.cli._shared import AsJson, day, emit, progress, say, step, table, writable_folder

if TYPE_CHECKING:
    from fissures.api.reference import ReferenceTable, Window

app = typer.Typer(
    help="Reference classes: what conflicts like this do next, before anyone argues.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

File = Annotated[
    str, typer.Argument(metavar="FILE", help="Deaths by country and month, or UCDP events (CSV, Parquet).")
]
Vintage = Annotated[str, typer.Option(metavar="NAME", help="The file's own release, e.g. 'UCDP GED 21.1'.")]
Step = Annotated[str, typer.Option(metavar="week|month", help="The step of a class of events.")]


@app.command("show")
def show(
    name: Annotated[str | None, typer.Argument(metavar="[CLASS]", help="One class; without it, all that ship.")] = None,
    as_json: AsJson = False,
) -> int:
    """Say what the shipped classes, or one, were fitted on, and to when."""
    from fissures import api

    found = list(api.classes().values()) if name is None else [api.open_class(name)]
    if as_json:
        emit({"classes": [_document(one) for one in found]})
        return 0
    table(["class", "units", "step", "knows until", "fitted on", "digest"], [_row(one) for one in found])
    return 0


@app.command("fit")
def fit(
    file: File,
    before: Annotated[str, typer.Option(metavar="DATE", help="Know nothing from this day on.")],
    vintage: Vintage,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Where the class is written.")],
    step_of: Annotated[str, typer.Option("--step", metavar="week|month", help="Its step, for events.")] = "week",
    as_json: AsJson = False,
) -> int:
    """Fit a class on what a file knew before a date."""
    from fissures import api

    writable_folder(Path(out))
    with step("fit the class"):
        made = api.fit_class(file, _date(before, "--before"), vintage, step_of, out=out)
    if as_json:
        emit({"classes": [_document(made)], "out": out})
    else:
        table(["class", "units", "step", "knows until", "fitted on", "digest"], [_row(made)])
    return 0


@app.command("score")
def score(
    file: File,
    vintage: Vintage,
    origin: Annotated[list[str], typer.Option(metavar="DATE", help="First day not known; may be given several times.")],
    step_of: Step = "week",
    paths: Annotated[int, typer.Option(min=100, max=10_000, help="Paths of each model.")] = 1000,
    seeds: Annotated[int, typer.Option(min=1, max=20, help="Seeds that are averaged.")] = 1,
    as_json: AsJson = False,
) -> int:
    """Score a class's models and plain baselines on windows that the fit has not seen."""
    from fissures import api

    origins = [_date(text, "--origin") for text in origin]
    with step("score the windows"):
        windows = api.score_class(file, origins, vintage, step_of, paths, seeds, progress)
    document = scored(windows)
    if as_json:
        emit({"vintage": vintage, "origins": [str(one) for one in origins], **document})
        return 0
    rows = [[name, *(f"{value:.3f}" for value in told.values())] for name, told in document["models"].items()]
    table(["model", *next(iter(document["models"].values()))], rows)
    say("CRPS and interval in deaths, ignorance in bits; lower is better. Compare within one vintage only.")
    return 0


def scored(windows: list[Window]) -> dict[str, Any]:
    """Mean scores by model."""
    models = list(dict.fromkeys(window.model for window in windows))
    names = list(windows[0].by_unit)
    return {
        "models": {
            model: {
                what: sum(float(w.by_unit[what].mean()) for w in windows if w.model == model)
                / sum(w.model == model for w in windows)
                for what in names
            }
            for model in models
        }
    }


def _date(text: str, where: str) -> date:
    from fissures.api import UsageError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"'{text}' is no date", where=where, why="a class is cut at a day", remedy="YYYY-MM-DD, e.g. 2020-07-21"
        ) from error


def _row(one: ReferenceTable) -> list[str]:
    return [one.name, f"{one.units} ({one.unit})", one.step, day(one.cutoff), one.vintage, one.digest[:12]]


def _document(one: ReferenceTable) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit,
        "units": one.units,
        "step": one.step,
        "first": one.first.isoformat(),
        "cutoff": one.cutoff.isoformat(),
        "vintage": one.vintage,
        "source_digest": one.parent,
        "digest": one.digest,
    }
