"""A run on disk: the bundle that holds all of it, its draws as netCDF, and opening it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.api.looking import load
from fissures.api.records import Fit, Run
from fissures.api.reference import class_for
from fissures.api.running import answer, provenance, pulled
from fissures.errors import DataError
from fissures.install import own_version

if TYPE_CHECKING:
    from fissures.study.records import Answers

MOST_DRAWS = 1_000  # of a number, kept in the manifest for its score


def save(run: Run, folder: str | Path) -> Path:
    """Save a run as a bundle: the case's files, the fits, the paths, and a manifest with digests.

    Raises DataError where the folder cannot be written, or holds something that is not a bundle.
    """
    from fissures.bundle.store import write
    from fissures.case.files import file_names
    from fissures.model import saved

    manifest: dict[str, Any] = {
        "kind": "run",
        "fissures": own_version(),
        "case": run.case.record.case,
        "case_file": run.case.file.name,
        "levers": list(run.levers),
        "digests": provenance(run),
        "seed": run.on.seed,
        "paths": run.on.paths,
        "answers": saved_answers(run),
    }
    groups: dict[str, dict[str, Any]] = {}
    for name, part in (("on", run.on), ("off", run.off)):
        manifest[name] = saved.plain_run(part)
        groups[f"{name}_fit"], groups[f"{name}_paths"] = saved.arrays(part.fit), saved.path_arrays(part)
    names = (*file_names(run.case.record, run.case.file), run.case.file.name)
    copies = {f"case/{name}": run.case.folder / name for name in names}
    return write(Path(folder), manifest, groups, copies)


def save_draws(fit: Fit, path: str | Path) -> Path:
    """Save every draw of a fit as netCDF, which ArviZ and xarray read, and return its path; needs the extra `[xarray]`.

    Group `posterior` holds the draws, `prior` those of claims and breaks before the data; variables are named by kind
    (claim, break, pressure, or a ladder's, front's or stream's name), their entries by the rest of the coefficient's
    name. Raises UsageError where the file cannot be written, DataError where the extra is missing.

    >>> import fissures as fs
    >>> fs.save_draws(fs.fit(fs.load("my-case")), "draws.nc")  # doctest: +SKIP
    """
    from fissures.bundle.netcdf import write_draws
    from fissures.model import saved

    told = {"case": fit.case.title, "as_of": str(fit.case.record.as_of), "fit": fit.digest, "seed": str(fit.on.seed)}
    told |= {"created_by": f"fissures {own_version()}", "case_digest": fit.case.digest}
    return write_draws(Path(path), {"posterior": saved.labelled(fit.on), "prior": saved.believed(fit.on)}, told)


def open_run(folder: str | Path) -> Run:
    """Open a saved run, every file verified against its digest; nothing is fitted or simulated again.

    Raises DataError where a file was changed, or where the bundle is not that of a run.
    """
    from fissures.bundle.store import read
    from fissures.events import panel as events
    from fissures.model import plan as layout
    from fissures.model import saved

    bundle = read(Path(folder))
    try:
        case = load(bundle.folder / "case" / str(bundle.manifest["case_file"]))
        panel = events.build(case.record, case.folder, case.digest)
        plan = layout.build(case.record, panel, class_for(case.record.as_of))
        if bundle.manifest["on"]["fit"]["parent"] != plan.digest:
            raise DataError(
                f"fissures {own_version()} lays this case out differently than {bundle.manifest['fissures']} did",
                where=str(folder),
                why="old paths and a new model must not be mixed",
                remedy="run the case again, or use the version that saved the run",
            )
        levers = tuple(str(name) for name in bundle.manifest["levers"])
        plan = pulled(case, plan, levers, allow_escalatory=True)
        on, off = (
            saved.restored_run(
                plan, bundle.manifest[name], bundle.groups[f"{name}_fit"], bundle.groups[f"{name}_paths"]
            )
            for name in ("on", "off")
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            "the bundle does not hold a run",
            where=str(folder),
            why="a part of it is missing or has another form",
            remedy="run the case again with --out",
        ) from error
    return Run(Fit(case, panel, plan, on.fit, off.fit), on, off, levers)


def saved_answers(run: Run) -> dict[str, Any]:
    """The numbers of a run as its bundle keeps them, so that a later issue can be set beside them and score them."""
    told = answer(run)
    numbers = plain_numbers(told)
    for code, draws in _draws(run).items():
        numbers[code]["draws"] = draws
    return {"digest": told.digest, "numbers": numbers}


def plain_numbers(answers: Answers) -> dict[str, dict[str, Any]]:
    """Each question's one number by its code (the probability, or the median), and those that stand beside it."""
    return {
        one.code: {
            "kind": one.kind,
            "value": one.with_claims,
            "mc_error": one.mc_error,
            "claims_off": one.claims_off,
            "reference_class": None if one.reference_class is None else one.reference_class.value,
            "range80": list(one.range80),
            "exceed": dict(one.exceed),
            "exceed_off": dict(one.exceed_off),
        }
        for one in answers.questions
    }


def _draws(run: Run) -> dict[str, dict[str, list[float]]]:
    """What every question for a number came to on the paths of both arms, by code: evenly spaced order statistics."""
    from fissures.case import grammar
    from fissures.kernel.scores import thinned
    from fissures.study.outcomes import unvoided

    record, out = run.case.record, {}
    for question in record.questions.values():
        if grammar.asks(question.asks, record).number:
            arms = {"with_claims": run.on, "claims_off": run.off}
            values = {name: unvoided(record, arm, question) for name, arm in arms.items()}
            out[question.code] = {
                name: thinned(one, min(one.size, MOST_DRAWS)).tolist() for name, one in values.items()
            }
    return out
