"""Laws of every reader: no input crashes it, every line is counted once and in one place, and sums are kept."""

from __future__ import annotations

import gzip
import io
import random
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fissures.errors import FissuresError
from fissures.events import database, originals, reading
from fissures.events.formats import gdelt, polecat, registry
from fissures.events.formats.mapping import beside
from fissures.events.table import literal

TODAY = date(2024, 6, 30)
SECONDS = 20  # after which a reader is taken to hang
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ged" / "GEDEvent_v23_0_10.csv"
Cells = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A format in its native layout: how a good row of it looks, and where it counts its dead."""

    name: str
    columns: tuple[str, ...]
    good: Callable[[int], Cells]
    id: str
    dead: str = ""
    tabs: bool = False
    header: bool = True
    mapping: str = ""
    fixed: Cells = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        return "made.txt" if self.tabs else "made.csv"

    def cells(self, k: int, dead: int) -> list[str]:
        """Good row number k."""
        told = {**self.fixed, **self.good(k), **({self.dead: str(dead)} if self.dead else {})}
        return [told.get(name, "") for name in self.columns]


def day(k: int) -> date:
    return date(2018 + k % 3, k % 12 + 1, k % 28 + 1)


_ICEWS = """Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,Target Name,
Target Sectors,Target Country,Story ID,Sentence Number,Publisher,City,District,Province,Country,Latitude,Longitude"""
_GED = """id,relid,type_of_violence,side_a,side_b,source_article,where_prec,where_coordinates,latitude,longitude,
country,date_prec,date_start,date_end,deaths_a,best,high,low"""
_ACLED = """event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,inter1,actor2,inter2,country,
location,latitude,longitude,source,fatalities,timestamp"""
_MAPPING = """fissures_mapping: 1
dataset: mine
columns: {row_id: key, start_date: day, actor: who, lat: lat, lon: lon, deaths_best: dead, country: land}
codes: {column: kind, means: {shelling: ASSAULT/heavy-weapons, talks: CONSULT}}
"""


def _named(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", "").split(","))


def _ged(name: str) -> Kind:
    fixed = {"type_of_violence": "1", "side_a": "Government of Türkiye", "side_b": "PKK", "country": "Turkey"}
    fixed |= {"latitude": "37.5", "longitude": "43.5", "where_prec": "1", "date_prec": "1"}
    return Kind(
        name, _named(_GED), lambda k: {"id": str(900_000 + k), "date_start": str(day(k))}, "id", "best", fixed=fixed
    )


def _gdelt(name: str, columns: tuple[str, ...]) -> Kind:
    def good(k: int) -> Cells:
        told = f"{day(k):%Y%m%d}"
        return {"GLOBALEVENTID": str(900_000 + k), "SQLDATE": told, "MonthYear": told[:6], "Year": told[:4]}

    fixed = {"FractionDate": "2018.5", "EventCode": "190", "GoldsteinScale": "-10", "Actor1CountryCode": "ARM"}
    return Kind(name, columns, good, "GLOBALEVENTID", tabs=True, header=False, fixed=fixed)


KINDS = (
    _ged("ucdp-ged"),
    _ged("ucdp-candidate"),
    Kind(
        "acled",
        _named(_ACLED),
        lambda k: {"event_id_cnty": f"ARM{900_000 + k}", "event_date": f"{day(k):%d %B %Y}"},
        "event_id_cnty",
        "fatalities",
        fixed={
            "event_type": "Battles",
            "sub_event_type": "Armed clash",
            "actor1": "Military Forces of Armenia (2018-)",
            "country": "Armenia",
            "latitude": "40.2",
            "longitude": "44.5",
        },
    ),
    Kind(
        "icews",
        _named(_ICEWS),
        lambda k: {"Event ID": str(900_000 + k), "Event Date": str(day(k))},
        "Event ID",
        tabs=True,
        fixed={"Source Name": "Armenia", "CAMEO Code": "190", "Target Name": "Azerbaijan"},
    ),
    Kind(
        "icews-quads",
        ("source", "relation", "target", "day"),
        lambda k: {"source": f"Good {k}", "day": str(day(k))},
        "source",
        tabs=True,
        header=False,
        fixed={"relation": "Consult", "target": "Azerbaijan"},
    ),
    Kind(
        "polecat",
        polecat.POLECAT.names,
        lambda k: {"Event ID": f"E{900_000 + k}", "Event Date": str(day(k))},
        "Event ID",
        tabs=True,
        fixed={"Event Type": "ASSAULT", "Actor Name": "Armenia", "Actor Country": "ARM"},
    ),
    _gdelt("gdelt-1", gdelt.GDELT_1.names),
    _gdelt("gdelt-2", gdelt.GDELT_2.names),
    Kind(
        "mapped",
        ("key", "day", "who", "kind", "lat", "lon", "dead", "land", "note"),
        lambda k: {"key": f"r{900_000 + k}", "day": str(day(k))},
        "key",
        "dead",
        mapping=_MAPPING,
        fixed={"who": "Armenia", "kind": "shelling", "lat": "40.2", "lon": "44.5", "land": "ARM"},
    ),
)


def test_every_format_has_its_laws() -> None:
    assert [kind.name for kind in KINDS] == [*(form.name for form in registry.FORMATS), "mapped"]


# Files made at random

POISON = (
    *("", " ", "nan", "inf", "-inf", "-5", "1e30", "-1e400", "9" * 400, "0x10", "3.7", "1,5", "٣", "NULL", "true"),
    *("13y", "2999-01-01", "0000-00-00", "2016-02-30", "1066-10-14", "99999999", "20200230", "infinity", "epoch"),
    *('"', 'he said "no"', "'; DROP TABLE repeated; --", "\\", "${x}", "a" * 3000, "\x00", "a\x00b", "\x1b[0m"),
    *("é", "名前", "\u202e", "\ufeff", "😀", "200.5", "-200.5", "91", "43.5", "37.5", "(", "a (b (c)", ";", "|"),
)
CELL = st.sampled_from(POISON) | st.text(st.characters(exclude_characters="\t\r\n", codec="utf-8"), max_size=12)
SPOILT = st.tuples(st.just("cells"), st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 99), CELL), max_size=4))
ROW = st.one_of(
    st.tuples(st.just("good"), st.integers(0, 30), st.just(())),
    SPOILT,
    st.tuples(st.just("again"), st.integers(0, 99), st.just(())),
    st.tuples(st.just("again, spoilt"), st.integers(0, 99), st.lists(st.tuples(st.integers(0, 99), CELL), max_size=3)),
    st.tuples(st.sampled_from(["short", "long", "latin-1", "blank", "swapped"]), st.integers(0, 5), st.just(())),
)
ROWS = st.lists(ROW, min_size=1, max_size=25)
PADDING = 40  # good rows with which a file begins, so that it is a table and a text whatever comes


@dataclass
class File:
    """Lines of a file, and what is known of them: how many are rows, and the dead of the good ones by id."""

    lines: list[bytes]
    rows: int
    dead: dict[str, int]


def line_of(kind: Kind, cells: list[str]) -> bytes:
    """A line in the format's own way of writing: nothing is quoted between tabs, everything doubtful is in CSV."""
    if kind.tabs:
        return "\t".join(cells).encode()
    return ",".join(f'"{c}"' if set(c) & set(',"') else c for c in (c.replace('"', '""') for c in cells)).encode()


