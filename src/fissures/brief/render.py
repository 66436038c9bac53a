"""A study and its case, rendered as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fissures.brief import (
    alike,
    argument,
    classes,
    confidence,
    covered,
    front,
    graph,
    numbers,
    phrases,
    places,
    resolved,
    rivals,
    track,
    units,
    whatifs,
    words,
)
from fissures.brief.context import Context
from fissures.figures.labels import plain, spoken
from fissures.study.first_page import FirstPage
from fissures.study.records import Answer, Arm, Study
from fissures.study.verbal import legend

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from fissures.figures.drawing import Spec

MOST_FRONTS = 6
MOST_KEY = 8  # so many questions need no heading of their own for the lesser ones
MOST_WHATIFS = 3  # questions beside the leading one in the table of levers


@dataclass(frozen=True)
class Tried:
    """What the levers change: the leading question, the others that they move most, and every question there is."""

    arms: tuple[Arm, ...]
    first: Answer | None
    most: tuple[Answer, ...]
    every: tuple[Answer, ...]


@dataclass(frozen=True)
class Drawing:
    """One figure, drawn once for a page and once for a phone."""

    wide: Markup
    narrow: Markup


def render(study: Study, context: Context, first: FirstPage | None = None, scale: str = "icd203") -> str:
    """The brief as one HTML document: no script, no outside request; every text from the case is escaped.

    `first` holds what the first page says beside the study (None: what the study holds); `scale` names the words for
    probabilities.
    """
    environment = _environment()
    study, first = _worded(study, scale), first or study.first or FirstPage()
    seen = {**_seen(study, context, scale), **_front(study, context, first)}
    front_page = environment.from_string(_own("front.html.j2")).render(**seen)
    given = {**seen, **_drawn(study, context, first), "css": _own("style.css"), "front_page": front_page}
    given["graph"] = environment.from_string(_own("graph.html.j2")).render(**given, **_graph(study))
    given |= {name: environment.filters["own"](given[name]) for name in ("css", "front_page", "graph")}
    page: str = environment.from_string(_own("brief.html.j2")).render(**given)
    # a number and its per-cent sign stay on one line
    return page.strip().replace(" %", f"{numbers.SPACE}%") + "\n"


def _worded(study: Study, scale: str) -> Study:
    """The study with the word of every question taken from its number as it is printed."""
    questions = tuple(replace(q, word=units.worded(q, scale)) for q in study.answers.questions)
    return replace(study, answers=replace(study.answers, questions=questions))


def _seen(study: Study, context: Context, scale: str) -> dict[str, Any]:
    """What both templates read: the study, the case, and the functions that put them in words."""
    answers = study.answers
    return {
        "study": study,
        "answers": answers,
        "context": context,
        "findings": (*context.findings, *(f for f in answers.findings if f not in context.findings)),
        "entries": argument.folded(study.claims),
        "cites": {source.id: source.cite for source in context.sources},
        "strips": {q.id: _strip(q) for q in answers.questions},
        "legend": legend(scale),
        "two_counts": alike.two_counts(context.record, context.counts, {s.id: s.cite for s in context.sources}),
        "purpose": phrases.PURPOSE,
        "cf": confidence,
        "fr": front,
        "n": numbers,
        "u": units,
        "a": argument,
        "wi": whatifs,
        "al": alike,
        "ri": rivals,
        "rs": resolved,
        "tr": track,
        "w": words,
        "ph": phrases,
        "pl": places,
        "cv": covered,
    }


def _front(study: Study, context: Context, first: FirstPage) -> dict[str, Any]:
    """What the first page shows; the question that reasons and signs are about, where it is asked."""
    questions = study.answers.questions
    lead = words.leading(questions, context.lead)
    entries = argument.folded(study.claims)
    return {
        "first": first,
        "lead": lead,
        "front": front.key(questions, context),
        "bottom": front.bottom_line(questions, study.arms, context.lead, first),
        "readings": rivals.readings(lead, questions, study.rivals) if lead else (),
        "rubric": confidence.rubric(entries, lead, questions, context.base_rates, first.untested),
    }


def _drawn(study: Study, context: Context, first: FirstPage) -> dict[str, Any]:
    """What stands after the first page: drawings and their captions, questions by weight, levers by effect."""
    from fissures.figures.argument import MOST as MOST_CLAIMS
    from fissures.figures.course import drawn_every, shown_past

    entries = argument.folded(study.claims)
    tried = _tried(study, context.lead)
    key, also = _by_weight(study.answers.questions, context)
    return {
        "key": key,
        "also": also,
        "main_source": _main_source(study),
        "drawn_claims": argument.drawn_caption(entries, MOST_CLAIMS, bool(first.bearing)),
        "undrawn": [one.name for one in context.fronts if one.id not in study.course.ladder],
        "fan_caption": phrases.fan_caption(shown_past(study.course)),
        "tried": tried,
        "drawings": _drawings(study, context, first, tried),
        "marks": _marks(context),
        "strips_of_months": _coverage(context),
        "class_cells": classes.cells(study.answers.questions),
        "track": track.records(study.answers.questions, context.as_of),
        "class_note": classes.note(study.answers.questions),
        "every": drawn_every(study.course),
        "most_fronts": MOST_FRONTS,
    }


def _graph(study: Study) -> dict[str, Any]:
    """The argument as a graph in words, and drawn for a page and for a phone."""
    from fissures.figures.drawing import NARROW
    from fissures.figures.graph import argument as draw
    from fissures.figures.graph import drawing

    told = graph.graphic(study.graph, study.claims, argument.folded(study.claims))
    if told is None or study.graph is None:
        return {"argued": None}
    from markupsafe import Markup

    # every text that came from the case is escaped
    wide = Markup(drawing(told.page, told.said, told.badges, key=False))
    narrow = Markup(draw(study.graph, told.said, NARROW, told.badges, key=False))
    return {"argued": told, "argument_drawn": Drawing(wide, narrow)}


def _own(name: str) -> str:
    return files("fissures.brief").joinpath(name).read_text(encoding="utf-8")


def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    def clean(value: Any) -> Any:
        return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def short(text: object, most: int = 160) -> str:
        return plain(text, most)

    def name(text: object, most: int = 160) -> Markup:
        # an isolated name cannot reorder the words around it
        return Markup("<bdi>{}</bdi>").format(plain(text, most))

    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=clean)
    made.filters |= {
        "own": Markup,
        "short": short,
        "spoken": spoken,
        "lower_first": lambda text: text[:1].lower() + text[1:],
        "unquoted": phrases.unquoted,
        "ended": lambda text: text if text.endswith((".", "…")) else f"{text}.",
        "short_points": lambda text: text.removesuffix(" points"),
        "web": _web_address,
        "name": name,
        "capital": lambda text: text[:1].upper() + text[1:],
    }
    return made


def _web_address(url: str | None) -> str:
    """The address if a reader may follow it, else nothing.

    >>> _web_address("javascript:alert(1)"), _web_address("https://ucdp.uu.se")
    ('', 'https://ucdp.uu.se')
    """
    address = (url or "").strip()
    safe = address.lower().startswith(("https://", "http://")) and plain(address) == address and " " not in address
    return address if safe else ""


def _by_weight(questions: tuple[Answer, ...], context: Context) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """The key questions, the leading one first, then those with base rates, numbers first; and what else was asked."""
    first = words.leading(questions, context.lead)
    rest = [q for q in questions if q is not first]
    if first is None or len(questions) <= MOST_KEY:
        return (first, *rest) if first else (), ()
    based = [q for q in rest if q.bounds is not None or context.base_rates.get(q.code)]
    based.sort(key=lambda q: q.kind != "number")
    return (first, *based), tuple(q for q in rest if q not in based)


def _tried(study: Study, lead: str) -> Tried:
    asked = [q for q in study.answers.questions if any(q.code in arm.differences for arm in study.arms)]
    every = (*asked, *phrases.exceedances(study.answers.questions, study.arms))
    first = words.leading(asked, lead)
    others = [q for q in every if q is not first and q.kind == "event"]
    arms = whatifs.ordered(study.arms, first.code) if first else study.arms
    return Tried(arms, first, tuple(whatifs.most_moved(others, arms, MOST_WHATIFS)), every)


def _main_source(study: Study) -> str:
    """The source that most claims cite; "" where there is no claim."""
    cited = [row.source for row in study.claims]
    return max(cited, key=cited.count) if cited else ""


def _drawings(study: Study, context: Context, first: FirstPage, tried: Tried) -> dict[str, Drawing]:
    """Every figure of the brief under its name: fan, ladder:FRONT, claims, arms, map, timeline."""
    return {name: _drawing(make) for name, make in _makers(study, context, first, tried).items()}


def figures_of(study: Study, context: Context) -> dict[str, Callable[..., Spec]]:
    """Every figure of the brief under its name, each to be made at a width in pixels."""
    return _makers(study, context, study.first or FirstPage(), _tried(study, context.lead))


def _makers(study: Study, context: Context, first: FirstPage, tried: Tried) -> dict[str, Callable[..., Spec]]:
    from fissures.figures import arms, claims, fan, front_map, ladder, reliability, timeline_chart
    from fissures.figures.argument import MOST

    course = study.course
    makers: dict[str, Callable[..., Spec]] = {}
    if course.weeks:
        makers["fan"] = partial(fan, course)
        for front in list(course.ladder)[:MOST_FRONTS]:
            makers[f"ladder:{front}"] = partial(ladder, course, front, name=context.front_name(front))
    if study.claims:
        makers["claims"] = partial(claims, argument.strongest(argument.folded(study.claims), MOST, first.bearing))
    if tried.first:
        scale, unit = (100.0, "percentage points") if tried.first.kind == "event" else (1.0, "difference of medians")
        makers["arms"] = partial(arms, tried.arms, tried.first.code, scale=scale, unit=unit)
    if told := track.records(study.answers.questions, context.as_of):
        makers["reliability"] = partial(reliability, told)
    if context.where and context.where.drawn:
        makers["map"] = partial(front_map, context.where)
    if context.timeline and context.timeline.lanes:
        makers["timeline"] = partial(timeline_chart, context.timeline)
    return makers


def _drawing(make: Callable[..., Spec]) -> Drawing:
    from altair.utils.schemapi import debug_mode
    from markupsafe import Markup

    from fissures.figures import svg
    from fissures.figures.drawing import NARROW, WIDE

    # The specifications are ours and tested: checking each part against the schema takes a sixth of the time of a page.
    with debug_mode(False):
        specs = [make(width=width) for width in (WIDE, NARROW)]
    # svg() escapes every text that came from the case
    return Drawing(*(Markup(svg(spec)) for spec in specs))


def _strip(answer: Answer) -> Markup:
    from markupsafe import Markup

    from fissures.figures import strip

    value = units.central(answer)
    label = f"{units.shown(answer)}, 80 % range {units.span(answer)}"
    if answer.kind == "event":
        return Markup(strip(value, answer.range80, label, box=answer.bounds))
    bounds = [threshold for threshold, _ in units.thresholds(answer)]
    return Markup(strip(value, answer.range80, label, top=max([10.0, 2 * answer.range80[1], *bounds])))


def _coverage(context: Context) -> Drawing | None:
    """What each source covers by month, for a page and for a phone; None where nothing is known of it."""
    from markupsafe import Markup

    from fissures.figures.coverage import months
    from fissures.figures.drawing import NARROW, WIDE

    told, cites = context.coverage, {source.id: source.cite for source in context.sources}
    if told is None or not told.rows:
        return None
    names, label = [covered.name(row, cites) for row in told.rows], covered.heard(told, cites)
    # months() escapes every text that came from the case
    return Drawing(*(Markup(months(told, names, label, width)) for width in (WIDE, NARROW)))


def _marks(context: Context) -> dict[tuple[str, str], Markup]:
    """One dot a source, by fact and source, where two sources or more give a number of the same thing."""
    from markupsafe import Markup

    from fissures.figures.strips import mark

    out: dict[tuple[str, str], Markup] = {}
    for fact in context.facts:
        told = {source: found for source, value in fact.values.items() if (found := phrases.figure(value)) is not None}
        if len(told) > 1:
            top = max(told.values())
            out |= {
                (fact.title, source): Markup(mark(value, top, f"{fact.values[source]} {fact.unit}"))
                for source, value in told.items()
            }
    return out
