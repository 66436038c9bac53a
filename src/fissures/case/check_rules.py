"""What no single record can know: one way to remember a pressure, one source of a stream, shares that add up."""

from __future__ import annotations

from collections.abc import Iterator

from fissures.case import grammar
from fissures.case.places import Place, Positions
from fissures.case.records import Case, Pressure, Stream
from fissures.errors import Finding


def check_ladders(case: Case, positions: Positions) -> Iterator[Finding]:
    """Active days begin above the lowest rung, and what one rung brings adds up."""
    for name, ladder in case.ladders.items():
        if ladder.active_from == next(iter(ladder.rungs)):
            yield positions.finding(
                ("ladders", name, "active_from"),
                f"active_from is the lowest rung '{ladder.active_from}', so every day would be active",
                "who moved and by what means is told of active days only; on a quiet day nobody moved",
                f"write active_from: {list(ladder.rungs)[1]}, or a higher rung",
            )
        for rung in ladder.rungs:
            yield from _check_deaths(case, name, rung, positions)


def _check_deaths(case: Case, ladder: str, rung: str, positions: Positions) -> Iterator[Finding]:
    """The most dead of a day lie above its mean, and above where the tail begins."""
    deaths, path = case.ladders[ladder].rungs[rung].deaths_per_day, ("ladders", ladder, "rungs", rung, "deaths_per_day")
    if deaths is None:
        return
    told = f"the cap {deaths.most:g}" if deaths.cap else f"the cap, unsaid and so {deaths.most:g},"
    if deaths.most <= deaths.mean:
        yield positions.finding(
            (*path, "cap"),
            f"{told} is not above the mean of {deaths.mean:g} dead a day",
            "the cap is the most that one day on one front can bring, and days differ",
            "raise the cap, or leave it out: then it is fifty times the mean, and at least 20",
        )
    elif deaths.threshold is not None and deaths.threshold >= deaths.most:
        yield positions.finding(
            (*path, "threshold"),
            f"{told} is not above the threshold of {deaths.threshold} dead",
            "the tail of very bad days begins beyond the threshold and ends at the cap; here nothing lies between",
            "lower the threshold or raise the cap; left out, the threshold is what one day in ten goes beyond",
        )


def check_fronts(case: Case, positions: Positions) -> Iterator[Finding]:
    """Shares of who moved add up to one."""
    for name, front in case.fronts.items():
        if front.by and abs((total := sum(front.by.values())) - 1) > 0.01:
            yield positions.finding(
                ("fronts", name, "by"),
                f"the shares of who moved add up to {total:g}",
                "somebody moved on every active day, even where nobody knows who",
                "make the shares add up to 1; both and unclear are shares too",
            )


def check_streams(case: Case, positions: Positions) -> Iterator[Finding]:
    """A stream has a rate of its own, or is read from what fronts and tracks show."""
    for name, stream in case.streams.items():
        for message, why, remedy in _stream_faults(stream):
            yield positions.finding(("streams", name), f"the stream '{name}' {message}", why, remedy)
    for name, lever in case.levers.items():
        for scaled in (s for s in lever.scale if s in case.streams and case.streams[s].read_from is not None):
            yield positions.finding(
                ("levers", name, "scale", scaled),
                f"'{scaled}' has no rate to scale: it is read from '{case.streams[scaled].read_from}'",
                "the lever would do nothing",
                "inject events, or hold a pressure that moves what it is read from",
                key=True,
            )


def check_rivals(case: Case, positions: Positions) -> Iterator[Finding]:
    """A rival reading differs in something, and says one thing of each claim; a declared break cannot run backwards."""
    for name, rival in case.rivals.items():
        path: Place = ("rivals", name)
        if not rival.idle and not rival.reversed:
            yield positions.finding(
                path,
                f"the rival reading '{name}' differs in no claim",
                "it would be the argument itself under another name",
                "write idle: [CLAIM] for what it does not believe, or reversed: [CLAIM]",
            )
        for place, claim in enumerate(rival.reversed):
            if claim in rival.idle:
                yield positions.finding(
                    (*path, "reversed", place),
                    f"'{claim}' is both idle and reversed",
                    "a claim does nothing or runs the other way; not both",
                    "name it once",
                )
            if claim in case.claims and (case.claims[claim].same_as or "").startswith("break "):
                yield positions.finding(
                    (*path, "reversed", place),
                    f"'{claim}' stands for a declared break, which the record dates and measures",
                    "what has happened cannot be read the other way round",
                    "leave it idle",
                )


def _stream_faults(stream: Stream) -> Iterator[tuple[str, str, str]]:
    if stream.read_from is None and stream.base_rate is None:
        yield (
            "has neither base_rate nor read_from",
            "without either it has no events",
            "write base_rate: 1 per month, or read_from: use of MEANS on any front",
        )
    if stream.read_from is not None and stream.base_rate is not None:
        yield (
            "has both base_rate and read_from",
            "it happens by chance, or it counts days of something else; not both",
            "remove one of the two",
        )


