"""What an analyst downloads is opened, or refused in words that say what it is."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from fissures.errors import DataError, FissuresError
from fissures.events import store
from fissures.events.originals import open_original

TODAY = date(2024, 6, 30)
HEADER = ["id", "type_of_violence", "side_a", "side_b", "date_start", "latitude", "longitude", "country", "best"]
ROW = ["1", "1", "Government of Türkiye", "PKK", "2016-04-02", "37.5", "43.5", "Turkey", "4"]
CSV = "\n".join(",".join(line) for line in (HEADER, ROW, ["2", *ROW[1:]], ["3", *ROW[1:]])) + "\n"


def saved(folder: Path, name: str, body: bytes | str, encoding: str = "utf-8") -> Path:
    """A file with this body."""
    path = folder / name
    path.write_bytes(body.encode(encoding) if isinstance(body, str) else body)
    return path


def added(folder: Path, file: Path, encoding: str | None = None) -> store.Holding:
    """The holding that a file becomes in a new store."""
    return store.add(folder / "store", file, TODAY, version="1", encoding=encoding).holding


def sides(holding: store.Holding) -> list[Any]:
    """Actors and dead of the rows that count."""
    with duckdb.connect() as connection:
        sql = "SELECT actor, deaths_best FROM read_parquet(?) WHERE reason IS NULL ORDER BY row_id"
        return connection.execute(sql, [str(holding.events)]).fetchall()


def zipped(**files: bytes | str) -> bytes:
    """A zip archive that holds these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name.replace("__", "."), body)
    return held.getvalue()


