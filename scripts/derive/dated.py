"""Dated counts (the timeline's acts, the article's own events) and coded spells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from derive.coded import CODED, COUNTED_ON
from derive.tables import AS_OF, RUNGS, Row, SourceProblem

COUNTED = ("date", "stream", "count")
SPELLS = ("front", "start", "end", "rung", "killed_low", "killed_high", "means", "basis", "source")
FRONTS = {"LOC": "loc", "TAV": "tavush", "NAX": "nakhchivan"}
KILLED_BY_DAY = "Crisis Group nk-data-repo (killed by day)"
BEGINS = "article P14; Crisis Group nk-data-repo (weapons by day)"
NOT_IN_THE_RECORD = "ours: no strike on a rear or strategic target of either state is in the record used here"
CODED_HERE: Sequence[tuple[object, ...]] = (
    ("loc", "2017-01-01", "2017-02-23", "heavy_weapons", "", "", "no day of five killed", "F", KILLED_BY_DAY),
    ("loc", "2017-02-26", "2017-04-30", "heavy_weapons", "", "", "no day of five killed", "F", KILLED_BY_DAY),
    ("tavush", "2020-04-01", "2020-07-11", "harassing_fire", "", "", "shelling begins on 12 July", "F", BEGINS),
    ("rear", "2014-12-29", "2020-07-15", "untouched", "0", "0", "none", "M", NOT_IN_THE_RECORD),
    ("rear", "2020-07-16", "2020-07-21", "threatened", "0", "0", "threat on the nuclear plant", "M", "article P17"),
)

ARTICLE_FROM = date(2019, 1, 1)
LONG_WINDOW_DAYS = 10
# The article's own events (ids of its event list) by stream. Those that events.csv already holds are not among them.
ARTICLE: Mapping[str, Sequence[str]] = {
    "accusations": ("E062", "E063", "E070", "E072"),
    "arrests_aze": ("E034", "E084"),
    "corridor_attention": ("E050", "E064"),
    "diaspora_statements": ("E071",),
    "disavowals": ("E042",),
    "elite_changes_aze": ("E022", "E059"),
    "incidents": ("E045",),
    "large_rally_baku": ("E077",),
    "mediation_offers": ("E065",),
    "nuclear_threats": ("E060",),
    "optimistic_statements": ("E021",),
    "ouster_calls": ("E038",),
    "outside_calls": ("E052", "E090"),
    "protest_aze": ("E025", "E033", "E078"),
    "prowar_protest": ("E079",),
    "rebuffs": ("E072",),
    "relief_payments": ("E040",),
    "russian_diplomacy": ("E051", "E066"),
    "russian_exercises": ("E067",),
    "senior_officer_deaths": ("E075",),
    "support_for_armenia": ("E068",),
    "threats": ("E043", "E069"),
    "turkish_backing": ("E053", "E054", "E058"),
    "turkish_mobilisation": ("E057",),
    "us_diplomacy": ("E089",),
    "video_calls": ("E041",),
    "volunteers": ("E080",),
}
# Events of a window that stand on a day of their own inside it; the reason of each is in SOURCES.md.
PLACED = {
    "E041": "2020-06-30",
    "E059": "2020-07-16",
    "E060": "2020-07-16",
    "E062": "2020-07-16",
    "E067": "2020-07-17",
    "E068": "2020-07-16",
    "E070": "2020-07-16",
    "E071": "2020-07-16",
    "E072": "2020-07-16",
    "E075": "2020-07-14",
}


def spell_rows(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The coded spells with the case's names of fronts and rungs, and those coded here, by start date and front."""
    out: list[tuple[object, ...]] = list(CODED_HERE)
    source = ""
    for row in rows:
        source = source if row["source"] == "same" else row["source"].replace("seed ", "article ")
        front, rung = FRONTS[row["front"]], RUNGS[int(row["rung"])]
        rest = (row["killed_low"], row["killed_high"], row["means"], row["basis"], source)
        out.append((front, row["start"], row["end"], rung, *rest))
    return sorted(out, key=lambda spell: (str(spell[1]), str(spell[0])))


def timeline(rows: Iterable[Row]) -> list[tuple[int, str, str]]:
    """Row number (the header is 1), ISO start date and headline of each row that names a day."""
    return [
        (number, f"{int(row['Year'])}-{int(row['Month']):02d}-{float(row['Day']):02.0f}", row["Headline"])
        for number, row in enumerate(rows, start=2)
        if row["Day"]
    ]


def event_rows(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The coded rows of the timeline as dated counts; each must match exactly one row."""
    dated = timeline(rows)
    out: list[tuple[object, ...]] = []
    for stream, keys in CODED.items():
        for start, words in keys:
            found = [number for number, day, headline in dated if day == start and words in headline]
            if len(found) != 1:
                raise SourceProblem(f"timeline: {len(found)} rows of {start} have {words!r} in the headline")
            out.append((COUNTED_ON.get((stream, start, words), start), stream, 1, found[0]))
    return sorted(out, key=lambda event: (str(event[0]), str(event[1])))


def day_of(event: Row) -> date:
    """The day on which an event of the article stands: placed by us, its first day, or the middle of a long window."""
    first, last = date.fromisoformat(event["date_start"]), date.fromisoformat(event["date_end"])
    if event["id"] in PLACED:
        day = date.fromisoformat(PLACED[event["id"]])
    else:
        day = first + (last - first) // 2 if (last - first).days > LONG_WINDOW_DAYS else first
    if not max(first, ARTICLE_FROM) <= day <= min(last, AS_OF):
        raise SourceProblem(f"article events: {event['id']} would stand on {day}, outside its window")
    return day


def state_rows(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The article's own events of 2019 to July 2020 as dated counts, with the paragraph they stand in."""
    by_id = {row["id"]: row for row in rows}
    found: Counter[tuple[date, str, str]] = Counter()
    for stream, ids in ARTICLE.items():
        for name in ids:
            if name not in by_id:
                raise SourceProblem(f"article events: {name} is absent")
            found[day_of(by_id[name]), stream, by_id[name]["source_para"]] += 1
    return [(day, stream, found[day, stream, para], para) for day, stream, para in sorted(found)]
