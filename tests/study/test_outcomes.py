"""Every kind of question against a plain loop over days and paths, and paths on which a question is void."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, floor

import numpy as np
import pytest

from fissures.case.records import Case, Question, Reporter
from fissures.kernel.world import NOBODY
from fissures.model.causes import DRAWS, normals
from fissures.model.simulate import Run
from fissures.study.answers import monte_carlo_error
from fissures.study.outcomes import outcome, unvoided, voided

Made = Callable[..., Run]
PATHS = 40
BY = date(2020, 3, 17)  # 79 days: eleven weeks and two days
MEANS, RUNGS = ("arson",), ("calm", "scuffles", "raids", "feud", "uprising")
STEPS = ("silence", "letters", "session", "accord")
STREAMS = ("water_cuts", "council_meetings", "market_marches", "wardens", "burnings")
FRONTS = ("weir", "ford")


def asking(asks: str, by: date = BY, **more: object) -> Question:
    return Question.model_validate({"code": "Q", "title": "T", "asks": asks, "by": by, "resolves": "R", **more})


def happened(calm: Run, seed: int = 11) -> Run:
    """A run in which everything happens now and then, and on some paths nothing at all."""
    rng = np.random.default_rng(seed)
    busy = rng.random(calm.paths) < 0.8

    def sparse(name: str, chance: float, most: int) -> np.ndarray:
        shape = getattr(calm.out, name).shape
        hit = rng.random(shape) < chance * rng.random(shape[0])[:, None, None] * rng.random(calm.paths)
        return (hit * rng.integers(1, most + 1, shape) * busy).astype(getattr(calm.out, name).dtype)

    deaths = sparse("deaths", 0.1, 9)
    arrays = {
        "rungs": np.minimum(sparse("rungs", 0.1, 4), np.array([4, 4, 3])[:, None, None]).astype(np.uint8),
        "deaths": deaths,
        "first": rng.binomial(deaths, 0.4).astype(np.int32),
        "means": sparse("means", 0.2, 1),
        "advances": sparse("advances", 0.03, 1) * rng.choice([-1, 1], deaths.shape).astype(np.int8),
        "counts": sparse("counts", 0.05, 3),
        "by": np.full(deaths.shape, NOBODY, np.uint8),
    }
    return replace(calm, out=replace(calm.out, **arrays))


# --- the plain loop -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """One path read day by day, with nothing but numbers and names."""

    run: Run
    number: int
    days: int

    def at(self, name: str, row: int) -> list[int]:
        return [int(getattr(self.run.out, name)[row, t, self.number]) for t in range(self.days)]

    def reaches(self, rung: str, *places: str) -> bool:
        order = (*FRONTS, "council")
        ladders = {"council": STEPS}
        return any(
            ladders.get(place, RUNGS)[r] in ladders.get(place, RUNGS)[ladders.get(place, RUNGS).index(rung) :]
            for place in places
            for r in self.at("rungs", order.index(place))
        )

    def dead(self, *fronts: str) -> int:
        return sum(sum(self.at("deaths", FRONTS.index(front))) for front in fronts)

    def months(self, *fronts: str) -> Counter[tuple[int, int]]:
        out: Counter[tuple[int, int]] = Counter()
        for front in fronts:
            for t, number in enumerate(self.at("deaths", FRONTS.index(front))):
                day = self.run.plan.as_of + timedelta(days=t + 1)
                out[day.year, day.month] += number
        return out

    def events(self, *streams: str) -> int:
        return sum(sum(self.at("counts", STREAMS.index(stream))) for stream in streams)

    def used(self, *fronts: str) -> list[bool]:
        days = zip(*(self.at("means", FRONTS.index(front)) for front in fronts), strict=True)
        return [any(bits & 1 for bits in day) for day in days]

    def weeks(self, *fronts: str) -> int:
        used = self.used(*fronts)
        return sum(any(used[start : start + 7]) for start in range(0, self.days, 7))

    def changes(self, *fronts: str) -> bool:
        return any(taken for front in fronts for taken in self.at("advances", FRONTS.index(front)))

    def told(self, own: str, enemy: str, *fronts: str) -> int:
        """The criers of Brome, whose dead are the second side's on either front."""
        draw = self.number % DRAWS
        first = sum(sum(self.at("first", FRONTS.index(front))) for front in fronts)
        mine = self.dead(*fronts) - first
        factors = [
            exp(mean + sd * float(normals(1, f"reporter:criers:{whose}")[draw]))
            for whose, mean, sd in ((own, -0.3, 0.2), (enemy, 0.5, 0.4))
        ]
        return floor(mine * factors[0] + first * factors[1] + 0.5)


