"""What `fissures resolve` prints, and a shipped case moved back three weeks and read by itself."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

import fissures as fs
from fissures.cli import main

from .later import TWO_VALLEYS, later

FEUD = "5,3,0,0,1,0,0,0"
SHIPPED = "south-caucasus-2020"
BACK = date(2020, 6, 30)

TRANSCRIPT = """\
Two valleys, one river: the answers of 29 December 2019, read on 5 July 2020 (issue DIGEST)
2 of 3 questions have settled.

      it was said (with | off | class) what came score (in that order) question
V-Q1 # % | # % | # % came true by 10 May 2020 # | # | # A feud or worse on the river by the end of June
V-Q3 # % | # % | # % did not come true, settled 31 March 2020 # | # | # A march for water by the end of March
V-Q2 # | # | # cannot be told: 5 or more How many are killed on the river by the end of June
V-Q2  cannot be told: no record of 7 days, 2 March 2020 to 8 March 2020

Mean Brier score of 2 settled questions of yes or no: with claims #, claims off #, reference class # (lower is better; \
a coin scores 0.25). Mean log score: with claims #, claims off #, reference class # bits (a coin scores 1).
So few settled questions (2) tell nothing about skill.
Questions that settle together are not independent: one event may settle several.
"""


def masked(text: str) -> str:
    """The text without what another seed would change, and with one space between the columns of the table."""
    text = re.sub(r"issue [0-9a-f]{12}", "issue DIGEST", text)
    text = re.sub(r"([<>] )?\d+(\.\d+)? %", "# %", text)
    lines = []
    for line in text.splitlines():
        told = re.sub(r" {2,}", " ", line) if "|" in line else line
        told = re.sub(r"\d+(\.\d+)? \| \d+(\.\d+)? \| \d+(\.\d+)?", "# | # | #", told)
        lines.append(re.sub(r"(with claims|claims off|reference class) \d+\.\d\d", r"\1 #", told))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved run of the invented case."""
    case = fs.load(TWO_VALLEYS)
    return fs.save(fs.simulate(case, fs.fit(case), paths=300), tmp_path_factory.mktemp("issue") / "kept")


@pytest.fixture(scope="module")
def july(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case half a year on, with a feud in May and a week in March of which nothing was written down."""
    folder = tmp_path_factory.mktemp("july") / "case"
    return later(folder, date(2020, 7, 5), {date(2020, 5, 4): FEUD}, skip=[date(2020, 3, 2)])


def test_the_verb_prints_what_was_said_what_came_and_the_scores(
    kept: Path, july: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", str(kept), "--by", str(july)]) == 0
    out, err = capsys.readouterr()
    assert masked(out) == masked(TRANSCRIPT)
    assert err.startswith("read both cases and answers")


def test_its_document_holds_every_number(kept: Path, july: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", str(kept), "--by", str(july), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["since"], told["until"]) == (1, "2019-12-29", "2020-07-05")
    assert (told["settled"], told["asked"], told["total"]["questions"]) == (2, 3, 2)
    feud, deaths = told["questions"][0], told["questions"][1]
    assert (feud["code"], feud["status"], feud["on"]) == ("V-Q1", "came true", "2020-05-10")
    assert feud["brier"]["with_claims"] == pytest.approx((1 - feud["with_claims"]) ** 2)
    assert (deaths["status"], deaths["least"], deaths["most"]) == ("cannot be told", 5, None)
    assert deaths["missing"] == ["no record of 7 days, 2 March 2020 to 8 March 2020"]


def test_what_cannot_be_read_says_where_what_why_and_what_to_try(
    kept: Path, july: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", "nowhere", "--by", str(july)]) == 2
    assert capsys.readouterr().err == (
        "FOLDER  'nowhere' holds no saved run\n"
        "    why it matters: only answers that were kept when they were given can be scored\n"
        "    try: name the folder of: fissures run CASE --out FOLDER\n"
    )
    assert main(["resolve", str(kept), "--by", str(TWO_VALLEYS)]) == 2
    assert (
        "as_of  the case is as of 29 December 2019, and the answers are as of 29 December 2019\n"
        "    why it matters: answers are read from what the record shows of the days after them\n"
        "    try: name a version of the case with a later as-of date\n"
    ) in capsys.readouterr().err
    assert main(["resolve", str(kept), "--by", "two_vallys"]) == 2
    assert "no case 'two_vallys'" in capsys.readouterr().err
    assert main(["resolve", str(kept)]) == 2, "a record to read has to be named"
    broken = Path(shutil.copytree(july, tmp_path / "broken"))
    (broken / "weekly.csv").unlink()
    capsys.readouterr()
    assert main(["resolve", str(kept), "--by", str(broken)]) == 4
    assert "the file 'weekly.csv' is missing" in capsys.readouterr().err


# --- a shipped case, moved back --------------------------------------------------------------------------------------


def moved_back(folder: Path) -> Path:
    """The shipped case three weeks before its as-of date: rows dated later are cut, and windows end there.

    The argument, its priors and two histograms by rung stay as they were coded later. So this shows that the reading
    works, and its scores say nothing of how good the answers were.
    """
    shutil.copytree(fs.load(SHIPPED).folder, folder)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^as_of: .*$", f"as_of: {BACK}", text, flags=re.MULTILINE)
    text = re.sub(r"(\[\d{4}-\d\d-\d\d, )2020-07-\d\d\]", rf"\g<1>{BACK}]", text)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as held:
            rows = list(csv.DictReader(held))
        dated = next((name for name in ("date", "week", "end") if name in rows[0]), None)
        if dated is None or file.name == "calendar.csv":
            continue
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in map(_cut, rows) if date.fromisoformat(row[dated]) <= BACK)
    return folder


def _cut(row: dict[str, str]) -> dict[str, str]:
    """A row that reaches past the date, ended there; how many died on its days till then nobody knows."""
    if "rung" in row and row["start"] <= str(BACK) < row["end"]:
        return {**row, "end": str(BACK), "killed_low": "", "killed_high": ""}
    if "days_covered" in row:
        left = (BACK - date.fromisoformat(row["week"]) + timedelta(days=1)).days
        return {**row, "days_covered": str(max(min(int(row["days_covered"]), left), 0))}
    return row


@pytest.mark.slow
def test_a_shipped_case_moved_back_is_read_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = fs.load(moved_back(tmp_path / "june"))
    kept = fs.save(fs.simulate(case, fs.fit(case), paths=100), tmp_path / "kept")
    told = fs.resolve(kept, SHIPPED)
    came = {one.code: one.on for one in told if one.status == "came true"}
    assert came == {"Q1": date(2020, 7, 12), "Q11": date(2020, 7, 15)}
    assert {one.status for one in told.asked} == {"came true", "open"}, "every date lies after the record's end"
    assert (len(told.settled), len(told.asked)) == (2, 28)
    unseen = {one.code for one in told.asked if one.missing}
    assert {"Q6", "Q8", "Q9", "Q13"} <= unseen, "nobody counted them, so that nothing is said of them"
    total = next(one for one in told if one.code == "Q15")
    assert (total.status, total.least) == ("open", 17)
    assert main(["resolve", str(kept), "--by", SHIPPED]) == 0
    out = capsys.readouterr().out
    assert "2 of 28 questions have settled." in out and "So few settled questions (2)" in out