def made(kind: Kind, drawn: list[Any]) -> File:
    """A file of good rows, and of what was drawn."""
    good = [kind.cells(k, k % 7) for k in range(PADDING)]
    file = File([line_of(kind, cells) for cells in good], PADDING, {})
    at = kind.columns.index(kind.id)
    file.dead = {cells[at]: k % 7 for k, cells in enumerate(good)}
    for k, (what, number, spoilt) in enumerate(drawn):
        cells = kind.cells(PADDING + k, number)
        if what == "again" or what == "again, spoilt":
            cells = list(good[1 + number % (PADDING - 1)])
        elif what == "good":
            file.dead[cells[at]] = number
        elif what == "cells" or what == "swapped":
            cells[at] = f"spoilt {k}"
        for column, value in spoilt:
            # Another row under the id of a good one may take its place only if it says the same.
            if not (what == "again, spoilt" and column % len(cells) != at):
                cells[column % len(cells)] = value
        if what == "swapped":
            cells = [{"37.5": "143.5", "40.2": "144.5"}.get(cell, cell) for cell in cells]
        line = line_of(kind, cells)
        if what == "short":
            line = line_of(kind, cells[:2])
        elif what == "long":
            line = line_of(kind, [*cells, "x", "y", "z"])
        elif what == "latin-1":
            line = line_of(kind, ["é" if c == "Armenia" or not c else c for c in cells]).replace("é".encode(), b"\xe9")
            line += b"" if b"\xe9" in line else b"\xe9"
        file.lines.append(b"" if what == "blank" else line)
        file.rows += what != "blank"
    return file


