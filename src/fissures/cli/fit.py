"""`fissures fit`: what the data say of each claim, before and after, and what was left untested."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fissures.cli._shared import DEFAULT_SEED, AsJson, Seed, emit, is_bundle, note, progress, step

if TYPE_CHECKING:
    from fissures.api import Claims, Fit

DEFAULT_PATHS = 2_000

Case = Annotated[str, typer.Argument(metavar="CASE", help="A shipped case's name, or a case folder.")]
Without = Annotated[
    bool, typer.Option("--without", help="Also answer the questions without each claim in turn (takes minutes).")
]
Paths = Annotated[
    int | None,
    typer.Option(min=100, max=1_000_000, help=f"With --without: how many futures for each [default: {DEFAULT_PATHS}]."),
]


class Priors(StrEnum):
    """Whose beliefs claims start from: the analyst's, those taken together with other rivals', or none."""

    analyst = "analyst"
    portable = "portable"
    vague = "vague"


Draws = Annotated[
    Path | None,
    typer.Option("--draws", metavar="FILE.nc", help="Also save every draw as netCDF, which ArviZ and xarray read."),
]
Full = Annotated[
    bool, typer.Option("--full", help="Sample the ladders too, however good their approximation (takes minutes).")
]


def fit(
    case: Case,
    seed: Seed = None,
    full: Full = False,
    priors: Annotated[Priors, typer.Option(help="Whose beliefs claims start from.")] = Priors.analyst,
    without: Without = False,
    paths: Paths = None,
    draws: Draws = None,
    as_json: AsJson = False,
) -> int:
    """Fit a case and print what the data say of each claim."""
    from fissures import api
    from fissures.cli import _fit_words

    _sensible(case, without, paths)
    with step("read the case"):
        read = api.load(case)
    with step("fit the claims to the data"):
        fitted = api.fit(
            read, seed=DEFAULT_SEED if seed is None else seed, progress=progress, full=full, priors=priors.value
        )
    if draws is not None:
        with step("save the draws"):
            api.save_draws(fitted, draws)
    told = _told(fitted, without, DEFAULT_PATHS if paths is None else paths)
    if as_json:
        emit(_fit_words.document(told))
    else:
        _fit_words.show(told, case)
    return 0


def _told(fitted: Fit, without: bool, paths: int) -> Claims:
    from fissures import api

    if not without:
        return api.claims(fitted)
    count = api.claims(fitted).couplings
    note(f"{count} couplings, each taken out in turn and {paths:,} futures simulated without it: this takes minutes")
    with step("answers without each claim"):
        return api.claims(fitted, without=True, paths=paths, progress=progress)


def _sensible(case: str, without: bool, paths: int | None) -> None:
    """Refuse, before any work is done, what cannot be meant."""
    from fissures.api import UsageError

    if paths is not None and not without:
        raise UsageError(
            "--paths was given without --without",
            where="--paths",
            why="a fit simulates nothing; futures are needed only to answer the questions without each claim",
            remedy=f"fissures fit {case} --without --paths {paths}, or leave --paths out",
        )
    if is_bundle(case):
        raise UsageError(
            f"'{case}' is a saved run",
            where="case",
            why="a fit starts from a case file and its evidence",
            remedy=f"fissures fit {case}/case, the case that is saved in it",
        )
