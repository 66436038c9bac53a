"""The compiled kernel gives the bits of the NumPy oracle, whatever the world, the levers, the threads and the lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from fissures.kernel import arith as numpy_arith
from fissures.kernel import rng, streams, violence
from fissures.kernel.paths import join, run
from fissures.kernel.world import Paths, World
from fissures.model import engine

from ..laws.worlds import GROUPS, Recipe, chosen, random_lever, same

DAYS = 10
Compiled = Callable[..., Paths]


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    """The compiled runner: from the user's own cache, or compiled now, which takes a minute."""
    return engine.load()


def random_world(seed: int) -> World:
    """A small world of its own size, half of them with one lever or two."""
    g = np.random.default_rng(seed)
    recipe = Recipe(seed, *(int(g.integers(low, high)) for low, high in ((1, 4), (3, 8), (2, 5), (1, 3))))
    made = recipe.world()
    levers = tuple(random_lever(seed + k, made, int(g.integers(DAYS))) for k in range(int(g.integers(3))))
    if levers and seed % 3 == 0:  # all that has no group of its own, edited together
        levers = (*levers, replace(levers[0], links=((-1, 0.5), (GROUPS - 1, 2.0))))
    return replace(made, levers=levers)


def differing(one: Paths, other: Paths) -> list[str]:
    """The fields in which two sets of paths differ."""
    return [f.name for f in fields(Paths) if not np.array_equal(getattr(one, f.name), getattr(other, f.name))]


@pytest.mark.parametrize("hundred", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 10))])
def test_a_thousand_small_worlds_agree_to_the_last_bit(compiled: Compiled, hundred: int) -> None:
    for seed in range(100 * hundred, 100 * (hundred + 1)):
        world, first, paths = random_world(seed), 977 * seed % 5000, 1 + seed % 40
        apart = differing(compiled(world, DAYS, first, paths), run(world, DAYS, first, paths))
        assert not apart, f"world {seed} differs in {apart}"


def test_busy_worlds_agree(compiled: Compiled) -> None:
    """Rates so high that counts run through several blocks of the inverse, past a byte and past the looked-up logs."""
    for seed in range(20):
        world = random_world(1000 + seed)
        loud = tuple(replace(s, rate=s.rate + 4.0, size=s.size * 0.1) if s.read is None else s for s in world.streams)
        world = replace(world, streams=loud)
        theirs = run(world, DAYS, 0, 40)
        assert theirs.counts.max() == 255
        assert not differing(compiled(world, DAYS, 0, 40), theirs), seed


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_do_not_change_the_answer(compiled: Compiled, threads: int) -> None:
    world = random_world(4)
    assert same(compiled(world, DAYS, 0, 333, threads=threads), run(world, DAYS, 0, 333))


@pytest.mark.parametrize("threads", [1, 3])
def test_few_draws_are_the_same_paths(compiled: Compiled, threads: int) -> None:
    world = random_world(8)
    kept = world.draws - 1
    theirs = run(world, DAYS, 0, 3 * kept, kept)
    assert same(compiled(world, DAYS, 0, 3 * kept, kept, threads=threads), theirs)
    numbers = rng.kept_numbers(0, 3 * kept, kept, world.draws).astype(int)
    assert same(chosen(run(world, DAYS, 0, 3 * world.draws), numbers), theirs)


def test_batches_do_not_change_the_answer(compiled: Compiled) -> None:
    world = random_world(5)
    parts = [compiled(world, DAYS, a, b - a) for a, b in pairwise([0, 1, 17, 33, 100])]
    assert same(join(parts), compiled(world, DAYS, 0, 100))


@pytest.mark.parametrize("lanes", [1, 3, 16])
def test_the_number_of_lanes_does_not_change_the_answer(
    compiled: Compiled, monkeypatch: pytest.MonkeyPatch, lanes: int
) -> None:
    from fissures.kernel.compiled import running

    world = random_world(6)
    whole = compiled(world, DAYS, 0, 70)
    monkeypatch.setattr(running, "room", lambda packed: _room(packed, lanes))
    monkeypatch.setattr(running, "LANES", lanes)
    assert same(compiled(world, DAYS, 0, 70), whole)


def _room(packed: object, lanes: int) -> object:
    from fissures.kernel.compiled import running

    return running._laid(packed, lanes), running._state(packed, lanes), running._scratch(packed, lanes)


def test_a_world_with_no_path_of_its_own_to_finish_is_left_alone(compiled: Compiled) -> None:
    """Lanes past the last path are stepped and not written."""
    world = random_world(7)
    assert compiled(world, DAYS, 0, 1).rungs.shape == (len(world.ladders), DAYS, 1)
    assert same(compiled(world, 0, 0, 3), run(world, 0, 0, 3))


@pytest.mark.slow
def test_the_shipped_case_agrees_with_its_levers_pulled(compiled: Compiled) -> None:
    import fissures as fs
    from fissures.api.running import pulled
    from fissures.model.simulate import world

    case = fs.load("south-caucasus-2020")
    fit = fs.fit(case)
    for levers in [(), *((name,) for name in case.record.levers), tuple(case.record.levers)[:4]]:
        plan = pulled(case, fit.plan, levers, True)
        made, paths = world(plan, fit.on, 1), 40 if levers else 300
        apart = differing(
            compiled(made, plan.horizon_days, 0, paths, threads=2), run(made, plan.horizon_days, 0, paths)
        )
        assert not apart, f"{levers} differ in {apart}"