@dataclass(frozen=True)
class Got:
    """What a reader made of a file."""

    kept: int
    apart: dict[str, int]
    events: list[tuple[Any, ...]]
    unsplit: list[tuple[Any, ...]]


class Desk:
    """One database for many files."""

    def __init__(self, connection: database.Connection, folder: Path) -> None:
        self.connection, self.folder, self.number = connection, folder, 0

    def place(self) -> Path:
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir()
        return place

    def read(self, name: str, body: bytes, form: str | None = None, mapping: str = "") -> Got:
        """Open, recognise and read a file as adding it does; a reader that hangs is interrupted."""
        place = self.place()
        file = place / name
        file.write_bytes(body)
        if mapping:
            (place / f"{name}.mapping.yaml").write_text(mapping, encoding="utf-8")
        watch = threading.Timer(SECONDS, self.connection.interrupt)
        watch.start()
        try:
            opened = originals.open_original(file, place)
            known = registry.recognise(opened, name, form, beside(file) if form is None else None)
            got = reading.read(self.connection, opened, known, place, TODAY)
        finally:
            watch.cancel()
        events, unsplit = (literal(str(place / part)) for part in (reading.EVENTS, reading.UNSPLIT))
        shown = f"SELECT * EXCLUDE (line), line IS NULL FROM {events} ORDER BY ALL"
        apart = f"SELECT reason, line FROM {unsplit} ORDER BY ALL"
        return Got(got.rows, got.quarantined, self.rows(shown), self.rows(apart))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows that can be compared: what is not a number is equal to itself."""
        found = database.rows(self.connection, sql)
        return [tuple("nan" if value != value else value for value in row) for row in found]

    def kind(self, kind: Kind, file: File) -> Got:
        head = [line_of(kind, list(kind.columns))] if kind.header else []
        body = b"\n".join([*head, *file.lines]) + b"\n"
        return self.read(kind.file_name, body, None if kind.mapping else kind.name, kind.mapping)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A database with the vocabulary."""
    folder = tmp_path_factory.mktemp("laws")
    with database.connected(folder) as connection:
        database.with_vocabulary(connection)
        yield Desk(connection, folder)


def holds(kind: Kind, file: File, got: Got) -> None:
    """The laws: every row once, in one place; ids once among the kept; every good row kept with its dead."""
    assert got.kept + sum(got.apart.values()) == file.rows
    assert len(got.events) + len(got.unsplit) == file.rows
    reason, shown = -2, -1
    kept = [row for row in got.events if row[reason] is None]
    assert len(kept) == got.kept and len({row[0] for row in kept}) == got.kept
    assert all(row[shown] for row in kept)
    by_id = {_id(kind, row): row for row in kept}
    assert file.dead.keys() <= by_id.keys()
    if kind.dead:
        place = list(reading.COLUMNS).index("deaths_best")
        assert {key: by_id[key][place] for key in file.dead} == file.dead


