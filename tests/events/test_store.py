"""The store under real faults: nothing counts twice, versions never mix, and what goes wrong leaves it as it was."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fissures.errors import DataError, FissuresError, UsageError
from fissures.events import reading, store

TODAY = date(2024, 6, 30)
HEADER = "id,type_of_violence,side_a,side_b,date_start,date_end,latitude,longitude,country,low,best,high,source_article"
MANY = 60_000  # rows of a file that takes long enough to be killed while it is added


def ged(path: Path, first: int = 1, rows: int = 20, deaths: int = 4, bulky: bool = False) -> Path:
    """A file of GED: ids from `first` on; `bulky` rows do not compress."""
    with path.open("w", encoding="utf-8") as handle:
        handle.write(HEADER + "\n")
        for k in range(first, first + rows):
            told = hashlib.sha256(str(k).encode()).hexdigest() if bulky else "a report"
            day = f"2016-04-{k % 28 + 1:02d}"
            handle.write(
                f"{k},1,Government of Türkiye,PKK,{day},{day},37.5,43.5,Turkey,{deaths},{deaths},{deaths},{told}\n"
            )
    return path


def add(place: Path, file: Path, version: str | None = "1", **more: Any) -> store.Added:
    return store.add(place, file, TODAY, version=version, **more)


def everything(place: Path) -> dict[str, bytes]:
    """Every file of the store with its bytes, the lock apart."""
    return {
        str(file.relative_to(place)): file.read_bytes()
        for file in sorted(place.rglob("*"))
        if file.is_file() and file.name != ".lock"
    }


def counted(holdings: tuple[store.Holding, ...]) -> tuple[int, int, int]:
    """Rows that count, different ids among them, and their dead."""
    with duckdb.connect() as connection:
        sql = """SELECT count(*), count(DISTINCT row_id), CAST(coalesce(sum(deaths_best), 0) AS BIGINT)
        FROM read_parquet(?) WHERE reason IS NULL"""
        rows = connection.execute(sql, [[str(h.events) for h in holdings]]).fetchall()
    return tuple(rows[0])


def in_words(error: FissuresError) -> str:
    """What an error says, which has a place, a reason and a remedy and is no traceback."""
    for finding in error.findings:
        assert finding.where and finding.message and finding.why and finding.remedy, finding
    assert "Traceback" not in str(error)
    return str(error)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a store is to be."""
    return tmp_path / "store"


@pytest.fixture
def one(place: Path, tmp_path: Path) -> store.Holding:
    """A store that holds one file of 20 rows."""
    return add(place, ged(tmp_path / "first.csv")).holding


# Once and only once


def test_the_same_file_twice_changes_nothing(place: Path, one: store.Holding, tmp_path: Path) -> None:
    before = everything(place)
    again = add(place, tmp_path / "first.csv")
    assert again.already_present and again.holding == one
    renamed = tmp_path / "renamed.csv"
    renamed.write_bytes((tmp_path / "first.csv").read_bytes())
    assert add(place, renamed).already_present
    assert everything(place) == before


@pytest.mark.parametrize("wrapping", ["gz", "zip"])
def test_the_same_events_in_another_wrapping_do_not_count_again(
    place: Path, one: store.Holding, tmp_path: Path, wrapping: str
) -> None:
    body = (tmp_path / "first.csv").read_bytes()
    wrapped = tmp_path / f"first.csv.{wrapping}"
    if wrapping == "gz":
        wrapped.write_bytes(gzip.compress(body))
    else:
        with zipfile.ZipFile(wrapped, "w") as archive:
            archive.writestr("first.csv", body)
    got = add(place, wrapped).holding
    assert (got.rows, got.quarantined) == (0, {reading.HELD: 20})
    assert counted(store.held(place, "ucdp-ged@1")) == (20, 20, 80)


def test_a_file_that_overlaps_adds_what_is_new(place: Path, one: store.Holding, tmp_path: Path) -> None:
    got = add(place, ged(tmp_path / "second.csv", first=11, rows=30, deaths=1)).holding
    assert (got.rows, got.quarantined) == (20, {reading.HELD: 10})
    assert counted(store.held(place, "ucdp-ged@1")) == (40, 40, 80 + 20)


def test_ids_of_another_version_or_dataset_are_not_held(place: Path, one: store.Holding, tmp_path: Path) -> None:
    other = ged(tmp_path / "second.csv", deaths=5)
    assert add(place, other, "2").holding.rows == 20
    assert add(place, ged(tmp_path / "third.csv", deaths=6), dataset="mine").holding.rows == 20


