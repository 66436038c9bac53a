"""What-ifs in words, sorted by what they change in the leading question; always "in the model"."""

from __future__ import annotations

from collections.abc import Sequence

from fissures.brief.numbers import count
from fissures.brief.phrases import asked_code, listed
from fissures.brief.units import change, changes, clear_of_zero, titled
from fissures.figures.labels import plain
from fissures.study.records import Answer, Arm, Difference


def ordered(arms: Sequence[Arm], code: str) -> tuple[Arm, ...]:
    """Levers by the size of what they change in one question, largest first; then those that settle it by themselves,
    and the others as they came."""
    size = {arm.id: abs(found.difference) for arm, found in effects(code, arms)}
    return tuple(
        sorted(arms, key=lambda arm: (arm.id not in size, -size.get(arm.id, 0.0), code not in arm.differences))
    )


def effects(code: str, arms: Sequence[Arm]) -> list[tuple[Arm, Difference]]:
    """The levers tried on a question and what each changes, without those that settle it by themselves."""
    return [(a, a.differences[code]) for a in arms if code in a.differences and not a.differences[code].itself]


def settled(code: str, arms: Sequence[Arm]) -> str:
    """A sentence on the levers that settle a question by themselves; "" where none does.

    >>> one = Difference(0.7, 1.0, 0.3, (0.2, 0.4), 0.01, (), (), itself="brought about by the lever itself")
    >>> settled("Q12", [Arm("s", "A summit", "", False, {"Q12": one}, "L1")])
    'Not counted: L1 (brought about by the lever itself).'
    """
    told: dict[str, list[str]] = {}
    for arm in arms:
        if code in arm.differences and (how := arm.differences[code].itself):
            told.setdefault(how, []).append(plain(arm.code or arm.name, 40))
    parts = [f"{listed(names)} ({how})" for how, names in told.items()]
    return f"Not counted: {'; '.join(parts)}." if parts else ""


def most_moved(questions: Sequence[Answer], arms: Sequence[Arm], most: int) -> list[Answer]:
    """The questions that some lever moves furthest, furthest first."""

    def reach(answer: Answer) -> float:
        return max((abs(found.difference) for _, found in effects(answer.code, arms)), default=0)

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
    tried = effects(answer.code, arms)
    if not tried:
        but = " but those that settle it by themselves" if settled(answer.code, arms) else ""
        return f"No what-if was run for this question{but}, so nothing can be said here about what would change it."
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
    found = [d for _, d in effects(answer.code, arms)]
    lower = sum(d.range80[1] < 0 for d in found)
    higher = sum(d.range80[0] > 0 for d in found)
    raised = f"{higher} raise{'s' * (higher == 1)} it" if higher else "none raises it"
    lowered = f"{lower} of {len(found)} lower{'s' * (lower == 1)} it" if lower else f"none of {len(found)} lowers it"
    return f"{asked_code(answer.code)} in the model: {lowered} and {raised} with an 80 % range clear of zero"
