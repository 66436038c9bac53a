"""The brief as a Word file: the shipped template, one's own, and what a template or a case must not do."""

from __future__ import annotations

import builtins
import importlib.util
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document

import fissures as fs
from fissures.api import Run
from fissures.brief.context import Context
from fissures.errors import DataError, UsageError
from fissures.export.figures import figures
from fissures.export.word import TEMPLATE, variables, write
from fissures.study.records import Study
from fissures.study.tidy import PlacePaths

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made(study: Study, context: Context, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two valleys in the shipped template."""
    return write(study, context, tmp_path_factory.mktemp("word") / "brief.docx")


def words(file: Path) -> str:
    """Every text of a Word file, tables, head and foot included."""
    document = Document(str(file))
    parts = [
        document.element.body,
        *(part for s in document.sections for part in (s.header._element, s.footer._element)),
    ]
    return "\n".join(
        "".join(t.text or "" for t in p.iter() if t.tag.endswith("}t"))
        for part in parts
        for p in part.iter()
        if p.tag.endswith("}p")
    )


def own(tmp_path: Path, *lines: str) -> Path:
    """A template of one's own with these paragraphs."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(tmp_path / "own.docx"))
    return tmp_path / "own.docx"


def test_the_shipped_template_says_everything(made: Path, study: Study, context: Context) -> None:
    told = words(made)
    assert "{{" not in told and "{%" not in told
    for q in study.answers.questions:
        assert q.code in told and q.title in told
    for said in ("Bottom line", "Key questions", "Reasons", "What-ifs, in the model", "Limits", "Sources", "CC0-1.0"):
        assert said in told
    assert "Two valleys, one river, as of 29\u00a0December\u00a02019" in told and "Terms: not stated" in told
    assert context.reproduce in told and "Dead of the spring of 2018" in told
    assert " 100 %" not in told.replace("\u00a0", " ") and "\n0 %" not in told.replace("\u00a0", " ")


def test_its_figures_are_pictures_that_a_screen_reader_can_say(made: Path, study: Study, context: Context) -> None:
    xml = ElementTree.fromstring(zipfile.ZipFile(made).read("word/document.xml"))
    heard = [one.get("descr") for one in xml.iter() if one.tag.endswith("}docPr")]
    upright = [one for one in figures(study, context) if one.name != "argument"]  # too broad for the page
    assert len(heard) == len(upright) and all(heard)
    pictures = [name for name in zipfile.ZipFile(made).namelist() if name.endswith(".png")]
    assert len(pictures) == len(heard)


def test_a_picture_holds_its_text(study: Study, context: Context) -> None:
    fan = figures(study, context)[0]
    from dataclasses import replace

    axes = {**fan.spec["config"]["axis"], "labels": False}
    mute = replace(fan, spec={**fan.spec, "config": {**fan.spec["config"], "axis": axes}})
    assert len(fan.png) > len(mute.png) + 2_000, "without a face for it, text would be missing from the picture"


def test_the_same_study_gives_the_same_bytes(made: Path, study: Study, context: Context, tmp_path: Path) -> None:
    assert write(study, context, tmp_path / "again.docx").read_bytes() == made.read_bytes()


def test_tables_repeat_their_heads(made: Path) -> None:
    for table in Document(str(made)).tables:
        assert table.rows[0]._tr.trPr is not None and "tblHeader" in table.rows[0]._tr.xml
        assert all("cantSplit" in row._tr.xml for row in table.rows)


def test_a_template_of_ones_own(run: Run, study: Study, tmp_path: Path) -> None:
    lines = (
        "{{ title }}!",
        "{%p for q in questions %}",
        "{{ q.code }}={{ q.answer }}",
        "{%p endfor %}",
        "{{ figure.fan }}",
    )
    made = fs.brief_docx(run, tmp_path / "b.docx", own(tmp_path, *lines), study=study)
    told = words(made)
    assert told.startswith("Two valleys, one river!") and re.search(r"V-Q1=\d", told)
    assert len([name for name in zipfile.ZipFile(made).namelist() if name.endswith(".png")]) >= 1


def test_every_variable_is_documented() -> None:
    told = (ROOT / "docs" / "word-template.md").read_text(encoding="utf-8")
    source = (ROOT / "scripts" / "word_template.py").read_text(encoding="utf-8")
    for name in re.findall(r"\{\{ ([a-z_]+)", source):
        assert f"`{name}" in told or name in ("q", "f", "r", "a", "s", "fact", "one", "said", "limit"), name


def test_every_name_of_the_variables_is_documented(study: Study, context: Context) -> None:
    told = (ROOT / "docs" / "word-template.md").read_text(encoding="utf-8")
    for name, value in variables(study, context).items():
        assert f"`{name}`" in told, name
        if isinstance(value, list) and value and isinstance(value[0], dict):
            assert all(f"`{key}`" in told for key in value[0]), (name, list(value[0]))


def test_the_shipped_template_can_be_made_again() -> None:
    spec = importlib.util.spec_from_file_location("word_template", ROOT / "scripts" / "word_template.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    again, shipped = io.BytesIO(module.made()), ROOT / "src" / "fissures" / "export" / TEMPLATE
    told = [zipfile.ZipFile(one).read("word/document.xml") for one in (again, shipped)]
    assert told[0] == told[1]


def test_the_shipped_template_names_no_conflict() -> None:
    with zipfile.ZipFile(ROOT / "src" / "fissures" / "export" / TEMPLATE) as held:
        told = "".join(held.read(name).decode() for name in held.namelist() if name.endswith(".xml"))
    assert not re.search(r"(?i)armeni|azerb|karabakh|caucas|turk|yerevan|baku", told)


# --- what must not happen -----------------------------------------------------------------------------------


def test_hostile_names_stay_text(hostile: tuple[Study, Context, tuple[PlacePaths, ...]], tmp_path: Path) -> None:
    study, context, _ = hostile
    made = write(study, context, tmp_path / "hostile.docx")
    told = words(made)
    assert "<script>alert(1)</script>" in told and "{{ 7*7 }}" in told, "they are there, as text"
    assert not set(told) & set("\u202e\u2066\u200f\x00\x1f")
    with zipfile.ZipFile(made) as held:
        for name in held.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(held.read(name))
            assert not name.endswith((".bin", ".vbs", ".exe")) and ".." not in name
        assert b"DDE" not in held.read("word/document.xml") and b"External" not in held.read(
            "word/_rels/document.xml.rels"
        )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ titel }}", "titel"),
        ("{{ title.__class__.__mro__ }}", "unsafe"),
        ("{{ questions[0].__init__.__globals__ }}", "unsafe"),
        ("{% for q in questions %}", "cannot be filled"),
    ],
)
def test_a_template_that_cannot_be_filled_says_why(
    study: Study, context: Context, tmp_path: Path, line: str, said: str
) -> None:
    with pytest.raises(UsageError) as raised:
        write(study, context, tmp_path / "b.docx", own(tmp_path, line))
    told = str(raised.value)
    assert "--template" in told and said in told and "docs/word-template.md" in told
    assert not (tmp_path / "b.docx").exists()


def test_what_is_no_template_or_cannot_be_written(study: Study, context: Context, tmp_path: Path) -> None:
    (tmp_path / "text.docx").write_text("hello", encoding="utf-8")
    for name, said in (("text.docx", "is no Word file"), ("none.docx", "is no file")):
        with pytest.raises(UsageError, match=said):
            write(study, context, tmp_path / "b.docx", tmp_path / name)
    with pytest.raises(UsageError, match="cannot write"):
        write(study, context, tmp_path / "no" / "b.docx")


def test_without_the_extra_it_says_what_to_install(
    study: Study, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name == "docxtpl":
            raise ImportError(name)
        return real(name, *given, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError) as found:
        write(study, context, tmp_path / "b.docx")
    assert "--docx" in str(found.value) and "pip install 'fissures[word]'" in str(found.value)
