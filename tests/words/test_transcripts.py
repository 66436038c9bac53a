"""What a user reads, word for word; the transcripts of whole outputs stand beside this file as text."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import fissures as fs
from fissures.cli import main

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"


def call(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    """Run a verb in this process; its exit code, stdout and stderr."""
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def transcript(name: str) -> str:
    """An output as it should be."""
    return Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")


# --- check --------------------------------------------------------------------------------------------------

BREAKS = [
    ("half_life: 2 weeks", "half_life: fortnight"),
    ("raises climbing of weir, ford", "raises climbing of wier, ford"),
    ("    name: The League calls", "    nmae: The League calls"),
    ("by: 2020-03-31", "by: 2021-03-31"),
]


def test_check_says_all_that_is_wrong_from_top_to_bottom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(TWO_VALLEYS, tmp_path / "case"))
    told = (folder / "case.yaml").read_text(encoding="utf-8")
    for old, new in BREAKS:
        assert old in told
        told = told.replace(old, new, 1)
    (folder / "case.yaml").write_text(told, encoding="utf-8")
    assert call(capsys, "check", folder) == (3, transcript("check_broken"), "")


def test_check_reads_the_claims_of_a_good_case_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "check", TWO_VALLEYS) == (0, transcript("check_good"), "")


# --- run ----------------------------------------------------------------------------------------------------

WORDS = "almost no chance|very unlikely|unlikely|roughly even chance|likely|very likely|almost certain"
STEPS = ["read the case", "fit the claims to the data", "simulate", "answers"]


def masked(text: str) -> str:
    """The text without what another seed would change: numbers, probability words, digests."""
    text = re.sub(r"issue [0-9a-f]{12}", "issue DIGEST", text)
    text = re.sub(r"(?<!V-Q)\b\d+(,\d{3})*(\.\d+)?", "#", text).replace("error below #", "error #")
    return re.sub(rf"% *, ({WORDS}) \(", "%, WORD (", text)


def test_run_prints_number_range_word_and_three_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "run", TWO_VALLEYS, "--paths", "4000")
    assert (code, masked(out)) == (0, transcript("run"))
    assert "4,000 paths, seed 1" in out
    assert [line.rsplit(maxsplit=2)[0].strip() for line in err.splitlines()] == STEPS


def test_a_run_with_a_lever_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    lever = ("--lever", "council_every_fortnight")
    code, out, _ = call(capsys, "run", TWO_VALLEYS, "--paths", "100", *lever)
    assert code == 0
    assert out.startswith("With council_every_fortnight. Without --lever: the base, on the same random numbers.\n")
    assert "warning: run  100 paths are fewer than four for each of 1,000 draws" in out


def test_a_saved_run_with_a_lever_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ("run", TWO_VALLEYS, "--paths", "100", "--lever", "council_every_fortnight", "--out", tmp_path / "run")
    _, out, _ = call(capsys, *asked)
    assert call(capsys, "run", tmp_path / "run")[:2] == (0, out)


def test_a_brief_with_a_lever_pulled_says_so(tmp_path: Path) -> None:
    case = fs.load(TWO_VALLEYS)
    run = fs.simulate(case, fs.fit(case), paths=100, levers=("council_every_fortnight",))
    page = fs.brief(run, out=tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "council_every_fortnight" in page or "The League calls the council every fortnight" in page


# --- refusals -----------------------------------------------------------------------------------------------

REFUSED = [
    (
        ("run", "two_vallys"),
        "case  no case 'two_vallys'\n"
        "    why it matters: a case is a shipped name, a folder with a case.yaml, or a YAML file\n"
        "    try: legal here: south-caucasus-2020\n",
    ),
    (
        ("check", "south-caucasus"),
        "case  no case 'south-caucasus'\n"
        "    why it matters: a case is a shipped name, a folder with a case.yaml, or a YAML file\n"
        "    try: did you mean 'south-caucasus-2020'? legal here: south-caucasus-2020\n",
    ),
    pytest.param(
        ("run", "x" * 5000),
        f"case  no case '{'x' * 80}'\n"
        "    why it matters: a case is a shipped name, a folder with a case.yaml, or a YAML file\n"
        "    try: legal here: south-caucasus-2020\n",
    ),
    (
        ("run", TWO_VALLEYS, "--lever", "council_every_fortnite"),
        "levers  no lever 'council_every_fortnite'\n"
        "    why it matters: a what-if changes one named thing, so that its effect can be read\n"
        "    try: did you mean 'council_every_fortnight'? legal here: council_every_fortnight\n",
    ),
]


@pytest.mark.parametrize(("argv", "said"), REFUSED, ids=["case", "near a case", "long", "lever"])
def test_an_unknown_name_is_refused_with_the_nearest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[object], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = call(capsys, *argv)
    told = err.split(" s\n")[-1]  # after the steps already done
    assert (code, out, told) == (2, "", said)


# --- Python -------------------------------------------------------------------------------------------------

FIVE_LINES = """\
import fissures as fs
case = fs.load(folder)
fit  = fs.fit(case, seed=1)
run = fs.simulate(case, fit, paths=200, seed=1)
print(fs.answer(run))
fs.brief(run, arms=["council_every_fortnight"], out="brief.html")
"""


def test_the_five_lines_of_python_work_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(FIVE_LINES, {"folder": TWO_VALLEYS})
    assert "V-Q1" in capsys.readouterr().out
    page = Path("brief.html").read_text(encoding="utf-8")
    assert "Two valleys, one river" in page and "The League calls the council every fortnight" in page
