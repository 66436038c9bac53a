"""Cross references, dates, kinds and phrases: what a case cannot mean, in which words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fissures.case.check import check_case, examine, load_case
from fissures.case.read import read_case
from fissures.errors import CaseError, DataError, Finding

Altered = Callable[..., Path]


def errors(folder: Path) -> list[Finding]:
    return [f for f in examine(folder).findings if f.level == "error"]


def test_the_small_case_is_valid_and_draws_no_remark(two_valleys: Path) -> None:
    case, positions = load_case(two_valleys)
    assert check_case(case, positions) == []
    assert check_case(case) == []


ERRORS = [
    # names
    ("within: LEA", "within: LAE", "no actor 'LAE'", "did you mean 'LEA'? legal here: ARD, BRO, LEA"),
    ("ladder: river", "ladder: rivr", "no ladder 'rivr'", "did you mean 'river'? legal here: parley, river"),
    ("between: [ARD, BRO]", "between: [ARD, BRE]", "no actor 'BRE'", "did you mean 'BRO'? legal here: ARD, BRO, LEA"),
    ("north: ARD", "north: ART", "no actor 'ART'", "did you mean 'ARD'? legal here: ARD, BRO, LEA"),
    ("      uprising:\n        to:", "      uprisng:\n        to:", "no rung 'uprisng'", None),
    ("{raids: 1, feud: 2", "{raid: 1, feud: 2", "no rung 'raid'", None),
    ("[PROTEST]", "[PROTESTS]", "no PLOVER category 'PROTESTS'", None),
    ("{water_cuts: 1.0}", "{water_cut: 1.0}", "no pressure, commitment or stream 'water_cut'", None),
    ("{water_cuts: 1.0}", "{distrust: 1.0}", "'distrust' is a pressure; pressures are fed by what happens", None),
    ("{water_cuts: 1.0}", "{oath: 1.0}", "'oath' does not feed a pressure", None),
    ("{burnings: 1, dead of BRO", "{burnings: 1, dead of BRE", "no actor 'BRE'", None),
    ("active_from: raids", "active_from: raid", "no rung 'raid'", None),
    (
        "active_from: raids",
        "active_from: calm",
        "active_from is the lowest rung 'calm', so every day would be active",
        None,
    ),
    (
        "mean: 0.4, says: the ledger",
        "mean: 30, cap: 30, says: the ledger",
        "the cap 30 is not above the mean of 30 dead a day",
        "raise the cap, or leave it out: then it is fifty times the mean, and at least 20",
    ),
    (
        "mean: 0.4, says: the ledger",
        "mean: 0.4, cap: 9, threshold: 9, says: the ledger",
        "the cap 9 is not above the threshold of 9 dead",
        "lower the threshold or raise the cap; left out, the threshold is what one day in ten goes beyond",
    ),
    (
        "mean: 0.4, says: the ledger",
        "mean: 0.4, threshold: 20, says: the ledger",
        "the cap, unsaid and so 20, is not above the threshold of 20 dead",
        None,
    ),
    ("{ARD: 0.4, BRO: 0.3,", "{ARD: 0.4, LEA: 0.3,", "no side 'LEA'", "legal here: ARD, BRO, both, unclear"),
    ("{ARD: 0.4, BRO: 0.3,", "{ARD: 0.4, BRO: 0.5,", "the shares of who moved add up to 1.2", None),
    ("dead_by_side: {ARD: 14", "dead_by_side: {ARE: 14", "no side 'ARE'", None),
    ("ladder: parley", "ladder: parly", "no ladder 'parly'", None),
    ("parley, between: [ARD, BRO]", "parley, between: [ARD, BRU]", "no actor 'BRU'", None),
    ("parties: [LEA, BRO]", "parties: [LEA, BRU]", "no actor 'BRU'", None),
    ("requested_by: market_marches", "requested_by: marches", "no stream 'marches'", None),
    ("obliges: wardens", "obliges: warden", "no stream 'warden'", None),
    ("side: BRO", "side: BRU", "no actor 'BRU'", None),
    ("    inject:", "    scale: {marches: 2}\n    inject:", "no stream or pressure 'marches'", None),
    ("elements: [stream water_cuts", "elements: [stream water_cut", "no stream 'water_cut'", None),
    ("elements: [stream water_cuts", "elements: [streams water", "'streams water' is not an element of a case", None),
    ("moves: [stream market_marches", "moves: [streams", "'streams' is not something that a run measures", None),
    ("rung raids of weir", "rung raid of weir", "no rung on the ladder of weir: 'raid'", None),
    ("fire on BRO soil at feud", "fire on BRU soil at feud", "no actor 'BRU'", None),
    (
        "when: fire on BRO soil at feud or above",
        "when: thirst",
        "'thirst' is not something that triggers a commitment",
        None,
    ),
    ("lasts: 3 weeks", "lasts: 0 weeks", "'0 weeks' lasts no time at all", None),
    ("read_from: use of arson", "read_from: use of arsen", "no means on a rung 'arsen'", None),
    (
        "read_from: use of arson on any front",
        "read_from: fear",
        "'fear' is not something that a stream can be read from",
        None,
    ),
    ("means arson of weir", "means arsen of weir", "no means on a rung 'arsen'", None),
    (
        "cause: within 3 weeks of water_cuts",
        "cause: within 0 weeks of water_cuts",
        "'0 weeks' lasts no time at all",
        None,
    ),
    (
        "cause: within 3 weeks of water_cuts",
        "cause: water_cuts",
        "'water_cuts' is a stream; a cause lasts longer than its events",
        None,
    ),
    ("cause: thirst and distrust", "cause: thirst and mistrust", "no pressure, commitment or stream 'mistrust'", None),
    (
        "observed_when: [council_meetings in 14",
        "observed_when: [killed per week >= 1, council_meetings in 14",
        "'killed per week >= 1' speaks of the weekly record, which counts violence on fronts",
        None,
    ),
    (
        "asks: any front reaches feud",
        "void_when: deaths on all fronts\n    asks: any front reaches feud",
        "'deaths on all fronts' is a number; a question becomes void by something that happens or not",
        None,
    ),
    (
        "says: the spring rains failed",
        "effect: lowers violence of wier, ford\n    says: dry".replace("\n    ", ", ").replace("wier, ford", "wier"),
        "no front or track 'wier'",
        None,
    ),
    ("{council_meetings: 0.5}", "{meetings: 0.5}", "no stream 'meetings'", None),
    ("{council_meetings: 1 every", "{meetings: 1 every", "no stream 'meetings'", None),
    ("    inject:", "    hold: {hunger: 0.0}\n    inject:", "no pressure or commitment 'hunger'", None),
    ("source: letter", "source: leter", "no source 'leter'", "did you mean 'letter'? legal here: ledger, letter"),
    ("strength: plain", "strength: plainly", "no strength word 'plainly'", None),
    ("streams: [water_cuts,", "streams: [water_cut,", "no stream 'water_cut'", None),
    ("    split:", "    columns: {market_marches: drone}\n    split:", "no column of the weekly record 'drone'", None),
    ("role: alliance of both valleys", "within: ARD", "'LEA' lies within itself", "remove one 'within'"),
    # phrases
    (
        "half_life: 4 weeks",
        "half_life: 0 days",
        "'0 days' lasts no time at all",
        "write a duration above zero: 14 days, 3 weeks",
    ),
    ("base_rate: 1 per month", "base_rate: monthly", "'monthly' is not a rate", "write 4 per month, or 1 per 30 years"),
    ("cause: grief", "cause: greif", "no pressure, commitment or stream 'greif'", None),
    ("raises climbing of weir", "raises climbing of wier", "no front or track 'wier'", None),
    ("from scuffles of ford", "from scuffle of ford", "no rung on the ladder of ford: 'scuffle'", None),
    ("when: thirst above", "when: thurst above", "no pressure 'thurst'", None),
    ("when: thirst above 0.2", "when: thirst", "'thirst' is not a condition", None),
    ("reaches feud", "reaches fued", "no rung on the ladder of weir: 'fued'", None),
    ("own front at raids or above", "own front at raid or above", "no rung on the ladder of weir: 'raid'", None),
    (
        "reference_surge: 3 events in 14 days",
        "reference_surge: 7 days",
        "'7 days' does not measure a pressure with fed_by",
        "write it as 3 events in 14 days",
    ),
    (
        "half_life: 4 weeks",
        f"half_life: {'9' * 400} weeks",
        f"'{'9' * 60}...' holds a number without end",
        "write a smaller number",
    ),
    # dates
    (
        "horizon: 2020-06-30",
        "horizon: 2019-12-29",
        "the horizon 2019-12-29 is not after the as-of date 2019-12-29",
        "write a later date, at most 2022-12-29",
    ),
    (
        "horizon: 2020-06-30",
        "horizon: 2022-12-30",
        "the horizon 2022-12-30 is more than three years after the as-of date 2019-12-29",
        "write 2022-12-29 or earlier",
    ),
    (
        "by: 2020-03-31",
        "by: 2020-07-01",
        "2020-07-01 does not lie after 2019-12-29 and by the horizon 2020-06-30",
        "write a date up to 2020-06-30, or move the horizon",
    ),
    (
        "from: 2020-01-06",
        "from: 2019-12-29",
        "the lever begins on 2019-12-29, not after the as-of date 2019-12-29",
        "begin on 2019-12-30 or later",
    ),
    (
        "to: 2020-06-30",
        "to: 2020-01-01",
        "the lever ends on 2020-01-01, before it begins on 2020-01-06",
        "exchange the two dates",
    ),
    (
        "[[2018-01-01, 2019-12-29]]",
        "[[2018-01-01, 2019-12-30]]",
        "the window reaches 2019-12-30, past the as-of date 2019-12-29",
        "end the window by 2019-12-29",
    ),
    # kinds
    (
        "    half_life: 4 weeks\n",
        "",
        "pressure 'thirst' has fed_by but never fades",
        "write half_life: 6 weeks",
    ),
    (
        "    fed_by: {water_cuts: 1.0}\n",
        "",
        "pressure 'thirst' has no way to rise, and does not say why",
        "write fed_by, builds_up or series; or says: why only levers and claims move it",
    ),
    (
        "    fed_by: {",
        "    builds_up: 3 weeks\n    fed_by: {",
        "pressure 'thirst' has fed_by and builds_up; what builds up by itself rises by nothing else",
        "keep one of them",
    ),
    (
        "    relieved_by: {council_meetings: 0.5}\n",
        "",
        "pressure 'distrust' builds up but nothing relieves it",
        "write relieved_by: {STREAM: 0.5}",
    ),
    (
        "    builds_up: 3 months\n",
        "    builds_up: 3 months\n    half_life: 1 week\n",
        "pressure 'distrust' builds up and also fades",
        "remove half_life; relieved_by says what lowers it",
    ),
    (
        "    fed_by: {water_cuts: 1.0}\n    half_life: 4 weeks\n    reference_surge: 3 events in 14 days",
        "    series: weekly.csv\n    reference_surge: '80'",
        "pressure 'thirst' follows a series but names no column",
        "write column: NAME of the column in the file",
    ),
    # claims, questions, evidence
    (
        "    strength: appears\n",
        "",
        "claims.grief_slows_falling has no 'strength'",
        None,
    ),
    (
        "cause: thirst\n    effect: raises stream",
        "cause: grief\n    effect: raises stream",
        "'grief' stands once for each front, and cannot move market_marches",
        None,
    ),
    ("span: [0, 89]", "span: [89, 89]", "the span [89, 89] holds no words", "write para: 4 and span: [120, 188]"),
    ("code: V-Q2", "code: V-Q1", "the code 'V-Q1' is already that of 'feud'", "give each question a code of its own"),
    ("{low: 0.02, high: 0.8,", "{low: 0.9, high: 0.8,", "the base rate's low is above its high", "exchange the two"),
    (
        "    by: 2020-03-31",
        "    exceed: [1]\n    by: 2020-03-31",
        "only a question for a number can be asked how likely it exceeds a level",
        "remove exceed, or ask: deaths on all fronts",
    ),
    ("ford: 0.4}", "ford: 0.3}", "the shares of the split add up to 0.9", "make the shares add up to 1"),
    (
        "    covers: [[2018-01-01, 2019-12-29]]\n    fronts",
        "    fronts",
        "'weekly' does not say which days it covers",
        "write covers: [[2015-01-01, 2020-07-21]]",
    ),
    (
        "kind: weekly_record",
        "kind: weekly_record\n    role: state",
        "no evidence of kind weekly_record",
        "add an entry under evidence with kind: weekly_record",
    ),
]


@pytest.mark.parametrize(("old", "new", "message", "remedy"), ERRORS, ids=[str(row[2])[:50] for row in ERRORS])
def test_what_a_case_cannot_mean(altered: Altered, old: str, new: str, message: str | None, remedy: str | None) -> None:
    found = errors(altered((old, new)))
    assert found, "nothing was found"
    assert all(f.why and f.remedy and f.message for f in found)
    told = next((f for f in found if message in (None, f.message)), None)
    assert told, [f.message for f in found]
    assert remedy in (None, told.remedy)
    assert told.where.count(":") == 2
    with pytest.raises(CaseError):
        load_case(altered((old, new)))


def test_findings_stand_where_the_phrase_is_written(altered: Altered) -> None:
    folder = altered(("raises climbing of weir", "raises climbing of wier"))
    lines = (folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "wier" in text)
    assert str(errors(folder)[0]) == (
        f"case.yaml:{line}:13  no front or track 'wier'\n"
        "    why it matters: a claim without a readable effect moves nothing\n"
        "    try: did you mean 'weir'? legal here: council, ford, weir"
    )


REMARKS = [
    (
        "    prior: {mean: 0.4, sd: 0.4",
        "    published: 2020-02-01\n    prior: {mean: 0.4, sd: 0.4",
        "note",
        "the prior falls back to the strength word 'likely': it comes from a study of 2020-02-01, "
        "after the as-of date 2019-12-29",
    ),
    (
        "    prior: {mean: 0.4, sd: 0.4",
        "    prior_uses_fit_data: true\n    prior: {mean: 0.4, sd: 0.4",
        "note",
        "the prior falls back to the strength word 'likely': it uses data of the fit",
    ),
    (
        "prior: {mean: 0.4",
        "prior: {mean: -0.4",
        "warning",
        "the prior's mean -0.4 runs against the claim's own effect",
    ),
    (
        "cause: grief",
        "cause: ford at raids or above",
        "note",
        "no claim reads the pressure 'grief'",
    ),
    ("{burnings: 1, dead of BRO: 0.5}", "{dead of BRO: 0.5}", "note", "nothing reads the stream 'burnings'"),
    (
        "council_meetings, market_marches]",
        "council_meetings]",
        "note",
        "no evidence counts the stream 'market_marches'",
    ),
    ("to: 2020-06-30", "to: 2020-07-30", "warning", "the lever ends on 2020-07-30, after the horizon 2020-06-30"),
    ("split: {weir: 0.6, ford: 0.4}", "split: {weir: 1}", "warning", "the split gives no share to the front 'ford'"),
    (
        '2018-2019", published: 2019-12-29',
        '2018-2019", published: 2020-12-29',
        "warning",
        "'ledger' was published on 2020-12-29, after the as-of date 2019-12-29",
    ),
    (
        "commitments:\n",
        "commitments:\n  vow: {name: The vow, guarantor: LEA, protects: BRO, when: ford at feud or above}\n",
        "note",
        "nothing reads the commitment 'vow'",
    ),
    (
        "      para: 5\n      span: [0, 57]\n",
        "",
        "note",
        None,
    ),
]


@pytest.mark.parametrize(("old", "new", "level", "message"), REMARKS, ids=[str(row[3])[:50] for row in REMARKS])
def test_what_a_reader_should_know_stops_nobody(
    altered: Altered, old: str, new: str, level: str, message: str | None
) -> None:
    pairs = (
        [(old, new)]
        if message
        else [
            (
                old
                + "      sha256: f9db09933130e1ca337b4159078796c92558c09ee85820c79b020798c9f89bed\n"
                + "      reading: implied",
                "      reading: stated",
            )
        ]
    )
    folder = altered(*pairs)
    found = [f for f in examine(folder).findings if f.message == message or message is None]
    assert found and found[0].level == level, [str(f) for f in examine(folder).findings]
    assert found[0].why and found[0].remedy
    load_case(folder)


def test_errors_of_shape_and_of_sense_come_together(altered: Altered) -> None:
    folder = altered(
        ("code: V1", "code: 1"), ("cause: grief", "casue: grief"), ("half_life: 2 weeks", "half_life: soon")
    )
    assert [f.message for f in examine(folder).findings] == [
        "'soon' is not a duration",
        "claims.thirst_raises_climbing.code must be text, not 1",
        "the key 'casue' is not known in claims.grief_slows_falling",
    ]


def test_missing_data_alone_is_a_data_error(altered: Altered) -> None:
    with pytest.raises(DataError):
        load_case(altered(("file: events.csv", "file: gone.csv")))


def test_a_case_built_in_python_is_told_by_path(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    claim = case.claims["grief_slows_falling"].model_copy(update={"cause": "sorrow"})
    broken = case.model_copy(update={"claims": {"grief_slows_falling": claim}, "systems": {}})
    found = [f for f in check_case(broken) if f.level == "error"]
    assert [f.where for f in found] == ["case: claims.grief_slows_falling.cause"]


RIVALS = [
    (
        "idle: [thirst_raises_climbin]",
        "the rival reading 'other' leaves idle 'thirst_raises_climbin', and there is no such claim",
    ),
    (
        "idle: [water_is_what_it_is_about]",
        "the rival reading 'other' leaves idle 'water_is_what_it_is_about', which is a claim that moves nothing",
    ),
    (
        "reversed: [thirst_raises_climbin]",
        "the rival reading 'other' turns round 'thirst_raises_climbin', and there is no such claim",
    ),
    ("idle: []", "the rival reading 'other' differs in no claim"),
    (
        "idle: [fear_brings_fire], reversed: [fear_brings_fire]",
        "'fear_brings_fire' is both idle and reversed",
    ),
    ("idle: [fear_brings_fire], source: nobody", "no source 'nobody'"),
]


@pytest.mark.parametrize(("said", "message"), RIVALS)
def test_a_rival_reading_differs_in_claims_that_move_something(altered: Altered, said: str, message: str) -> None:
    """Names, and what cannot be meant, with where and what to try."""
    reading = f"rivals:\n  other: {{name: Other, says: as others see it, {said}}}\nquestions:\n"
    found = errors(altered(("questions:\n", reading)))
    assert [f.message for f in found] == [message]
    assert found[0].where.startswith("case.yaml:") and found[0].why and found[0].remedy


def test_a_rival_reading_is_no_remark_when_it_is_right(altered: Altered) -> None:
    reading = "rivals:\n  other: {name: Other, says: as others see it, idle: [fear_brings_fire]}\nquestions:\n"
    assert not examine(altered(("questions:\n", reading))).findings
