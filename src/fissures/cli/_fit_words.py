"""What the data said of each claim, as a table, a legend and a JSON document."""

from __future__ import annotations

import sys
from math import isfinite
from typing import TYPE_CHECKING, Any

from fissures.cli import _answers
from fissures.cli._fit_trust import show_trust, wrapped
from fissures.cli._shared import day, percent, say, table

if TYPE_CHECKING:
    from fissures.api import Claims

VERDICTS = ("supported", "leans to", "mixed", "contradicted", "could not test")
UNTESTED = VERDICTS[-1]
MOST = 60  # characters of a claim in the table
BEYOND = 3.0  # simulation errors: with dozens of claims, two would call chance an effect several times

LEGEND = (
    ("before, after", "how strongly the cause moves the effect, by the stated belief and once the record has spoken: "
     "mean ± standard deviation, and in brackets the range that holds eight times in ten. Above 0 is the direction "
     "that the claim states, below 0 the other way. 0.4 makes the move about 1.5 times as likely for each surge of the "
     "cause, -0.4 about a third less likely."),
    ("data alone", "the same if nothing had been believed before (0 ± 0.40). Verdicts come from this column."),
    ("as claimed", "the chance, by the data alone, that the cause works in the direction stated; 50 % is a coin toss."),
    ("narrowed", "how much of the first doubt the record took away, of what it could have taken at all where that is "
     "known."),
    ("events", "how many moves or events in the record speak of the claim."),
    ("verdict", "supported: over 90 % as claimed and narrowed by a quarter. leans to: over 75 %. contradicted: under "
     "10 % and narrowed by a quarter. mixed: the rest. could not test: nothing to test with, or narrowed by less than "
     "a tenth. A cause that was rarely present is pulled to its stated belief: few days can speak against it."),
)  # fmt: skip
WITHOUT = (
    "without it",
    "the answer with this claim at zero, on the same futures and nothing refitted; '=' where it differs from the "
    "answer by less than chance would explain. A declared break stays when all claims are off; its line says what it "
    "does to the answer.",
)
MARKS = (
    ("confounded by indication", "the cause comes because of fighting, so its effect cannot be told from that of the "
     "fighting."),
    ("moves with, does not precede", "shifted into the future, the cause explains the effect as well."),
)  # fmt: skip


# --- text -------------------------------------------------------------------------------------------------------------


def show(claims: Claims, called: str) -> None:
    """Print headline, claims by verdict, legend, untested claims by reason, doubt, blocks and findings."""
    say(f"The data moved {claims.moved} of {claims.couplings} couplings.")
    say(f"{claims.case}, as of {day(claims.as_of)}; seed {claims.seed}, fit {claims.digest[:12]}")
    say()
    owners = _owners(claims)
    _tested(claims, [row for row in owners if row.verdict != UNTESTED])
    _untested(claims, [row for row in owners if row.verdict == UNTESTED])
    for line in _carries(claims):
        say(line)
    _legend(claims)
    _elsewhere(claims)
    show_trust(claims)
    told: Any = claims  # all that is read of it are its findings
    _noted(claims)
    for line in _answers.found(told, called):
        say(line)


def _noted(claims: Claims) -> None:
    """What the fit itself noted, in full: what the record cannot tell."""
    for finding in claims.findings:
        if finding.where == "fit" and finding.level == "note":
            say(wrapped(f"note: {finding.message}. {finding.why[:1].upper()}{finding.why[1:]}."))


def _owners(claims: Claims) -> list[Any]:
    """One row for each coefficient, in case order: restatements are told beside the claim that they restate."""
    seen: set[str] = set()
    out = []
    for row in claims:
        if not row.shares or (row.shares.startswith("break ") and row.shares not in seen):
            out.append(row)
        seen.add(row.shares)
    return out


def _tested(claims: Claims, rows: list[Any]) -> None:
    if not rows:
        say("The record could test none of them.")
        say()
        return
    rows = sorted(rows, key=lambda row: VERDICTS.index(row.verdict))
    headings = ["code", "claim", "before", "after\n(80 % range)", "data\nalone", "as\nclaimed", "narrowed", "events"]
    headings.append("verdict")
    cells = [
        [
            row.code,
            _words(row),
            _belief(row.before),
            _after(row.after),
            _belief(row.vague),
            percent(row.p_sign),
            _narrowed(row),
            str(row.informed_by),
            row.verdict,
        ]
        for row in rows
    ]
    _print(claims, headings, cells, rows, [_marks(claims, row) for row in rows])


