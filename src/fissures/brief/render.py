"""A study and its case, rendered as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fissures.brief import numbers, phrases, words
from fissures.brief.context import Context
from fissures.figures.labels import plain, spoken
from fissures.study.records import Answer, Study

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from fissures.figures.drawing import Spec

MOST_FRONTS = 6
MOST_WHATIFS = 4


@dataclass(frozen=True)
class Drawing:
    """One figure, drawn once for a page and once for a phone."""

    wide: Markup
    narrow: Markup


def render(study: Study, context: Context) -> str:
    """The brief as one HTML document: no script, no outside request; every text from the case is escaped."""
    from fissures.figures.argument import MOST as MOST_CLAIMS
    from fissures.figures.course import drawn_every, shown_past

    environment = _environment()
    template = environment.from_string(_own("brief.html.j2"))
    answers = study.answers
    asked = [q for q in answers.questions if any(q.code in arm.differences for arm in study.arms)]
    drawn = _drawn_whatifs(asked, context.lead)
    chances = phrases.exceedances(answers.questions, study.arms)
    page: str = template.render(
        study=study,
        answers=answers,
        context=context,
        findings=(*context.findings, *(f for f in answers.findings if f not in context.findings)),
        bottom=words.bottom_line(answers.questions, study.arms, context.lead),
        undrawn=[front.name for front in context.fronts if front.id not in study.course.ladder],
        cites={source.id: source.cite for source in context.sources},
        fan_caption=phrases.fan_caption(shown_past(study.course)),
        strips={q.id: _strip(q) for q in answers.questions},
        asked=asked,
        drawn=drawn,
        rest=[q for q in (*asked, *chances) if q not in drawn],
        drawings=_drawings(study, context, drawn),
        every=drawn_every(study.course),
        most_fronts=MOST_FRONTS,
        most_claims=MOST_CLAIMS,
        css=environment.filters["own"](_own("style.css")),
        n=numbers,
        w=words,
        ph=phrases,
    )
    # a number and its per-cent sign stay on one line
    return page.strip().replace(" %", f"{numbers.SPACE}%") + "\n"


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
        "web": _web_address,
        "name": name,
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


def _drawings(study: Study, context: Context, drawn: list[Answer]) -> dict[str, Drawing]:
    """Every figure of the brief under its name: fan, ladder:FRONT, claims, arms:CODE."""
    from fissures.figures import arms, claims, fan, ladder

    course = study.course
    drawings = {}
    if course.weeks:
        drawings["fan"] = _drawing(partial(fan, course))
        for front in list(course.ladder)[:MOST_FRONTS]:
            named = partial(ladder, course, front, name=context.front_name(front))
            drawings[f"ladder:{front}"] = _drawing(named)
    if study.claims:
        drawings["claims"] = _drawing(partial(claims, study.claims))
    for answer in drawn:
        scale, unit = (100.0, "percentage points") if answer.kind == "event" else (1.0, "difference of medians")
        drawings[f"arms:{answer.code}"] = _drawing(partial(arms, study.arms, answer.code, scale=scale, unit=unit))
    return drawings


def _drawing(make: Callable[..., Spec]) -> Drawing:
    from markupsafe import Markup

    from fissures.figures import svg
    from fissures.figures.drawing import NARROW, WIDE

    # svg() escapes every text that came from the case
    return Drawing(*(Markup(svg(make(width=width))) for width in (WIDE, NARROW)))


def _drawn_whatifs(asked: list[Answer], lead: str) -> list[Answer]:
    """The questions whose what-ifs get a figure, by stake: the leading one, then the other events in case order."""
    first = words.leading(asked, lead)
    others = [q for q in asked if q is not first and q.kind == "event"]
    return [first, *others][:MOST_WHATIFS] if first else []


def _strip(answer: Answer) -> Markup:
    from markupsafe import Markup

    from fissures.figures import strip

    value = words.central(answer)
    label = f"{words.amount(answer, value)}, 80 % range {words.span(answer)}"
    if answer.kind == "event":
        return Markup(strip(value, answer.range80, label, box=answer.bounds))
    bounds = [threshold for threshold, _ in words.thresholds(answer)]
    return Markup(strip(value, answer.range80, label, top=max([10.0, 2 * answer.range80[1], *bounds])))
