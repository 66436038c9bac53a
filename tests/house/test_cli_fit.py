"""`fissures fit`: the claims table, its document, what is refused, and the real thing on both cases."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import fissures as fs
from fissures import api as real
from fissures import errors
from fissures.api.records import Fit
from fissures.cli import main
from fissures.study.records import Belief, ClaimRow, Claims, Difference, FittedBlock, HalfLife, Implied, Statement

ROOT = Path(__file__).resolve().parents[1]
TWO_VALLEYS = ROOT / "cases" / "two_valleys"
CLAIM = {"id", "code", "kind", "before", "after", "vague", "p_sign", "narrowed", "informed_by", "verdict", "portable"}
FIT = {"claims", "moved", "couplings", "blocks", "doubt", "findings", "statements"}


def call(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    """Run a verb in this process; its exit code, stdout and stderr."""
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


# --- a table made by hand -----------------------------------------------------------------------------------

STALL = ClaimRow(
    id="stall", code="C04", sentence="Stalled talks raise climbing.", paraphrase="The longer talks bring no step, the "
    "less either side holds back from trying force.", source="article", para=4, reading="stated",
    before=Belief(0.45, 0.4), after=Belief(0.52, 0.2), vague=Belief(0.5, 0.25), p_sign=0.977, narrowed=0.375,
    informed_by=83, verdict="supported", sign=1, possible=0.52,
)  # fmt: skip
AGAIN = replace(STALL, id="again", code="C64", shares="C04")
TALKS = replace(
    STALL, id="talks", code="C33", paraphrase="Talks calm the fronts.", vague=Belief(-0.001, 0.3), p_sign=0.5,
    narrowed=0.25, verdict="mixed", confounded=0.7, by_indication=True, moves_with=True, own=0.4, lead=1.2,
)  # fmt: skip
QUIET = replace(
    STALL, id="quiet", code="C90", paraphrase="", sentence="Rain lowers climbing.", after=Belief(0.45, 0.4),
    narrowed=0.0, informed_by=0, verdict="could not test", possible=0.0, untested="nobody counted the rain",
)  # fmt: skip
CEDED = replace(STALL, id="ceded", code="C11", shares="break dushanbe", verdict="leans to", possible=None)
TOO = replace(CEDED, id="too", code="C14")
BLOCKS = (
    FittedBlock("ladder border", "mode + Laplace", None, None, False),
    FittedBlock("stream threats", "mode + Laplace, corrected", 0.12, 812.4, True),
    FittedBlock("stream arrests", "mode + Laplace", 0.76, 301.0, False),
    FittedBlock("stream letters", "prior only: no data", None, None, None),
)
MADE = Claims(
    case="A made-up case", as_of=date(2020, 7, 21), digest="d" * 64, seed=1, rows=(TALKS, STALL, AGAIN, QUIET, CEDED,
    TOO), statements=(Statement("level", "C02", "level", "P", "about", "article", 3),), moved=3, couplings=4,
    doubt=((0.2, 0.4), (0.6, 0.3), (1.6, 0.3)), blocks=BLOCKS,
    findings=(errors.Finding("fit", "warning", "a rough part", "it may mislead", "look twice"),
    errors.Finding("fit", "note", "separation in one claim: talks", "the prior stops it", "")), asked=("Q1", "Q4"),
    half_lives=(HalfLife("stall", 252.0, ((0.5, 0.1), (1.0, 0.3), (2.0, 0.6)), True),
    HalfLife("rain", 14.0, ((0.5, 0.33), (1.0, 0.33), (2.0, 0.34)), True)),
    implied=(Implied("north", "clash", 0.02, 0.4, True), Implied("south", "clash", 0.0, 0.95, False)),
)  # fmt: skip
NOTHING = Difference(0.17, 0.171, 0.001, (-0.01, 0.01), 0.004, (), ())
MUCH = Difference(0.17, 0.14, -0.03, (-0.05, -0.01), 0.004, (), ())
WITHOUT = {code: {"Q1": MUCH if code == "C04" else NOTHING, "Q4": NOTHING} for code in ("C33", "C04", "C90")}
WITHOUT |= {"break dushanbe": {"Q1": replace(MUCH, arm=0.3, difference=0.13), "Q4": NOTHING}}


@pytest.fixture
def made(api: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The stand-in for the public surface, which also hands out the claims made by hand."""

    def claims(fit: object, without: bool = False, paths: int = 0, progress: Any = None) -> Claims:
        api._note("claims", without=without, paths=paths)
        return replace(MADE, without=WITHOUT, paths=paths) if without else MADE

    monkeypatch.setattr(api, "claims", claims, raising=False)
    return api