def _untested(claims: Claims, rows: list[Any]) -> None:
    """Claims that the record could not test, by reason: they stand as they were believed."""
    if not rows:
        return
    say(f"{len(rows)} could not be tested: what they do in the model rests on the stated belief.")
    say()
    for reason in dict.fromkeys(row.untested for row in rows):
        mine = [row for row in rows if row.untested == reason]
        say(f"{len(mine)} because {reason}:")
        headings = ["code", "claim", "before", "after", "events"]
        cells = [[row.code, _words(row), _belief(row.before), _belief(row.after), str(row.informed_by)] for row in mine]
        _print(claims, headings, cells, mine, [_marks(claims, row) for row in mine])


def _print(claims: Claims, headings: list[str], cells: list[list[str]], rows: list[Any], marks: list[str]) -> None:
    """A table with the questions' answers and marks behind it, where there are any."""
    if claims.without:
        headings = [*headings, *(f"{code}\nwithout it" for code in claims.asked)]
        cells = [
            cell + [_change(claims, row, code) for code in claims.asked] for cell, row in zip(cells, rows, strict=True)
        ]
    if sys.stdout.isatty():  # width is dear: marks stand under the claim
        cells = [
            [cell[0], f"{cell[1]}\n({mark})" if mark else cell[1], *cell[2:]]
            for cell, mark in zip(cells, marks, strict=True)
        ]
    elif any(marks):
        headings, cells = [*headings, "marks"], [[*cell, mark] for cell, mark in zip(cells, marks, strict=True)]
    table(headings, cells)
    say()


def _words(row: Any) -> str:
    """The claim in a few words."""
    text = " ".join((row.paraphrase or row.sentence).split()).removesuffix(".")
    return text if len(text) <= MOST else text[: MOST - 1].rstrip(" ,;:") + "…"


def _belief(belief: Any) -> str:
    return f"{_plain(belief.mean)} ± {_plain(belief.sd)}"


def _after(belief: Any) -> str:
    low, high = belief.range80
    return f"{_belief(belief)}\n({_plain(low)} to {_plain(high)})"


def _plain(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}" if isfinite(value) else "not known"


def _narrowed(row: Any) -> str:
    if row.possible is None:
        return f"{100 * row.narrowed:.0f} %"
    return f"{100 * row.narrowed:.0f} of {100 * max(row.possible, row.narrowed):.0f} %"


def _marks(claims: Claims, row: Any) -> str:
    """What a reader should know of a claim besides its numbers."""
    key = row.shares or row.code
    again = [other.code for other in claims if other.shares == key and other is not row]
    told = [
        MARKS[0][0] if row.by_indication else "",
        MARKS[1][0] if row.moves_with else "",
        _with_break(row),
        f"said again as {', '.join(again)}" if again else "",
    ]
    return "; ".join(part for part in told if part)


def _elsewhere(claims: Claims) -> None:
    """What the same claims did between other rivals, where anybody has looked."""
    told = [(row, row.portable) for row in claims if row.portable is not None]
    if not told:
        return
    say("The same claim between other rivals")
    say(wrapped("what a new pair may show, from news of hundreds of pairs of states without this one; "
                "`--priors portable` takes it together with the stated belief. docs/portable-claims.md says how little "
                "it is."))  # fmt: skip
    cells = [
        [row.code, seen.claim.replace("_", " "), *map(_belief, (row.before, seen.alone, seen.together)), seen.verdict]
        for row, seen in told
    ]
    table(["code", "general claim", "stated", "other rivals", "together", "there"], cells)
    say()


def _with_break(row: Any) -> str:
    """That a claim shares a declared break's coefficient, and how wide that was believed."""
    if not row.shares.startswith("break "):
        return str(row.shares) and f"one number with the declared {row.shares}"
    return f"one number with the declared {row.shares}, by the data alone from 0 ± {_plain(row.before.sd)}"


def _legend(claims: Claims) -> None:
    marked = [mark for mark in MARKS if any(mark[0] in _marks(claims, row) for row in claims)]
    say("How to read it")
    for name, words in (*LEGEND, *((WITHOUT,) if claims.without else ()), *marked):
        say(wrapped(f"{name}: {words}"))
    say()


# --- without a claim --------------------------------------------------------------------------------------------------


