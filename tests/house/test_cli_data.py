"""`fissures data`: files into a store and out of it, what they say about a case, and every refusal with its words."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from fissures import errors
from fissures.cli import _data_guards, main

ROOT = Path(__file__).resolve().parents[1]
TWO_VALLEYS, WORDS = ROOT / "cases" / "two_valleys", ROOT / "words"
MAPPING = """
fissures_mapping: 1
title: An invented diary
dataset: diary
cite: invented
columns: {start_date: day, actor: actor, recipient: recipient, lat: lat, lon: lon,
  deaths_low: dead, deaths_best: dead, deaths_high: dead}
codes: {column: kind, means: {cut: SANCTION, meeting: CONSULT, raid: ASSAULT, speech: null}}
feed: true
"""
FIRST, LAST = date(2018, 1, 1), date(2020, 1, 5)
SILENT = (date(2018, 9, 10), date(2018, 9, 20))  # the feed holds nothing, of anybody
Row = tuple[object, ...]


def diary(folder: Path, name: str = "diary.csv", extra: Sequence[Row] = ()) -> Path:
    """A news feed on the two valleys with its mapping: a speech a day, meetings, cut channels, a raid now and then."""
    rows: list[Row] = []
    for k in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=k)
        if SILENT[0] <= day <= SILENT[1]:
            continue
        rows.append((day, "The League", "Brome", "", "", "", "speech"))
        if k % 40 == 3:
            rows += [(day, "Ardel", "Brome", "", "", "", "cut")] * (2 if k % 80 == 3 else 1)
        if k % 30 == 9:
            rows.append((day, "Brome", "Ardel", "", "", "", "meeting"))
        if k % 97 == 50:
            rows.append((day, "Ardel", "Brome", 40.01, 46.0, 1 + k % 5, "raid"))
    file = folder / name
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(("day", "actor", "recipient", "lat", "lon", "dead", "kind"))
        writer.writerows([*rows, *extra])
    file.with_name(file.name + ".mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return file


BAD: tuple[Row, ...] = (
    ("2019-02-30", "Ardel", "Brome", "", "", "", "cut"),
    ("2019-02-03", "Ardel", "Brome", "", "", "", "dance\x1b[31m\u202e"),
    ("2019-02-04", "Ardel", "Brome", "", "", -4, "raid"),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a store that is not there yet."""
    monkeypatch.setenv("FISSURES_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def held(place: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A store that holds the diary, a few of its rows set apart."""
    diary(place, extra=BAD)
    assert call(capsys, "add", "diary.csv", "--version", "1")[0] == 0
    return place


def case(folder: Path, counted: bool = True) -> Path:
    """The two valleys with places for their crossings; their events are counted from the diary, or not."""
    made = Path(shutil.copytree(TWO_VALLEYS, folder / "case"))
    told = (made / "case.yaml").read_text(encoding="utf-8")
    changes = [
        ("    name: The upper weir\n", "    name: The upper weir\n    place: [40.0, 46.0]\n"),
        ("{name: The lower ford,", "{name: The lower ford, place: [41.5, 44.0],"),
    ]
    if counted:
        named = "    streams: [water_cuts, council_meetings, market_marches]\n"
        changes.append((named, f"{named}    counted_from: {{datasets: [diary@1], duplicates: one_a_day}}\n"))
    for old, new in changes:
        assert old in told
        told = told.replace(old, new, 1)
    (made / "case.yaml").write_text(told, encoding="utf-8")
    return made


def call(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    """Run a `data` verb in this process; its exit code, stdout and stderr."""
    code = main(["data", *map(str, argv)])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err and "this is a fault" not in err
    return code, out, err


def refused(capsys: pytest.CaptureFixture[str], code: int, *argv: object) -> str:
    """The words of a refusal: nothing on stdout, and what is wrong, why it matters and what to try on stderr."""
    got, out, err = call(capsys, *argv)
    assert (got, out) == (code, "")
    assert "why it matters: " in err and "try: " in err
    return err


def masked(text: str, place: Path) -> str:
    """An output without what another day or another folder would change."""
    today = date.today()
    told = text.replace(str(place), "PLACE").replace(f"{today.day} {today:%B %Y}", "TODAY").replace(str(today), "TODAY")
    return re.sub(r"[0-9a-f]{32}-\d", "ID", told)


def transcript(name: str) -> str:
    """An output as it should be."""
    return (WORDS / f"{name}.txt").read_text(encoding="utf-8")


# --- add, list, show, remove --------------------------------------------------------------------------------


def test_a_file_is_added_once_and_then_changes_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diary(place, extra=BAD)
    code, out, err = call(capsys, "add", "diary.csv", "--version", "1")
    assert (code, out) == (0, transcript("data_add"))
    assert err == "diary.csv is An invented diary, diary@1\n", "no line every two seconds"
    code, out, _ = call(capsys, "add", "diary.csv", "--version", "1")
    assert (code, out) == (0, "diary@1: diary.csv is already in the store, nothing changed.\n")


def test_the_document_of_one_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diary(place, extra=BAD)
    document = json.loads(call(capsys, "add", "diary.csv", "--version", "1", "--json")[1])
    assert (document["dataset"], document["version"], document["already_present"]) == ("diary", "1", False)
    assert document["quarantined"] == {"impossible date": 1, "negative deaths": 1, "unknown code": 1}
    assert document["rows"] > 700 and re.fullmatch(r"[0-9a-f]{64}", document["digest"])
    assert document["files"][0]["file"] == "diary.csv" and document["failed"] == [], "one shape for one file and many"


def test_of_several_files_the_good_ones_are_added(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diary(place), diary(place, "second.csv", [("2019-05-05", "Ardel", "Brome", "", "", "", "cut")])
    (place / "picture.csv").write_bytes(b"\x89PNG\r\n")
    files = ("diary.csv", "missing.csv", "picture.csv", "second.csv")
    code, out, err = call(capsys, "add", *files, "--version", "1")
    assert code == 4, "the first code that is not 0"
    assert [line.split(":")[0] for line in out.splitlines() if line.startswith("diary@1")] == ["diary@1", "diary@1"]
    assert "there is no file 'missing.csv'" in err and "picture.csv" in err and err.count("why it matters") == 2
    document = json.loads(call(capsys, "add", *files, "--version", "1", "--json")[1])
    assert "dataset" not in document, "keys at the top belong to one file"
    assert [one["already_present"] for one in document["files"]] == [True, True]
    assert [(one["file"], one["exit_code"]) for one in document["failed"]] == [("missing.csv", 4), ("picture.csv", 4)]
    assert set(document["failed"][0]["findings"][0]) == {"where", "level", "message", "why", "try"}


def test_a_day_of_publication_that_cannot_be_is_doubted(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diary(place)
    _, _, err = call(capsys, "add", "diary.csv", "--version", "1", "--published", "2019-01-01")
    assert "warning: diary@1 is said to be published on 2019-01-01, but has events up to 2020-01-05" in err
    _, _, err = call(capsys, "add", "diary.csv", "--version", "1", "--published", "2020-02-01")
    assert "note: it is held published 2019-01-01; to change that, first: fissures data remove diary@1" in err


def test_the_list(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "list")
    lines = masked(out, held).splitlines()
    assert code == 0 and " ".join(lines[0].split()) == "dataset@version files rows first last set apart added on"
    assert lines[1].split()[0] == "diary@1" and lines[1].endswith("2018-01-01  2020-01-05  3          TODAY")
    (told,) = json.loads(call(capsys, "list", "--json")[1])["datasets"]
    assert (told["dataset"], told["set_apart"], len(told["files"])) == ("diary", 3, 1)


def test_an_empty_store_says_how_to_begin(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "The store is empty. Begin with a file that you downloaded: fissures data add FILE\n"
    assert call(capsys, "list") == (0, told, "")
    assert json.loads(call(capsys, "list", "--json")[1])["datasets"] == []
    assert not (place / "store").exists(), "looking makes nothing"


def test_what_a_dataset_holds(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("diary", "diary@1"):
        code, out, _ = call(capsys, "show", name)
        assert (code, masked(out, held)) == (0, transcript("data_show"))
    document = json.loads(call(capsys, "show", "diary", "--json")[1])
    assert document["quarantined"]["unknown code"]["rows"] == 1 and document["by_category"]["none"] > 700
    assert document["deaths"].keys() == {"low", "best", "high"} and set(document["by_year"]) == {"2018", "2019", "2020"}


def test_text_from_a_file_does_nothing_to_a_terminal(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (("show", "diary"), ("show", "diary", "--json")):
        out = call(capsys, *argv)[1]
        assert "dance" in out and not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)
    (held / "evil.csv").write_text("a\x1b[2J,b,c\n1,2,3\n", encoding="utf-8")
    assert "\x1b" not in refused(capsys, 4, "add", "evil.csv")


def test_removal_asks_on_a_terminal_only(
    held: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert "add --yes" in refused(capsys, 2, "remove", "diary@1")
    assert "name it: diary@1" in refused(capsys, 2, "remove", "diary", "--yes"), "a version must be named"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda question, err: False)
    assert call(capsys, "remove", "diary@1") == (1, "", "Nothing was removed.\n")
    monkeypatch.setattr("typer.confirm", lambda question, err: True)
    code, out, _ = call(capsys, "remove", "diary@1")
    assert code == 0 and re.fullmatch(r"Removed diary@1: [\d,]+ rows of 1 file\.\n", out)
    assert "the store does not hold diary@1" in refused(capsys, 4, "remove", "diary@1", "--yes")


def test_removal_as_a_document(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(call(capsys, "remove", "diary@1", "--yes", "--json")[1])
    assert [(one["dataset"], one["version"]) for one in document["removed"]] == [("diary", "1")]


# --- progress -----------------------------------------------------------------------------------------------


def test_progress_without_a_terminal_is_milestones(capsys: pytest.CaptureFixture[str]) -> None:
    tell = _data_guards.teller()
    for said in ("waiting", "reading x", *(f"reading x: {n} %" for n in (3, 9, 27, 31, 49, 50, 80, 99)), "reading x"):
        tell(said)
    assert capsys.readouterr().err.splitlines() == [
        "waiting", "reading x", "reading x: 25 %", "reading x: 50 %", "reading x: 75 %",
    ]  # fmt: skip


def test_progress_on_a_terminal_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda self: True, raising=False)
    monkeypatch.setenv("COLUMNS", "20")
    tell = _data_guards.teller()
    for n in range(5):
        tell(f"reading a file with a long name: {n} %")
    err = capsys.readouterr().err
    assert "\n" not in err and all(len(line) < 20 for line in err.replace("\x1b[K", "").split("\r"))


# --- panel --------------------------------------------------------------------------------------------------


def test_counted_evidence_and_the_file_beside_it(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case(held)
    code, out, _ = call(capsys, "panel", "case")
    assert (code, masked(out, held)) == (0, transcript("data_panel"))
    code, out, _ = call(capsys, "panel", "case", "--write")
    assert code == 0 and "Written beside the case: events.csv and events.provenance.json." in out
    assert "The file events.csv beside the case says the same." in call(capsys, "panel", "case")[1]
    (held / "case" / "events.csv").unlink()
    assert (
        "The file events.csv does not lie beside the case yet; --write puts it there."
        in call(capsys, "panel", "case")[1]
    )


def test_a_preview_over_all_streams_and_fronts(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case(held, counted=False)
    code, out, _ = call(capsys, "panel", "case", "--with", "diary")
    assert (code, masked(out, held)) == (0, transcript("data_preview"))
    assert "Of rows with the same day" in call(
        capsys, "panel", "case", "--with", "diary", "--duplicates", "same_place", "--dates", "spread"
    )[1]  # fmt: skip


def test_the_document_of_a_panel(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case(held)
    (told,) = json.loads(call(capsys, "panel", "case", "--json")[1])["panels"]
    assert (told["evidence"], told["file"], told["beside"]) == ("events", "events.csv", "differs")
    assert told["missing_days"] == [["2018-09-10", "2018-09-20"]] and told["after_the_as_of_date"] == 1
    assert told["duplicates"] == {"within": 10, "across": 0} and told["covers"].startswith("covers: [[2018-01-01, ")
    cuts = next(stream for stream in told["streams"] if stream["id"] == "water_cuts")
    assert cuts["count"] == sum(week for week in cuts["weeks"] if week is not None) == 19
    assert cuts["weeks"].count(None) == 1, "a week of which no day is covered is no zero"
    (told,) = json.loads(call(capsys, "panel", "case", "--with", "diary", "--json")[1])["panels"]
    weir = told["fronts"][0]
    assert weir["killed"]["best"] == sum(week for week in weir["weeks"] if week is not None)
    assert sum(one["weeks"] for one in weir["rungs"]) == len(weir["weeks"]) - 1
    assert told["evidence"] is None and told["beside"] is None


def test_rows_published_later_make_it_retrospective(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diary(place)
    call(capsys, "add", "diary.csv", "--version", "1", "--published", "2020-02-01")
    case(place)
    out = call(capsys, "panel", "case")[1]
    assert re.search(r"Retrospective: \d+ rows were published after the as-of date\. Write retrospective: true", out)
    assert "day of publication" not in out


def test_a_case_without_counted_evidence(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case(held, counted=False)
    code, out, _ = call(capsys, "panel", "case")
    assert (code, out) == (0, transcript("data_none"))
    document = json.loads(call(capsys, "panel", "case", "--json")[1])
    assert (document["panels"], document["held"]) == ([], ["diary@1"])
    for option in (("--write",), ("--html", "p.html")):
        assert "fissures data panel case --with diary@1" in refused(capsys, 2, "panel", "case", *option)
    call(capsys, "remove", "diary@1", "--yes")
    assert "The store is empty. Begin with" in call(capsys, "panel", "case")[1]


def test_a_utf8_terminal_gets_blocks_within_its_width(
    held: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case(held)
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True, raising=False)
    monkeypatch.setenv("COLUMNS", "90")
    out = call(capsys, "panel", "case")[1]
    assert re.search("water_cuts .*[▁█]{10,}", out) and all(len(line) < 91 for line in out.splitlines())


class Page(HTMLParser):
    """The tags of a page, its text, and what its figures say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag, its id and, of a figure, its label."""
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [str(found["id"])] if "id" in found else []
        self.labels += [str(found.get("aria-label"))] if tag == "svg" else []

    def handle_data(self, data: str) -> None:
        """Gather the text."""
        self.text += data


def test_the_page(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = case(held, counted=False)
    told = (made / "case.yaml").read_text(encoding="utf-8").replace("Two valleys, one river", "Two <b>valleys</b>")
    (made / "case.yaml").write_text(told, encoding="utf-8")
    code, out, _ = call(capsys, "panel", "case", "--with", "diary", "--html", "p.html")
    assert code == 0 and out.endswith(f"The page: {(held / 'p.html').resolve()}\n")
    page = Page(html := (held / "p.html").read_text(encoding="utf-8"))
    assert not {"script", "link", "img", "b"} & set(page.tags) and "://" not in html.replace("http://www.w3.org", "")
    assert len(set(page.ids)) == len(page.ids)
    assert any("something in 19 of 103 weeks, at most 2 in one week; 1 week without data." in x for x in page.labels)
    assert "A news feed counts what was reported" in page.text and "the feed holds nothing at all" in page.text
    assert re.search(r"in \d+ weeks any rung fits", page.text) and "Nothing counted of 2 of 5 streams" in page.text


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("show", "nothing"), 4, "the store does not hold nothing"),
        (("show", "diary@9"), 4, "the store holds diary@1"),
        (("add", "folder"), 4, "'folder' is a folder"),
        (("add", "."), 4, "'.' is a folder"),
        (("add", ""), 4, "there is no file ''"),
        (("add", "x" * 400), 4, "there is no file 'xxx"),
        (("add", "diary.csv"), 2, "which version of An invented diary is diary.csv?"),
        (("add", "diary.csv", "--version", "2"), 2, "diary.csv is held already, as diary@1"),
        (("add", "diary.csv", "--version", "../2"), 2, "'../2' cannot be the name of a version"),
        (("add", "diary.csv", "--version", "1", "--published", "1.2.2020"), 2, "'1.2.2020' is no date"),
        (("add", "diary.csv", "--version", "1", "--published", "2999-01-01"), 2, "2999-01-01 lies ahead"),
        (("add", "diary.csv", "--version", "1", "--mapping", "no.yaml"), 4, "there is no such mapping"),
        (("panel", "nowhere"), 2, "no case 'nowhere'"),
        (("panel", "case", "--with", "nothing"), 4, "the store does not hold nothing"),
        (("panel", "case", "--with", "diary", "--dates", "middle"), 2, "no rule 'middle'"),
        (("panel", "case", "--with", "diary", "--duplicates", "some"), 2, "one of: none, one_a_day, same_place"),
        (("panel", "case", "--dates", "end"), 2, "--dates  goes together with --with"),
        (("panel", "case", "--with", "diary", "--write"), 2, "a preview is not written"),
        (("panel", "case", "--with", "diary", "--with", "other"), 2, "add --duplicates one_a_day"),
        (("panel", "case", "--with", "diary", "--html", "folder"), 2, "--html  'folder' is a folder"),
        (("panel", "case", "--with", "diary", "--html", "no/p.html"), 2, "there is no folder 'no'"),
    ],
)
def test_a_refusal_says_what_and_why_and_what_to_try(
    held: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], code: int, said: str
) -> None:
    (held / "folder").mkdir()
    case(held)
    assert said in refused(capsys, code, *argv)


def test_versions_are_never_mixed(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diary(held, "later.csv", [("2019-05-05", "Ardel", "Brome", "", "", "", "cut")])
    assert call(capsys, "add", "later.csv", "--version", "2")[0] == 0
    assert "the store holds several versions of diary: diary@1, diary@2" in refused(capsys, 2, "show", "diary")
    assert "name it: diary@1 or diary@2" in refused(capsys, 2, "remove", "diary", "--yes")


@pytest.mark.parametrize("verb", [("list",), ("show", "x"), ("add", "x"), ("remove", "x@1"), ("panel", "x")])
def test_a_place_that_is_no_store(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
) -> None:
    (place / "file").write_text("other work", encoding="utf-8")
    monkeypatch.setenv("FISSURES_STORE", str(place / "file"))
    assert f"'{place / 'file'}' is a file" in refused(capsys, 2, *verb)
    monkeypatch.setenv("FISSURES_STORE", str(place))
    assert f"'{place}' holds something other than a store" in refused(capsys, 2, *verb)


def test_a_store_that_cannot_be_written(
    held: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*given: Any, **more: Any) -> str:
        raise PermissionError(13, "Permission denied", str(held / "store"))

    monkeypatch.setattr("tempfile.mkdtemp", denied)
    for verb in (("add", "diary.csv", "--version", "1"), ("remove", "diary@1", "--yes")):
        assert "cannot write to the store: Permission denied" in refused(capsys, 4, *verb)
    assert call(capsys, "list")[0] == 0, "reading needs no permission to write"


def test_a_broken_case_is_refused_as_by_check(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = case(held) / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("diary@1", "[diary"), encoding="utf-8")
    assert call(capsys, "panel", "case")[0] == errors.CaseError.exit_code
