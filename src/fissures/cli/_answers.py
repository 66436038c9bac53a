"""The answers of a run as text: number, range and word together, then the three numbers."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from fissures.cli._shared import count, day, is_bundle, people, percent, say, table

if TYPE_CHECKING:
    from fissures.api import Answer, Answers, Given, Study

FEW = 6  # what-ifs that are named one by one
HEADINGS = ["", "question", "in the model\n(80 % range)", "reference\nclass", "claims\noff", "with\nclaims"]


def show(study: Study, called: str) -> None:
    """Print case, as-of date, every answer, and how much of the argument the data could move.

    `called` is what the user calls the case.
    """
    head(study)
    blocks(study.answers.questions)
    for line in found(study.answers, called):
        say(line)


def head(study: Study) -> None:
    """Print what was run, on what, and how much of the argument the data could move."""
    answers = study.answers
    say(answers.case)
    say(f"as of {day(answers.as_of)}")
    say(f"{answers.paths:,} paths, seed {answers.seed}, issue {answers.digest[:12]}")
    say(f"The data moved {study.moved} of {study.couplings} couplings.")
    say()


def blocks(questions: Sequence[Answer]) -> None:
    """Print questions: a table on a terminal, aligned blocks elsewhere."""
    if sys.stdout.isatty():
        table(HEADINGS, [_row(answer) for answer in questions])
        errors = [100 * answer.mc_error for answer in questions if answer.kind == "event"]
        say(f"Simulation error: at most {max([0.1, *filter(isfinite, errors)]):.1f} points.")
        return
    indent = 2 + max((len(answer.code) for answer in questions), default=0)
    for answer in questions:
        for k, line in enumerate(_block(answer)):
            say(f"{'' if k else answer.code:<{indent}}{line}")
        say()


def three(answers: Answers) -> list[Answer]:
    """Three answers that stand for all: the leading one, another event with a base rate, and a number."""
    questions = answers.questions
    first = [q for q in questions if q.code == answers.lead] or [q for q in questions if q.kind == "event"][:1]
    events = sorted((q for q in questions if q.kind == "event" and q not in first), key=lambda q: q.bounds is None)
    numbers = [q for q in questions if q.kind == "number"]
    return [*first, *events[:1], *numbers[:1]] if numbers else [*first, *events[:2]]


def what_ifs(study: Study) -> str:
    """How many levers were pulled, on how many paths; nothing where none was."""
    if not study.arms:
        return ""
    codes = [arm.code or arm.id for arm in study.arms]
    many = f"{len(codes)} what-ifs" if len(codes) > 1 else "one what-if"
    named = f" ({', '.join(codes)})" if len(codes) <= FEW else ""
    paths = min(arm.paths for arm in study.arms) or study.answers.paths
    return f"{many}{named} on {paths:,} paired paths"


def found(answers: Answers, called: str) -> list[str]:
    """Warnings, those that call for the same remedy together; notes as one line that says where they are listed."""
    told = _warnings([finding for finding in answers.findings if finding.level != "note"])
    notes = [finding for finding in answers.findings if finding.level == "note"]
    if not notes:
        return told
    # A saved run carries its case; what the evidence showed is known only once the case has been run.
    case = f"{called}/case" if is_bundle(called) else called
    in_file = [finding for finding in notes if re.search(r":\d+:\d+$", finding.where)]
    listed = f"fissures check {case} lists them" if in_file else "--json lists them"
    if 0 < len(in_file) < len(notes):
        listed = f"fissures check {case} lists those of the case, --json all"
    return [*told, f"{len(notes)} note{'s' * (len(notes) > 1)}: {listed}"]


def _warnings(findings: list[Any]) -> list[str]:
    """A line a finding; why it matters and what to try once for all that share it."""
    groups: dict[str, list[Any]] = {}
    for finding in findings:
        groups.setdefault(finding.remedy, []).append(finding)
    lines = []
    for remedy, group in groups.items():
        lines += [f"{finding.level}: {finding.where}  {finding.message}" for finding in group]
        whys = {finding.why for finding in group}
        lines += [f"    why it matters: {why}" for why in whys if why and len(whys) == 1]
        lines += [f"    try: {remedy}"] if remedy else []
    return lines


def headline(answer: Answer) -> str:
    """The one number of an answer: its probability as rounded for its word, or its median."""
    if answer.printed is not None:
        return percent(answer.printed)
    return _in_unit(answer, answer.quantiles.get("0.5", answer.with_claims))


def _in_unit(answer: Answer, value: float) -> str:
    return percent(value) if answer.kind == "event" else people(value)


def _range(answer: Answer) -> str:
    low, high = answer.range80
    return f"{_in_unit(answer, low)} to {_in_unit(answer, high)}"


def _error(answer: Answer) -> str:
    """The chance in the simulation itself."""
    if answer.kind == "event" and isfinite(answer.mc_error):
        return f"simulation error {max(100 * answer.mc_error, 0.1):.1f} points"
    return "simulation error below 1" if answer.mc_error < 0.5 else f"simulation error {people(answer.mc_error)}"


def _exceeds(answer: Answer) -> list[str]:
    allowed = {limit: f" (base rates {_span(bounds)})" for limit, bounds in answer.exceed_bounds.items()}
    told = [(count(float(limit)), percent(p), allowed.get(limit, "")) for limit, p in answer.exceed.items()]
    return [f"{limit} or more: {chance}{beside}" for limit, chance, beside in told]


def _span(bounds: tuple[float, float]) -> str:
    """A range written down from base rates, as it was written: "0.5 to 15 %"."""
    return f"{100 * bounds[0]:.3g} to {100 * bounds[1]:.3g} %"


def _bounds(answer: Answer) -> str:
    """What base rates alone allow, where the case says so."""
    return f"base rates {_span(answer.bounds)}" if answer.bounds else ""


def _base(answer: Answer) -> str:
    known = answer.reference_class
    return "none" if known is None else _in_unit(answer, known.value)


def _alike(answer: Answer) -> str:
    return f"{answer.analogues.k} of {answer.analogues.n} like it" if answer.analogues else ""


def _method(answer: Answer) -> str:
    """How the reference class came by its number."""
    known = answer.reference_class
    return "" if known is None else f" ({known.method.removesuffix(', median')})"


def _until(answer: Answer) -> str:
    """The question's date, unless its title says it already."""
    return "" if day(answer.by) in answer.title else f"by {day(answer.by)}"


