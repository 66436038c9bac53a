"""The brief as PDF: the same page on A4, with a running title, page numbers and nothing cut in two."""

from __future__ import annotations

import logging
import re
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

from fissures.errors import DataError, UsageError
from fissures.figures.labels import plain

FITS = (
    1.0,
    1.06,
    1.12,
    1.2,
    1.3,
    1.42,
    1.6,
    1.8,
    2.0,
)  # how much larger than A4 a single page may be laid out before it shrinks
_ISSUE = re.compile(r"Issue\s*<code>([0-9a-f]{6,64})</code>")
_FOLDED = re.compile(r"<details\b.*?</details>", re.S)  # tables to unfold on a screen; paper does not show them
_TITLE = re.compile(r"<title>(.*?)</title>", re.S)
_MARGIN = (15.0, 12.0, 14.0)  # millimetres: top, sides, bottom


def write(page: str, out: Path) -> Path:
    """Write a brief (HTML, whole or its first page alone) as tagged PDF and return its path.

    A page made by `one_page` is shrunk until it fits on one. Nothing is fetched. The same page gives the same bytes on
    the same machine. Raises DataError where the extra `[pdf]` is missing and UsageError where the file cannot be
    written.
    """
    weasyprint = needed()
    made = _laid(weasyprint, page)
    try:
        out.write_bytes(made)
    except OSError as error:
        raise UsageError(
            f"cannot write '{out}': {error.strerror or error}",
            where="--pdf",
            why="the pages were made and could not be saved",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
    return out


def needed() -> Any:
    """The package that lays out pages; raises DataError where it, or a library of the system under it, is missing."""
    try:
        import weasyprint
    except ImportError as error:
        raise _missing("a PDF needs weasyprint, which is not installed", "pip install 'fissures[pdf]'") from error
    except OSError as error:  # it is there, but Pango is not
        remedy = "install Pango; on Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        raise _missing("weasyprint is installed, but a library that it needs is not", remedy) from error
    return weasyprint


def _missing(message: str, remedy: str) -> DataError:
    why = "weasyprint lays the page out on paper; the page itself (HTML) needs nothing and any browser prints it"
    return DataError(message, where="--pdf", why=why, remedy=remedy)


def _laid(weasyprint: Any, page: str) -> bytes:
    from fissures.export.one_page import MARK

    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    rules, told = files("fissures.export").joinpath("print.css").read_text(encoding="utf-8"), running(page)
    identifier = " ".join(told).encode()
    single, shown = MARK in page, _FOLDED.sub("", page)
    for scale in FITS if single else FITS[:1]:
        # within the page, because a stylesheet given from outside yields to the page's own
        style = f"<style>{rules}{_page_rules(*told, scale)}</style></head>"
        html = weasyprint.HTML(string=shown.replace("</head>", style, 1), url_fetcher=_refuse)
        laid = html.render(pdf_tags=True)
        if not single or len(laid.pages) == 1:
            break
    pdf: bytes = laid.write_pdf(zoom=1 / scale, pdf_identifier=identifier, pdf_tags=True)
    return pdf


def _refuse(url: str, *_: object, **__: object) -> Any:
    raise ValueError(f"a brief fetches nothing, and this page asks for {url[:80]}")


def running(page: str) -> tuple[str, str]:
    """The title with its as-of date, and the issue, as every printed page repeats them.

    >>> running("<title>Two valleys, as of 1 May 2020</title> Issue <code>0123abcd</code>")
    ('Two valleys, as of 1 May 2020', 'Issue 0123abcd')
    """
    title, issue = _TITLE.search(page), _ISSUE.search(page)
    return plain(unescape(title.group(1)), 90) if title else "", f"Issue {issue.group(1)}" if issue else ""


def _page_rules(title: str, issue: str, scale: float) -> str:
    width, height = 210 * scale, 297 * scale
    top, side, bottom = (scale * edge for edge in _MARGIN)
    return (
        f"@page {{ size: {width:.3f}mm {height:.3f}mm; margin: {top:.3f}mm {side:.3f}mm {bottom:.3f}mm;"
        f" @top-left {{ content: {string(title)}; }} @top-right {{ content: {string(issue)}; }} }}\n"
    )


def string(text: str) -> str:
    """A text as a CSS string in which nothing but letters and digits stands unescaped.

    >>> string('a"}')
    '"a\\\\22 \\\\7d "'
    """
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\{ord(c):x} " for c in text) + '"'