LOOPS: dict[str, Callable[[Path], float]] = {
    "weir reaches feud": lambda p: p.reaches("feud", "weir"),
    "ford reaches uprising": lambda p: p.reaches("uprising", "ford"),
    "weir, ford reaches raids": lambda p: p.reaches("raids", "weir", "ford"),
    "any front reaches uprising": lambda p: p.reaches("uprising", "weir", "ford"),
    "council reaches accord": lambda p: p.reaches("accord", "council"),
    "council reaches letters": lambda p: p.reaches("letters", "council"),
    "at least 1 death on weir": lambda p: p.dead("weir") >= 1,
    "at least 12 deaths on ford": lambda p: p.dead("ford") >= 12,
    "at least 20 deaths on all fronts": lambda p: p.dead("weir", "ford") >= 20,
    "at least 15 deaths on all fronts in a calendar month": lambda p: max(p.months("weir", "ford").values()) >= 15,
    "at least 12 deaths on ford in a calendar month": lambda p: max(p.months("ford").values()) >= 12,
    "at least 2 of stream market_marches": lambda p: p.events("market_marches") >= 2,
    "at least 9 of stream water_cuts, market_marches, burnings": lambda p: p.events(*STREAMS[::2]) >= 9,
    "none of stream wardens": lambda p: p.events("wardens") == 0,
    "none of stream wardens, council_meetings": lambda p: p.events("wardens", "council_meetings") == 0,
    "use of arson on weir": lambda p: any(p.used("weir")),
    "use of arson on any front": lambda p: any(p.used("weir", "ford")),
    "ground changes hands on ford": lambda p: p.changes("ford"),
    "ground changes hands on any front": lambda p: p.changes("weir", "ford"),
    "deaths on ford": lambda p: p.dead("ford"),
    "deaths on all fronts": lambda p: p.dead("weir", "ford"),
    "deaths on all fronts as told by criers": lambda p: p.told("own", "enemy", "weir", "ford"),
    "deaths on weir as told by criers": lambda p: p.told("own", "enemy", "weir"),
    "weeks with use of arson on weir": lambda p: p.weeks("weir"),
    "weeks with use of arson on any front": lambda p: p.weeks("weir", "ford"),
}


@pytest.fixture(scope="module")
def run(made: Made) -> Run:
    return happened(made(PATHS))


@pytest.mark.parametrize("by", [date(2020, 1, 2), BY, date(2020, 6, 30)])
@pytest.mark.parametrize("asks", LOOPS)
def test_a_question_comes_to_what_a_plain_loop_counts(case: Case, run: Run, asks: str, by: date) -> None:
    days = (by - case.as_of).days
    counted = [float(LOOPS[asks](Path(run, m, days))) for m in range(PATHS)]
    assert outcome(case, run, asking(asks, by)).tolist() == counted
    assert by != BY or len(set(counted)) > 1, "a question that every path answers alike tests nothing"


def test_every_kind_of_question_is_looped_over(case: Case) -> None:
    from fissures.case import grammar
    from fissures.study.outcomes import _ASKED

    assert {grammar.asks(text, case).kind for text in LOOPS} == set(_ASKED)


# --- calendar months ----------------------------------------------------------------------------------------


def month_from(run: Run, as_of: date) -> Run:
    """The same paths, as if they began on another day."""
    return replace(run, plan=replace(run.plan, as_of=as_of))


