"""What a case defines and nothing reads: told as notes, since it stops nobody and still misleads."""

from __future__ import annotations

from collections.abc import Iterator

from fissures.case import grammar, systems
from fissures.case.places import Positions
from fissures.case.records import Case
from fissures.errors import Finding

Use = tuple[str, str]


def uses(case: Case) -> frozenset[Use]:
    """Every ("stream" | "pressure" | "commitment" | "reporter", name) that some phrase or key of the case reads."""
    read: set[Use] = set(_of_factors(case))
    for pressure in case.pressures.values():
        read |= {("stream", name) for name in pressure.relieved_by}
    for owed in case.commitments.values():
        read |= {("stream", name) for name in (owed.requested_by, owed.obliges) if name is not None}
    for question in case.questions.values():
        for text in filter(None, (question.asks, question.void_when)):
            try:
                asked = grammar.asks(text, case)
            except ValueError:  # told where the phrase stands
                continue
            read |= {("stream", name) for name in asked.streams}
            read |= {("reporter", asked.who)} if asked.who in case.reporters else set()
    read |= set(_of_rules(case)) | set(_of_systems(case))
    return frozenset(read)


def _of_factors(case: Case) -> Iterator[Use]:
    for factor in _factors(case):
        if factor.kind in ("pressure", "stream", "commitment"):
            yield factor.kind, factor.names[0]
        elif factor.kind == "within":
            yield "stream", factor.names[0]
        elif factor.kind == "in_force":
            yield "commitment", factor.names[0]


def _factors(case: Case) -> Iterator[grammar.Factor]:
    """Every factor that feeds, triggers, causes or conditions something; phrases that cannot be read are left out."""
    texts = [text for pressure in case.pressures.values() for text in pressure.fed_by]
    texts += [owed.when for owed in case.commitments.values()]
    texts += [stream.read_from for stream in case.streams.values() if stream.read_from is not None]
    for text in texts:
        try:
            yield grammar.factor(text, case)
        except ValueError:
            continue
    for claim in case.claims.values():
        try:
            yield from grammar.cause(claim.cause, case).factors if claim.cause is not None else ()
            if claim.when is not None:
                yield grammar.when(claim.when, case).factor
        except ValueError:
            continue


def _of_rules(case: Case) -> Iterator[Use]:
    for ladder in case.ladders.values():
        for rung in ladder.rungs.values():
            for rule in (*rung.observed_when, *rung.possible_when):
                try:
                    found = grammar.condition(rule, case.streams)
                except ValueError:
                    continue
                if found.window:
                    yield "stream", found.measure


def _of_systems(case: Case) -> Iterator[Use]:
    """A number that a system says moves or stays still is read by the test of that system."""
    for system in case.systems.values():
        for text in (*system.moves, *system.still):
            try:
                found = systems.measure(text, case)
            except ValueError:
                continue
            if found.kind in ("stream", "commitment"):
                yield found.kind, found.name


def check_unused(case: Case, positions: Positions) -> Iterator[Finding]:
    """What a case defines and nothing reads."""
    read = uses(case)
    for name in (n for n in case.pressures if ("pressure", n) not in read):
        yield positions.finding(
            ("pressures", name),
            f"no claim reads the pressure '{name}'",
            "it is simulated and changes nothing",
            f"write a claim with cause: {name}, or remove it",
            level="note",
        )
    for name in (n for n in case.streams if ("stream", n) not in read):
        yield positions.finding(
            ("streams", name),
            f"nothing reads the stream '{name}'",
            "it is simulated, and feeds no pressure and no question",
            "name it in fed_by or relieved_by, ask about it, or remove it",
            level="note",
        )
    yield from _unread_commitments(case, read, positions)
    yield from _uncounted_streams(case, positions)


def _unread_commitments(case: Case, read: frozenset[Use], positions: Positions) -> Iterator[Finding]:
    for name, owed in case.commitments.items():
        if owed.obliges is None and owed.raises is None and ("commitment", name) not in read:
            yield positions.finding(
                ("commitments", name),
                f"nothing reads the commitment '{name}'",
                "it obliges no stream and is the cause of no claim, so it changes nothing",
                f"write obliges and raises, or a claim with cause: {name}",
                level="note",
            )


def _uncounted_streams(case: Case, positions: Positions) -> Iterator[Finding]:
    seen = {s for r in case.evidence.values() for s in (*r.streams, *r.columns) if r.role == "evidence"}
    for name in (n for n, stream in case.streams.items() if n not in seen and stream.read_from is None):
        yield positions.finding(
            ("streams", name),
            f"no evidence counts the stream '{name}'",
            "the data cannot move it: it stays at its base rate, and claims about it stay untested",
            "name it under streams or columns of an evidence file, where one exists",
            level="note",
        )