def without_a_byte_in_the_middle(whole: bytes) -> bytes:
    """A download that broke off and was resumed wrongly."""
    return whole[: len(whole) // 2] + whole[len(whole) // 2 + 20 :]


LONG = CSV + "".join(f"{k},{','.join(ROW[1:])}\n" for k in range(10, 3000))
REFUSED: dict[str, tuple[str, bytes | str, str]] = {
    "a web page": ("ged211.csv", "<!DOCTYPE html>\n<html><body>Log in</body></html>", "looks like a web page"),
    "a web page after blank lines": ("ged211.csv", "\n\n  <HTML><p>404</p></HTML>", "looks like a web page"),
    "a web page in gzip": ("ged211.csv.gz", gzip.compress(b"<html>Log in</html>"), "looks like a web page"),
    "an answer of a service": ("acled.csv", '{"status": 403, "error": "no access"}', "looks like JSON"),
    "a list of records": ("acled.json", '[{"event_id_cnty": "AZE1"}]', "looks like JSON"),
    "XML": ("events.xml", '<?xml version="1.0"?><events/>', "looks like XML"),
    "a PDF": ("codebook.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "looks like a PDF document"),
    "old Excel": ("events.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Excel or Word file"),
    "R data": ("ged211.RData", gzip.compress(b"RDX3\nX\n\x00\x00\x00\x03"), "looks like an R data file"),
    "Stata": ("ged211.dta", b"<stata_dta><header><release>118</release>", "looks like a Stata file"),
    "SPSS": ("ged211.sav", b"$FL2@(#) SPSS DATA FILE", "looks like an SPSS file"),
    "a database": ("events.db", b"SQLite format 3\x00" + bytes(100), "looks like an SQLite database"),
    "a picture": ("map.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "looks like a picture"),
    "a 7-Zip archive": ("ged.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), "looks like a 7-Zip archive"),
    "nothing": ("ged211.csv", b"", "is empty"),
    "blank lines": ("ged211.csv", b"\n  \n\r\n", "is empty"),
    "only names": ("ged211.csv", ",".join(HEADER) + "\n", "holds no row that can be used"),
    "bytes": ("ged211.csv", bytes(range(256)) * 40, "looks like a binary file"),
    "two tables": ("ged.zip", zipped(a__csv=CSV, b__csv=CSV), r"is a zip archive that holds a\.csv, b\.csv"),
    "no table": ("ged.zip", zipped(), "is a zip archive that holds nothing"),
    "a PDF in a zip archive": ("ged.zip", zipped(codebook__pdf=b"%PDF-1.7 "), "looks like a PDF document"),
    "half a zip archive": ("ged.zip", zipped(a__csv=LONG)[:-200], "cannot be read"),
    "a spoilt zip archive": ("ged.zip", without_a_byte_in_the_middle(zipped(a__csv=LONG)), "cannot be read"),
    "half a gzip file": ("ged211.csv.gz", gzip.compress(LONG.encode())[:-200], "cannot be"),
    "the start of a gzip file": ("ged211.csv.gz", gzip.compress(CSV.encode())[:30], "cannot be read"),
    "a spoilt gzip file": ("ged211.csv.gz", without_a_byte_in_the_middle(gzip.compress(LONG.encode())), "cannot be"),
    "half a Parquet file": ("ged.parquet", b"PAR1" + bytes(200), "cannot be read"),
    "a workbook without sheets": ("ged.xlsx", zipped(**{"xl/workbook.xml": "<workbook/>"}), "cannot be read"),
    "another table": ("budget.csv", "year,amount\n2019,5\n2020,6\n", "is a table of no format we know"),
    "prose": ("notes.txt", "Talks stalled in July.\nFighting resumed.\n", "is a table of no format we know"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, case: str) -> None:
    name, body, words = REFUSED[case]
    with pytest.raises(DataError, match=words) as caught:
        added(tmp_path, saved(tmp_path, name, body))
    (finding,) = caught.value.findings
    assert Path(finding.where).name == finding.where, "where it is, is the name of a file"
    assert finding.why, "why it matters is said"
    assert finding.remedy, "what to try is said"
    told = str(caught.value)
    assert str(tmp_path) not in told
    assert not re.search(r"Traceback|duckdb|\.py\b|Exception|Error\b|/tmp|LINE \d", told), told
    assert store.holdings(tmp_path / "store") == ()


def test_a_folder_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file") as missing:
        added(tmp_path, tmp_path / "ged211.csv")
    assert "check the path" in str(missing.value)
    (tmp_path / "downloads").mkdir()
    with pytest.raises(DataError, match="no file") as folder:
        added(tmp_path, tmp_path / "downloads")
    assert "name the files in the folder" in str(folder.value)


TABLES: dict[str, tuple[str, bytes]] = {
    "UTF-8": ("ged211.csv", CSV.encode()),
    "UTF-8 with a byte-order mark": ("ged211.csv", CSV.encode("utf-8-sig")),
    "UTF-16": ("ged211.csv", CSV.encode("utf-16")),
    "UTF-16, low byte first": ("ged211.csv", b"\xff\xfe" + CSV.encode("utf-16-le")),
    "UTF-16, high byte first": ("ged211.csv", b"\xfe\xff" + CSV.encode("utf-16-be")),
    "Windows line endings": ("ged211.csv", CSV.replace("\n", "\r\n").encode()),
    "old Macintosh line endings": ("ged211.csv", CSV.replace("\n", "\r").encode()),
    "mixed line endings": ("ged211.csv", CSV.replace("\n", "\r\n", 2).encode()),
    "mixed line endings in gzip": ("ged211.csv.gz", gzip.compress(CSV.replace("\n", "\r", 2).encode())),
    "no last line ending": ("ged211.csv", CSV.rstrip("\n").encode()),
    "blank lines at the end": ("ged211.csv", CSV.encode() + b"\n\n"),
    "gzip": ("ged211.csv.gz", gzip.compress(CSV.encode())),
    "gzip under another name": ("ged211.csv", gzip.compress(CSV.encode())),
    "zip": ("ged211-csv.zip", zipped(ged211__csv=CSV)),
    "zip with a codebook": ("ged211-csv.zip", zipped(ged211__csv=CSV, codebook__pdf=b"%PDF-1.7 ")),
    "zip of a Macintosh": ("ged211-csv.zip", zipped(**{"ged211.csv": CSV, "__MACOSX/._ged211.csv": b"\0\5\26\7"})),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_table_is_read_in_every_wrapping_and_encoding(tmp_path: Path, case: str) -> None:
    name, body = TABLES[case]
    holding = added(tmp_path, saved(tmp_path, name, body))
    assert (holding.rows, holding.quarantined) == (3, {})
    assert sides(holding) == [("Government of Türkiye", 4)] * 3


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso8859-9", "utf-16"])
def test_an_encoding_can_be_named(tmp_path: Path, encoding: str) -> None:
    holding = added(tmp_path, saved(tmp_path, "ged211.csv", CSV, encoding), encoding)
    assert sides(holding) == [("Government of Türkiye", 4)] * 3


def test_an_encoding_can_be_named_for_a_gzip_file(tmp_path: Path) -> None:
    file = saved(tmp_path, "ged211.csv.gz", gzip.compress(CSV.encode("cp1252")))
    assert sides(added(tmp_path, file, "cp1252")) == [("Government of Türkiye", 4)] * 3


def test_letters_in_another_encoding_are_set_apart_and_not_guessed_at(tmp_path: Path) -> None:
    lines = [line.encode() for line in CSV.splitlines(keepends=True)]
    lines[2] = lines[2].decode().encode("cp1252")
    holding = added(tmp_path, saved(tmp_path, "ged211.csv", b"".join(lines)))
    assert (holding.rows, holding.quarantined) == (2, {"letters in another encoding": 1})


@pytest.mark.parametrize(("encoding", "words"), [("klingon", "no encoding 'klingon'"), ("ascii", "is not in ascii")])
def test_a_wrong_encoding_is_refused(tmp_path: Path, encoding: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        added(tmp_path, saved(tmp_path, "ged211.csv", CSV), encoding)


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ";"), ("a.tsv", "\t"), ("a.txt", "|"), ("a.csv", ",")])
def test_what_parts_the_columns_is_seen(tmp_path: Path, name: str, mark: str) -> None:
    opened = open_original(saved(tmp_path, name, CSV.replace(",", mark)), tmp_path)
    assert (opened.delimiter, list(opened.header), opened.has_header) == (mark, HEADER, True)
    assert [list(row) for row in opened.first_rows] == [ROW, ["2", *ROW[1:]], ["3", *ROW[1:]]]


def test_commas_inside_quotes_part_nothing(tmp_path: Path) -> None:
    quoted = CSV.replace("PKK", '"PKK, ""HPG"""')
    opened = open_original(saved(tmp_path, "a.csv", quoted), tmp_path)
    assert opened.first_rows[0][3] == 'PKK, "HPG"'
    assert added(tmp_path, saved(tmp_path, "ged211.csv", quoted)).rows == 3


def test_a_line_break_inside_quotes_ends_no_row(tmp_path: Path) -> None:
    assert added(tmp_path, saved(tmp_path, "ged211.csv", CSV.replace("PKK", '"PKK\nHPG"'))).rows == 3


def test_a_first_line_of_data_is_no_header(tmp_path: Path) -> None:
    opened = open_original(saved(tmp_path, "a.csv", "1,2016-04-02,clash\n2,2016-04-03,clash\n"), tmp_path)
    assert (opened.has_header, len(opened.first_rows)) == (False, 2)


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for number in (1, 2, 3):
        book.active.append([number, 1, *ROW[2:4], datetime(2016, 4, 2), 37.5, 43.5, "Turkey", 4])
    book.create_sheet("Notes").append(["not read"])
    book.save(tmp_path / "ged211.xlsx")
    holding = added(tmp_path, tmp_path / "ged211.xlsx")
    assert (holding.rows, holding.quarantined, holding.first) == (3, {}, date(2016, 4, 2))
    assert sides(holding) == [("Government of Türkiye", 4)] * 3


def test_a_workbook_without_rows_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "ged211.xlsx")
    with pytest.raises(DataError, match="is empty"):
        added(tmp_path, tmp_path / "ged211.xlsx")


def test_parquet_is_read(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        source = f"read_csv('{saved(tmp_path, 'a.csv', CSV)}')"
        connection.execute(f"COPY (SELECT * FROM {source}) TO '{tmp_path / 'ged211.parquet'}'")
    assert sides(added(tmp_path, tmp_path / "ged211.parquet")) == [("Government of Türkiye", 4)] * 3


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(tmp_path, "ged211.csv", CSV)

    def forbidden(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(FissuresError) as caught:
        open_original(file, tmp_path)
    assert str(tmp_path) not in str(caught.value)