def _void(answer: Answer) -> str:
    return f"void on {percent(answer.void)} of paths, which are left out" if answer.void > 0 else ""


def _analogues(answer: Answer) -> str:
    """In how many of the flare-ups most like the case's own what is asked happened, and under other distances."""
    return "" if answer.analogues is None else str(answer.analogues)


def _row(answer: Answer) -> list[str]:
    word = answer.word if answer.kind == "event" else "median"
    inside = [headline(answer), f"({_range(answer)})", word, *_exceeds(answer)]
    return [
        answer.code,
        "\n".join(part for part in (answer.title, _until(answer), _void(answer)) if part),
        "\n".join(part for part in inside if part),
        "\n".join(part for part in (_base(answer), _bounds(answer), _alike(answer)) if part),
        _in_unit(answer, answer.claims_off),
        _in_unit(answer, answer.with_claims),
    ]


def _block(answer: Answer) -> list[str]:
    word = f", {answer.word}" if answer.word else ""
    median = "" if answer.kind == "event" else "median "
    until = f" ({_until(answer)})" if _until(answer) else ""
    with_claims, off = _in_unit(answer, answer.with_claims), _in_unit(answer, answer.claims_off)
    lines = [
        f"{answer.title}{until}",
        f"{median}{headline(answer)}{word} (80 % range {_range(answer)}; {_error(answer)})",
        ", ".join(_exceeds(answer)),
        " | ".join(
            part
            for part in (
                f"reference class {_base(answer)}{_method(answer)}",
                f"claims off {off}",
                f"with claims {with_claims}",
                _bounds(answer),
            )
            if part
        ),
        _analogues(answer),
        _void(answer),
    ]
    return [line for line in lines if line]


# --- given that something has happened --------------------------------------------------------------------------------


def given(told: Given) -> None:
    """Print every question on all futures and on those in which the condition came about."""
    say(f"Given: {told.condition} by {day(told.by)}. In the model it happens on {told.kept:,} of {told.paths:,} "
        f"futures, from {told.draws:,.0f} effective draws.")  # fmt: skip
    rows = [
        [one.code, percent(one.base), percent(one.given), f"{percent(one.range80[0])} to {percent(one.range80[1])}",
         one.title]
        for one in told
    ]  # fmt: skip
    table(["code", "all futures", "given", "80 % range", "question"], rows)