@pytest.mark.parametrize(
    ("as_of", "days", "counted"),
    [
        (date(2019, 12, 29), (0, 1), 1),  # the last two days of December
        (date(2019, 12, 29), (1, 2), 0),  # the thirty-first, and the first
        (date(2019, 12, 29), (2, 32), 1),  # the first and the last of January
        (date(2019, 12, 29), (32, 33), 0),
        (date(2019, 12, 29), (33, 61), 1),  # a leap February
        (date(2019, 12, 29), (61, 62), 0),
        (date(2020, 2, 13), (0, 15), 1),  # what is left of a month that had begun
        (date(2020, 2, 13), (0, 16), 0),
        (date(2020, 1, 31), (0, 28), 1),
    ],
)
def test_a_month_is_that_of_the_calendar(
    case: Case, made: Made, as_of: date, days: tuple[int, int], counted: int
) -> None:
    run = month_from(made(1, deaths=[(0, days[0], 0, 3), (1, days[1], 0, 3)]), as_of)
    asks = asking("at least 6 deaths on all fronts in a calendar month", as_of + timedelta(days=100))
    assert outcome(case, run, asks).tolist() == [counted]


def test_months_of_two_years_are_two_months(case: Case, made: Made) -> None:
    run = month_from(made(1, deaths=[(0, 0, 0, 3)]), date(2019, 6, 29))
    far = replace(run, out=replace(run.out, deaths=np.concatenate([run.deaths] * 3, axis=1)))
    far.deaths[0, 366, 0] = 3  # 30 June again
    asks = asking("at least 6 deaths on weir in a calendar month", date(2020, 7, 30))
    assert outcome(case, far, asks).tolist() == [0]


# --- the day after, and the last day ------------------------------------------------------------------------

LAST = (BY - date(2019, 12, 29)).days - 1
EDGES = [
    ("council reaches accord", "rungs", 2, 3),
    ("at least 3 deaths on weir in a calendar month", "deaths", 0, 3),
    ("use of arson on weir", "means", 0, 1),
    ("ground changes hands on weir", "advances", 0, -1),
    ("weeks with use of arson on weir", "means", 0, 1),
    ("deaths on weir", "deaths", 0, 1),
    ("at least 3 of stream wardens, market_marches", "counts", 3, 3),
]


@pytest.mark.parametrize(("asks", "array", "row", "value"), EDGES)
def test_the_first_and_the_last_day_count_and_none_after(
    case: Case, made: Made, asks: str, array: str, row: int, value: int
) -> None:
    run = made(3, **{array: [(row, 0, 0, value), (row, LAST, 1, value), (row, LAST + 1, 2, value)]})
    assert outcome(case, run, asking(asks)).tolist() == [1, 1, 0]


def test_the_last_week_may_be_short(case: Case, made: Made) -> None:
    """Seventy-nine days: eleven weeks and a short one, which counts as a week."""
    cells = [(0, slice(None), 0, 1), (0, slice(0, 7), 1, 1), (0, slice(6, 8), 2, 1), (0, LAST, 3, 1)]
    weeks = outcome(case, made(5, means=cells), asking("weeks with use of arson on any front"))
    assert weeks.tolist() == [12, 1, 2, 1, 0]


# --- reporters ----------------------------------------------------------------------------------------------

TOLD = "deaths on all fronts as told by criers"


def test_a_reporter_tells_each_draw_by_its_own_factors(case: Case, made: Made) -> None:
    """Ten thousand dead on one side and none on the other leave the factor bare: log-normal over draws."""
    for first, mean, sd in ((0, -0.3, 0.2), (10_000, 0.5, 0.4)):
        cells = {"deaths": [(0, 3, slice(None), 10_000)], "first": [(0, 3, slice(None), first)]}
        factor = np.log(outcome(case, made(2 * DRAWS, **cells), asking(TOLD)) / 10_000)
        assert factor.mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(DRAWS))
        assert factor.std() == pytest.approx(sd, rel=0.1)
        assert np.array_equal(factor[:DRAWS], factor[DRAWS:]), "one factor a draw"