# Versions side by side


def test_two_versions_never_mix(place: Path, one: store.Holding, tmp_path: Path) -> None:
    add(place, ged(tmp_path / "second.csv", deaths=5), "2")
    with pytest.raises(UsageError) as caught:
        store.held(place, "ucdp-ged")
    told = in_words(caught.value)
    assert "several versions of ucdp-ged: ucdp-ged@1, ucdp-ged@2" in told and "count twice" in told
    assert counted(store.held(place, "ucdp-ged@1")) == (20, 20, 80)
    assert counted(store.held(place, "ucdp-ged@2")) == (20, 20, 100)
    assert [h.name for h in store.holdings(place)] == ["ucdp-ged@1", "ucdp-ged@2"]


def test_one_file_cannot_be_two_versions(place: Path, one: store.Holding, tmp_path: Path) -> None:
    before = everything(place)
    for more in ({"version": "2"}, {"version": "1", "dataset": "other"}):
        with pytest.raises(UsageError) as caught:
            add(place, tmp_path / "first.csv", **more)
        told = in_words(caught.value)
        assert "is held already, as ucdp-ged@1" in told and "fissures data remove ucdp-ged@1" in told
    assert everything(place) == before


def test_a_dataset_with_one_version_needs_no_version(place: Path, one: store.Holding) -> None:
    assert store.held(place, "ucdp-ged") == (one,)


@pytest.mark.parametrize("name", ["ucdp-ged@2", "acled", "ucdp", "", "@1", "ucdp-ged@"])
def test_what_the_store_does_not_hold_is_said(place: Path, one: store.Holding, name: str) -> None:
    if name == "ucdp-ged@":
        assert store.held(place, name) == (one,)
        return
    with pytest.raises(DataError, match="the store holds ucdp-ged@1") as caught:
        store.held(place, name)
    in_words(caught.value)


def test_removing_one_version_leaves_the_other_as_it_was(place: Path, one: store.Holding, tmp_path: Path) -> None:
    before = everything(place)
    add(place, ged(tmp_path / "second.csv", deaths=5), "2")
    add(place, ged(tmp_path / "third.csv", first=50, deaths=5), "2")
    assert [h.name for h in store.remove(place, "ucdp-ged@2")] == ["ucdp-ged@2"] * 2
    assert everything(place) == before
    assert not (place / "ucdp-ged" / "2").exists()


def test_removing_all_leaves_no_folders(place: Path, one: store.Holding) -> None:
    store.remove(place, "ucdp-ged")
    assert sorted(item.name for item in place.iterdir()) == [".lock", "store.json"]
    assert store.holdings(place) == ()
    with pytest.raises(DataError, match="the store holds nothing"):
        store.remove(place, "ucdp-ged")


def test_what_was_removed_can_be_added_again(place: Path, one: store.Holding, tmp_path: Path) -> None:
    store.remove(place, "ucdp-ged")
    assert add(place, tmp_path / "first.csv", "2").holding.rows == 20


# What the manifest says


def test_manifest_and_rows_agree(place: Path, tmp_path: Path) -> None:
    file = ged(tmp_path / "first.csv", rows=50)
    body = file.read_text(encoding="utf-8").replace("\n7,1,", "\n7,9,").replace("\n8,1,", "\n9,1,") + "broken\n"
    file.write_text(body, encoding="utf-8")
    got = add(place, file, published=date(2024, 6, 1)).holding
    assert (got,) == store.holdings(place)
    with duckdb.connect() as connection:
        sql = f"SELECT count(*), min(start_date), max(end_date) FROM '{got.events}' WHERE reason IS NULL"
        assert connection.execute(sql).fetchall() == [(got.rows, got.first, got.last)]
        events, unsplit = got.events, got.folder / reading.UNSPLIT
        sql = f"""SELECT reason, count(*) FROM (SELECT reason FROM '{events}' UNION ALL SELECT reason FROM '{unsplit}')
        WHERE reason IS NOT NULL GROUP BY reason"""
        assert dict(connection.execute(sql).fetchall()) == got.quarantined
    assert got.quarantined == {"unknown code": 1, "duplicated id": 1, "too few columns": 1}
    assert got.rows + sum(got.quarantined.values()) == 51
    assert (got.digest, got.bytes) == (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_size)
    assert (got.accessed, got.published, got.original) == (TODAY, date(2024, 6, 1), "first.csv")
    told = json.loads((got.folder / store.MANIFEST).read_text(encoding="utf-8"))
    assert (told["published"], told["accessed"]) == ("2024-06-01", "2024-06-30")


