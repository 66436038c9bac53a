"""The guard against events that breed events: a planted loop is found, named and measured."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fissures.case.check import examine
from fissures.case.feedback import OWN_MEMORY, elasticities, feedback, loops
from fissures.case.read import read_case

Altered = Callable[..., Path]
SAYS = "    says: {source: letter, para: 3, reading: ours}\n"


def planted(altered: Altered, *claims: str, pairs: tuple[tuple[str, str], ...] = ()) -> Path:
    """The valid case with further claims, each given by its keys."""
    told = "".join(
        f"  loop{n}:\n    code: L{n}\n    paraphrase: planted\n    strength: may\n    {keys}\n{SAYS}"
        for n, keys in enumerate(claims)
    )
    return altered(("claims:\n", "claims:\n" + told), *pairs)


def prior(mean: float) -> str:
    return f"prior: {{mean: {mean}, sd: 0.1, says: planted}}"


def cut_by_marches(mean: float) -> str:
    return f"cause: within 2 weeks of market_marches\n    effect: raises stream water_cuts\n    {prior(mean)}"


def test_without_a_loop_only_memory_counts(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    assert feedback(case) == (OWN_MEMORY, ())


def test_elasticities_are_read_off_the_claims(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    marches = elasticities(case)[("stream", "market_marches")]
    # thirst is fed by water_cuts alone (prior 0.4), and closures count in full (may: 0.15)
    assert marches == pytest.approx({("stream", "market_marches"): 0.2, ("stream", "water_cuts"): 0.4 + 0.15})


@pytest.mark.parametrize(("mean", "level"), [(0.1, None), (0.7, "warning"), (1.3, "error")])
def test_a_planted_loop_is_named_with_its_size(altered: Altered, mean: float, level: str | None) -> None:
    folder = planted(altered, cut_by_marches(mean))
    case = read_case(folder)[0]
    radius, names = feedback(case)
    assert radius == pytest.approx(OWN_MEMORY + math.sqrt(0.55 * mean))
    assert names == ("market_marches", "water_cuts")
    found = [f for f in examine(folder).findings if "feed on themselves" in f.message]
    assert [f.level for f in found] == ([level] if level else [])
    if found:
        assert f"{radius:.2f}: market_marches -> water_cuts -> market_marches" in found[0].message


def test_the_radius_is_that_of_the_matrix(altered: Altered) -> None:
    case = read_case(
        planted(
            altered,
            cut_by_marches(0.3),
            f"cause: within 2 weeks of wardens\n    effect: raises stream water_cuts\n    {prior(0.5)}",
            f"cause: within 2 weeks of council_meetings\n    effect: lowers stream wardens\n    {prior(0.4)}",
            f"cause: thirst\n    effect: raises stream council_meetings\n    {prior(0.6)}",
        )
    )[0]
    rows = elasticities(case)
    matrix = np.array([[rows[b].get(a, 0.0) for a in rows] for b in rows])
    assert feedback(case)[0] == pytest.approx(max(abs(np.linalg.eigvals(matrix))), abs=1e-6)


def test_pressures_that_move_pressures_are_chained(altered: Altered) -> None:
    case = read_case(
        planted(
            altered,
            f"cause: thirst\n    effect: raises pressure fear\n    {prior(0.5)}",
            f"cause: fear\n    effect: raises stream wardens\n    {prior(0.8)}",
        )
    )[0]
    wardens = elasticities(case)[("stream", "wardens")]
    # fear is fed by burnings (1 of 1.5) and by thirst (0.5), which water_cuts feed alone
    assert wardens == pytest.approx(
        {("stream", "wardens"): 0.2, ("stream", "burnings"): 0.8 / 1.5, ("stream", "water_cuts"): 0.8 * 0.5}
    )


def test_pressures_that_move_each_other_are_named(altered: Altered) -> None:
    folder = planted(
        altered,
        f"cause: thirst\n    effect: raises pressure fear\n    {prior(2.0)}",
        f"cause: fear\n    effect: raises pressure thirst\n    {prior(0.6)}",
    )
    radius, names = feedback(read_case(folder)[0])
    assert radius == pytest.approx(math.sqrt(1.2), abs=1e-6) and names == ("fear", "thirst")
    assert any(f.level == "error" and "fear -> thirst -> fear" in f.message for f in examine(folder).findings)


def test_loops_through_ladders_are_listed_with_their_sign(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    told = {(loop.nodes, loop.sign) for loop in loops(case)}
    assert ((("front", "ford"), ("pressure", "grief")), 1) in told, "grief slows the fall, and days of raids feed grief"
    assert ((("commitment", "oath"), ("front", "ford")), -1) in told
    assert all(len(loop.names) == len(loop.nodes) and loop.claims for loop in loops(case))


def test_a_loop_that_checks_itself(altered: Altered) -> None:
    folder = planted(altered, f"cause: thirst\n    effect: lowers stream water_cuts\n    {prior(0.3)}")
    found = [loop for loop in loops(read_case(folder)[0]) if ("stream", "water_cuts") in loop.nodes]
    assert [(loop.sign, loop.names) for loop in found] == [
        (-1, ("water withheld", "the weir is closed or a channel blocked"))
    ]
