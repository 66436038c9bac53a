"""Named analogues: a distance that obeys its laws, counts known by hand, and nothing of what came later."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fissures as fs
from fissures.case.records import Case, Question
from fissures.events.panel import Panel
from fissures.study import likeness
from fissures.study.analogue_records import Analogues, Counted, Variant
from fissures.study.analogues import MOST, analogues
from fissures.study.flare_ups import CUTOFF, KILLED, FlareUp, Traits, band, read, table
from fissures.study.likeness import KINDS, PARTS, WEIGHTS, distance, parts, ranked
from fissures.study.likeness_of_case import now, own

ROOT = Path(__file__).resolve().parents[2]
TRAITS = st.builds(
    Traits,
    deaths=st.integers(KILLED, 10_000),
    quiet=st.integers(1, 10_000),
    year_before=st.integers(0, 10_000),
    kinds=st.sampled_from([(kind,) for kind in KINDS] + [("contested", "interstate")]),
    territory=st.sampled_from(["yes", "no", ""]),
    patron=st.sampled_from(["yes", "no", ""]),
)
COLUMNS = "conflict sides states countries kind territory patron crisis start seen deaths dated quiet year_before weeks"
AFTER = {30: 4, 90: 12, 160: 22}  # whole weeks, as good as the days here


def row(conflict: str, start: date, deaths: int, weeks: str, **more: object) -> dict[str, object]:
    """A row of the table; `weeks` are the dead of the weeks that followed, then zeros to half a year."""
    followed = [int(n) for n in weeks.split()] + [0] * (27 - len(weeks.split()))
    given: dict[str, object] = {
        "conflict": conflict, "sides": "Government of A | B", "states": "", "countries": "", "kind": "internal",
        "territory": "", "patron": "", "crisis": "", "start": start, "seen": start + timedelta(days=13),
        "deaths": deaths, "dated": deaths, "quiet": 200, "year_before": 0, "weeks": " ".join(map(str, followed)),
        **{f"after_{days}": sum(followed[:whole]) for days, whole in AFTER.items()},
    }  # fmt: skip
    return given | more


def made(*rows: dict[str, object]) -> tuple[FlareUp, ...]:
    """Flare-ups from rows, by way of the shipped layout."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS.split(), *(f"after_{days}" for days in AFTER)])
    writer.writeheader()
    writer.writerows(rows)
    return read(out.getvalue().splitlines())


def a_table(count: int = 12, weeks: str = "") -> list[dict[str, object]]:
    """So many flare-ups, one a conflict, one a hundred days, each a little deadlier than the one before."""
    return [row(f"A: {k:02d}", date(2001, 1, 1) + timedelta(days=100 * k), 5 + k, weeks) for k in range(count)]


def asking(case: Case, asks: str, days: int, **more: object) -> Case:
    """The case with one question alone, so many days after its as-of date."""
    by = case.as_of + timedelta(days=days)
    question = {"code": "Q", "title": "T", "asks": asks, "by": by, "resolves": "R", **more}
    return case.model_copy(update={"questions": {"q": Question.model_validate(question)}})


@pytest.fixture
def burst(panel: Panel) -> Panel:
    """The small case's panel with eight dead in its last week, and nobody killed before."""
    killed = np.zeros_like(panel.killed)
    killed[-1] = 8.0
    return replace(panel, killed=killed, spells=())


def count(case: Case, panel: Panel, rows: list[dict[str, object]], most: int = MOST) -> Counted | None:
    """What a made table says of the case's only question."""
    return analogues(case, panel, made(*rows), most).questions.get("Q")


class TestTheDistance:
    @given(TRAITS, TRAITS)
    def test_it_is_symmetric_and_nothing_to_itself(self, a: Traits, b: Traits) -> None:
        assert distance(a, a) == 0.0
        assert distance(a, b) == pytest.approx(distance(b, a))
        assert 0.0 <= distance(a, b) <= 1.0

    @given(TRAITS, TRAITS, st.sampled_from(PARTS))
    def test_a_part_without_weight_counts_nothing(self, a: Traits, b: Traits, part: str) -> None:
        others = {**WEIGHTS, part: 0.0}
        apart = parts(a, b)
        assert likeness.weighed(apart, others) == pytest.approx(likeness.weighed({**apart, part: 0.5}, others))

    def test_it_is_what_the_docs_say(self) -> None:
        a = Traits(9, 1000, 0, ("interstate",), "yes", "yes")
        b = Traits(99, 100, 9, ("internal",), "no", "")
        assert parts(a, b) == {
            "deaths": 1.0, "quiet": 1.0, "year_before": 1.0, "kind": 1.0, "territory": 1.0, "patron": 0.5
        }  # fmt: skip
        assert distance(a, b) == pytest.approx(8.5 / 9)
        both = Traits(9, 1000, 0, ("contested", "interstate"), "yes", "yes")
        assert distance(a, both) == 0.0

    def test_other_rows_never_change_an_order(self) -> None:
        here = Traits(8, 200, 0, ("internal",))
        few = made(*a_table(12))
        more = made(*a_table(12), *[row(f"Z: {k}", date(1999, 1, 1), 900 + k, "") for k in range(30)])
        order = [one.flare_up for one in ranked(here, few)]
        assert [one.flare_up for one in ranked(here, more) if one.flare_up in set(few)] == order
        assert [one.flare_up for one in ranked(here, reversed(more))] == [one.flare_up for one in ranked(here, more)]