@pytest.mark.parametrize("body", ["", "{", "null", '"text"', "[1]", "{}", '{"fissures_store": 1}', "\xff"])
def test_a_damaged_manifest_is_said(place: Path, one: store.Holding, tmp_path: Path, body: str) -> None:
    (one.folder / store.MANIFEST).write_bytes(body.encode("latin-1"))
    for work in (lambda: store.holdings(place), lambda: add(place, ged(tmp_path / "second.csv", first=90))):
        with pytest.raises(DataError, match="manifest of a holding cannot be read") as caught:
            work()
        assert "delete that folder and add the file again" in in_words(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [("first", "2016-13-01"), ("rows", "many"), ("rows", None), ("quarantined", 3), ("accessed", None), ("more", 1)],
)
def test_a_manifest_with_a_wrong_entry_is_said(place: Path, one: store.Holding, key: str, value: object) -> None:
    file = one.folder / store.MANIFEST
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), key: value}), encoding="utf-8")
    with pytest.raises(DataError, match="manifest of a holding cannot be read") as caught:
        store.holdings(place)
    in_words(caught.value)


def test_damaged_rows_of_the_same_version_are_said(place: Path, one: store.Holding, tmp_path: Path) -> None:
    one.events.write_bytes(one.events.read_bytes()[:-30])
    before = everything(place)
    with pytest.raises(DataError) as caught:
        add(place, ged(tmp_path / "second.csv", first=90))
    told = in_words(caught.value)
    assert "cannot write" not in told and one.folder.name in told
    assert everything(place) == before
    assert add(place, tmp_path / "second.csv", "2").holding.rows == 20


# Where the store is


@pytest.mark.parametrize("name", ["a/b", "../up", "..", ".hidden", "a b", "ü", "x" * 99, "a\n", "/tmp/x", "a\\b"])
def test_names_that_are_no_folder_are_refused(place: Path, one: store.Holding, tmp_path: Path, name: str) -> None:
    before = everything(place)
    file = ged(tmp_path / "second.csv", first=90)
    for more in ({"dataset": name}, {"version": name}):
        with pytest.raises(UsageError, match="cannot be the name of a") as caught:
            add(place, file, **more)
        in_words(caught.value)
    assert everything(place) == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["first.csv", "second.csv", "store"]


def test_another_format_is_not_read(place: Path, one: store.Holding, tmp_path: Path) -> None:
    (place / store.MARK).write_text('{"fissures_store": 2}', encoding="utf-8")
    file = ged(tmp_path / "second.csv", first=90)
    before = everything(place)
    for work in (lambda: store.holdings(place), lambda: add(place, file), lambda: store.remove(place, "ucdp-ged")):
        with pytest.raises(DataError, match="the store has format 2, this version reads 1") as caught:
            work()
        in_words(caught.value)
    assert everything(place) == before


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "1", '{"fissures": 1}', "\xff\xfe"])
def test_a_damaged_mark_is_said(place: Path, one: store.Holding, body: str) -> None:
    (place / store.MARK).write_bytes(body.encode("latin-1"))
    with pytest.raises(DataError, match="the store's own file cannot be read") as caught:
        store.holdings(place)
    in_words(caught.value)


def test_a_folder_with_other_work_is_left_alone(place: Path, tmp_path: Path) -> None:
    place.mkdir()
    (place / "thesis.docx").write_text("ten years", encoding="utf-8")
    with pytest.raises(UsageError, match="is not empty and is no store") as caught:
        add(place, ged(tmp_path / "first.csv"))
    in_words(caught.value)
    assert [item.name for item in place.iterdir()] == ["thesis.docx"]


def test_an_empty_folder_becomes_a_store(place: Path, tmp_path: Path) -> None:
    place.mkdir()
    assert add(place, ged(tmp_path / "first.csv")).holding.rows == 20


def test_a_file_in_the_place_of_the_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    monkeypatch.setenv("FISSURES_STORE", str(taken))
    file = ged(tmp_path / "first.csv")
    for work in (
        lambda: add(store.location(), file),
        lambda: store.holdings(store.location()),
        lambda: store.held(store.location(), "ucdp-ged"),
        lambda: store.remove(store.location(), "ucdp-ged"),
    ):
        with pytest.raises(DataError, match="is a file, not a folder") as caught:
            work()
        assert "FISSURES_STORE" in in_words(caught.value)
    with pytest.raises(DataError, match="cannot write to the store: Not a directory") as caught:
        add(taken / "deeper", file)
    in_words(caught.value)
    assert taken.read_text(encoding="utf-8") == "mine"


