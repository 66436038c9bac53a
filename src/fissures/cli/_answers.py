"""The answers of a run as text: number, range and word together, then the three numbers."""

from __future__ import annotations

import re
import sys
from math import isfinite
from typing import TYPE_CHECKING

from fissures.cli._shared import count, day, is_bundle, percent, say, table

if TYPE_CHECKING:
    from fissures.api import Answer, Answers, Study

HEADINGS = ["", "question", "in the model\n(80 % range)", "reference\nclass", "claims\noff", "with\nclaims"]


def show(study: Study, called: str) -> None:
    """Print case, as-of date, every answer, and how much of the argument the data could move.

    `called` is what the user calls the case.
    """
    answers = study.answers
    say(answers.case)
    say(f"as of {day(answers.as_of)}")
    say(f"{answers.paths:,} paths, seed {answers.seed}, issue {answers.digest[:12]}")
    say(f"The data moved {study.moved} of {len(study.claims)} couplings.")
    say()
    if sys.stdout.isatty():
        table(HEADINGS, [_row(answer) for answer in answers.questions])
        errors = [100 * answer.mc_error for answer in answers.questions if answer.kind == "event"]
        largest = max([0.1, *filter(isfinite, errors)])
        say(f"Simulation error: at most {largest:.1f} points.")
    else:
        for answer in answers.questions:
            say("\n".join(_block(answer)))
            say()
    for line in _findings(answers, called):
        say(line)


def _findings(answers: Answers, called: str) -> list[str]:
    """Warnings in full; notes as one line that says where they are listed."""
    told = [f"{finding.level}: {finding}" for finding in answers.findings if finding.level != "note"]
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


def headline(answer: Answer) -> str:
    """The one number of an answer: its probability, or its median."""
    if answer.probability is not None:
        return percent(answer.probability)
    return count(answer.quantiles.get("0.5", answer.with_claims))


def _in_unit(answer: Answer, value: float) -> str:
    return percent(value) if answer.kind == "event" else count(value)


def _range(answer: Answer) -> str:
    low, high = answer.range80
    return f"{_in_unit(answer, low)} to {_in_unit(answer, high)}"


def _error(answer: Answer) -> str:
    """The chance in the simulation itself."""
    if answer.kind == "event" and isfinite(answer.mc_error):
        return f"simulation error {max(100 * answer.mc_error, 0.1):.1f} points"
    return "simulation error below 1" if answer.mc_error < 0.5 else f"simulation error {count(answer.mc_error)}"


def _exceeds(answer: Answer) -> list[str]:
    return [f"{count(float(limit))} or more: {percent(p)}" for limit, p in answer.exceed.items()]


def _base(answer: Answer) -> str:
    known = answer.reference_class
    return "none" if known is None else _in_unit(answer, known.value)


def _row(answer: Answer) -> list[str]:
    inside = [headline(answer), f"({_range(answer)})", answer.word, *_exceeds(answer)]
    return [
        answer.code,
        f"{answer.title}\nby {day(answer.by)}",
        "\n".join(part for part in inside if part),
        _base(answer),
        _in_unit(answer, answer.claims_off),
        _in_unit(answer, answer.with_claims),
    ]


def _block(answer: Answer) -> list[str]:
    word = f", {answer.word}" if answer.word else ""
    lines = [
        f"{answer.code:<5}{answer.title} (by {day(answer.by)})",
        f"     {headline(answer)}{word} (80 % range {_range(answer)}; {_error(answer)})",
    ]
    if answer.exceed:
        lines.append(f"     {', '.join(_exceeds(answer))}")
    with_claims, off = _in_unit(answer, answer.with_claims), _in_unit(answer, answer.claims_off)
    lines.append(f"     reference class {_base(answer)} | claims off {off} | with claims {with_claims}")
    return lines
