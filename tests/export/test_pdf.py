"""The brief on paper, and its first page alone: pages looked at as a reader would, by what is drawn on them."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest

import fissures as fs
from fissures.brief.context import Context
from fissures.brief.render import render
from fissures.errors import DataError, UsageError
from fissures.export.one_page import first_page
from fissures.export.pdf import running, string
from fissures.study.records import Study
from fissures.study.tidy import PlacePaths

A4 = (595.3, 841.9)


@pytest.fixture(scope="module")
def page(study: Study, context: Context, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The brief of the two valleys."""
    file = tmp_path_factory.mktemp("page") / "brief.html"
    file.write_text(render(study, context), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def printed(page: Path) -> Path:
    """The same as PDF."""
    return fs.brief_pdf(page, page.with_suffix(".pdf"))


def texts(file: Path) -> list[str]:
    """The text of every page."""
    return [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(file)]


def ink(file: Path) -> list[tuple[float, float]]:
    """Of every page: how far down its body reaches, and how far right anything does, as shares of the page."""
    found = []
    for one in pypdfium2.PdfDocument(file):
        dark = one.render(scale=0.5, grayscale=True).to_numpy().squeeze() < 200
        body = dark[: int(0.94 * len(dark))]
        found.append(
            (np.flatnonzero(body.any(axis=1)).max() / len(dark), np.flatnonzero(dark.any(axis=0)).max() / dark.shape[1])
        )
    return found


def test_every_page_is_a4_and_says_what_it_belongs_to(printed: Path, study: Study) -> None:
    document = pypdfium2.PdfDocument(printed)
    assert all(one.get_size() == pytest.approx(A4, abs=0.5) for one in document)
    told = texts(printed)
    assert len(told) > 3
    for number, text in enumerate(told, 1):
        assert f"{number} of {len(told)}" in text
        assert number == 1 or (f"Issue {study.answers.digest[:8]}" in text and "as of 29" in text)
    assert document.get_metadata_dict()["Title"].startswith("Two valleys, one river, as of 29")


def test_no_page_is_half_empty_and_nothing_leaves_the_paper(printed: Path) -> None:
    pages = ink(printed)
    assert all(low > 0.55 for low, _ in pages[:-1]), [round(float(low), 2) for low, _ in pages]
    assert all(right < 0.96 for _, right in pages)


def test_every_section_is_on_paper_and_no_heading_ends_a_page(printed: Path) -> None:
    told = texts(printed)
    for heading in ("Expected course", "The argument tested", "What-ifs, in the model", "Disputed facts", "Sources"):
        assert any(heading in text for text in told), heading
        at = next(text for text in told if heading in text)
        assert len(at.split(heading, 1)[1]) > 200, heading


def test_the_same_page_gives_the_same_pdf(page: Path, printed: Path, tmp_path: Path) -> None:
    assert fs.brief_pdf(page, tmp_path / "again.pdf").read_bytes() == printed.read_bytes()


def test_the_first_page_alone_is_one_page(page: Path, tmp_path: Path) -> None:
    file = fs.one_page(page, tmp_path / "note.html")
    html = file.read_text(encoding="utf-8")
    assert "Bottom line" in html and "Expected course" not in html and 'href="#' not in html
    assert html.count("<section") == html.count("</section>") and html.count("<div") == html.count("</div>")
    pdf = fs.brief_pdf(file, tmp_path / "note.pdf")
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert "1 of 1" in texts(pdf)[0] and "V-Q1" in texts(pdf)[0]


def test_a_long_first_page_shrinks_until_it_fits(page: Path, tmp_path: Path) -> None:
    html = first_page(page.read_text(encoding="utf-8"))
    row = html[html.index('<tr role="row">\n', html.index("<tbody")) : html.index("</tr>", html.index("<tbody")) + 5]
    file = tmp_path / "long.html"
    file.write_text(html.replace("</tbody>", 16 * row + "</tbody>", 1), encoding="utf-8")
    document = pypdfium2.PdfDocument(fs.brief_pdf(file, tmp_path / "long.pdf"))
    assert len(document) == 1 and document[0].get_size() == pytest.approx(A4, abs=0.5)


def test_a_front_of_its_own_is_taken_where_the_page_has_one() -> None:
    inside = '<div class="x">a</div><a href="#far">b</a><a href="#near">c</a><i id="near"></i>'
    html = f'<html><head></head><body><header>h</header><main><div class="front">{inside}</div><section>rest</section>'
    told = first_page(html + "</main><footer>f</footer></body></html>")
    assert '<div class="front"><div class="x">a</div>b<a href="#near">c</a>' in told
    assert "rest" not in told and "<footer>f</footer>" in told and "<header>h</header>" in told


def test_what_is_no_brief_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.html"
    file.write_text("<p>hello", encoding="utf-8")
    with pytest.raises(UsageError, match="this page is no brief"):
        fs.one_page(file, tmp_path / "note.html")
    with pytest.raises(UsageError, match="cannot read"):
        fs.brief_pdf(tmp_path / "none.html", tmp_path / "b.pdf")
    file.write_text("<html><head><title>x</title></head><body><main><section>y", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot write"):
        fs.brief_pdf(file, tmp_path / "no" / "b.pdf")


@pytest.mark.parametrize(
    ("raised", "said"),
    [(ImportError("none"), "pip install 'fissures"), (OSError("cannot load library 'libpango'"), "install Pango")],
)
def test_without_the_extra_it_says_what_to_install(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str
) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise raised
        return real(name, *given, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError) as found:
        fs.brief_pdf(page, tmp_path / "b.pdf")
    told = str(found.value)
    assert "--pdf" in told and "why it matters" in told and said in told


def test_hostile_names_are_inert_on_paper(
    hostile: tuple[Study, Context, tuple[PlacePaths, ...]], tmp_path: Path
) -> None:
    study, context, _ = hostile
    file = tmp_path / "hostile.html"
    file.write_text(render(study, context), encoding="utf-8")
    made = fs.brief_pdf(fs.one_page(file, tmp_path / "one.html"), tmp_path / "hostile.pdf")
    raw = made.read_bytes()
    assert not any(word in raw for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/URI (file"))
    assert "49" not in running(file.read_text(encoding="utf-8"))[0]


def test_a_title_cannot_leave_its_string() -> None:
    told = string('"; } @import url(http://x.org); </style><script>')
    assert told[1:-1].isascii() and not set(told[1:-1]) & set("\"'{}<>;@:/()")