class TestCountsByHand:
    def test_of_n_k_saw_it(self, case: Case, burst: Panel) -> None:
        """Twelve flare-ups; in the three deadliest of them 60 died in the second week after."""
        rows = a_table(12)
        rows[9:] = [row(str(r["conflict"]), r["start"], int(str(r["deaths"])), "0 60") for r in rows[9:]]  # type: ignore[arg-type]
        found = count(asking(case, "any front reaches uprising", 90), burst, rows)
        assert found is not None
        assert (found.n, found.k, found.days) == (12, 3, 90)
        assert found.asked == "60 or more killed in a week"
        assert found.conflicts == 12
        assert [one.name for one, did in zip(found.named, found.happened, strict=True) if did]
        assert found.everywhere == found.sensitivity[-1]
        assert (found.everywhere.n, found.everywhere.k) == (12, 3)
        assert str(found).startswith("of 12 flare-ups like this one 3 saw 60 or more killed in a week within 90 days")

    def test_the_nearest_come_first_and_alone_answer(self, case: Case, burst: Panel) -> None:
        found = count(asking(case, "deaths on all fronts", 90, exceed=[10, 50]), burst, a_table(30, "4 4 4"), most=10)
        assert found is not None
        assert (found.n, found.k, found.median, found.exceed) == (10, 10, 12.0, {"10": 10, "50": 0})
        assert found.named[0].flare_up.traits.deaths == 8
        assert [v.n for v in found.sensitivity[:3]] == [10, 10, 30]
        distances = [one.distance for one in found.named]
        assert distances == sorted(distances)

    @pytest.mark.parametrize(
        ("asks", "says"),
        [
            ("at least 5 deaths on weir", "5 or more killed anywhere in the conflict within 90 days"),
            ("at least 5 deaths on all fronts in a calendar month", "5 or more killed in four weeks within 90 days"),
            ("at least 1 death on any front", "somebody killed within 90 days"),
            ("any front reaches feud", "10 or more killed in a week within 90 days"),
        ],
    )
    def test_the_nearest_equivalent_in_deaths_is_said(self, case: Case, burst: Panel, asks: str, says: str) -> None:
        found = count(asking(case, asks, 90), burst, a_table())
        assert found is not None
        assert found.event == says

    @pytest.mark.parametrize(
        "asks",
        [
            "any front reaches raids",  # shown by weapons alone
            "council reaches session",
            "at least 1 of stream market_marches",
            "none of stream wardens",
            "use of arson on any front",
            "ground changes hands on any front",
            "weeks with use of arson on any front",
            "deaths on all fronts as told by criers",
        ],
    )
    def test_what_no_number_of_deaths_stands_for_has_no_count(self, case: Case, burst: Panel, asks: str) -> None:
        assert count(asking(case, asks, 90), burst, a_table()) is None

    def test_counts_of_few_dead_say_that_they_never_told_anything(self, case: Case, burst: Panel) -> None:
        few = count(asking(case, "at least 1 death on any front", 30), burst, a_table())
        many = count(asking(case, "at least 25 deaths on any front", 30), burst, a_table())
        assert few is not None and "told no more" in few.remark
        assert many is not None and many.remark == ""

    def test_too_few_or_too_long_is_no_count(self, case: Case, burst: Panel) -> None:
        assert count(asking(case, "at least 1 death on any front", 30), burst, a_table(9)) is None
        assert count(asking(case, "at least 1 death on any front", 190), burst, a_table(30)) is None

    def test_between_known_days_deaths_run_straight(self) -> None:
        one = made(row("A: B", date(2001, 1, 1), 5, "7 0 14"))[0]
        assert [one.after(days) for days in (0, 3, 7, 14, 18, 21, 189, 190)] == [0, 3, 7, 7, 15, 21, 21, None]
        assert (one.worst(90, 1), one.worst(20, 1), one.worst(90, 4)) == (14, 7, 21)

    def test_bands(self) -> None:
        assert [band(n) for n in (0, 4, 5, 24, 25, 100, 1000)] == [
            "none", "1 to 4", "5 to 24", "5 to 24", "25 to 99", "100 to 999", "1,000 or more"
        ]  # fmt: skip


