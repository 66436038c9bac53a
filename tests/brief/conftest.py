"""Made-up studies for the brief: one like the South Caucasus of 2020, one that means harm, one that is empty."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fissures.brief import Context, FactNote, FrontNote, SourceNote, render
from fissures.errors import Finding
from fissures.study.coverage import Coverage, Covered
from fissures.study.first_page import Bearing, Change, FirstPage, LastIssue, Number, Reason, Sign
from fissures.study.graph_records import Arc, Circle, Graph, Part
from fissures.study.place_records import Due, FrontAhead, Lane, Outline, Stretch, Timeline, Turn, Where
from fissures.study.records import (
    Answer,
    Answers,
    Arm,
    Belief,
    ClaimRow,
    Course,
    Difference,
    ReferenceClass,
    Rival,
    Statement,
    Study,
)
from fissures.study.two_counts import TwoCounts

AS_OF = date(2020, 7, 21)
END = date(2020, 12, 31)
RUNGS = ("quiet", "harassing_fire", "heavy_weapons", "clash", "limited_offensive", "war", "regional_war")
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
LOC = ReferenceClass(0.11, "pooled ladder and own record", date(2020, 7, 1), "6 of 72 flare-ups")


def event(code: str, title: str, p: float, off: float, word: str, **more: object) -> Answer:
    """An event question; `more` replaces fields."""
    given: dict[str, object] = {
        "id": code.lower(), "code": code, "title": title, "by": END, "kind": "event", "probability": p,
        "mc_error": math.sqrt(p * (1 - p) / 10_000), "range80": (0.5 * p, min(1.0, 1.7 * p)), "quantiles": {},
        "exceed": {}, "word": word, "reference_class": None, "claims_off": off, "with_claims": p, "bounds": None,
        "bounds_say": "", "resolves": "the ladder's rule, on the record after the as-of date",
    }  # fmt: skip
    return Answer(**{**given, **more})  # type: ignore[arg-type]


def questions() -> tuple[Answer, ...]:
    """Seven questions, among them one below the smallest printed share and one on deaths."""
    deaths = event(
        "Q15", "How many are killed in fighting on both fronts from 22 July to 31 December 2020?", 0.5, 11.0, "",
        kind="number", probability=None, mc_error=0.4, range80=(2.0, 140.0), with_claims=12.0,
        quantiles={"0.05": 1.0, "0.5": 12.0, "0.95": 410.0}, exceed={"400": 0.0512, "50": 0.1741},
        reference_class=ReferenceClass(10.0, "own record", date(2020, 7, 1), "median of the unit's own windows"),
    )  # fmt: skip
    border = "Is anyone killed by hostile fire on the Tavush/Tovuz border by 20 August 2020?"
    offensive = "Does the Line of Contact see a limited offensive or worse by 31 December 2020?"
    return (
        event("Q1", border, 0.63, 0.61, "likely", by=date(2020, 8, 20), bounds=(0.4, 0.85),
              bounds_say="weeks after earlier border flare-ups"),
        event("Q3a", offensive.replace("31 December", "20 August"), 0.031, 0.028, "almost no chance",
              by=date(2020, 8, 20)),
        event("Q3c", offensive, 0.134, 0.112, "very unlikely", reference_class=LOC, bounds=(0.02, 0.35),
              bounds_say="one offensive in 26 years; 0 of 5 clash episodes within 180 days"),
        event("Q4", "Does any front reach war by 31 December 2020?", 0.172, 0.16, "very unlikely",
              bounds=(0.005, 0.15), bounds_say="no war on this line since 1994"),
        event("Q6", "Does the CSTO formally approve military assistance to Armenia by 31 December 2020?", 0.0003,
              0.0, "almost no chance", range80=(0.0, 0.002), bounds=(0.0, 0.05)),
        event("Q5", "Does someone die on the Line of Contact within 90 days?", 1.0, 0.9996, "almost certain",
              range80=(0.997, 1.0)),
        deaths,
    )  # fmt: skip


def course(weeks: int = 23) -> Course:
    """A course with a thin middle, a long tail, and a gap in the record."""
    start = date(2020, 7, 20)
    days = tuple(start + timedelta(weeks=k) for k in range(weeks))
    deaths = tuple(tuple(round(base * (1 + 0.04 * k)) for base in (0, 0, 0, 1, 3, 14, 41)) for k in range(weeks))
    past: list[tuple[date, float | None, float | None]] = []
    for k in range(40, 0, -1):
        low: float | None = {1: 17.0, 2: 4.0, 9: 2.0}.get(k, float(k % 3 == 0))
        high = 21.0 if k == 1 else low
        missing = k in (14, 15, 16)
        past.append((start - timedelta(weeks=k), None if missing else low, None if missing else high))

    def odds(k: int, calm: float) -> tuple[float, ...]:
        raw = [calm, 0.3, 0.2, 0.05 + 0.002 * k, 0.008 + 0.0006 * k, 0.0015, 0.0002]
        return tuple(x / sum(raw) for x in raw)

    ladder = {
        "loc": tuple(odds(k, 0.25) for k in range(weeks)),
        "tavush": tuple(odds(k, 0.15 + 0.04 * k) for k in range(weeks)),
    }
    return Course(days, LEVELS, deaths, RUNGS, ladder, tuple(past))


CLAIMS = (
    ("C04", "The longer talks bring no tangible step, the less either side accepts how things stand.", "stall",
     4, "implied", 0.35, 0.42, 0.24, 0.93, 0.31, 33, "supported"),
    ("C09", "A head of state turns his back on the mediation, and fighting follows within weeks.", "disavowed",
     7, "implied", 0.25, 0.22, 0.39, 0.6, 0.03, 2, "could not test"),
    ("C40", "Shelling that goes on for days tips over into clashes.", "dwell",
     15, "implied", 0.45, 0.71, 0.3, 0.86, 0.22, 21, "leans to"),
    ("C45a", "Unmanned systems let armies strike without moving.", "drone_use",
     15, "stated", 0.25, 0.27, 0.39, 0.55, 0.01, 0, "could not test"),
    ("C45b", "An episode fought with drones need not spill into ground operations.", "drone_use",
     15, "stated", 0.25, 0.2, 0.4, 0.5, -0.03, 0, "could not test"),
    ("C71", "Moscow has the leverage on both to stop the fighting.", "restraint_rus",
     23, "implied", 0.6, -0.21, 0.28, 0.08, 0.33, 27, "contradicted"),
    ("C77", "Firm United States engagement sets and holds a ceiling.", "restraint_usa",
     None, "ours", 0.6, 0.55, 0.44, 0.62, 0.06, 1, "could not test"),
)  # fmt: skip


STATEMENT = Statement(
    "hostility_now", "C06", "level", "Hostility stands higher than at any time since 2016", "the pressure hostility",
    "ringler", 4,
)  # fmt: skip


def claim_rows() -> tuple[ClaimRow, ...]:
    """Seven claims, one of them contradicted."""
    return tuple(
        ClaimRow(
            cause, code, f"More {cause} raises the chance that loc and tavush climb.", paraphrase, "ringler", para,
            reading, Belief(before, 0.4), Belief(after, sd), Belief(0.5 * after, sd), p_sign, narrowed, climbs,
            verdict, 1, "mediators come because of fighting", "two sequences in the article",
        )
        for code, paraphrase, cause, para, reading, before, after, sd, p_sign, narrowed, climbs, verdict in CLAIMS
    )  # fmt: skip


def arms() -> tuple[Arm, ...]:
    """Three levers: one on an assumed link, one on both kinds, one that moves nothing."""

    def by(low: float, high: float, fitted: tuple[str, ...], assumed: tuple[str, ...]) -> dict[str, Difference]:
        middle = (low + high) / 2
        event_base = {q.code: q.probability for q in questions() if q.probability is not None}
        found = {
            code: Difference(p, p + p * middle, p * middle, (p * low, p * high), 0.0004, fitted, assumed)
            for code, p in event_base.items()
        }
        found["Q15"] = Difference(12.0, 12 + 10 * middle, 10 * middle, (10 * low, 10 * high), 0.3, fitted, assumed)
        return found

    return (
        Arm("summit", "A leaders' summit that ends with a tangible step", "L1 of the reference notes", False,
            by(-0.28, -0.06, ("C04",), ()), "L1", 4000),
        Arm("us", "Six weeks of United States shuttle diplomacy", "L3 of the reference notes", False,
            by(-0.22, 0.02, (), ("C77",)), "L3", 4000),
        Arm("tur", "Turkey holds back its backing until the end of the year", "L5 of the reference notes", False,
            by(-0.4, -0.05, ("C04",), ("C44",)), "L5", 4000),
        Arm("null", "A statement by celebrities abroad", "a declared null", False, by(-0.001, 0.001, (), ()),
            "L21", 4000),
    )  # fmt: skip


@pytest.fixture(scope="session")
def study() -> Study:
    """A study like the first slice of the South Caucasus case."""
    answers = Answers(
        "d1c2" * 16, "fa11" * 16, "South Caucasus, July 2020", "ca5e" * 16, AS_OF, 1, 10_000, questions(),
        (Finding("fit", "warning", "4 claims could not be tested", "the record holds few climbs", "see verdicts"),),
    )  # fmt: skip
    provenance = {"package": "0.1.0", "weekly.csv": "9b" * 32, "fit": "fa11" * 16}
    return Study(answers, claim_rows(), (STATEMENT,), 3, 7, course(), arms(), provenance, rivals(), graph=argued())


def argued() -> Graph:
    """The argument of those claims: stalled talks that fighting comes of and that fighting prolongs, and the rest."""
    named = (
        "Line of Contact and Tavush/Tovuz border", "Stalled talks", "A disavowal of the mediation",
        "Recent heavy fire", "Recent drone use", "Russian engagement", "US engagement", "Talks", "Outside calls",
    )  # fmt: skip
    kinds = ("fronts", *["pressure"] * 6, "tracks", "stream")
    said = ("violence on the fronts", *(name[:1].lower() + name[1:] for name in named[1:]))
    parts = tuple(Part(k, *one) for k, one in enumerate(zip(kinds, named, said, strict=True)))
    ends = (
        (0, 3, 1, ()), (0, 7, -1, ()), (0, 8, 1, (6,)), (1, 0, 1, (0,)), (2, 0, 1, (1,)), (3, 0, 1, (2,)),
        (4, 0, 1, (3,)), (4, 0, -1, (4,)), (5, 0, -1, (5,)), (6, 0, -1, (6,)), (6, 7, 1, (6,)), (7, 1, -1, ()),
    )  # fmt: skip
    arcs = tuple(Arc(k, a, b, sign, on, ("A summit",) if k == 11 else ()) for k, (a, b, sign, on) in enumerate(ends))
    return Graph(parts, arcs, (Circle((5, 0), 1, 0.71), Circle((3, 1, 11), 1, 0.42)), 0)


def rivals() -> tuple[Rival, ...]:
    """Two other readings, one held by a source of the case."""

    def moved(change: float) -> dict[str, Difference]:
        return {
            code: Difference(base, base + change, change, (change - 0.05, change + 0.05), 0.006, (), ())
            for code, base in (("Q3c", 0.13), ("Q4", 0.17), ("Q15>=50", 0.18))
        }

    return (
        Rival("Only what the record could test", "four claims that the data could not test stand idle", "",
              ("disavowed",), (), moved(-0.09), {"Q3c": (0.0, 0.12)}, 2000),
        Rival("Outsiders hardly steer it", "what patrons do moves no front", "ringler", ("usa",), (), moved(0.02),
              {"Q3c": (0.03, 0.4)}, 2000),
    )  # fmt: skip


def ring(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    """A rectangle, in degrees."""
    return ((west, south), (west, north), (east, north), (east, south), (west, south))


def where(loc: str = "Line of Contact", tavush: str = "Tavush/Tovuz border", rear: str = "Strategic Targets") -> Where:
    """Two states, a held line and two fronts that have a place."""
    outlines = (
        Outline("land", "Armenia", (ring(43.5, 39, 45.6, 41.2),), (1,)),
        Outline("land", "Azerbaijan", (ring(45.6, 38.5, 50, 41.8),), (1,)),
        Outline("recognised", "Armenia, Azerbaijan", (((45.6, 39.0), (45.6, 41.2)),)),
        Outline(
            "held", "Line of contact of 1994", (((46.0, 40.2), (46.9, 40.2), (47.3, 39.4)),), since=date(1994, 5, 12)
        ),
    )
    fronts = (
        FrontAhead("loc", loc, (("clash", 0.38), ("war", 0.048)), 0.048, (ring(46.6, 39.4, 47.4, 40.4),)),
        FrontAhead("tavush", tavush, (("clash", 0.28), ("war", 0.004)), 0.004, (ring(45.1, 40.7, 45.8, 41.1),)),
        FrontAhead("rear", rear, (("struck", 0.059),)),
    )
    return Where(AS_OF, END, "war", fronts, outlines, "ucdp", "Boundaries are coarse.")


def past(name: str = "Line of Contact") -> Timeline:
    """Six years with a gap, two turning points and an election."""
    start = date(2015, 1, 3)
    weeks = tuple(
        Stretch(start + timedelta(weeks=k), start + timedelta(weeks=k, days=6), RUNGS[k % 3], (k % 3) / 6)
        for k in range(280)
        if k not in (65, 66)
    )
    war = Stretch(date(2016, 4, 1), date(2016, 4, 5), "limited_offensive", 4 / 6)
    fire = Stretch(date(2018, 10, 1), AS_OF, "harassing_fire", 1 / 6)
    lanes = (
        Lane("record", "", RUNGS, weeks),
        Lane("front", name, RUNGS, (war, fire)),
        Lane("front", "Tavush/Tovuz border", RUNGS),
        Lane(
            "track", "The talks", ("contact", "summit"), (Stretch(date(2019, 3, 29), date(2019, 3, 29), "summit", 1.0),)
        ),
    )
    turns = (Turn(date(2018, 9, 28), "commitment", "Direct line"), Turn(date(2018, 10, 1), "break", "violence fell"))
    due = (Due("calendar", "An election", date(2020, 7, 22), date(2020, 11, 3)), Due("question", "Q3c, Q4", END, END))
    return Timeline(start, AS_OF, END, lanes, turns, due)


def covered(what: str = "deaths by week, all fronts together", source: str = "ucdp") -> Coverage:
    """Two sources over 67 months: one with a gap and a month in part, one whole."""
    starts = tuple(date(2015 + k // 12, k % 12 + 1, 1) for k in range(67))
    gap = tuple(0.0 if k == 15 else 0.4 if k == 16 else 1.0 for k in range(67))
    rows = (Covered("violence", what, source, gap), Covered("talks", "9 kinds of event", source, (1.0,) * 67))
    return Coverage(date(2015, 1, 3), AS_OF, starts, rows, 53, 38)


@pytest.fixture(scope="session")
def context() -> Context:
    """The case beside that study."""
    return Context(
        title="South Caucasus, July 2020",
        as_of=AS_OF,
        horizon=END,
        purpose="Early warning, prevention, teaching and testing an argument.",
        information_cutoff=AS_OF,
        fronts=(
            FrontNote("loc", "Line of Contact", ("Azerbaijan", "de facto authorities of Nagorno-Karabakh"),
                      {"west": "Azerbaijan", "east": "Azerbaijan"},
                      {"west": "de facto authorities of Nagorno-Karabakh", "east": "Azerbaijan"}),
            FrontNote("tavush", "Tavush/Tovuz border", ("Azerbaijan", "Armenia"),
                      {"west": "Armenia", "east": "Azerbaijan"}, {"west": "Armenia", "east": "Azerbaijan"}),
        ),
        sources=(
            SourceNote("ringler", "Ringler, N. (2020). Deepening Fissures Between Armenia and Azerbaijan.",
                       "https://www.democracyandsociety.net", None),
            SourceNote("ucdp", "UCDP Georeferenced Event Dataset", "https://ucdp.uu.se", "CC BY 4.0"),
        ),
        facts=(
            FactNote("Soldiers killed in the fighting of April 2016", "killed",
                     {"Azerbaijan, own losses": "31", "Armenia, own losses": "90", "United States, both sides": "350"},
                     "as the article reports them; other lists differ"),
        ),
        actors=("Armenia", "Azerbaijan", "Russia", "Turkey", "United States"),
        limits=("Which front a week belongs to is not recorded before 2020: the split is a prior.",),
        findings=(Finding("case.yaml:41:5", "note", "the stream csto_assistance has no data", "its rate is a prior"),),
        figure_notes={"fan": "Weeks hold both fronts together."},
        lead="Q3c",
        reproduce="fissures run south-caucasus-2020 --paths 10000 --seed 1",
        ladders=(
            ("Line of Contact and Tavush/Tovuz border",
             (("quiet", "no violent incident reported for 14 days"), ("war", "an offensive on several sectors"))),
            ("Talks", (("contact", "envoys and co-chairs keep in touch"),)),
        ),
        base_rates={"Q15": {"50": (0.05, 0.35), "400": (0.01, 0.05)}},
        pressures=(("Stalled talks", "52 weeks", 1.42, 1.2), ("Turkish backing", "4 events in 14 days", 0.3, math.nan)),
        where=where(),
        timeline=past(),
        record="ledger",
        counts=TwoCounts("ledger", "ucdp", date(2015, 1, 3), 290, (186, 22), date(2020, 7, 6), (17, 5), ("State",)),
        coverage=covered(),
    )  # fmt: skip


HARM = "<script>alert(1)</script>\"'&\u202eevil\u2066{{ 7*7 }}]]><svg onload=alert(1)>"
RTL = "\u062e\u0637 \u0627\u0644\u062a\u0645\u0627\u0633"
LONG = "x" * 10_000


@pytest.fixture(scope="session")
def hostile_study() -> Study:
    """A study whose every text is script, hidden direction marks, or ten thousand characters."""
    harm, long = HARM, HARM + LONG
    asked = tuple(
        event(f"{harm}{k}", long, 0.2 + 0.1 * k, 0.2, harm, reference_class=ReferenceClass(0, harm, AS_OF, long),
              bounds=(0.0, 0.01), bounds_say=long, resolves=long)
        for k in range(3)
    )  # fmt: skip
    answers = Answers(harm, harm, long, harm, AS_OF, 1, 100, asked, (Finding(harm, harm, long, long, long),))
    belief = Belief(50.0, 90.0)
    rows = tuple(
        ClaimRow(
            harm, harm, long, long, harm, None, harm, belief, belief, belief, 0.0, math.nan, 0, harm, -1, long, long
        )
        for _ in range(64)
    )
    seen = Difference(0.2, 0.1, -0.1, (-0.2, 0.0), 0.001, (harm, long), (harm,))
    pulled = tuple(Arm(harm, long, long, True, {q.code: seen for q in asked}) for _ in range(25))
    weeks = tuple(AS_OF + timedelta(weeks=k) for k in range(60))
    row = (0.5, 0.5, 0.0)
    fronts = {f"{name}{k}": (row,) * 60 for k, name in enumerate((harm, RTL, long, "a", "b", "c", "d"))}
    path = Course(weeks, (0.1, 0.5, 0.9), ((0, 5, 9e6),) * 60, (harm, RTL, long), fronts, ((AS_OF, None, None),))
    said = tuple(Statement(harm, harm, harm, long, long, harm, None) for _ in range(3))
    return Study(
        answers, rows, said, 0, 64, path, pulled, {harm: long},
        tuple(Rival(long, long, harm, (harm,), (harm,), {q.code: seen for q in asked}) for _ in range(3)),
        graph=hostile_graph(),
    )  # fmt: skip


def hostile_where() -> Where:
    """A map whose every name means harm, with fronts that lie on one another."""
    harm, long = HARM, HARM + LONG
    shapes = tuple(replace(one, name=(harm, RTL, long)[k % 3]) for k, one in enumerate(where().outlines))
    front = replace(where(long).fronts[0], reaches=tuple((f"{harm}{k}", 0.5) for k in range(9)))
    fronts = (
        front,
        replace(front, name=RTL),
        replace(front, name=harm),
        replace(front, name=long, area=(), asked=None),
    )
    return Where(AS_OF, END, long, fronts, (*shapes, Outline("land", long, (((46.0, 40.0),),))), harm, long)


def hostile_past() -> Timeline:
    """A timeline whose every name means harm, with more lanes than are drawn."""
    harm, long = HARM, HARM + LONG
    told = past(long)
    lanes = [
        replace(lane, name=(harm, RTL, long)[k % 3]) for k, lane in enumerate((*told.lanes, *told.lanes, *told.lanes))
    ]
    lanes = [replace(one, stretches=tuple(replace(s, rung=harm) for s in one.stretches)) for one in lanes]
    turns = tuple(Turn(AS_OF - timedelta(days=k), harm, long) for k in range(30, 0, -1))
    due = (*(replace(one, name=long) for one in told.due), Due("calendar", RTL, AS_OF, END))
    return replace(told, lanes=tuple(lanes), turns=turns, due=due)


def hostile_graph() -> Graph:
    """Forty parts with names that mean harm, each of which acts on the first and is moved by it."""
    names = (HARM, RTL, LONG, HARM + LONG, "a/" * 40)
    parts = tuple(Part(k, "pressure" if k else "fronts", names[k % 5], names[k % 5]) for k in range(40))
    into = [Arc(k, k, 0, 1 - 2 * (k % 2), (k, k + 1), (HARM + LONG,)) for k in range(1, 40)]
    out = [Arc(k + 39, 0, k, 1, (k,) if k % 3 else ()) for k in range(1, 40)]
    arcs = (Arc(0, 0, 0, 1, (0,)), *into, *out)
    return Graph(parts, arcs, tuple(Circle((k, k + 39), 1, 50.0) for k in range(1, 40)), 0)


@pytest.fixture(scope="session")
def hostile_context() -> Context:
    """The case that goes with the hostile study."""
    harm, long = HARM, HARM + LONG
    return Context(
        title=long,
        as_of=AS_OF,
        horizon=END,
        purpose=long,
        information_cutoff=AS_OF,
        fronts=(FrontNote(f"{harm}0", long, (harm, RTL), {harm: harm}, {harm: long}),),
        sources=(SourceNote(harm, long, "javascript:alert(1)", harm), SourceNote(harm, harm, "https://x.org/\"><script>")),
        facts=(FactNote(long, harm, {harm: long, RTL: RTL}, long),),
        actors=(harm, RTL, long),
        limits=(long,),
        findings=(Finding(harm, harm, long, long, long),),
        figure_notes={"fan": long, "claims": harm},
        lead=harm,
        reproduce=long,
        ladders=((long, ((harm, long), (RTL, harm))), (harm, ())),
        pressures=((harm, long, math.inf, 1e9), (long, harm, 0.0, -1.0)),
        where=hostile_where(),
        timeline=hostile_past(),
        record=harm,
        counts=TwoCounts(harm, long, AS_OF, 9, (1, 2), AS_OF, (3, 4), (long, RTL)),
        coverage=covered(long, harm),
    )  # fmt: skip


def carried(code: str, says: str, change: float, error: float, tested: bool) -> Reason:
    """A reason that changes the leading question by so much, with so much error."""
    told = Difference(0.134, 0.134 + change, change, (change - 0.02, change + 0.02), error, (), ())
    return Reason(code, says, "ringler", 4, "supported" if tested else "could not test", tested, told)


@pytest.fixture(scope="session")
def first() -> FirstPage:
    """Three reasons, of which one is no more than chance, and three signs, one of them the case's own."""
    soon, late = date(2020, 8, 31), date(2020, 11, 30)
    return FirstPage(
        asked="Q3c",
        paths=2000,
        reasons=(
            carried("C85", "A truce that only restores what was there before goes to worse", -0.034, 0.004, False),
            carried("break x", "the leaders met and set up a direct channel; violence fell", 0.06, 0.005, True),
            carried("C09", "A head of state turns his back on the mediation.", -0.001, 0.004, False),
        ),
        bearing={
            "C85": Bearing(-0.03, carried("C85", "", -0.034, 0.004, False).without),
            "C09": Bearing(-0.002, carried("C09", "", -0.001, 0.004, False).without),
            "C04": Bearing(0.012),
            "C71": Bearing(0.0),
            "C77": Bearing(None),
        },
        signs=(
            Sign("stream", "Threats of force (spoken)", "", 6, soon, 0.3, 0.134, 0.2, 0.11, 0.01, 600, "loud_threats"),
            Sign("rung", "Line of Contact", "clash", 1, soon, 0.2, 0.134, 0.41, 0.065, 0.02, 400),
            Sign("calm", "", "limited_offensive", 0, late, 0.8, 0.134, 0.04, 0.5, 0.0, 1600),
        ),
        untested=0.72,
        vintages=(("ucdp", "7a8a1f20"), ("ringler", "08d8e1a9")),
    )  # fmt: skip