def _id(kind: Kind, row: tuple[Any, ...]) -> str:
    """The id of a row as the file says it."""
    if kind.name == "icews-quads":
        return str(row[list(reading.COLUMNS).index("actor")])
    return str(row[0]).split("/")[0]


FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
ALL_POISON = [("cells", 1, [(k, value)]) for k, value in enumerate(POISON)]
RAGGED = [(what, 1, ()) for what in ("short", "long", "latin-1", "blank", "swapped", "again", "good", "again")]


@EVERY
@FEW
@given(drawn=ROWS, seed=st.integers(0, 99))
@example(drawn=ALL_POISON, seed=1)
@example(drawn=[("cells", 1, [(k, value) for k in range(99)]) for value in POISON], seed=2)
@example(drawn=RAGGED, seed=3)
def test_every_row_is_counted_once_in_whatever_order(desk: Desk, kind: Kind, drawn: list[Any], seed: int) -> None:
    file = made(kind, drawn)
    got = desk.kind(kind, file)
    holds(kind, file, got)
    first, *others = file.lines  # by which a file without a header is known
    random.Random(seed).shuffle(others)
    assert desk.kind(kind, File([first, *others], file.rows, file.dead)) == got


BULKY = {"ucdp-ged": "source_article", "ucdp-candidate": "source_article", "acled": "source", "icews": "Publisher"}
BULKY |= {"icews-quads": "source", "polecat": "Story People", "mapped": "note"}


@EVERY
def test_one_thread_reads_what_two_do(desk: Desk, kind: Kind) -> None:
    drawn = [*ALL_POISON, *RAGGED] * 3
    file = made(kind, drawn)
    bulk = BULKY.get(kind.name, "SOURCEURL")
    at, key = kind.columns.index(bulk), kind.columns.index(kind.id)
    for k in range(36):  # 36 rows of a megabyte: two threads read at a time
        cells = kind.cells(2000 + k, 2)
        cells[at] = ("long " * 200_000) + str(k)
        file.lines.append(line_of(kind, cells))
        file.rows += 1
        if at != key:
            file.dead[cells[key]] = 2
    two = desk.kind(kind, file)
    holds(kind, file, two)
    desk.connection.execute("SET threads = 1")
    try:
        assert desk.kind(kind, file) == two
    finally:
        desk.connection.execute("SET threads = 2")


# Bytes at random

EDIT = st.tuples(st.sampled_from(["flip", "insert", "delete", "copy"]), st.integers(0, 10**6), st.binary(max_size=9))
TELLING = (
    b'"',
    b"\n",
    b"\r",
    b"\0",
    b",",
    b"\t",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe9",
    b'""',
    b"\r\n",
    b"PK",
    b"\x1a",
)
EDITS = st.lists(EDIT | st.tuples(st.just("insert"), st.integers(0, 10**6), st.sampled_from(TELLING)), max_size=12)


def edited(body: bytes, edits: list[Any]) -> bytes:
    """A body after some edits."""
    told = bytearray(body)
    for what, where, piece in edits:
        at = where % (len(told) + 1)
        if what == "insert":
            told[at:at] = piece
        elif what == "delete":
            del told[at : at + len(piece) * 7]
        elif what == "copy":
            told[at:at] = told[: len(piece) * 50]
        else:
            told[at : at + len(piece)] = bytes(b ^ 0x55 for b in told[at : at + len(piece)])
    return bytes(told)