class TestHindsight:
    def test_only_what_was_over_by_then_answers(self, case: Case, burst: Panel) -> None:
        """A flare-up counts for a window only once all of the window is over; a later one never does."""
        as_of = case.as_of
        late = [row(f"L: {k}", as_of - timedelta(days=13 + 60 + k), 8, "99") for k in range(5)]
        after = [row(f"M: {k}", as_of + timedelta(days=k), 8, "99") for k in range(5)]
        rows = [*a_table(12), *late, *after]
        month = count(asking(case, "at least 50 deaths on any front", 30), burst, rows)
        quarter = count(asking(case, "at least 50 deaths on any front", 90), burst, rows)
        assert month is not None and quarter is not None
        assert (month.n, month.k) == (17, 5)
        assert (quarter.n, quarter.k) == (12, 0)

    def test_nothing_after_the_as_of_date_is_left_in_what_is_shown(self, case: Case, burst: Panel) -> None:
        late = row("L: late", case.as_of - timedelta(days=13 + 45), 8, "1 1 1 1 1 1 500")
        found = analogues(asking(case, "at least 1 death on any front", 30), burst, made(*a_table(12), late))
        shown = next(one for one in found if one.flare_up.conflict == "L: late")
        assert shown.followed() == (4, None, None)
        assert 500 not in shown.flare_up.weeks

    @pytest.mark.parametrize("years", [1, 4, 12, 25])
    def test_an_earlier_as_of_date_takes_rows_away(self, years: int) -> None:
        case = fs.load("south-caucasus-2020").record
        then = case.as_of.replace(year=case.as_of.year - years)
        known = {one.until(then) for one in table() if one.seen < then}
        assert 0 < len(known) < len(table())
        for one in known:
            days = max((day for day, _ in one.known), default=0)
            assert one.seen + timedelta(days=max(days, 7 * len(one.weeks))) <= then

    def test_the_shipped_table_speaks_of_no_day_after_its_cutoff(self) -> None:
        for one in table():
            days = max((day for day, _ in one.known), default=0)
            assert one.seen + timedelta(days=days) <= CUTOFF
            assert one.seen <= CUTOFF


class TestTheCaseItself:
    def test_a_quiet_case_has_no_analogues_and_says_why(self, case: Case, panel: Panel) -> None:
        found = analogues(case, panel)
        assert (len(found), found.questions, found.traits) == (0, {}, None)
        assert "no flare-up now" in str(found)

    def test_fighting_that_goes_on_is_no_flare_up(self, case: Case, burst: Panel) -> None:
        killed = burst.killed.copy()
        killed[-5] = 9.0
        assert "after quiet" in now(case, replace(burst, killed=killed)).why

    def test_quiet_is_counted_from_the_last_time_that_five_died(self, case: Case, burst: Panel) -> None:
        killed = burst.killed.copy()
        killed[-31] = 6.0
        found = now(case, replace(burst, killed=killed)).traits
        assert found is not None
        assert (found.deaths, found.year_before, found.kinds, found.patron) == (8, 6, ("internal",), "")
        assert 28 * 7 <= found.quiet <= 30 * 7

    def test_its_own_flare_up_of_today_is_left_out_and_earlier_ones_are_marked(self, case: Case, burst: Panel) -> None:
        rows = [
            *a_table(12),
            row("LEA: Brome", case.as_of - timedelta(days=300), 8, "", sides="Government of L | Brome"),
        ]
        rows.append(row("LEA: Brome", case.as_of - timedelta(days=20), 8, "", sides="Government of L | Brome"))
        found = analogues(asking(case, "at least 1 death on any front", 30), burst, made(*rows))
        assert [one.flare_up.start for one in found if one.own] == [case.as_of - timedelta(days=300)]
        assert found.own == tuple(one for one in found if one.own)
        assert found.known == 13


@pytest.fixture(scope="module")
def reference() -> Analogues:
    """The reference case's analogues."""
    return fs.analogues(fs.load("south-caucasus-2020"))


