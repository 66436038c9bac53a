"""Make the Word template that comes with the package: src/fissures/export/brief.docx.

Run `python scripts/word_template.py` with the extra `[word]` installed; the same versions give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TEMPLATE = Path(__file__).resolve().parents[1] / "src" / "fissures" / "export" / "brief.docx"
NAVY, SOFT = RGBColor(0x12, 0x28, 0x4C), RGBColor(0x55, 0x5B, 0x66)
WHEN = (2020, 1, 1, 0, 0, 0)


def styled(document: Any) -> None:
    """Page, type and headings: A4, one hue, sizes that a printer in grey can show."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    page.top_margin, page.bottom_margin = Mm(22), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Arial")
    normal.paragraph_format.space_after = Pt(5)
    for name, size in (("Title", 20), ("Heading 1", 14), ("Heading 2", 11)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = "Arial", Pt(size), True, NAVY
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        fonts.set(qn("w:ascii"), "Arial")
        fonts.set(qn("w:hAnsi"), "Arial")
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(0 if name == "Title" else 12)
    for border in document.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break


def soft(paragraph: Any, size: float = 8.5) -> Any:
    """A paragraph in small grey type."""
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(size), SOFT
    return paragraph


def running(document: Any) -> None:
    """Head and foot of every page: title and as-of date, issue, page number."""
    page = document.sections[0]
    soft(_text(page.header.paragraphs[0], "{{ title }}, as of {{ as_of }} · Issue {{ issue }}"), 8)
    foot = _text(page.footer.paragraphs[0], "Every number is the model's, given the case.    Page ")
    run = foot.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        made = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            made.set(qn("w:fldCharType"), kind)
        else:
            made.text = text
        run._r.append(made)
    soft(foot, 8)


def _text(paragraph: Any, text: str) -> Any:
    paragraph.add_run(text)
    return paragraph


def table(document: Any, over: str, columns: list[tuple[str, str, int]]) -> None:
    """A table with one row for each of `over` (as "q in questions"); columns are (heading, cell, width in mm)."""
    made = document.add_table(rows=4, cols=len(columns))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.LEFT, False
    for at, (heading, cell, width) in enumerate(columns):
        for row in made.rows:
            row.cells[at].width = Mm(width)
        made.rows[0].cells[at].paragraphs[0].add_run(heading).bold = True
        lines = cell.split("\n")
        first = made.rows[2].cells[at].paragraphs[0]
        first.add_run(lines[0])
        for line in lines[1:]:
            soft(_text(made.rows[2].cells[at].add_paragraph(), line), 7.5)
    made.rows[1].cells[0].paragraphs[0].add_run(f"{{%tr for {over} %}}")
    made.rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    _repeat(made.rows[0])
    for row in made.rows:
        _whole(row)
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(1)
                for run in paragraph.runs:
                    run.font.size = run.font.size or Pt(8.5)
    document.add_paragraph()


def _repeat(row: Any) -> None:
    """The row stands again on every page that the table runs over."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    """The row is not divided between pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def listed(document: Any, over: str, text: str) -> None:
    """One bullet for each of `over`."""
    document.add_paragraph(f"{{%p for {over} %}}")
    document.add_paragraph(text, style="List Bullet")
    document.add_paragraph("{%p endfor %}")


def head(document: Any) -> None:
    """Title, dates, what changed, bottom line, reasons and signs."""
    document.add_paragraph("{{ title }}", style="Title")
    soft(document.add_paragraph("As of {{ as_of }}, looking to {{ horizon }}; nothing later informs the fit."))
    soft(document.add_paragraph("Issue {{ issue }} · Case {{ case_digest }} · seed {{ seed }}, {{ paths }} paths"))
    document.add_paragraph("{%p if since_last %}")
    document.add_heading("Since the last issue", 1)
    document.add_paragraph("{{ since_last }}")
    document.add_paragraph("{%p endif %}")
    document.add_heading("Bottom line", 1)
    listed(document, "said in bottom_line", "{{ said }}")
    soft(document.add_paragraph("{{ confidence }}"))
    document.add_heading("Reasons", 1)
    listed(document, "r in reasons", "{{ r.says }} {{ r.without }} ({{ r.stands }})")
    document.add_heading("What would change our view", 1)
    listed(document, "one in signs", "{{ one.says }} ({{ one.seen }})")


def body(document: Any) -> None:
    """Questions, figures, claims, what-ifs, disputed facts."""
    document.add_heading("Key questions", 1)
    answer, reference = "{{ q.answer }}\n{{ q.word }} {{ q.thresholds }}", "{{ q.reference }}\n{{ q.reference_method }}"
    columns = [
        ("Question", "{{ q.code }} {{ q.title }}", 55),
        ("Answer", answer, 25),
        ("80 % range", "{{ q.range }}", 22),
    ]
    columns += [("Reference class", reference, 24), ("Claims off", "{{ q.claims_off }}", 15)]
    table(document, "q in questions", [*columns, ("With claims", "{{ q.with_claims }}\n{{ q.adds }}", 19)])
    soft(document.add_paragraph("{{ terms }}"))
    document.add_paragraph("{%p for f in figures %}")
    document.add_heading("{{ f.title }}", 2)
    document.add_paragraph("{{ f.image }}")
    document.add_paragraph("{%p endfor %}")
    document.add_heading("The argument tested: {{ argument }}", 1)
    document.add_paragraph("Verdicts: {{ verdicts }}. Factors are on the odds per reference surge, with 80 % ranges.")
    columns = [("Claim", "{{ c.code }} {{ c.claim }}\n{{ c.stands }}", 58), ("Before the data", "{{ c.before }}", 30)]
    columns += [("After the data", "{{ c.after }}", 30), ("Verdict", "{{ c.verdict }}", 22)]
    table(document, "c in claims", [*columns, ("Without it", "{{ c.without }}", 20)])
    document.add_heading("What-ifs, in the model", 1)
    document.add_paragraph("Differences in {{ what_ifs_about }}; the same random numbers on both arms.")
    rides = "{{ a.lever }}{% if a.escalatory %} ({{ a.escalatory }}){% endif %}"
    rides += "\nFitted links: {{ a.fitted }}. Assumed: {{ a.assumed }}."
    columns = [
        ("Lever", rides, 90),
        ("Difference", "{{ a.difference }}\n{{ a.stands }}", 30),
        ("80 % range", "{{ a.range }}", 40),
    ]
    table(document, "a in what_ifs", columns)
    document.add_heading("Disputed facts, by source", 1)
    document.add_paragraph("{%p for fact in facts %}")
    document.add_heading("{{ fact.title }}", 2)
    listed(document, "one in fact.accounts", "{{ one.source }}: {{ one.value }}")
    document.add_paragraph("{%p endfor %}")


def tail(document: Any) -> None:
    """Limits, sources, how to make it again."""
    document.add_heading("Limits and purpose", 1)
    listed(document, "limit in limits", "{{ limit }}")
    document.add_paragraph("{{ purpose }}")
    document.add_heading("Sources and terms", 1)
    listed(document, "s in sources", "{{ s.citation }} Terms: {{ s.licence }}.")
    soft(document.add_paragraph("To make this again: {{ reproduce }}"))


def evened(raw: bytes) -> bytes:
    """The same archive with one date for every entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as held, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in held.namelist():
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, held.read(name))
    return out.getvalue()


def made() -> bytes:
    """The template as a Word file."""
    document = Document()
    styled(document)
    running(document)
    head(document)
    body(document)
    tail(document)
    known = document.core_properties
    known.title, known.author, known.last_modified_by, known.comments = "Fissures brief", "Fissures", "Fissures", ""
    known.created = known.modified = datetime(*WHEN)
    held = io.BytesIO()
    document.save(held)
    return evened(held.getvalue())


if __name__ == "__main__":
    TEMPLATE.write_bytes(made())
    print(f"{TEMPLATE}: {TEMPLATE.stat().st_size:,} bytes")