def test_the_table_word_for_word(made: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "fit", "mine", "--seed", "1")
    assert (code, out) == (0, (ROOT / "words" / "fit.txt").read_text(encoding="utf-8"))
    assert [line.rsplit(maxsplit=2)[0].strip() for line in err.splitlines()] == [
        "read the case",
        "fit the claims to the data",
    ]
    assert made.calls[1] == ("fit", {"seed": 1})


def test_rows_stand_by_verdict_and_what_is_said_twice_stands_once(
    made: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    out = call(capsys, "fit", "mine")[1]
    assert out.startswith("The data moved 3 of 4 couplings.\n")
    codes = [word for word in (line.split(" ")[0] for line in out.splitlines()) if word[:1] == "C" and len(word) == 3]
    assert codes == ["C04", "C11", "C33", "C90"]


def test_on_a_terminal_it_is_a_table_of_that_width(
    made: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True, raising=False)
    monkeypatch.setenv("COLUMNS", "90")
    out = call(capsys, "fit", "mine")[1]
    told = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert "supported" in told and "How to read it" in told and max(map(len, told.splitlines())) <= 90


def test_without_each_claim(made: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "fit", "mine", "--without", "--paths", "500")
    assert code == 0 and made.calls[-1] == ("claims", {"without": True, "paths": 500})
    assert "4 couplings, each taken out in turn and 500 futures simulated without it: this takes minutes" in err
    row = next(line for line in out.splitlines() if line.startswith("C04"))
    assert row.split("supported")[1].split() == ["14", "%", "=", "said", "again", "as", "C64"]
    assert "\nQ1: 17 %; without C04 it would be 14 %, the largest change.\n" in out, "a break is no claim"
    assert "\nQ4: 17 %; no single claim moves it by more than chance on 500 futures.\n" in out
    assert "without it: the answer with this claim at zero" in out
    call(capsys, "fit", "mine", "--without")
    assert made.calls[-1] == ("claims", {"without": True, "paths": 2000})


def test_the_document(made: Any, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(call(capsys, "fit", "mine", "--json")[1])
    assert document.keys() >= FIT | {"schema", "seed", "digest"}
    assert (document["moved"], document["couplings"], len(document["claims"])) == (3, 4, 6)
    talks, stall, again, quiet, *_ = document["claims"]
    assert all(claim.keys() >= CLAIM for claim in document["claims"])
    assert stall["before"] == {"mean": 0.45, "sd": 0.4} and set(stall["after"]) == {"mean", "sd", "range80"}
    assert (talks["moves_with"], talks["by_indication"], talks["lead"], talks["own"]) == (True, True, 1.2, 0.4)
    assert (stall["possible"], again["shares"], quiet["untested"]) == (0.52, "C04", "nobody counted the rain")
    assert stall["portable"] is None and stall["without"] is None and document["paths"] is None
    assert document["blocks"][1].items() >= {"name": "stream threats", "khat": 0.12, "ess": 812.4}.items()
    assert document["implied"][1] == {
        "front": "south", "rung": "clash", "at_nothing": 0.0, "at_surge": 0.95, "sound": False
    }  # fmt: skip
    stall = document["half_lives"][0]
    assert (stall["pressure"], stall["stated_days"], stall["told"]) == ("stall", 252.0, True)
    assert stall["weights"][2] == {"times_stated": 2.0, "weight": 0.6}
    assert document["blocks"][0]["khat"] is None and "method" in document["blocks"][0]
    again = json.loads(call(capsys, "fit", "mine", "--json", "--without")[1])["claims"][2]
    assert again["without"]["Q1"].items() >= {"base": 0.17, "arm": 0.14, "difference": -0.03}.items()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("mine", "--paths", "500"), "--paths was given without --without"),
        (("mine", "--without", "--paths", "5"), "100"),
        (("kept",), "'kept' is a saved run"),
        ((), "CASE"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    made: Any, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], said: str
) -> None:
    Path("kept").mkdir()
    Path("kept/manifest.json").write_text("{}", encoding="utf-8")
    code, out, err = call(capsys, "fit", *argv)
    assert (code, out, made.calls) == (2, "", []) and said in err and "Traceback" not in err