class TestTheReferenceCase:
    def test_its_flare_up_is_deduced_from_its_file(self, reference: Analogues) -> None:
        assert reference.traits == Traits(17, 1086, 11, ("contested", "interstate"), "yes", "yes")

    def test_its_analogues_are_sane(self, reference: Analogues) -> None:
        """Armed lines between states, or with entities that few recognise, most of them backed by a patron."""
        nearest = list(reference)[:10]
        kinds = [one.flare_up.traits.kinds[0] for one in nearest]
        assert set(kinds) <= {"contested", "interstate"}
        names = {one.name for one in nearest}
        assert {"Georgia: South Ossetia, May 1992", "Moldova: Dniestr, March 1992"} <= names
        assert any(one.own for one in nearest)
        assert max(one.distance for one in reference) < 0.3

    def test_its_own_earlier_flare_ups_are_known(self, reference: Analogues) -> None:
        months = {f"{one.flare_up.start:%Y-%m}" for one in reference.own}
        assert {"2010-06", "2012-06", "2014-07", "2015-12", "2016-04"} <= months
        assert all(one.flare_up.start < date(2020, 7, 1) for one in reference.own)

    def test_deaths_speak_to_nine_of_its_questions(self, reference: Analogues) -> None:
        assert list(reference.questions) == ["Q1", "Q2", "Q3a", "Q3b", "Q3c", "Q4", "Q5a", "Q5b", "Q15"]
        for found in reference.questions.values():
            assert found.n == MOST == len(found.named) == len(found.happened)
            assert found.k == sum(found.happened) == found.sensitivity[0].k
            assert found.span[0] <= found.k <= found.span[1]
            assert len(found.sensitivity) == 16
        early, late = reference.questions["Q3a"], reference.questions["Q3c"]
        assert early.k <= late.k

    def test_it_is_said_in_words(self, reference: Analogues) -> None:
        assert "17 killed since 2020-07-06, after 1,086 days of quiet" in str(reference)
        assert len(reference) == len(list(reference)) >= MOST

    def test_own_is_by_names_and_by_states(self) -> None:
        case = fs.load("south-caucasus-2020").record
        states = made(row("X - Y", date(2001, 1, 1), 5, "", states="AZE | ARM", kind="interstate"))[0]
        home = made(row("Azerbaijan: Government", date(2001, 1, 1), 5, "", states="AZE"))[0]
        assert own(case, states)
        assert not own(case, home)


def printed(tried: Variant, usual: int) -> str:
    """A count as the docs print it."""
    if tried.n == usual:
        return str(tried.k)
    return f"{tried.k} of {tried.n}" if tried.n < 100 else f"{100 * tried.k / tried.n:.0f} %"


class TestTheDocs:
    TOLD = (ROOT / "docs/analogues.md").read_text(encoding="utf-8")

    def test_the_sensitivity_that_they_print_is_that_of_the_case(self, reference: Analogues) -> None:
        rows = [line.strip("| ").split(" | ") for line in self.TOLD.splitlines() if line.count("|") == 11]
        head, *told = [row for row in rows if not row[0].startswith("---")]
        counts = list(reference.questions.values())
        assert head == ["distance", *reference.questions]
        assert told == [
            [tried.name, *(printed(count.sensitivity[at], count.n) for count in counts)]
            for at, tried in enumerate(counts[0].sensitivity)
        ]

    def test_the_table_that_they_describe_is_the_shipped_one(self) -> None:
        kinds = [one.traits.kinds[0] for one in table()]
        for number in (len(kinds), *(kinds.count(kind) for kind in KINDS), sum(one.by_month for one in table())):
            assert f"{number:,}" in self.TOLD
        stated = [
            line.split(" | ")[1] for line in self.TOLD.splitlines() if line.startswith("| ") and line.count("|") == 4
        ]
        assert stated[1:7] == [f"{WEIGHTS[name]:g}" for name in PARTS]

    @pytest.mark.slow
    def test_the_skill_that_they_print_is_measured_again(self) -> None:
        sys.path.insert(0, str(ROOT / "scripts"))
        from skill_of_analogues import EVENTS, scored

        for name in ("anybody killed within 30 days", "100 or more killed within 160 days"):
            near, base, _ = scored(True, *EVENTS[name])
            row = next(line for line in self.TOLD.splitlines() if line.startswith(f"| {name} | over by then"))
            assert f"| {100 * (1 - near.mean() / base.mean()):.1f} % |" in row