def test_one_compilation_serves_every_world(compiled: Compiled) -> None:
    """Nothing that a world may look like has a type of its own, for which all would be compiled again."""
    from fissures.kernel.compiled.stepping import step

    world = random_world(8)
    frozen = np.asfortranarray(world.start_pressures)
    frozen.flags.writeable = False
    bare = replace(world, streams=world.streams[:0], pressures=(), commitments=(), levers=())
    bare = replace(bare, ladders=tuple(replace(one, links=(), marks=None) for one in world.ladders))
    starts = ("start_pressures", "start_streams", "start_since", "start_triggers")
    bare = replace(bare, **{name: getattr(world, name)[:, :0] for name in starts})
    for made in (replace(world, start_pressures=frozen, death_scale=4), bare):
        assert same(compiled(made, DAYS, 0, 20), run(made, DAYS, 0, 20))
    assert len(step.signatures) == 1


def test_no_multiplication_is_fused_with_an_addition(compiled: Compiled) -> None:
    """1 + 2^-27 squared, less its leading part, is 0 rounded twice and 2^-54 rounded once."""
    from fissures.kernel.compiled.arith import part, whole

    @part
    def inner(a, out):  # type: ignore[no-untyped-def]
        for i in range(a.size):
            out[i] = a[i] * a[i] - (1.0 + 2.0**-26)

    @whole
    def outer(a, out):  # type: ignore[no-untyped-def]
        inner(a, out)

    a, out = np.full(37, 1.0 + 2.0**-27), np.ones(37)
    outer(a, out)
    assert not out.any()


def test_the_elementary_functions_give_the_oracles_bits(compiled: Compiled) -> None:
    from fissures.kernel.compiled import arith, counting, marking

    @arith.whole
    def both(x, key, number, out):  # type: ignore[no-untyped-def]
        for i in range(x.size):
            out[0, i] = arith.exp(x[i])
            out[1, i] = arith.log(abs(x[i]) + 1e-300)
            out[2, i] = arith.log1p(abs(x[i]))
            out[3, i] = arith.uniform(arith.key_of_day(key, i % 7), number[i])

    @arith.whole
    def draws(u, mean, size, out):  # type: ignore[no-untyped-def]
        for i in range(u.size):
            out[0, i] = counting.quantile(u[i], mean[i], size[i])
            out[1, i] = marking.binomial(u[i], np.floor(mean[i]), size[i] / (1.0 + size[i]))

    g, n = np.random.default_rng(1), 20_000
    x, out = (
        np.append(g.normal(size=n) * 10.0 ** g.integers(-12, 4, n), [0.0, 700.0, -701.0, 1e300]),
        np.empty((4, n + 4)),
    )
    paths = np.arange(n + 4, dtype=np.uint64)
    both(x, np.uint64(12345), (paths + np.uint64(1)) * rng._PATH, out)
    assert np.array_equal(out[0], numpy_arith.exp(x))
    assert np.array_equal(out[1], numpy_arith.log(np.abs(x) + 1e-300))
    assert np.array_equal(out[2], numpy_arith.log1p(np.abs(x)))
    days = np.arange(n + 4) % 7
    assert all(np.array_equal(out[3][days == t], rng.uniforms(12345, t, paths[days == t])) for t in range(7))
    u, mean, size = g.uniform(size=n), np.exp(g.normal(size=n) * 2), np.exp(g.normal(size=n))
    u[:100] = 1.0 - 2.0**-53 * g.integers(1, 100, 100)
    drawn = np.empty((2, n))
    draws(u, mean, size, drawn)
    assert np.array_equal(drawn[0], streams.quantile(u, mean, size))
    assert np.array_equal(drawn[1], violence.binomial(u, np.floor(mean), size / (1.0 + size)))


def test_the_bounds_leave_out_no_event(compiled: Compiled) -> None:
    """Two tangents never fall below log1p; a mean whose bound is missed brings nothing."""
    from fissures.kernel.compiled.counting import maybe_some
    from fissures.kernel.compiled.packing import lines

    memory = np.concatenate([np.geomspace(1e-12, 1e6, 5000), [0.0]])
    for usual in (0.0, 0.3, 1.5, 4.0):
        height, slope, far_height, far_slope = lines(usual)
        above = np.minimum(height + slope * memory, far_height + far_slope * memory)
        assert (above >= numpy_arith.log1p(memory)).all()
    g = np.random.default_rng(2)
    for most in (*g.uniform(-40, 5, 300), -36.7, 0.0, -1e-9):
        mean = float(numpy_arith.exp(min(most, streams.LOG_MEAN_CAP)))
        edge = 1.0 - mean
        for u in (*(np.nextafter(edge, 1.0 + k) for k in (-1, 1)), edge, *g.uniform(size=5)):
            if 0.0 < u < 1.0 and u >= 1.0 - mean:
                assert maybe_some(u, most, 1.0), (u, most)
