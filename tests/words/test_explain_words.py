"""What `explain --sense` and `--discover` say, word for word, on records made by hand; transcripts stand beside."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from math import inf
from pathlib import Path

import pytest

import fissures as fs
from fissures.cli import _discover_words, _sense_words, main
from fissures.errors import Finding
from fissures.study.discover_records import Discovery, LeverIn, Point, Restriction, Scenario
from fissures.study.records import Difference
from fissures.study.sense_records import Sense, Settled, Share, Swing

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
STALL = Share("C04", "The longer talks bring no step, the less holds anyone back", "claim", 0.31, 0.05, 0.36, 0.06)
MOVES = Share("river moves", "how readily the river ladder is climbed and left", "moves", 0.22, 0.04, 0.25, 0.05)
RAIN = Share("C09", "Rain calms", "claim", -0.004, 0.01, 0.002, 0.011)
TOLD = Sense(
    case="A river", as_of=date(2019, 12, 29), digest="0123456789abcdef", seed=1, paths=10_000, draws=1000, code="Q4",
    title="Does any front reach war by 30 June 2020?", by=date(2020, 6, 30), probability=0.137, range80=(0.03, 0.37),
    mc_error=0.006, between=0.02, between_error=0.002, told=True, shares=(STALL, MOVES, RAIN),
    kinds=(("claim", 0.306, 0.05), ("moves", 0.22, 0.04)), rest=0.474, rest_error=0.08,
    settled=(
        Settled("C04", STALL.label, 0.36, (0.28, 0.44), 0.34, 0.274, (0.048, 0.322)),
        Settled("C09", RAIN.label, 0.002, (-0.012, 0.016), 0.34, 0.34, (0.03, 0.37)),
    ),
    paired=2000, without={
        "C04": Difference(0.137, 0.091, -0.046, (-0.06, -0.03), 0.004, (), ()),
        "C09": Difference(0.137, 0.1372, 0.0002, (-0.002, 0.002), 0.001, (), ()),
    },
    swings=(
        Swing("C04", STALL.label, (0.1, 0.9), 0.08, 0.21, 0.006), Swing("C09", "Rain calms", (0, 1), 0.14, 0.13, 0.01),
    ),
    unreached=12,
)  # fmt: skip
FEAR = Restriction("C04", STALL.label, "claim", "", 0.31, inf, (0.62, 1.0), 0.00002)
EARLY = Restriction("raids early", "in the first 28 days: raids", "early", "events", 2.0, inf, (0.71, 1.0), 0.0213)
FOUND = Discovery(
    case="A river", as_of=date(2019, 12, 29), digest="0123456789abcdef", seed=1, paths=10_000, code="Q4",
    title="Does any front reach war by 30 June 2020?", by=date(2020, 6, 30), probability=0.137, base=0.12,
    looked_at=0.98, early_days=28, dimensions=40,
    scenarios=(Scenario("A", (FEAR, EARLY), 0.31, (0.27, 0.35), 0.48, 0.19, 1e-9),),
    elsewhere=0.077, elsewhere_mass=0.81, trajectory=(Point(1.0, 0.12, 0, 1.0),), aim=0.137, paired=4000,
    levers=(
        LeverIn("talks", "L1", "Monthly talks", {
            "A": Difference(0.31, 0.22, -0.09, (-0.1, -0.08), 0.008, (), ()),
            "elsewhere": Difference(0.08, 0.07, -0.01, (-0.013, -0.007), 0.002, (), ()),
        }, 0.005, "elsewhere", 1),
        LeverIn("wardens", "L2", "Wardens at the weir", {
            "A": Difference(0.31, 0.312, 0.002, (-0.01, 0.01), 0.007, (), ()),
            "elsewhere": Difference(0.08, 0.065, -0.015, (-0.02, -0.01), 0.002, (), ()),
        }, 0.092, "A", 1),
    ),
)  # fmt: skip
NOISE = Finding("Q4", "warning", "the draws' answers differ by no more than chance", "nobody can say", "run more paths")


def transcript(name: str) -> str:
    """An output as it should be."""
    return Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")


def test_what_an_answer_hangs_on_is_told_like_this(capsys: pytest.CaptureFixture[str]) -> None:
    _sense_words.show(TOLD)
    assert capsys.readouterr().out == transcript("explain_sense")


def test_kinds_of_futures_and_levers_are_told_like_this(capsys: pytest.CaptureFixture[str]) -> None:
    _discover_words.show(FOUND)
    assert capsys.readouterr().out == transcript("explain_discover")


def test_where_nothing_can_be_told_that_is_said_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    none = replace(TOLD, told=False, shares=(), kinds=(), settled=(), swings=(), without={}, findings=(NOISE,))
    _sense_words.show(none)
    told = capsys.readouterr().out
    assert "warning: the draws' answers differ by no more than chance" in told and "try: run more paths" in told
    assert "share (80 %)" not in told and "Settled" not in told and "If C" not in told
    _discover_words.show(replace(FOUND, scenarios=(), levers=()))
    assert "No kind of future stands out" in capsys.readouterr().out


def test_no_number_is_certain_and_nothing_is_caused(capsys: pytest.CaptureFixture[str]) -> None:
    for show in (lambda: _sense_words.show(TOLD), lambda: _discover_words.show(FOUND)):
        show()
        told = capsys.readouterr().out
        assert "in the model" in told and "caused" not in told
        assert not re.search(r"(?<![\d.])100 %", told)


def test_claims_that_would_narrow_nothing_are_not_sold(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _sense_words.worth(replace(TOLD, settled=TOLD.settled[1:]))
    assert lines == ["  No single claim, if it were known, would be told to narrow the range 3 % to 37 % by a point."]


def test_documents_are_json_with_the_keys_that_are_promised() -> None:
    sensed, found = _sense_words.document(TOLD), _discover_words.document(FOUND)
    json.dumps([sensed, found], allow_nan=False)
    assert {"code", "probability", "shares", "kinds", "rest", "settled", "without", "swings", "between"} <= set(sensed)
    assert set(sensed["shares"][0]) == {"code", "label", "kind", "share", "range80", "first", "first80"}
    assert {"scenarios", "elsewhere", "trajectory", "levers", "base", "looked_at"} <= set(found)
    assert found["scenarios"][0]["restrictions"][0]["high"] is None
    assert found["levers"]["talks"]["in"]["A"]["difference"] == -0.09


def call(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    """Run a verb in this process; its exit code, stdout and stderr."""
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_explain_without_a_question_says_what_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "explain", TWO_VALLEYS)
    assert (code, out) == (2, "")
    assert "nothing to explain was named" in err and "--sense" in err and "why it matters" in err


def test_one_view_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "explain", TWO_VALLEYS, "--sense", "V-Q1", "--discover", "V-Q1")
    assert code == 2 and "--sense and --discover were given together" in err and "one at a time" in err
    code, _, err = call(capsys, "explain", TWO_VALLEYS, "--discover", "V-Q1", "--claims", "3")
    assert code == 2 and "--claims was given without --sense" in err


def test_explain_answers_on_the_small_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = fs.load(TWO_VALLEYS)
    saved = fs.save(fs.simulate(case, fs.fit(case, seed=1), paths=2_000, seed=1), tmp_path / "run")
    code, out, _ = call(capsys, "explain", saved, "--sense", "V-Q1", "--claims", "0")
    assert code == 0 and "What its range hangs on, over 1,000 draws:" in out
    code, out, _ = call(capsys, "explain", saved, "--discover", "V-Q3")
    assert code == 0 and "levers are not compared" in out
    for view in ("--sense", "--discover"):
        extra = ("--claims", "0") if view == "--sense" else ()
        code, out, _ = call(capsys, "explain", saved, view, "V-Q3", *extra, "--json")
        told = json.loads(out)
        assert code == 0 and told["schema"] == 1 and told["code"] == "V-Q3"
