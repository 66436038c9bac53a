"""The brief as a Word file, in the user's own template or in the one that comes with the package."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from fissures.brief import argument, confidence, front, numbers, phrases, units, whatifs, words
from fissures.brief.context import Context
from fissures.errors import DataError, UsageError
from fissures.export.figure import Figure
from fissures.export.figures import figures
from fissures.export.graph import GraphFigure
from fissures.figures.labels import plain
from fissures.study.first_page import Bearing, FirstPage
from fissures.study.records import Answer, Arm, Study
from fissures.study.verbal import legend

TEMPLATE = "brief.docx"
MOST_CLAIMS, MOST_LEVERS = 12, 24
FIGURE_WIDTH = 160  # millimetres: what A4 leaves between margins of 25
_LONG = 600


def write(study: Study, context: Context, out: Path, template: Path | None = None) -> Path:
    """Write the brief as a Word file from a template and return its path.

    The template is a Word file with the variables of docs/word-template.md; None takes the package's own. Texts of the
    case go in as text: nothing in them is run or read as markup, and a template cannot reach beyond its variables. The
    same study and template give the same bytes. Raises DataError where the extra `[word]` is missing and UsageError
    where the template cannot be used or the file cannot be written.
    """
    docxtpl = needed()
    # The argument as a graph is too broad for an upright page.
    drawn = [one for one in figures(study, context) if not isinstance(one, GraphFigure)]
    if template is not None:
        made = _filled(docxtpl, template, study, context, drawn)
    else:
        with as_file(files("fissures.export").joinpath(TEMPLATE)) as own:
            made = _filled(docxtpl, own, study, context, drawn)
    try:
        out.write_bytes(made)
    except OSError as error:
        raise UsageError(
            f"cannot write '{out}': {error.strerror or error}",
            where="--docx",
            why="the document was made and could not be saved",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
    return out


def needed() -> Any:
    """The package that fills templates; raises DataError where it is missing."""
    try:
        import docxtpl
    except ImportError as error:
        raise DataError(
            "a Word file needs docxtpl, which is not installed",
            where="--docx",
            why="it fills the template; the page itself (HTML) needs nothing and Word opens it",
            remedy="pip install 'fissures[word]'",
        ) from error
    return docxtpl


def usable(template: Path) -> None:
    """Raise UsageError where a template is no Word file, before any work is done."""
    if not template.is_file():
        raise _template(template, "is no file")
    if not zipfile.is_zipfile(template) or "word/document.xml" not in zipfile.ZipFile(template).namelist():
        raise _template(template, "is no Word file (.docx)")


def _template(template: Path, what: str) -> UsageError:
    return UsageError(
        f"'{template}' {what}",
        where="--template",
        why="the Word file is made by filling it",
        remedy="start from the one that comes with fissures; docs/word-template.md lists what it may name",
    )


def _filled(docxtpl: Any, template: Path, study: Study, context: Context, drawn: Sequence[Figure]) -> bytes:
    from docx.shared import Mm
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    usable(template)
    document = docxtpl.DocxTemplate(str(template))
    pictures = {one.name: one.png for one in drawn}
    shown = {
        one.name: docxtpl.InlineImage(document, io.BytesIO(pictures[one.name]), width=Mm(FIGURE_WIDTH)) for one in drawn
    }
    told = variables(study, context)
    told["figures"] = [{"name": one.name, "title": one.title, "image": shown[one.name]} for one in drawn]
    told["figure"] = {one.name.partition(":")[0]: shown[one.name] for one in reversed(drawn)}
    try:
        document.render(told, SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    except (TemplateError, TypeError, ValueError, AttributeError) as error:
        raise _template(template, f"cannot be filled: {plain(error, 300)}") from error
    heard = {hashlib.sha256(pictures[one.name]).hexdigest(): f"{one.title}. {one.told}" for one in drawn}
    _describe(document, heard)
    _date(document, study, context)
    held = io.BytesIO()
    document.save(held)
    return _evened(held.getvalue(), context.as_of)


def _describe(document: Any, heard: dict[str, str]) -> None:
    """Give every figure the text that a screen reader says."""
    from docx.oxml.ns import qn

    body = document.docx.element.body
    for frame in body.iter(qn("wp:inline")):
        for picture in frame.iter(qn("a:blip")):
            part = document.docx.part.related_parts.get(picture.get(qn("r:embed")))
            said = heard.get(hashlib.sha256(part.blob).hexdigest()) if part is not None else None
            if said:
                frame.find(qn("wp:docPr")).set("descr", said)


def _date(document: Any, study: Study, context: Context) -> None:
    """The document's own properties: dated as of the case, never now."""
    known, when = document.docx.core_properties, datetime(context.as_of.year, context.as_of.month, context.as_of.day)
    known.title, known.subject = plain(context.title, 250), f"Issue {study.answers.digest[:12]}"
    known.author = known.last_modified_by = "Fissures"
    known.created = known.modified = when
    known.revision = 1


