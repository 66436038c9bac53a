"""`fissures reference`: what ships, a class fitted from a file and opened again, scores, and refusals."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.cli import main


def call(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Two years of events on five fronts, in UCDP's columns."""
    rng, first = np.random.default_rng(1), date(2000, 1, 3)
    lines = ["conflict_name,side_a,side_b,country,type_of_violence,best,date_start"]
    for day in range(730):
        lines += [
            f"C{front},A{front},B,Land,1,{1 + rng.poisson(4)},{first + timedelta(days=day)}"
            for front in range(5)
            if rng.random() < 0.05 * (front + 1)
        ]
    file = tmp_path / "events.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_what_ships_says_to_when_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "reference", "show")
    assert code == 0 and "fronts-by-week-2020" in out and "19 July 2020" in out and "UCDP GED 21.1" in out
    shown = json.loads(call(capsys, "reference", "show", "--json")[1])
    assert shown["schema"] == 1 and len(shown["classes"]) == len(fs.classes()) == 4
    one = json.loads(call(capsys, "reference", "show", "fronts-by-week-2017", "--json")[1])["classes"][0]
    assert (one["cutoff"], one["unit"], one["step"]) == ("2017-12-31", "front", "week")


def test_a_class_is_fitted_saved_and_the_same_again(
    events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        argv = (
            "reference",
            "fit",
            events,
            "--before",
            "2001-06-01",
            "--vintage",
            "made up",
            "--out",
            tmp_path / name / "one",
        )
        code, out, err = call(capsys, *argv)
        assert code == 0 and "5 (front)" in out and "27 May 2001" in out, err
    for file in ("manifest.json", "table.npz"):
        assert (tmp_path / "a" / "one" / file).read_bytes() == (tmp_path / "b" / "one" / file).read_bytes()
    opened = fs.open_class(tmp_path / "a" / "one")
    assert (opened.units, opened.cutoff, opened.vintage) == (5, date(2001, 5, 27), "made up")


def test_models_are_scored_on_what_they_had_not_seen(events: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ("reference", "score", events, "--vintage", "made up", "--origin", "2001-06-01", "--paths", "100")
    code, out, _ = call(capsys, *argv)
    assert code == 0 and out.splitlines()[0].split()[:2] == ["model", "crps"] and "mixture" in out
    told = json.loads(call(capsys, *argv, "--json")[1])
    assert told["vintage"] == "made up" and set(told["models"]["nothing"]) >= {"crps", "ignorance", "interval"}


def test_refusals_say_what_to_do(events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fit = ("reference", "fit", events, "--vintage", "v", "--out", tmp_path / "x", "--before")
    code, out, err = call(capsys, *fit, "last year")
    assert (code, out) == (2, "") and "'last year' is no date" in err and "YYYY-MM-DD" in err
    code, _, err = call(capsys, *fit, "1999-01-01")
    assert code == 4 and "no whole week before 1999-01-01" in err
    code, _, err = call(capsys, "reference", "show", "none-such")
    assert code == 2 and "no reference class 'none-such'" in err and "fronts-by-week-2020" in err
