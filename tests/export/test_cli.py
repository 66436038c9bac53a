"""`fissures brief` with its other formats, from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from fissures.cli import main

from .conftest import TWO_VALLEYS


def call(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of one verb."""
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def test_the_data_folder_is_written_and_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    argv = ("brief", str(TWO_VALLEYS), "--paths", "200", "--data", "data", "--json")
    code, out, _ = call(capsys, *argv)
    told = json.loads(out)
    assert code == 0 and Path(told["data"]).samefile("data") and Path(told["brief"]).samefile("brief.html")
    assert (tmp_path / "data" / "brief.html").read_bytes() == (tmp_path / "brief.html").read_bytes()
    again = (tmp_path / "data" / "README.txt").read_text(encoding="utf-8")
    assert "fissures brief two_valleys --paths 200 --seed 1 --data data" in again


def test_a_folder_with_other_work_is_refused_before_any_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("mine", encoding="utf-8")
    Path("file").write_text("mine", encoding="utf-8")
    for name, said in (("mine", "holds something other"), ("file", "is a file"), ("file/in", "cannot be made in")):
        code, out, err = call(capsys, "brief", str(TWO_VALLEYS), "--data", name)
        assert (code, out) == (2, "") and said in err and "why it matters" in err and "try: " in err
        assert "read the case" not in err and not Path("brief.html").exists()


def test_one_page_a_pdf_and_a_word_file_from_one_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    argv = ("brief", str(TWO_VALLEYS), "--paths", "200", "--one-page", "--pdf", "b.pdf", "--docx", "b.docx")
    code, out, _ = call(capsys, *argv)
    assert code == 0 and "The PDF: " in out and "The Word file: " in out
    assert "Expected course" not in Path("brief.html").read_text(encoding="utf-8")
    assert Path("b.pdf").read_bytes().startswith(b"%PDF") and Path("b.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--pdf", "nowhere/b.pdf"), "there is no folder 'nowhere'"),
        (("--docx", "nowhere/b.docx"), "there is no folder 'nowhere'"),
        (("--pdf", "taken"), "'taken' is a folder"),
        (("--template", "t.docx"), "--template belongs to --docx"),
        (("--docx", "b.docx", "--template", "none.docx"), "'none.docx' is no file"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    argv: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken").mkdir()
    code, out, err = call(capsys, "brief", str(TWO_VALLEYS), *argv)
    assert (code, out) == (2, "") and said in err and argv[-2] in err and "try: " in err
    assert "read the case" not in err


@pytest.mark.parametrize(("option", "package"), [("--pdf", "weasyprint"), ("--docx", "docxtpl")])
def test_a_missing_extra_is_named_before_any_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, package: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    code, out, err = call(capsys, "brief", str(TWO_VALLEYS), option, "b.out")
    assert (code, out) == (4, "") and option in err and package in err and "pip install 'fissures[" in err
    assert "read the case" not in err and not Path("brief.html").exists()