def _evened(raw: bytes, as_of: date) -> bytes:
    """The same archive with every entry dated as of the case, so that the same study gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as held, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in held.namelist():
            entry = zipfile.ZipInfo(name, (max(as_of.year, 1980), as_of.month, as_of.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, held.read(name))
    return out.getvalue()


def variables(study: Study, context: Context) -> dict[str, Any]:
    """What a template may name, as texts ready to print; docs/word-template.md lists them."""
    answers, entries = study.answers, argument.folded(study.claims)
    first = words.leading(answers.questions, context.lead)
    bearing = study.first.bearing if study.first else {}
    told = {
        "title": context.title,
        "as_of": numbers.day(context.as_of),
        "horizon": numbers.day(context.horizon),
        "issue": answers.digest[:12],
        "case_digest": answers.case_digest[:12],
        "seed": str(answers.seed),
        "paths": numbers.count(answers.paths),
        **_first_page(study, context, study.first or FirstPage(), first),
        "questions": [_question(q) for q in sorted(answers.questions, key=lambda q: q is not first)],
        "terms": legend("icd203"),
        "argument": argument.moved(study.moved, study.couplings, argument.directed(entries)),
        "verdicts": argument.verdicts(entries),
        "claims": [_claim(row, bearing) for row in argument.strongest(entries, MOST_CLAIMS, bearing)],
        "what_ifs_about": _asked(first),
        "what_ifs": [_lever(arm, first) for arm in whatifs.ordered(study.arms, first.code)[:MOST_LEVERS]]
        if first
        else [],
        "facts": [
            {"title": fact.title, "accounts": [_account(context, s, v, fact.unit) for s, v in fact.values.items()]}
            for fact in context.facts
        ],
        "limits": list(context.limits),
        "purpose": phrases.PURPOSE,
        "sources": [
            {"citation": s.cite, "licence": s.licence or "not stated", "url": s.url or ""} for s in context.sources
        ],
        "reproduce": context.reproduce,
    }
    return {name: _clean(value) for name, value in told.items()}


def _clean(value: Any) -> Any:
    """Texts without control or direction characters, of a length that fits a page."""
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return plain(value, _LONG) if isinstance(value, str) else value


def _asked(first: Answer | None) -> str:
    return f"{first.code}: {first.title}" if first else ""


def _question(q: Answer) -> dict[str, str]:
    known = q.reference_class
    over = "; ".join(f"{numbers.count(bound)} or more: {numbers.percent(p)}" for bound, p in units.thresholds(q))
    return {
        "code": q.code,
        "title": q.title,
        "by": numbers.day(q.by),
        "answer": units.amount(q, units.central(q)),
        "word": q.word if q.kind == "event" else "median",
        "range": units.span(q),
        "thresholds": over,
        "reference": units.amount(q, known.value) if known else "none",
        "reference_method": known.method if known else "",
        "claims_off": units.amount(q, q.claims_off),
        "with_claims": units.amount(q, q.with_claims),
        "adds": units.argument_adds(q),
        "error": units.error(q, q.mc_error),
        "resolves": q.resolves,
    }


def _first_page(study: Study, context: Context, page: FirstPage, lead: Answer | None) -> dict[str, Any]:
    """What the first page of the brief says: bottom line, confidence, reasons, signs, and what changed."""
    questions, arms = study.answers.questions, study.arms
    cites = {one.id: one.cite for one in context.sources}
    rubric = confidence.rubric(argument.folded(study.claims), lead, questions, context.base_rates, page.untested)
    told: dict[str, Any] = {
        "bottom_line": list(front.bottom_line(questions, arms, context.lead, page)),
        "confidence": confidence.sentence(rubric),
        "since_last": " ".join(front.changed(lead, page.last)) if page.last else "",
        "reasons": [],
        "signs": [],
    }
    if lead is not None:
        told["reasons"] = [
            {"says": one.says, "without": front.carries(lead, one, page.paths), "stands": front.chip(one, cites)}
            for one in page.reasons
        ]
        told["signs"] = [{"says": front.sentence(lead, one), "seen": front.odds(one)} for one in page.signs]
    return told


def _claim(row: Any, bearing: Mapping[str, Bearing]) -> dict[str, str]:
    return {
        "without": argument.without(row, bearing),
        "code": row.code,
        "claim": row.paraphrase,
        "verdict": row.verdict,
        "before": f"{numbers.times(row.before.mean)} ({argument.factors(row.before)})",
        "after": f"{numbers.times(row.after.mean)} ({argument.factors(row.after)})",
        "stands": argument.stands(row),
    }


def _lever(arm: Arm, first: Answer) -> dict[str, str]:
    fitted, assumed = whatifs.links(arm)
    told = {"lever": whatifs.called(arm, 160), "says": arm.says, "fitted": fitted, "assumed": assumed}
    told["escalatory"] = "escalatory" if arm.escalatory else ""
    found = arm.differences.get(first.code)
    if found is None:
        return {**told, "difference": "", "range": "", "stands": ""}
    clear = found.itself or ("clear of zero" if units.clear_of_zero(found) else "not clear of zero")
    change, span = units.change(first, found.difference), units.changes(first, found.range80)
    return {**told, "difference": change, "range": span, "stands": clear}


def _account(context: Context, source: str, value: str, unit: str) -> dict[str, str]:
    cites = {one.id: one.cite for one in context.sources}
    return {"source": phrases.cited(source, cites), "value": phrases.measured(value, unit)}
