"""The same work as an analyst would do it with pandas: GED typed, checked and written; streams counted by week.

It is written to be quick: whole columns at once, few rows left before lists are looked into, no row by row. It does a
little less than ours: names of states that changed their meaning, and lines that do not split, are not looked after.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fissures import terms
from fissures.case.records import Actor, Case
from fissures.events.matching import STATE_ORGANS

DAYS = ("date_start", "date_end")
NUMBERS = ("latitude", "longitude", "low", "best", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
TEXTS = ("side_a", "side_b", "where_coordinates", "where_description", "dyad_name", "source_article", "country")
SIDES = ("south", "north", "west", "east")
AGAINST = {"OPP", "REB", "SEP", "INS"}


def _vocabulary(name: str) -> list[dict[str, str]]:
    with terms.path(name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _states() -> dict[str, str]:
    out: dict[str, str] = {}
    for row in _vocabulary("states.csv"):
        for name in (row["name"], row["iso3"], *row["names"].split("|")):
            if name:
                out[name.lower()] = row["iso3"]
    return out


def add(file: Path, out: Path, engine: str) -> dict[str, Any]:
    """GED with a type for every column and a reason for every row that cannot be used, written as Parquet."""
    raw = _with_pyarrow(file) if engine == "pyarrow" else pd.read_csv(file, dtype=str, keep_default_na=False)
    nul = np.zeros(len(raw), dtype=bool)
    for name in raw.columns:
        nul |= raw[name].str.contains("\0", regex=False).to_numpy(dtype=bool)
    text = {name: raw[name].str.strip() for name in (*NUMBERS, *TEXTS, "id", "type_of_violence", "where_prec")}
    number = {name: pd.to_numeric(text[name], errors="coerce") for name in NUMBERS}
    unreadable = np.zeros(len(raw), dtype=bool)
    for name in NUMBERS:
        unreadable |= (number[name].isna() & (text[name] != "")).to_numpy(dtype=bool)
    day = {name: pd.to_datetime(raw[name].str[:10], format="%Y-%m-%d", errors="coerce") for name in DAYS}
    states = _states()
    country = text["country"].str.lower().map(states)
    made = pd.DataFrame(
        {
            "row_id": text["id"],
            "start_date": day["date_start"],
            "end_date": day["date_end"].fillna(day["date_start"]),
            "date_precision": raw["date_prec"].map(
                {r["code"]: r["precision"] for r in _vocabulary("ucdp_date_precision.csv")}
            ),
            "actor": text["side_a"],
            "actor_state": text["side_a"].str.removeprefix("Government of ").str.lower().map(states),
            "recipient": text["side_b"],
            "recipient_state": text["side_b"].str.removeprefix("Government of ").str.lower().map(states),
            "code": text["type_of_violence"],
            "category": text["type_of_violence"].map(
                {r["type_of_violence"]: r["category"] for r in _vocabulary("ucdp.csv")}
            ),
            "place": text["where_coordinates"].where(text["where_coordinates"] != "", text["where_description"]),
            "country": country,
            "place_precision": text["where_prec"].map(
                {r["code"]: r["precision"] for r in _vocabulary("ucdp_place_precision.csv")}
            ),
            **{name: number[name] for name in NUMBERS[:2]},
            **{name: number[name].astype("Int32") for name in NUMBERS[2:]},
            "dyad": text["dyad_name"],
            "article": text["source_article"],
            "reports": pd.to_numeric(raw["number_of_sources"], errors="coerce").astype("Int32"),
        }
    )
    made["reason"] = _reasons(made, nul, unreadable)
    bad = made["reason"].notna()
    made["line"] = pd.Series(raw[bad].apply(lambda row: row.to_json(), axis=1), dtype=str) if bad.any() else None
    made.to_parquet(out, compression="zstd", index=False)
    kept = made[~bad]
    return {"rows": len(kept), "dead": int(kept["best"].sum())}


def _with_pyarrow(file: Path) -> pd.DataFrame:
    """The file by pyarrow's reader on all cores; pandas' own call of it stumbles over line ends inside of cells."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    with file.open(newline="", encoding="utf-8") as handle:
        header = next(csv.reader(handle))
    return arrow.read_csv(
        file,
        parse_options=arrow.ParseOptions(newlines_in_values=True),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
        ),
    ).to_pandas()


