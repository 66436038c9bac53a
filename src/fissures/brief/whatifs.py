"""What-ifs in words, sorted by what they change in the leading question; always "in the model"."""

from __future__ import annotations

from collections.abc import Sequence

from fissures.brief.numbers import count
from fissures.brief.phrases import asked_code, listed
from fissures.brief.units import change, changes, clear_of_zero, titled
from fissures.figures.labels import plain
from fissures.study.records import Answer, Arm, Difference


def ordered(arms: Sequence[Arm], code: str) -> tuple[Arm, ...]:
    """Levers by the size of what they change in one question, largest first; the others as they came."""
    return tuple(sorted(arms, key=lambda arm: -abs(arm.differences[code].difference) if code in arm.differences else 1))


def most_moved(questions: Sequence[Answer], arms: Sequence[Arm], most: int) -> list[Answer]:
    """The questions that some lever moves furthest, furthest first."""

    def reach(answer: Answer) -> float:
        return max(
            (abs(a.differences[answer.code].difference) for a in arms if answer.code in a.differences), default=0
        )

    return sorted(questions, key=lambda answer: -reach(answer))[:most]


def called(arm: Arm, most: int = 60) -> str:
    """A lever's code and name.

    >>> called(Arm("s", "A summit", "", False, {}, "L1"))
    'L1 A summit'
    """
    return plain(f"{arm.code} {arm.name}".strip(), most)


def paired(arms: Sequence[Arm], paths: int) -> str:
    """On how many paths the differences rest, and where they start from.

    >>> paired([Arm("s", "A summit", "", False, {}, "L1", 2000)], 10_000)
    'What-ifs on 2,000 paired paths, each told from the answer of all 10,000.'
    """
    few = min((arm.paths for arm in arms if arm.paths), default=paths)
    told = "" if few >= paths else f", each told from the answer of all {count(paths)}"
    return f"What-ifs on {count(few)} paired paths{told}."


def lever_sentence(answer: Answer, arms: Sequence[Arm]) -> str:
    """Which lever moves a question most, in the model."""
    tried = [(arm, arm.differences[answer.code]) for arm in arms if answer.code in arm.differences]
    if not tried:
        return "No what-if was run for this question, so nothing can be said here about what would change it."
    clear = [pair for pair in tried if clear_of_zero(pair[1])]
    arm, found = max(clear or tried, key=lambda pair: abs(pair[1].difference))
    size = f"{change(answer, found.difference)}"
    reach = f"80 % range {changes(answer, found.range80)}"
    if not clear:
        many = len(tried) > 1
        none = f"none of the {len(tried)} levers moves" if many else "the one lever tried does not move"
        return (
            f"In the model {none} it clear of zero; {'the largest' if many else 'its'} middle difference is "
            f"{size} ({f'{titled(arm.name)}, ' if many else ''}{reach})."
        )
    return (
        f"In the model, {titled(arm.name)} would change it most of {len(tried)} lever{'s' * (len(tried) > 1)} tried, "
        f"by {size} ({reach}), riding on {footing_words(found)}."
    )


def footing_words(found: Difference) -> str:
    """What a difference rides on.

    >>> footing_words(Difference(0.1, 0.09, -0.01, (-0.02, 0.0), 0.001, ("C04",), ("C21", "C33")))
    '1 fitted link and 2 assumed links'
    """
    kinds = ((len(found.fitted), "fitted"), (len(found.assumed), "assumed"))
    return listed([f"{n} {kind} link{'s' * (n > 1)}" for n, kind in kinds if n]) or "no link of the argument"


def links(arm: Arm) -> tuple[str, str]:
    """The claims that a lever rides on, by code: fitted, assumed; "none" where there is none."""
    found = next(iter(arm.differences.values()), None)
    fitted, assumed = (found.fitted, found.assumed) if found else ((), ())
    return ", ".join(fitted) or "none", ", ".join(assumed) or "none"


def whatif_title(answer: Answer, arms: Sequence[Arm]) -> str:
    """How many levers move a question clearly, in the model."""
    found = [arm.differences[answer.code] for arm in arms if answer.code in arm.differences]
    lower = sum(d.range80[1] < 0 for d in found)
    higher = sum(d.range80[0] > 0 for d in found)
    raised = f"{higher} raise{'s' * (higher == 1)} it" if higher else "none raises it"
    lowered = f"{lower} of {len(found)} lower{'s' * (lower == 1)} it" if lower else f"none of {len(found)} lowers it"
    return f"{asked_code(answer.code)} in the model: {lowered} and {raised} with an 80 % range clear of zero"