def _beyond_chance(change: Any) -> bool:
    """Whether a change can be told from chance, and from none at the precision printed."""
    return bool(abs(change.difference) > BEYOND * change.mc_error) and percent(change.arm) != percent(change.base)


def _change(claims: Claims, row: Any, code: str) -> str:
    change = claims.without.get(row.shares or row.code, {}).get(code)
    if change is None:
        return ""
    return percent(change.arm) if _beyond_chance(change) else "="


def _carries(claims: Claims) -> list[str]:
    """For each question of the table: its answer, and the claim without which it would differ most."""
    lines = []
    for asked in claims.asked if claims.without else ():
        single = {code: told for code, told in claims.without.items() if not code.startswith("break ")}
        found = {code: changes[asked] for code, changes in single.items() if asked in changes}
        base = percent(next(iter(found.values())).base) if found else ""
        moved = {code: change for code, change in found.items() if _beyond_chance(change)}
        if not moved:
            lines.append(f"{asked}: {base}; no single claim moves it by more than chance on {claims.paths:,} futures.")
            continue
        most = max(moved, key=lambda code: abs(moved[code].difference))
        lines.append(f"{asked}: {base}; without {most} it would be {percent(moved[most].arm)}, the largest change.")
    return [*lines, ""] if lines else []


# --- JSON -------------------------------------------------------------------------------------------------------------


def document(claims: Claims) -> dict[str, Any]:
    """The document of `fit`; keys may be added, never renamed."""
    return {
        "case": claims.case,
        "as_of": claims.as_of.isoformat(),
        "seed": claims.seed,
        "digest": claims.digest,
        "claims": [_claim(claims, row) for row in claims],
        "moved": claims.moved,
        "couplings": claims.couplings,
        "statements": [
            {"id": s.id, "code": s.code, "kind": s.kind, "about": s.about, "paraphrase": s.paraphrase}
            for s in claims.statements
        ],
        "doubt": [{"times_stated": times, "weight": weight} for times, weight in claims.doubt],
        "implied": [
            {"front": o.front, "rung": o.rung, "at_nothing": o.nothing, "at_surge": o.surge, "sound": o.sound}
            for o in claims.implied
        ],
        "half_lives": [
            {
                "pressure": one.pressure,
                "stated_days": one.days,
                "weights": [{"times_stated": times, "weight": weight} for times, weight in one.weights],
                "told": one.told,
            }
            for one in claims.half_lives
        ],
        "blocks": [
            {"name": b.name, "khat": b.khat, "ess": b.effective, "method": b.method, "trusted": b.trusted}
            for b in claims.blocks
        ],
        "asked": list(claims.asked),
        "paths": claims.paths if claims.without else None,
        "findings": [finding.as_json() for finding in claims.findings],
    }


def _claim(claims: Claims, row: Any) -> dict[str, Any]:
    without = claims.without.get(row.shares or row.code)
    return {
        "id": row.id,
        "code": row.code,
        "kind": "coupling",
        "sentence": row.sentence,
        "paraphrase": row.paraphrase,
        "before": {"mean": row.before.mean, "sd": row.before.sd},
        "after": _ranged(row.after),
        "vague": _ranged(row.vague),
        "p_sign": row.p_sign,
        "narrowed": row.narrowed,
        "possible": row.possible,
        "informed_by": row.informed_by,
        "verdict": row.verdict,
        "untested": row.untested or None,
        "confounded": row.confounded,
        "by_indication": row.by_indication,
        "own": row.own,
        "lead": row.lead,
        "moves_with": row.moves_with,
        "shares": row.shares or None,
        "portable": _other_rivals(row.portable),
        "without": None if without is None else {code: _difference(change) for code, change in without.items()},
    }


def _other_rivals(told: Any) -> dict[str, Any] | None:
    if told is None:
        return None
    return {
        "claim": told.claim,
        "mean": told.alone.mean,
        "sd": told.alone.sd,
        "combined": {"mean": told.together.mean, "sd": told.together.sd},
        "verdict": told.verdict,
    }


def _ranged(belief: Any) -> dict[str, Any]:
    return {"mean": belief.mean, "sd": belief.sd, "range80": list(belief.range80)}


def _difference(change: Any) -> dict[str, Any]:
    return {
        "base": change.base,
        "arm": change.arm,
        "difference": change.difference,
        "range80": list(change.range80),
        "mc_error": change.mc_error,
    }