def _reasons(made: pd.DataFrame, nul: Any, unreadable: Any) -> pd.Series:
    box = {row["iso3"]: row for row in _vocabulary("boxes.csv")}
    south, north, west, east = (
        made["country"].map({iso3: float(row[side]) for iso3, row in box.items()}) for side in SIDES
    )
    lat, lon = made["latitude"], made["longitude"]
    inside = lat.between(south - 1, north + 1) & lon.between(west - 1, east + 1)
    turned = lon.between(south - 1, north + 1) & lat.between(west - 1, east + 1)
    dead = made[list(NUMBERS[2:])]
    checks = {
        "NUL byte": nul,
        "unreadable number": unreadable,
        "unknown code": made["category"].isna(),
        "no actor": made["actor"] == "",
        "no id": made["row_id"] == "",
        "impossible date": made["start_date"].isna() | (made["start_date"] < pd.Timestamp(1800, 1, 1)),
        "date in the future": made["start_date"] > pd.Timestamp(date.today()),
        "dates out of order": made["end_date"] < made["start_date"],
        "negative deaths": (dead.min(axis=1) < 0).fillna(False),
        "swapped coordinates": ((lat.abs() > 90) & (lon.abs() <= 90)) | (turned & ~inside),
        "impossible coordinates": (lat.abs() > 90) | (lon.abs() > 180) | (lat.isna() != lon.isna()),
        "duplicated id": made["row_id"].duplicated(),
    }
    conditions = [np.asarray(condition, dtype=bool) for condition in checks.values()]
    chosen = np.select(conditions, list(range(len(checks))), default=-1)
    return pd.Series(pd.Categorical.from_codes(chosen, list(checks)), index=made.index)


def panel(files: Sequence[Path], case: Case) -> dict[str, float]:
    """Counts of each stream; the weeks are made as well."""
    named = [
        "start_date",
        "category",
        "mode",
        *(f"{side}{part}" for side in ("actor", "recipient") for part in ("", "_state", "_roles")),
    ]
    frame = pd.concat([pd.read_parquet(file, columns=[*named, "reason"]) for file in files])
    frame = frame[frame["reason"].isna() & (frame["start_date"] <= case.as_of)]
    frame = _near(frame, case)
    week = pd.to_datetime(frame["start_date"]).dt.to_period("W")
    marks = {
        (side, name): _who(frame, case.actors[name], side)
        for side in ("actor", "recipient")
        for name in {n for stream in case.streams.values() for n in getattr(stream, side)}
    }
    out = {}
    for name, stream in case.streams.items():
        kinds = np.zeros(len(frame), dtype=bool)
        for named_kind in stream.count:
            category, _, mode = named_kind.partition("/")
            kinds |= ((frame["category"] == category) & ((frame["mode"] == mode) if mode else True)).to_numpy(bool)
        if set(stream.actor) & set(stream.recipient):
            pairs = [(a, b) for a in stream.actor for b in stream.recipient if a != b]
            kinds &= np.logical_or.reduce([marks["actor", a] & marks["recipient", b] for a, b in pairs] or [True])
        else:
            for side in ("actor", "recipient"):
                if actors := getattr(stream, side):
                    kinds &= np.logical_or.reduce([marks[side, actor] for actor in actors])
        out[name] = float(week[kinds].value_counts().sum())
    return out


def _near(frame: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Rows of which some side bears the name or the state of one of the actors: lists are looked into only here."""
    states = {_state(actor) for actor in case.actors.values()} - {""}
    names = {name.lower() for actor in case.actors.values() for name in (actor.name, *actor.known_as)}
    near = np.zeros(len(frame), dtype=bool)
    for side in ("actor", "recipient"):
        near |= frame[f"{side}_state"].isin(states).to_numpy(bool)
        near |= frame[side].str.lower().isin(names).to_numpy(bool)
    return frame[near]


def _state(actor: Actor) -> str:
    code = actor.cameo or actor.iso3 or ""
    return actor.iso3 or (code[:3] if actor.within or len(code) == 3 else "")


def _who(frame: pd.DataFrame, actor: Actor, side: str) -> Any:
    """Whether a side is an actor, by its names, or by its state and roles."""
    names = {name.lower() for name in (actor.name, *actor.known_as)}
    found = np.array(frame[side].str.lower().isin(names), dtype=bool)
    state, code = _state(actor), actor.cameo or actor.iso3 or ""
    if not state:
        return found
    wanted = {code[k : k + 3] for k in range(3, len(code), 3)} if code.startswith(state) else set()
    mine = np.flatnonzero((frame[f"{side}_state"] == state).to_numpy(bool))
    for k, roles in zip(mine, frame[f"{side}_roles"].iloc[mine], strict=True):
        told = None if roles is None else set(roles)
        if wanted:
            found[k] |= told is not None and bool(told & wanted)
        elif not actor.within:
            found[k] |= told is None or (bool(told & set(STATE_ORGANS)) and not told & AGAINST)
    return found