def test_a_file_that_is_refused_leaves_an_untouched_store(place: Path, one: store.Holding, tmp_path: Path) -> None:
    before = everything(place)
    bad = tmp_path / "bad.csv"
    bad.write_text(HEADER + "\n" + "x,9,,,,,,,,,,,\n" * 5, encoding="utf-8")
    for file in (bad, tmp_path / "absent.csv", tmp_path):
        with pytest.raises(DataError) as caught:
            add(place, file)
        in_words(caught.value)
    assert everything(place) == before and not list(place.glob(".work-*"))


# Other processes, each a real one

PROCESS = """
import sys, time
from datetime import date
from pathlib import Path
from fissures.errors import FissuresError
from fissures.events import store
place, file, version, go = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
import duckdb, filelock
print("ready", flush=True)
while not go.exists():
    time.sleep(0.005)
{before}
try:
    got = store.add(place, file, date(2024, 6, 30), version=version, progress=lambda told: print(told, flush=True))
    print("added", got.holding.rows, got.already_present)
except FissuresError as error:
    print(error)
    sys.exit(error.exit_code)
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a process that adds a file as soon as `go` exists; it has imported all it needs by then."""
    running: list[subprocess.Popen[str]] = []

    def begin(place: Path, file: Path, go: Path, version: str = "1", before: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROCESS.replace("{before}", before), str(place), str(file), version, str(go)]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def begun(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None and process.stdout.readline() == "ready\n"


@pytest.mark.parametrize("count", [2, 4])
def test_processes_that_add_different_files_at_once(place: Path, tmp_path: Path, start: Start, count: int) -> None:
    go = tmp_path / "go"
    files = [
        ged(tmp_path / f"{k}.csv", first=1 + 100 * k, rows=120) for k in range(count)
    ]  # 20 ids overlap with the next
    processes = [start(place, file, go) for file in files]
    for process in processes:
        begun(process)
    go.touch()
    assert [(code, err) for code, _, err in map(ended, processes)] == [(0, "")] * count
    held = store.held(place, "ucdp-ged@1")
    assert len(held) == count
    ids = 100 * count + 20
    assert counted(held) == (ids, ids, 4 * ids)
    assert sum(h.rows for h in held) == ids and sum(sum(h.quarantined.values()) for h in held) == 20 * (count - 1)
    assert not list(place.glob(".work-*"))


@pytest.mark.parametrize("count", [2, 4])
def test_processes_that_add_the_same_file_at_once(place: Path, tmp_path: Path, start: Start, count: int) -> None:
    go, file = tmp_path / "go", ged(tmp_path / "one.csv", rows=200)
    processes = [start(place, file, go) for _ in range(count)]
    for process in processes:
        begun(process)
    go.touch()
    told = [ended(process) for process in processes]
    assert [(code, err) for code, _, err in told] == [(0, "")] * count
    assert sorted(out.splitlines()[-1] for _, out, _ in told) == ["added 200 False", *["added 200 True"] * (count - 1)]
    assert counted(store.held(place, "ucdp-ged@1")) == (200, 200, 800)


def test_reading_while_others_add_sees_whole_holdings_only(place: Path, tmp_path: Path, start: Start) -> None:
    go = tmp_path / "go"
    processes = [start(place, ged(tmp_path / f"{k}.csv", first=1 + 1000 * k, rows=1000), go) for k in range(3)]
    for process in processes:
        begun(process)
    go.touch()
    seen = set()
    while any(process.poll() is None for process in processes):
        if held := store.holdings(place):
            seen.add(counted(held))
    assert seen <= {(n, n, 4 * n) for n in (1000, 2000, 3000)}
    assert counted(store.holdings(place)) == (3000, 3000, 12000)


HOLDS_THE_LOCK = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def locked(place: Path, seconds: float) -> subprocess.Popen[str]:
    """A process that holds the store's lock for so long."""
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(place / ".lock"), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_another_writer_is_waited_for_and_that_is_said(place: Path, one: store.Holding, tmp_path: Path) -> None:
    told: list[str] = []
    with locked(place, 0.8) as other:
        assert add(place, ged(tmp_path / "second.csv", first=90), progress=told.append).holding.rows == 20
        assert other.wait(10) == 0
    assert told[0] == "another process is writing to the store; waiting for it"


def test_reading_does_not_wait_for_a_writer(place: Path, one: store.Holding) -> None:
    with locked(place, 30) as other:
        begun = time.monotonic()
        assert store.held(place, "ucdp-ged") == (one,)
        assert time.monotonic() - begun < 5
        other.kill()


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(
    place: Path, one: store.Holding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_SECONDS_TO_WAIT", 0.3)
    before = everything(place)
    with locked(place, 30) as other:
        with pytest.raises(DataError, match="another process has been writing") as caught:
            add(place, ged(tmp_path / "second.csv", first=90))
        other.kill()
    in_words(caught.value)
    assert everything(place) == before


# Killed, and the disk full


def wait_for(pattern: str, place: Path, process: subprocess.Popen[str]) -> None:
    """Wait until something in the store looks like this, or the process has ended."""
    until = time.monotonic() + 30
    while not list(place.glob(pattern)) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)


MOMENTS = [
    (".work-*", 0.0),
    (".work-*", 0.1),
    (".work-*/made/*", 0.0),
    (".work-*/made/*", 0.1),
    (".work-*/made/unsplit.parquet", 0.0),
    (".work-*/made/manifest.json", 0.0),
]


@pytest.mark.parametrize(("pattern", "later"), MOMENTS)
def test_killed_while_adding(
    place: Path, one: store.Holding, tmp_path: Path, start: Start, pattern: str, later: float
) -> None:
    before, go = everything(place), tmp_path / "go"
    process = start(place, ged(tmp_path / "large.csv", first=1000, rows=MANY, bulky=True), go)
    begun(process)
    go.touch()
    wait_for(pattern, place, process)
    time.sleep(later)
    process.send_signal(signal.SIGKILL)
    code, _, _ = ended(process)
    whole = {name: body for name, body in everything(place).items() if not name.startswith(".work-")}
    if code == 0 or len(whole) > len(before):  # it was done before it was killed: then it is there, and whole
        assert pattern.endswith("manifest.json") and {key: whole[key] for key in before} == before
        assert counted(store.holdings(place))[0] == 20 + MANY
    else:
        assert code == -signal.SIGKILL
        assert whole == before
        assert store.holdings(place) == (one,) and counted(store.holdings(place)) == (20, 20, 80)
        assert list(place.glob(".work-*"))
    assert add(place, ged(tmp_path / "next.csv", first=100)).holding.rows == 20
    assert not list(place.glob(".work-*"))


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
"""


@pytest.mark.parametrize("limit", [0, 100, 4_096, 100_000, 600_000])
@pytest.mark.parametrize("wrapping", ["csv", "zip"])
def test_a_full_disk_leaves_the_store_as_it_was(
    place: Path, one: store.Holding, tmp_path: Path, start: Start, limit: int, wrapping: str
) -> None:
    file = ged(tmp_path / "large.csv", first=1000, rows=20_000, bulky=True)
    if wrapping == "zip":
        with zipfile.ZipFile(tmp_path / "large.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(file, "large.csv")
        file = tmp_path / "large.zip"
    before, go = everything(place), tmp_path / "go"
    go.touch()
    code, out, err = ended(start(place, file, go, before=FULL.format(limit=limit)))
    assert (code, err) == (DataError.exit_code, "")
    assert "cannot write to the store" in out and "why it matters:" in out and "make room" in out
    assert f"cannot write to the store: {os.strerror(errno.EFBIG)}\n" in out
    assert everything(place) == before and not list(place.glob(".work-*"))
    assert store.holdings(place) == (one,)
    assert add(place, file).holding.rows == 20_000


def test_a_full_disk_before_there_is_a_store(place: Path, tmp_path: Path, start: Start) -> None:
    go, file = tmp_path / "go", ged(tmp_path / "first.csv")
    go.touch()
    code, out, err = ended(start(place, file, go, before=FULL.format(limit=0)))
    assert (code, err) == (DataError.exit_code, "") and "cannot write to the store" in out
    assert store.holdings(place) == ()
    assert add(place, file).holding.rows == 20


def test_removing_on_a_full_disk_works(place: Path, one: store.Holding) -> None:
    code = f"{FULL.format(limit=0)}\nfrom pathlib import Path\nfrom fissures.events import store\n"
    code += f"store.remove(Path({str(place)!r}), 'ucdp-ged')"
    assert subprocess.run([sys.executable, "-c", code], check=True, timeout=60).returncode == 0
    assert store.holdings(place) == ()