def test_the_ladders_are_sampled_and_draws_saved_where_that_is_asked(
    made: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = call(capsys, "fit", "mine", "--full", "--draws", "draws.nc", "--priors", "portable")
    assert code == 0 and "save the draws" in err
    assert [name for name, _ in made.calls] == ["load", "fit", "save_draws", "claims"]
    assert made.calls[1] == ("fit", {"seed": 1, "full": True, "priors": "portable"})


def test_a_fit_that_does_not_settle_is_code_5(made: Any, capsys: pytest.CaptureFixture[str]) -> None:
    made.raises = errors.FitError("did not converge: ladder border", where="fit", why="noise", remedy="look for it")
    code, out, err = call(capsys, "fit", "mine", "--json")
    assert (code, out) == (5, "") and "did not converge: ladder border" in err and "try: look for it" in err


# --- the real thing: one fit of each case ---------------------------------------------------------------------


@pytest.fixture(scope="session", params=[TWO_VALLEYS, "south-caucasus-2020"], ids=["two valleys", "shipped"])
def fitted(request: pytest.FixtureRequest) -> Iterator[Fit]:
    """A case fitted."""
    yield fs.fit(fs.load(request.param))


def test_every_coupling_of_a_case_stands_in_the_table(
    fitted: Fit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(real, "fit", lambda case, seed, progress, full, priors: fitted)
    code, out, _ = call(capsys, "fit", fitted.case.folder)
    claims = fs.claims(fitted)
    assert code == 0 and out.startswith(f"The data moved {claims.moved} of {claims.couplings} couplings.\n")
    codes = {claim.code for claim in fitted.case.record.claims.values() if claim.kind == "coupling"}
    assert {row.code for row in claims} == codes and len(claims) == len(codes)
    tables = out.split("How to read it")[0]
    lines = [line.split()[0] for line in tables.splitlines() if line.split() and line.split()[0] in codes]
    assert len(lines) == len(set(lines)) == claims.couplings, "a coefficient stands on one line"
    assert sum(weight for _, weight in claims.doubt) == pytest.approx(1.0)
    for row in claims:
        assert (row.verdict == "could not test") == bool(row.untested)
    assert str(claims).startswith("The data moved ")
    document = json.loads(call(capsys, "fit", fitted.case.folder, "--json")[1])
    assert len(document["claims"]) == len(codes) and document["blocks"]


def test_the_answers_without_each_claim(fitted: Fit, capsys: pytest.CaptureFixture[str]) -> None:
    if fitted.case.folder != TWO_VALLEYS:
        return
    told: list[str] = []
    claims = fs.claims(fitted, without=True, paths=300, progress=told.append)
    assert set(claims.without) == {row.code for row in claims} and claims.paths == 300
    assert told[1] == "without V1 (1 of 9)" and claims.asked == ("V-Q1",)
    questions = {"V-Q1", "V-Q2>=10", "V-Q2>=50", "V-Q3"}
    assert all(set(changes) == questions for changes in claims.without.values())
    base = {code: {changes[code].base for changes in claims.without.values()} for code in questions}
    assert all(len(values) == 1 for values in base.values()), "one base for all"
    assert claims.without["V4"]["V-Q3"].difference < 0, "marches come of thirst"
    oath = claims.without["V7"]["V-Q3"]
    assert (oath.difference, oath.range80[0] <= 0 <= oath.range80[1]) == (0.0, True), "fire moves no march"