@pytest.fixture(scope="session")
def last() -> LastIssue:
    """The issue of a week before: another number for the leading question, and changed claims and data."""
    numbers = {
        "Q3c": Number("event", 0.091, 0.003),
        "Q4": Number("event", 0.17, 0.004),
        "Q15": Number("number", 9.0, 0.4),
    }
    changes = (
        Change("claims", "2 claims changed", ("C04", "C09")),
        Change("data", "1 data file changed", ("weekly.csv",)),
    )
    return LastIssue("0ld1" * 16, date(2020, 7, 14), "0.1.0", numbers, changes)


@pytest.fixture(scope="session")
def hostile_first() -> FirstPage:
    """A first page whose every text means harm."""
    told = Difference(0.2, 0.1, -0.1, (-0.2, 0.0), 0.001, (HARM,), ())
    reasons = tuple(Reason(HARM, HARM + LONG, HARM, 4, HARM, True, told) for _ in range(3))
    sign = Sign("stream", HARM + LONG, HARM, 2, AS_OF, 0.5, 0.2, 0.3, 0.1, 0.01, 500, HARM)
    signs = (sign, Sign("rung", HARM, HARM + LONG, 1, AS_OF, 0.5, 0.2, 0.3, 0.1, 0.01, 500), sign)
    changes = tuple(Change(HARM, HARM + LONG, (HARM, LONG) * 9) for _ in range(3))
    before = LastIssue(HARM, AS_OF, HARM, {f"{HARM}0": Number("event", 1.0, 0.0)}, changes)
    return FirstPage(
        f"{HARM}0", 100, reasons, signs, 1.0, before, ((HARM, HARM), (LONG, LONG)), {HARM: Bearing(math.nan, told)}
    )


@pytest.fixture(scope="session")
def page(study: Study, context: Context, first: FirstPage) -> str:
    """The brief of the ordinary study."""
    return render(study, context, first)


@pytest.fixture(scope="session")
def hostile_page(hostile_study: Study, hostile_context: Context, hostile_first: FirstPage) -> str:
    """The brief of the hostile study."""
    return render(hostile_study, hostile_context, hostile_first)
