"""How far a fit can be trusted: the shared doubt, half-lives, what the claims imply, and every part's approximation."""

from __future__ import annotations

import shutil
import sys
import textwrap
from math import isfinite
from typing import TYPE_CHECKING, Any

from fissures.cli._shared import percent, say, table

if TYPE_CHECKING:
    from fissures.api import Claims


def show_trust(claims: Claims) -> None:
    """Print all of it."""
    _doubt(claims)
    _half_lives(claims)
    _implied(claims)
    _blocks(claims)


def wrapped(text: str) -> str:
    """A paragraph as wide as the terminal lets it be, 110 characters at most."""
    width = min(shutil.get_terminal_size().columns, 110) if sys.stdout.isatty() else 110
    whole = text.replace(" %", "\N{NO-BREAK SPACE}%")  # a number and its sign stay on one line
    told = textwrap.fill(whole, max(width, 40), initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    return told.replace("\N{NO-BREAK SPACE}", " ")


def _doubt(claims: Claims) -> None:
    if not claims.doubt:
        return
    even = 1 / len(claims.doubt)
    scales = ", ".join(f"{times:.2g} x {percent(weight)}" for times, weight in claims.doubt)
    say("Doubt shared by all claims")
    say(wrapped("how wide the ranges stated before the data ought to have been, as a multiple of what was written, "
                 f"and how likely each multiple is now (each {percent(even)} before the data): {scales}. "
                 f"{_leaning(claims, even)}"))  # fmt: skip
    say()


def _leaning(claims: Claims, even: float) -> str:
    """Which way the record pulls the shared doubt."""
    before = sum(times for times, _ in claims.doubt) * even
    after = sum(times * weight for times, weight in claims.doubt)
    if abs(after - before) < 0.1 * before:
        return "The record hardly tells them apart."
    how = "tighter" if after < before else "wider"
    return f"On the whole the record would have them {how}."


def _half_lives(claims: Claims) -> None:
    """Half-lives of which the record says something, as odds of each multiple; the rest in one sentence."""
    if not claims.half_lives:
        return
    say("Half-lives")
    say(wrapped("a stated half-life is believed to within a factor of 1.65, two times in three; every draw has its "
                 "own. Each multiple below was equally likely before the data."))  # fmt: skip
    told = [one for one in claims.half_lives if one.told and _leans(one)]
    if told:
        headings = ["pressure", "stated", *(f"{times:.2g} x" for times, _ in told[0].weights)]
        rows = [[one.pressure, _days(one.days), *(percent(weight) for _, weight in one.weights)] for one in told]
        table(headings, rows)
    rest = len(claims.half_lives) - len(told)
    say(wrapped(f"{'Of the other' if told else 'Of all'} {rest} the record says nothing."))
    say()


def _implied(claims: Claims) -> None:
    """What the stated beliefs imply before the data, front by front."""
    if not claims.implied:
        return
    say("What the claims imply before the data")
    say(wrapped("chance of a week at that rung or above, with every pressure held at nothing, then at its reference "
                "surge; sound: neither unthinkable (under 0.1 %) nor certain (over 90 %)."))  # fmt: skip
    table(
        ["front", "rung", "at nothing", "at the surge", "in words"],
        [[o.front, o.rung, percent(o.nothing), percent(o.surge), "sound" if o.sound else "look twice"]
         for o in claims.implied],
    )  # fmt: skip
    say()


def _leans(half_life: Any) -> bool:
    """Whether any multiple is clearly more or less likely than before."""
    even = 1 / len(half_life.weights)
    return any(abs(weight - even) > 0.25 * even for _, weight in half_life.weights)


def _days(days: float) -> str:
    return f"{days:.0f} days" if days < 60 else f"{days / 30.4:.0f} months"


def _blocks(claims: Claims) -> None:
    """How each part was fitted and whether its approximation can be trusted; parts without data on one line."""
    judged = [block for block in claims.blocks if block.trusted is not None]
    silent = [block.name.removeprefix("stream ") for block in claims.blocks if block.trusted is None]
    say("How far the numbers can be trusted (what shares a coefficient is fitted together)")
    rows = [
        [block.name, block.method, _short(block.khat, ".2f"), _short(block.effective, ",.0f"), _trust(block)]
        for block in judged
    ]
    table(["part", "method", "k-hat", "effective draws", "in words"], rows)
    say(wrapped("k-hat: how far the exact answer strays from the approximation; up to 0.7 is good. effective draws: "
                 "how many of 1,000 trial draws count."))  # fmt: skip
    if silent:
        say(wrapped(f"Without data, so that the stated belief stands ({len(silent)}): {', '.join(silent)}."))
    say()


def _short(value: float | None, how: str) -> str:
    return "-" if value is None else format(value, how) if isfinite(value) else "not known"


def _trust(block: Any) -> str:
    if block.method.startswith("sampled"):
        return "the approximation was rough, so it was sampled"
    if block.trusted:
        return "the approximation can be trusted"
    return (
        "checked point by point on its grids"
        if block.method.startswith("grids")
        else "not judged"
        if block.khat is None
        else "look twice: the approximation is rough"
    )
