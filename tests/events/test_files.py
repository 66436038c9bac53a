"""Evidence files: what is read, and what is refused in which words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fissures.errors import DataError
from fissures.events import files

COLUMNS = {"date": files.day, "stream": str, "count": files.count, "low": files.optional_number}
GOOD = "date,stream,count,low,note\n2020-01-02,talks,3,,\n"


def written(folder: Path, raw: str | bytes) -> Path:
    file = folder / "events.csv"
    file.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return file


@pytest.mark.parametrize("raw", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")])
def test_the_named_columns_are_converted_and_others_left_out(tmp_path: Path, raw: str) -> None:
    row = {"date": date(2020, 1, 2), "stream": "talks", "count": 3.0, "low": None}
    assert files.read_rows(written(tmp_path, raw), COLUMNS) == [row]


def test_a_row_knows_its_line(tmp_path: Path) -> None:
    rows = files.read_rows(written(tmp_path, GOOD + '2020-01-03,"talks\nagain",1,,\n2020-01-04,talks,1,,\n'), COLUMNS)
    assert [row.at("events.csv") for row in rows] == ["events.csv:2", "events.csv:4", "events.csv:5"]


def test_a_file_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="larger than 5 MB"):
        files.read_rows(written(tmp_path, GOOD + " " * 5_000_000), COLUMNS)


def test_a_file_with_no_rows_is_no_error(tmp_path: Path) -> None:
    assert files.read_rows(written(tmp_path, GOOD.splitlines()[0]), COLUMNS) == []


REFUSED = [
    ("", "events.csv:1", "no column date, stream, count, low"),
    (GOOD.replace("count", "counts"), "events.csv:1", "no column count"),
    (GOOD + "2020-01-03,talks,-1,,\n", "events.csv:3", "column count: cannot read '-1'"),
    (GOOD + "2020-01-03,talks,nan,,\n", "events.csv:3", "column count: cannot read 'nan'"),
    (GOOD + "2020-01-03,talks,,,\n", "events.csv:3", "column count: cannot read ''"),
    (GOOD + "2020-13-03,talks,1,,\n", "events.csv:3", "column date: cannot read '2020-13-03'"),
    (GOOD + "2020-01-03\n", "events.csv:3", "column count: cannot read ''"),
    (GOOD + "2020-01-03,talks,1,few,\n", "events.csv:3", "column low: cannot read 'few'"),
    (GOOD + f"2020-01-03,talks,{'9' * 50}x,,\n", "events.csv:3", f"column count: cannot read '{'9' * 40}'"),
    (GOOD.encode() + b"2020-01-03,caf\xe9,1,,\n", "events.csv:1", "not a CSV file in UTF-8"),
]


@pytest.mark.parametrize(("raw", "where", "message"), REFUSED, ids=[message for _, _, message in REFUSED])
def test_what_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, raw: str | bytes, where: str, message: str
) -> None:
    with pytest.raises(DataError) as refusal:
        files.read_rows(written(tmp_path, raw), COLUMNS)
    found = refusal.value.findings[0]
    assert found.where == where
    assert found.message.startswith(message)
    assert found.why == "evidence that cannot be read is refused, never guessed"
    assert found.remedy


def test_an_endless_count_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column count: cannot read 'inf'"):
        files.read_rows(written(tmp_path, GOOD + "2020-01-03,talks,inf,,\n"), COLUMNS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refusal:
        files.read_rows(tmp_path / "nowhere.csv", COLUMNS)
    assert refusal.value.findings[0].message == "no file 'nowhere.csv'"
    assert refusal.value.exit_code == 4