def survives(desk: Desk, name: str, body: bytes, form: str | None = None, mapping: str = "") -> Got | None:
    """Read, or be refused in words: where, what, why, and what to try."""
    try:
        got = desk.read(name, body, form, mapping)
    except FissuresError as error:
        for finding in error.findings:
            assert finding.where and finding.message and finding.why and finding.remedy, finding
            assert len(finding.message) < 1000 and "Traceback" not in str(error)
        return None
    assert got.kept + sum(got.apart.values()) == len(got.events) + len(got.unsplit)
    kept = [row[0] for row in got.events if row[-2] is None]
    assert len(kept) == len(set(kept)) == got.kept
    return got


def body_of(kind: Kind, rows: int = 30) -> bytes:
    head = [line_of(kind, list(kind.columns))] if kind.header else []
    return b"\n".join([*head, *(line_of(kind, kind.cells(k, k % 5)) for k in range(rows))]) + b"\n"


@EVERY
@settings(FEW, max_examples=25)
@given(edits=EDITS)
def test_no_bytes_crash_a_reader(desk: Desk, kind: Kind, edits: list[Any]) -> None:
    survives(desk, kind.file_name, edited(body_of(kind), edits), mapping=kind.mapping)


@pytest.mark.shared
@settings(FEW, max_examples=40)
@given(edits=EDITS)
def test_no_bytes_crash_the_reading_of_a_real_file(desk: Desk, edits: list[Any]) -> None:
    with SHARED.open("rb") as handle:
        body = b"".join(handle.readline() for _ in range(25))
    survives(desk, "GEDEvent_v23_0_10.csv", edited(body, edits))


@settings(FEW, max_examples=40)
@given(
    body=st.binary(max_size=400),
    head=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PAR1", b"PK\x03\x04", b"\x1f\x8b\x08"]),
)
@example(body=b"", head=b"\xef\xbb\xbf")
@example(body=b"\n", head=b"\xff\xfe")
@example(body=b"\n\n\n", head=b"")
@example(body=b'"', head=b"")
@example(body=b"\r", head=b"\xef\xbb\xbf")
def test_no_file_at_all_crashes_a_reader(desk: Desk, body: bytes, head: bytes) -> None:
    survives(desk, "made.csv", head + body)
    survives(desk, "made.csv", head + body, mapping=_MAPPING)


def packed(body: bytes, wrapping: str) -> bytes:
    if wrapping == "gz":
        return gzip.compress(body, mtime=0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("made.csv", body)
    return out.getvalue()


@pytest.mark.parametrize("wrapping", ["gz", "zip"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_file_that_breaks_off_is_refused(desk: Desk, wrapping: str, share: float) -> None:
    whole = packed(body_of(KINDS[0], 500), wrapping)
    with pytest.raises(FissuresError, match="download it again"):
        desk.read("made.csv", whole[: int(share * len(whole))])
    assert survives(desk, "made.csv", whole[: int(share * len(whole))]) is None
    assert desk.read("made.csv", whole).kept == 500


@pytest.mark.parametrize("wrapping", ["gz", "zip"])
@settings(FEW, max_examples=25)
@given(edits=EDITS.filter(bool))
def test_a_spoilt_file_never_loses_rows_in_silence(desk: Desk, wrapping: str, edits: list[Any]) -> None:
    got = survives(desk, "made.csv", edited(packed(body_of(KINDS[0], 500), wrapping), edits))
    assert got is None or got.kept == 500


@settings(FEW, max_examples=25)
@given(edits=EDITS)
def test_a_spoilt_parquet_file_is_refused_or_read(desk: Desk, edits: list[Any]) -> None:
    plain, file = desk.place() / "plain.csv", desk.place() / "made.parquet"
    plain.write_bytes(body_of(KINDS[0], 200))
    source = f"read_csv({literal(str(plain))}, all_varchar = true, header = true)"
    desk.connection.execute(f"COPY (FROM {source}) TO {literal(str(file))} (FORMAT parquet)")
    survives(desk, "made.parquet", edited(file.read_bytes(), edits))