def test_a_reporter_tells_whole_people(case: Case, run: Run) -> None:
    told = outcome(case, run, asking(TOLD))
    assert np.array_equal(told, np.round(told))


def reporting(case: Case, side: str) -> Case:
    """The criers tell nothing of the enemy, and their own side's dead as they are."""
    exact, nothing = ({"mean": mean, "sd": 1e-12, "says": "S"} for mean in (0.0, -50.0))
    told = Reporter.model_validate({"name": "N", "side": side, "own": exact, "enemy": nothing})
    return case.model_copy(update={"reporters": {"criers": told}})


@pytest.mark.parametrize(("side", "first", "second"), [("ARD", 1, 0), ("BRO", 0, 1), ("LEA", 1, 1)])
def test_a_reporters_side_is_its_own_people_and_who_lies_within(
    case: Case, run: Run, side: str, first: int, second: int
) -> None:
    told = outcome(reporting(case, side), run, asking(TOLD))
    days = LAST + 1
    theirs = run.out.first[:, :days].sum(axis=(0, 1))
    assert told.tolist() == (first * theirs + second * (run.deaths[:, :days].sum(axis=(0, 1)) - theirs)).tolist()


# --- void ---------------------------------------------------------------------------------------------------

VOID = "at least 1 of stream market_marches, wardens"
ASKED = ["weir reaches feud", "deaths on all fronts", "none of stream council_meetings"]


def test_a_question_that_nothing_voids_stands_everywhere(case: Case, run: Run) -> None:
    assert not voided(case, run, asking("weir reaches feud")).any()


@pytest.mark.parametrize("by", [BY, date(2020, 1, 2)])
@pytest.mark.parametrize("asks", ASKED)
def test_paths_on_which_a_question_is_void_are_left_out(case: Case, run: Run, asks: str, by: date) -> None:
    paths = [Path(run, m, (by - case.as_of).days) for m in range(PATHS)]
    void = np.array([path.events("market_marches", "wardens") > 0 for path in paths])
    assert 0 < void.sum() < PATHS
    plain, given = asking(asks, by), asking(asks, by, void_when=VOID)
    kept = outcome(case, run, plain)[~void]
    assert voided(case, run, given).tolist() == void.tolist()
    assert unvoided(case, run, given).tolist() == kept.tolist()
    assert outcome(case, run, given).mean() == pytest.approx(kept.mean())
    assert unvoided(case, run, plain).tolist() == outcome(case, run, plain).tolist()


def test_the_error_of_a_conditional_share_is_that_of_the_paths_left(case: Case, made: Made) -> None:
    """As many paths again that are void tell nothing: the error is that of the others alone."""
    rng = np.random.default_rng(2)
    feud = (rng.random(1500) < 0.3) * 3
    alone = made(1500, rungs=[(0, 5, slice(None), feud)])
    voids = [(2, 5, slice(1500, 1900), 1)]
    more = made(1900, rungs=[(0, 5, slice(None), np.concatenate([feud, np.zeros(400)]))], counts=voids)
    given = outcome(case, more, asking("weir reaches feud", void_when=VOID))
    plain = outcome(case, alone, asking("weir reaches feud"))
    assert given.mean() == pytest.approx(plain.mean())
    assert monte_carlo_error(given) == pytest.approx(monte_carlo_error(plain), rel=1e-9)


def test_a_threshold_of_a_number_is_a_share_of_the_paths_left(case: Case, run: Run) -> None:
    given = asking("deaths on all fronts", void_when=VOID)
    kept = unvoided(case, run, given)
    for level in (5, 20, 60):
        assert outcome(case, run, given, level).mean() == pytest.approx((kept >= level).mean())


def test_a_question_that_is_void_on_every_path_is_answered_by_all(case: Case, run: Run) -> None:
    always = asking("weir reaches feud", void_when="any front reaches calm")
    assert voided(case, run, always).all()
    assert outcome(case, run, always).tolist() == outcome(case, run, asking("weir reaches feud")).tolist()
    assert unvoided(case, run, always).size == PATHS
