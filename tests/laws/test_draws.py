"""Draws are keyed by the name of the coefficient, so a thing added to a case leaves other draws alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from fissures.case.records import Case, Pressure, Stream
from fissures.model import simulate as simulation
from fissures.model.causes import normals

from .conftest import Fitted, fitted, prepared
from .worlds import same, without_stream

UNCOUNTED = Stream(name="letters that nobody counts", base_rate="1 per 2 months")


def with_stream(case: Case, name: str, at: int) -> Case:
    """The case with an uncounted stream more, in place `at`."""
    names = list(case.streams.items())
    return case.model_copy(update={"streams": dict([*names[:at], (name, UNCOUNTED), *names[at:]])})


def changed(one: Fitted, other: Fitted) -> list[str]:
    """Coefficients of one fit whose draws differ in another."""
    return [name for name, draws in one.fit.draws.items() if not np.array_equal(draws, other.fit.draws[name])]


@pytest.mark.parametrize("at", [0, 3])
def test_a_stream_without_data_leaves_every_other_draw_alone(valleys: Fitted, at: int) -> None:
    wider = fitted(with_stream(valleys.case, "letters", at))
    assert changed(valleys, wider) == []
    fresh = set(wider.fit.draws) - set(valleys.fit.draws)
    assert fresh == {"letters:rate", "letters:own_memory", "letters:rung", "letters:size"}


@pytest.mark.parametrize("at", [0, 3])
def test_a_stream_without_data_leaves_every_path_alone(valleys: Fitted, at: int) -> None:
    wider = fitted(with_stream(valleys.case, "letters", at))
    one = simulation.simulate(valleys.plan, valleys.fit, 100, days=60)
    other = simulation.simulate(wider.plan, wider.fit, 100, days=60)
    assert same(without_stream(other.out, at), one.out)


def with_mood(case: Case, feeders: Mapping[str, tuple[float, str]]) -> Case:
    """The case with uncounted streams of these weights and rates, and a pressure that they feed."""
    fresh = {name: Stream(name=name, base_rate=rate) for name, (_, rate) in feeders.items()}
    weights = {name: weight for name, (weight, _) in feeders.items()}
    mood = Pressure(name="mood", fed_by=weights, half_life="3 weeks", reference_surge="3 events in 14 days")
    streams, pressures = {**case.streams, **fresh}, {**case.pressures, "mood": mood}
    return case.model_copy(update={"streams": streams, "pressures": pressures})


THREE = {"rumours": (0.81, "5 per 4 months"), "sermons": (0.47, "4 per 2 months"), "songs": (1.01, "4 per 1 months")}


@pytest.mark.parametrize("feeders", [{"rumours": THREE["rumours"]}, THREE], ids=["one feeder", "three feeders"])
@pytest.mark.parametrize("at", [0, 3, 4])
def test_a_bystander_leaves_a_pressure_of_uncounted_streams_alone(
    valleys: Fitted, feeders: dict[str, tuple[float, str]], at: int
) -> None:
    """Sums over streams must not change their order when a stream of weight zero stands among them."""
    fed = with_mood(valleys.case, feeders)
    one, other = (prepared(case)[2] for case in (fed, with_stream(fed, "letters", at)))
    assert np.array_equal(one.pressures, other.pressures)
    assert np.array_equal(one.start_pressures, other.start_pressures)


def test_normals_of_a_name_are_standard_and_its_own() -> None:
    one, same_name, other = normals(1, "claim:a"), normals(1, "claim:a"), normals(1, "claim:b")
    assert np.array_equal(one, same_name)
    assert abs(one.mean()) < 0.15 and abs(one.std() - 1) < 0.1
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.15
    assert not np.array_equal(one, normals(2, "claim:a"))
