"""What a desk watches: a number of the model, or of the record, and the threshold at which somebody should look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fissures.case.amounts import NUMBER, PhraseError, duration, match, nearest
from fissures.case.records import Case, Front, Track

FORMS = (
    "write QUESTION above 10 %, QUESTION above 50, PRESSURE above 1.5, FRONT at RUNG or above, or "
    "STREAM above 5 within 14 days"
)


@dataclass(frozen=True)
class Threshold:
    """A number, and where it fires. `kind` is "question" (a probability, or the median of a number), "pressure" (in
    surges, at the as-of date), "stream" (events within so many days up to it) or "place" (the share of completions of
    the record on which it stands at `rung` or above)."""

    kind: Literal["question", "pressure", "stream", "place"]
    name: str
    above: bool
    level: float
    days: float = 0.0
    rung: str = ""


def threshold(text: str, case: Case) -> Threshold:
    """A trigger's phrase read; raises PhraseError with the legal words.

    "Q4 above 10 %", "hostility below 0.5", "threats above 5 within 14 days", "north at clash or above".
    """
    if found := match(r"(\S+) at (\S+) or above", text):
        return _stands(case, found[1], found[2])
    found = match(rf"(\S+) (above|below) {NUMBER}( %)?(?: within (.+))?", text)
    if not found:
        raise PhraseError(f"'{text[:80]}' is not something to watch", FORMS)
    name, above, level = found[1], found[2] == "above", float(found[3])
    if name in {question.code for question in case.questions.values()} and not found[5]:
        return Threshold("question", name, above, level / 100.0 if found[4] else level)
    if found[4]:
        raise PhraseError(f"'{name[:60]}' is no question, so it has no per cent", FORMS)
    if name in case.streams and found[5]:
        return Threshold("stream", name, above, level, duration(found[5]))
    if name in case.pressures and not found[5]:
        return Threshold("pressure", name, above, level)
    codes = [question.code for question in case.questions.values()]
    raise PhraseError(f"nothing to watch called '{name[:60]}'", nearest(name, [*codes, *case.pressures, *case.streams]))


def _stands(case: Case, place: str, rung: str) -> Threshold:
    standing: dict[str, Front | Track] = {**case.fronts, **case.tracks}
    if place not in standing:
        raise PhraseError(f"no front or track '{place[:60]}'", nearest(place, standing))
    rungs = case.ladders[standing[place].ladder].rungs
    if rung not in rungs:
        raise PhraseError(f"no rung '{rung[:60]}'", nearest(rung, rungs))
    return Threshold("place", place, True, 0.5, rung=rung)
