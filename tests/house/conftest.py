"""A stand-in for the public surface, so that the command line is tested without its engine."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import fissures
from fissures import api as real
from fissures import errors
from fissures.study import records

BY = date(2020, 12, 31)
REFERENCE = records.ReferenceClass(0.09, "the unit's own record", date(2020, 7, 12), "11 of 120 flare-ups")
EVENT = records.Answer(
    id="loc_offensive",
    code="Q1",
    title="Does the Line of Contact see a limited offensive?",
    by=BY,
    kind="event",
    probability=0.12,
    mc_error=0.003,
    range80=(0.06, 0.21),
    quantiles={"0.05": 0.04, "0.5": 0.12, "0.95": 0.24},
    exceed={},
    word="unlikely",
    reference_class=REFERENCE,
    claims_off=0.1,
    with_claims=0.12,
    bounds=(0.02, 0.35),
    bounds_say="base rates only",
    resolves="a limited offensive in the record",
)
NUMBER = records.Answer(
    id="deaths",
    code="Q4",
    title="How many die on all fronts?",
    by=BY,
    kind="number",
    probability=None,
    mc_error=float("nan"),
    range80=(2.0, 1841.0),
    quantiles={"0.05": 0.0, "0.5": 9.0, "0.95": 300.0},
    exceed={"50": 0.11, "400": 0.0},
    word="",
    reference_class=None,
    claims_off=8.0,
    with_claims=9.0,
    bounds=None,
    bounds_say="",
    resolves="battle deaths in the record",
    exceed_bounds={"50": (0.05, 0.35)},
)
WAR = replace(EVENT, id="war", code="Q9war", title="Does any front reach war by 31 December 2020?", bounds=None)
MEETING = replace(WAR, id="meeting", code="Q2", title="Do the ministers meet in person?", void=0.045)
OUTSIDE = errors.Finding("Q1", "warning", "the answer lies above its bounds", "the record says less", "look twice")
FINDING = errors.Finding("fit", "note", "2 claims could not be tested", "the record is thin", "wait")


def study_of(paths: int, seed: int, levers: dict[str, str]) -> records.Study:
    """A small study with events, a number, one claim that is said twice, and findings."""
    answers = records.Answers(
        "d" * 64,
        "p" * 64,
        "A made-up case",
        "c" * 64,
        date(2020, 7, 21),
        seed,
        paths,
        (EVENT, NUMBER, WAR, MEETING),
        (OUTSIDE, FINDING, replace(OUTSIDE, where="Q4", message="the chance lies above it")),
        "Q9war",
    )
    belief = records.Belief(0.4, 0.3)
    claim = records.ClaimRow(
        "stall", "C04", "Stalled talks raise climbing.", "paraphrase", "ringler", 4, "stated",
        belief, belief, belief, 0.9, 0.1, 12, "could not test", 1,
    )  # fmt: skip
    again = replace(claim, code="C64", shares="C04")
    course = records.Course((), (), (), (), {}, ())
    arms = tuple(records.Arm(name, name, "", False, {}, code, min(paths, 4000)) for name, code in levers.items())
    return records.Study(answers, (claim, again), (), 1, 1, course, arms, {})


class FakeApi(ModuleType):
    """The functions of `fissures.api`, noting every call in `calls`."""

    def __init__(self) -> None:
        super().__init__("fissures.api")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.valid = True
        self.raises: BaseException | None = None
        for name in ("FissuresError", "UsageError", "CaseError", "DataError", "FitError"):
            setattr(self, name, getattr(errors, name))

    def load(self, case: str) -> SimpleNamespace:
        """A case with one ordinary and one escalatory lever."""
        self._note("load", case=case)
        levers = {
            "shuttle": SimpleNamespace(escalatory=False),
            "arms_airlift": SimpleNamespace(escalatory=True),
        }
        return SimpleNamespace(record=SimpleNamespace(levers=levers))

    def fit(
        self, case: object, seed: int = 1, progress: Any = None, full: bool = False, priors: str = "analyst"
    ) -> str:
        """A fit, which also uses the progress callback."""
        asked = {"full": True} if full else {}
        self._note("fit", seed=seed, **asked, **({} if priors == "analyst" else {"priors": priors}))
        progress("ladder", 1, 2)
        return "fit"

    def save_draws(self, fit: object, path: Path) -> Path:
        """Draws on disk."""
        self._note("save_draws", path=str(path))
        return path

    def simulate(
        self, case: object, fit: object, paths: int, seed: int, levers: tuple[str, ...], leave: bool, progress: Any
    ) -> SimpleNamespace:
        """A run that remembers only its size and levers."""
        self._note("simulate", paths=paths, seed=seed, levers=levers)
        return SimpleNamespace(paths=paths, seed=seed, levers=levers)

    def study(self, run: SimpleNamespace, levers: tuple[str, ...] | None = None, progress: Any = None) -> records.Study:
        """The made-up study; without a word on levers, seven of them."""
        self._note("study", levers=levers)
        names = [f"lever{k}" for k in range(7)] if levers is None else levers
        return study_of(run.paths, run.seed, {name: f"L{k}" for k, name in enumerate(names)})

    def briefed(self, run: object, study: records.Study, last: object = None, **more: object) -> records.Study:
        """The study as it is."""
        self._note("briefed", last=last)
        return study

    def permit_levers(self, case: Any, levers: tuple[str, ...], allow_escalatory: bool = False) -> tuple[str, ...]:
        """The real rule, on this case's two levers."""
        return real.permit_levers(case, levers, allow_escalatory)

    def brief(self, run: object, out: str = "brief.html", study: object = None, **more: object) -> Path:
        """A page with nothing on it."""
        self._note("brief", out=out)
        Path(out).write_text("<html></html>", encoding="utf-8")
        return Path(out)

    def check(self, case: str, source: str | None = None) -> SimpleNamespace:
        """A report with one finding, valid or not as the test wishes."""
        self._note("check", case=case, source=source)
        found = errors.Finding("case.yaml:41:5", "warning" if self.valid else "error", "no front 'tavuz'", "why", "x")
        names = "actors ladders fronts streams pressures commitments claims couplings levers questions facts"
        counts = dict.fromkeys(names.split(), 1) if self.valid else {}
        sentences = {"stall": "More stall raises climbing."} if self.valid else {}
        return SimpleNamespace(
            valid=self.valid, findings=(found,), counts=counts, sentences=sentences, passages=3 * bool(source)
        )

    def save(self, run: object, folder: str) -> None:
        """A bundle with an empty manifest."""
        self._note("save", folder=folder)
        Path(folder).mkdir()
        (Path(folder) / "manifest.json").write_text("{}", encoding="utf-8")

    def open_run(self, folder: str) -> SimpleNamespace:
        """A saved run."""
        self._note("open_run", folder=folder)
        return SimpleNamespace(paths=500, seed=3, levers=())

    def cases(self) -> dict[str, str]:
        """One shipped case."""
        return {"south-caucasus-2020": "South Caucasus, July 2020"}

    def doctor(self, compile: bool = False) -> list[tuple[str, bool, str]]:
        """One check, good or bad as the test wishes."""
        return [("python", self.valid, "3.11")]

    def _note(self, verb: str, **given: object) -> None:
        self.calls.append((verb, given))
        if self.raises is not None:
            raise self.raises


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeApi:
    """The public surface without its engine, in an empty folder."""
    stand_in = FakeApi()
    monkeypatch.setitem(sys.modules, "fissures.api", stand_in)
    monkeypatch.setattr(fissures, "api", stand_in, raising=False)
    monkeypatch.chdir(tmp_path)
    return stand_in