def check_pressures(case: Case, positions: Positions) -> Iterator[Finding]:
    """A pressure is fed and fades, builds up until relieved, or follows a series; or it says why it does not."""
    for name, pressure in case.pressures.items():
        for message, remedy in _pressure_faults(pressure):
            yield positions.finding(
                ("pressures", name),
                f"pressure '{name}' {message}",
                "a pressure remembers in one way, and must be able to rise and to fall",
                remedy,
            )


def _pressure_faults(p: Pressure) -> Iterator[tuple[str, str]]:
    kinds = [kind for kind in ("fed_by", "builds_up", "series") if getattr(p, kind)]
    if not kinds and not p.says.strip():
        yield (
            "has no way to rise, and does not say why",
            "write fed_by, builds_up or series; or says: why only levers and claims move it",
        )
    if "builds_up" in kinds and len(kinds) > 1:
        yield f"has {' and '.join(kinds)}; what builds up by itself rises by nothing else", "keep one of them"
        return
    if "fed_by" in kinds and p.half_life is None:
        yield "has fed_by but never fades", "write half_life: 6 weeks"
    if "fed_by" in kinds and not any(p.fed_by.values()):
        yield "is fed by weights of zero only", "give one feed a weight above zero"
    if p.builds_up and not p.relieved_by:
        yield "builds up but nothing relieves it", "write relieved_by: {STREAM: 0.5}"
    if p.builds_up and p.half_life is not None:
        yield "builds up and also fades", "remove half_life; relieved_by says what lowers it"
    if not p.builds_up and p.relieved_by:
        yield "has relieved_by but does not build up", "remove relieved_by; a negative weight in fed_by lowers it"
    if p.series and p.column is None:
        yield "follows a series but names no column", "write column: NAME of the column in the file"
    if p.column is not None and not p.series:
        yield "has a column but no series", "remove column"


def check_commitments(case: Case, positions: Positions) -> Iterator[Finding]:
    """A commitment obliges a stream by a stated prior; what is requested and obliged differ."""
    for name, owed in case.commitments.items():
        path: Place = ("commitments", name)
        if (owed.obliges is None) != (owed.raises is None):
            has, lacks = ("obliges", "raises") if owed.obliges else ("raises", "obliges")
            yield positions.finding(
                path,
                f"the commitment '{name}' has {has} without {lacks}",
                "it takes both to say which stream rises, and by how much",
                "write obliges: STREAM and raises: {mean: 1.0, sd: 0.5, says: where this comes from}",
                level="warning",
            )
        if owed.obliges is not None and owed.obliges == owed.requested_by:
            yield positions.finding(
                (*path, "requested_by"),
                f"'{owed.obliges}' is both the request and what is obliged",
                "help would be its own reason",
                "name the stream in which the request is made",
            )
        obliged = case.streams.get(owed.obliges or "")
        if obliged is not None and obliged.read_from is not None:
            yield positions.finding(
                (*path, "obliges"),
                f"'{owed.obliges}' has no rate to raise: it is read from '{obliged.read_from}'",
                "a commitment raises how often something is done",
                "name a stream with a base_rate",
            )


def check_breaks(case: Case, positions: Positions) -> Iterator[Finding]:
    """A break with an effect has a prior, and without one has none."""
    for name, broken in case.breaks.items():
        if (broken.effect is None) != (broken.prior is None):
            has, lacks = ("effect", "prior") if broken.effect else ("prior", "effect")
            yield positions.finding(
                ("breaks", name),
                f"the break '{name}' has {has} without {lacks}",
                "it is one coefficient: where it acts, and how strongly it is believed to",
                "write effect: lowers violence of F and prior: {mean: 0.4, sd: 0.4, says: where this comes from}",
            )
        elif broken.effect is not None and _moves_read_stream(broken.effect, case):
            yield positions.finding(
                ("breaks", name, "effect"),
                "the break moves a stream that has no rate of its own",
                "the stream only counts days of something else",
                "move what the stream is read from",
            )


def _moves_read_stream(text: str, case: Case) -> bool:
    try:
        moved = grammar.effect(text, case)
    except ValueError:  # told where the phrase stands
        return False
    return moved.kind == "stream" and case.streams[moved.name or ""].read_from is not None


def check_actors(case: Case, positions: Positions) -> Iterator[Finding]:
    """Nobody lies within themselves."""
    for name in case.actors:
        chain, at = {name}, case.actors[name].within
        while at is not None and at in case.actors and at not in chain:
            chain.add(at)
            at = case.actors[at].within
        if at == name:
            yield positions.finding(
                ("actors", name, "within"),
                f"'{name}' lies within itself",
                "events of a part are read as events of the whole, and here there is no whole",
                "remove one 'within'",
            )
