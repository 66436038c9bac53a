"""A battery of bad cases through the command line: exit code 3, a line, a cause, a way out; nothing is written."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fissures.cli import main

Altered = Callable[..., Path]
Call = Callable[..., tuple[int, str]]
TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
GOOD = (TWO_VALLEYS / "case.yaml").read_text(encoding="utf-8")
SECONDS = 30  # on a slow machine; each takes a few


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a verb in this process; its exit code and all that it printed."""

    def run(*argv: object) -> tuple[int, str]:
        code = main([str(arg) for arg in argv])
        out, err = capsys.readouterr()
        return code, out + err

    return run


def listing(folder: Path) -> list[tuple[str, int, int]]:
    """Every file in and beside a folder, with its size and time."""
    return sorted((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in folder.parent.rglob("*") if p.is_file())


def refused(call: Call, folder: Path, *, line: bool = True, options: tuple[object, ...] = ()) -> str:
    """What `check` says of a bad case; asserts all that must hold of every bad case."""
    before, begun = listing(folder), time.perf_counter()
    code, said = call("check", folder, *options)
    assert time.perf_counter() - begun < SECONDS
    assert code == 3, said[:2000]
    assert "Traceback" not in said and "\x1b" not in said
    assert "why it matters: " in said and "try: " in said
    assert not line or re.search(r"\.yaml:\d+:\d+ ", said), said[:2000]
    assert listing(folder) == before, "check writes nothing"
    document = json.loads(call("check", folder, *options, "--json")[1])
    assert document["valid"] is False and all(f["why"] and f["try"] and f["where"] for f in document["findings"])
    return said


ONE_PLACE = [
    ("unknown key", "    half_life: 4 weeks", "    half_lief: 4 weeks", "did you mean 'half_life'?"),
    ("unknown key at the top", "purpose:", "porpoise: a\npurpose:", "did you mean 'purpose'?"),
    ("duplicate key", "  thirst:\n", "  thirst: {name: twice}\n  thirst:\n", "is written twice; first at case.yaml:"),
    ("wrong type", "exceed: [10, 50]", "exceed: many", "must be a list"),
    ("wrong kind of number", "sd: 0.4, says: ours}", "sd: wide, says: ours}", "must be a number"),
    ("unknown name", "ladder: river", "ladder: rivre", "did you mean 'river'?"),
    ("unknown name in a phrase", "reaches feud", "reaches fued", "did you mean 'feud'?"),
    ("claim without source", "source: letter, para: 4, reading: ours", "para: 4, reading: ours", "has no 'source'"),
    ("claim of an unknown source", "source: letter, para: 4", "source: lettre, para: 4", "did you mean 'letter'?"),
    ("question after the horizon", "by: 2020-03-31", "by: 2021-03-31", "does not lie after"),
    (
        "evidence after the as-of date",
        "[[2018-01-01, 2019-12-29]]",
        "[[2018-01-01, 2020-12-29]]",
        "past the as-of date",
    ),
    ("break after the as-of date", "date: 2019-05-01", "date: 2020-05-01", "does not lie before the as-of date"),
    ("half-life zero", "half_life: 3 weeks", "half_life: 0 weeks", "lasts no time at all"),
    ("negative half-life", "half_life: 3 weeks", "half_life: -3 weeks", "is not a duration"),
    ("surge zero", "reference_surge: 7 days", "reference_surge: 0 days", "no time at all"),
    ("rate zero", "base_rate: 1 per year", "base_rate: 0 per year", "is a rate of zero"),
    (
        "state that covers days",
        "file: wardens.csv\n",
        "file: wardens.csv\n    role: state\n",
        "role: state and yet covers",
    ),
    ("format of the future", "fissures: 2", "fissures: 99", "this version of fissures reads 1, 2"),
    ("letters that look alike", "cause: grief", "cause: griеf", "did you mean 'grief'?"),  # a Cyrillic e
    ("words that run backwards", "purpose: A small", "purpose: A \u202esmall", "control character"),
    ("a name that cannot be seen", "  wardens:\n    name", "  war\u200bdens:\n    name", "cannot be a name"),
    ("an escape in quotes", "purpose: A small", 'purpose: "\\e[31mA small', "case.yaml:"),
    ("a lone surrogate", "purpose: A small case", 'purpose: "\\ud800', "case.yaml:"),
    ("a number without end", "sd: 0.4, says: ours}", "sd: .inf, says: ours}", "is not a number that can be used"),
    ("a number of 400 digits", "half_life: 3 weeks", f"half_life: {'9' * 400} weeks", "a number without end"),
    ("a dose without end", "1 every 14 days", f"1 every {'9' * 5000} days", "is not a dose of events"),
    (
        "events that breed events",
        "cause: within 3 weeks of water_cuts",
        "prior: {mean: 3, sd: 1, says: x}\n    cause: within 3 weeks of market_marches",
        "feed on themselves",
    ),
    ("a file elsewhere", "file: weekly.csv", "file: ../../etc/passwd", "is not the name of a file"),
]


@pytest.mark.parametrize(("old", "new", "says"), [row[1:] for row in ONE_PLACE], ids=[row[0] for row in ONE_PLACE])
def test_one_bad_place(altered: Altered, call: Call, old: str, new: str, says: str) -> None:
    assert says in refused(call, altered((old, new)))


def test_a_state_file_that_is_also_evidence(altered: Altered, call: Call) -> None:
    state = "  now:\n    kind: dated_counts\n    role: state\n    file: events.csv\n    source: letter\n"
    said = refused(call, altered(("evidence:\n", "evidence:\n" + state)))
    assert "the state events of 'now' stand in 'events.csv', which is evidence of 'events'" in said


def test_evidence_from_the_source_that_the_claims_speak_from(altered: Altered, call: Call) -> None:
    """The letter's own events under another file's name: the argument cannot be its own witness."""
    own = "  now:\n    kind: dated_counts\n    file: wardens.csv\n    source: letter\n"
    own += "    covers: [[2018-01-01, 2019-12-29]]\n    streams: [market_marches]\n"
    said = refused(call, altered(("evidence:\n", "evidence:\n" + own)))
    assert "'now' is evidence from 'letter', the source that the claims speak from" in said


def test_evidence_that_repeats_the_rows_of_a_state_file(altered: Altered, call: Call) -> None:
    """A copy of the state events under another name and another source."""
    state = "  now:\n    kind: dated_counts\n    role: state\n    file: now.csv\n    source: letter\n"
    state += "    streams: [market_marches]\n"
    folder = altered(("evidence:\n", "evidence:\n" + state))
    rows = "date,stream,count\n2019-06-01,water_cuts,1\n2019-06-02,market_marches,1\n"
    (folder / "now.csv").write_text(rows, encoding="utf-8")
    assert call("check", folder)[0] == 0
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        file.write("2019-06-02,market_marches,2\n")
    line = len((folder / "events.csv").read_text(encoding="utf-8").splitlines())
    said = refused(call, folder, line=False)
    assert f"events.csv:{line}  'market_marches' on 2019-06-02 is evidence of 'events' and also a state event" in said
    assert "(now.csv:3)" in said
    assert call("run", folder, "--paths", 100)[0] == 3


@pytest.mark.parametrize("file", ["events.csv", "weekly.csv"])
def test_a_row_after_the_as_of_date_is_told_with_its_line(altered: Altered, call: Call, file: str) -> None:
    folder = altered()
    rows = (folder / file).read_text(encoding="utf-8").splitlines()
    late = ",".join(["2020-05-04", *rows[1].split(",")[1:]])
    (folder / file).write_text("\n".join([*rows[:3], late, *rows[3:]]) + "\n", encoding="utf-8")
    assert f"{file}:4  a row is dated 2020-05-04, after the as-of date" in refused(call, folder, line=False)


def test_fifty_megabytes_of_evidence(altered: Altered, call: Call) -> None:
    folder = altered()
    with (folder / "events.csv").open("ab") as stream:
        stream.truncate(50_000_000)
    begun = time.perf_counter()
    said = refused(call, folder)
    assert "the file 'events.csv' is larger than 5 MB" in said and time.perf_counter() - begun < 5


def test_a_span_outside_its_paragraph(altered: Altered, call: Call) -> None:
    folder = altered(("span: [0, 89]", "span: [0, 8900]"))
    assert "leaves paragraph 3 of 'letter'" in refused(call, folder, options=("--source", TWO_VALLEYS / "source.txt"))


def test_other_words_than_were_meant(altered: Altered, call: Call, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text((TWO_VALLEYS / "source.txt").read_text(encoding="utf-8").replace("upper weir", "lower weir"))
    assert "holds other words than were meant" in refused(call, altered(), options=("--source", copy))


def test_overlays_that_run_in_a_circle(altered: Altered, call: Call) -> None:
    folder = altered()
    (folder / "a.yaml").write_text("base: b.yaml\n", encoding="utf-8")
    (folder / "b.yaml").write_text("base: a.yaml\n", encoding="utf-8")
    assert "the bases run in a circle: a.yaml -> b.yaml -> a.yaml" in refused(call, folder / "a.yaml")


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
)
WHOLE = [
    ("empty", b"", False),
    ("only a remark", b"# later\n", False),
    ("binary", bytes(range(256)) * 40, False),
    ("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, False),
    ("a list", b"- a\n- b\n", True),
    ("Latin-1", GOOD.replace("River", "Rivière").replace("one river", "une rivière").encode("latin-1"), True),
    ("UTF-16", GOOD.encode("utf-16"), False),
    ("alias bomb", BOMB.encode(), True),
    ("deep nesting", b"a: " + b"[" * 100_000, True),
    ("deep maps", b"".join(b" " * n + b"a:\n" for n in range(3000)), True),
    ("an unclosed quote", GOOD.replace("purpose: A", 'purpose: "A').encode(), True),
    ("two documents", (GOOD + "---\n" + GOOD).encode(), True),
    ("one endless line", b"a: " + b"x" * 4_000_000, True),
    ("many keys", "".join(f"k{n}: 1\n" for n in range(20_000)).encode(), True),
]


@pytest.mark.parametrize(("raw", "line"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_no_case_at_all(altered: Altered, call: Call, raw: bytes, line: bool) -> None:
    refused(call, altered(text=raw), line=line)


def test_fifty_megabytes(altered: Altered, call: Call) -> None:
    folder = altered()
    with (folder / "case.yaml").open("ab") as stream:
        stream.truncate(50_000_000)
    assert "larger than 5 MB" in refused(call, folder, line=False)


@pytest.mark.slow
def test_ten_thousand_claims_with_faults(altered: Altered, call: Call) -> None:
    claim = (
        "  c{0}:\n    code: C{0}\n    paraphrase: p\n    cause: thurst\n    effect: raises climbing of weir\n"
        "    strength: plain\n    says: {{source: letter, reading: ours}}\n"
    )
    folder = altered(("claims:\n", "claims:\n" + "".join(claim.format(n) for n in range(10_000))))
    begun = time.perf_counter()
    code, said = call("check", folder)
    assert time.perf_counter() - begun < 2 * SECONDS
    assert code == 3 and "did you mean 'thirst'?" in said and "Traceback" not in said


def test_other_verbs_refuse_a_bad_case_too(altered: Altered, call: Call, tmp_path: Path) -> None:
    folder = altered(("ladder: river", "ladder: rivre"))
    before = listing(folder)
    for argv in (("run", folder, "--paths", 100), ("brief", folder, "--out", tmp_path / "b.html")):
        code, said = call(*argv)
        assert code == 3 and "case.yaml:" in said and "try: " in said and "Traceback" not in said
    assert listing(folder) == before


@pytest.mark.parametrize("name", ["nowhere", "x" * 5000, "a\0b", "", "\udcff"])
def test_no_such_case(call: Call, name: str) -> None:
    code, said = call("check", name)
    assert code in (2, 3) and "try: " in said and "Traceback" not in said


def test_a_folder_without_a_case(call: Call, tmp_path: Path) -> None:
    assert "there is no case here" in call("check", tmp_path)[1]
    assert os.listdir(tmp_path) == []
