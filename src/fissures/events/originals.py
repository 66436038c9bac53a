"""Opening what an analyst downloaded: text in any wrapping, spreadsheets, Parquet; or a refusal that says what it is.

Nothing here knows what the columns mean. An original becomes a table of text, one row a line, of which the rows that
cannot be split into columns are kept apart with their reason.
"""

from __future__ import annotations

import codecs
import csv
import errno
import gzip
import io
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fissures.errors import DataError
from fissures.events.database import rows
from fissures.events.table import literal, quoted

if TYPE_CHECKING:
    pass

HEAD = 1 << 18  # bytes read to see what a file is
DELIMITERS = ",\t;|"
LONGEST_LINE = 2_000_000
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)  # what unpacking meets on a full disk

# The first bytes of files that are often taken for data, and what they are.
_LOOKS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", "ask the provider for the table itself"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (.xls, .doc)", "save it as .xlsx or CSV"),
    (b"RDX", "an R data file", "write it as CSV from R: write.csv(x, 'x.csv', row.names = FALSE)"),
    (b"<stata_dta>", "a Stata file", "write it as CSV from Stata: export delimited"),
    (b"$FL2", "an SPSS file", "save it as CSV from SPSS"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\x89PNG", "a picture", "add the table it was drawn from"),
    (b"\x7fELF", "a program", "add a table"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and add the file inside"),
    (b"Rar!", "a RAR archive", "unpack it and add the file inside"),
    (b"BZh", "a bzip2 archive", "unpack it and add the file inside"),
    (b"\xfd7zXZ", "an xz archive", "unpack it and add the file inside"),
)


@dataclass(frozen=True)
class Opened:
    """An original as a table of text: `sql` selects its rows; `header` names its columns.

    `has_header` is false where the first line is data already. `first_rows` are a few of them, for recognition.
    `text` says that the rows come from lines of a text file, so that some may not split into columns.
    """

    name: str
    path: Path
    kind: str
    header: tuple[str, ...]
    has_header: bool
    delimiter: str = ","
    encoding: str = "utf-8"
    first_rows: tuple[tuple[str, ...], ...] = field(default=(), compare=False)

    @property
    def text(self) -> bool:
        """Whether the rows are lines of a text file."""
        return self.kind == "text"

    def sql(self, names: Sequence[str], delimiter: str, quote: str) -> str:
        """A table function that reads the rows as text, its columns called `names`."""
        path = literal(str(self.path))
        if self.kind == "parquet":
            held = ", ".join(
                f"CAST({quoted(old)} AS VARCHAR) AS {quoted(new)}" for old, new in zip(self.header, names, strict=True)
            )
            return f"(SELECT {held} FROM read_parquet({path}))"
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
        header = "true" if self.has_header else "false"
        return (
            f"read_csv({path}, auto_detect = false, header = {header}, delim = {literal(delimiter)}, "
            f"quote = {literal(quote)}, escape = {literal(quote)}, columns = {{{columns}}}, "
            f"encoding = {literal(self.encoding)}, compression = 'none', "
            f"store_rejects = true, rejects_limit = 0, max_line_size = {LONGEST_LINE})"
        )


def open_original(path: Path, scratch: Path, encoding: str | None = None) -> Opened:
    """See what a file is and open it; raises DataError for what is no table, saying what it looks like."""
    if not path.is_file():
        raise DataError(
            f"no file '{path}'",
            where="data add",
            why="there is nothing to add",
            remedy="check the path" if not path.is_dir() else "name the files in the folder, one by one or with *",
        )
    try:
        return _opened(path, path.name, scratch, encoding)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise _unreadable(path.name, error.strerror or str(error) or "it breaks off") from error
    except (EOFError, zlib.error, zipfile.BadZipFile, csv.Error, RuntimeError, NotImplementedError) as error:
        raise _unreadable(path.name, str(error) or "it breaks off") from error


def _opened(path: Path, name: str, scratch: Path, encoding: str | None, packed: bool = False) -> Opened:
    head = _head(path)
    if not head.strip():
        raise refused(name, "is empty", "it has no rows", "download it again")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")):
        if packed:
            raise refused(name, "is packed twice", "one table is wanted", "unpack it and add the file inside")
        unpack = _gzipped if head.startswith(b"\x1f\x8b") else _zipped
        return unpack(path, name, scratch, encoding)
    if head.startswith(b"PAR1"):
        return _parquet(path, name)
    _refuse_what_is_no_table(name, head)
    return _text(path, name, head, scratch, encoding)


def _head(path: Path) -> bytes:
    with path.open("rb") as handle:
        return handle.read(HEAD)


def _gzipped(path: Path, name: str, scratch: Path, encoding: str | None) -> Opened:
    """What is inside, unpacked here: the database passes over the rest of a spoilt file without a word."""
    unpacked = scratch / "unpacked"
    with gzip.open(path, "rb") as source, unpacked.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return _opened(unpacked, name, scratch, encoding, packed=True)


def _zipped(path: Path, name: str, scratch: Path, encoding: str | None) -> Opened:
    """The one table inside a zip archive; a workbook is a zip archive too."""
    with zipfile.ZipFile(path) as archive:
        inside = [item for item in archive.infolist() if not item.is_dir()]
        if any(item.filename == "xl/workbook.xml" for item in inside):
            return _workbook(path, name, scratch)
        hidden = ("__MACOSX/", ".")
        tables = [item for item in inside if not item.filename.startswith(hidden)]
        tables = [item for item in tables if item.filename.lower().endswith((".csv", ".tsv", ".tab", ".txt"))] or tables
        if len(tables) != 1:
            listed = ", ".join(item.filename for item in tables[:5]) or "nothing"
            message = f"is a zip archive that holds {listed}" + (" and more" if len(tables) > 5 else "")
            raise refused(name, message, "one table is wanted", "unpack it and add the files one by one")
        unpacked = scratch / "unpacked"
        with archive.open(tables[0]) as source, unpacked.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    return _opened(unpacked, Path(tables[0].filename).name, scratch, encoding, packed=True)


def _workbook(path: Path, name: str, scratch: Path) -> Opened:
    """The first sheet of a workbook, written out as text."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        unpacked = scratch / "sheet.csv"
        with unpacked.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            for row in sheet.iter_rows():
                writer.writerow([_cell(cell) for cell in row])
    except CalamineError as error:
        raise _unreadable(name, str(error)) from error
    return _opened(unpacked, name, scratch, "utf-8", packed=True)


def _cell(value: object) -> object:
    """A cell of a spreadsheet as text: a whole number without its '.0'."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _parquet(path: Path, name: str) -> Opened:
    import duckdb

    connection = duckdb.connect()
    try:
        described = rows(connection, f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})")
    except duckdb.Error as error:
        raise _unreadable(name, "it begins as a Parquet file and does not go on as one") from error
    finally:
        connection.close()
    return Opened(name, path, "parquet", tuple(str(row[0]) for row in described), True)


def _refuse_what_is_no_table(name: str, head: bytes) -> None:
    start = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    for magic, looks, remedy in _LOOKS:
        if start.startswith(magic):
            raise refused(name, f"looks like {looks}", "a table of events is wanted", remedy)
    if start[:64].lower().startswith((b"<!doctype html", b"<html")):
        why = "a log-in or error page was saved instead of the data"
        raise refused(name, "looks like a web page", why, "log in, download the file again, and open it once to see")
    if start.startswith((b"{", b"[{", b"[\n")):
        remedy = "ask the service for CSV, or turn the records into a table"
        raise refused(name, "looks like JSON", "a table of events is wanted", remedy)
    if start.startswith(b"<?xml"):
        raise refused(name, "looks like XML", "a table of events is wanted", "export it as CSV")


def _text(path: Path, name: str, head: bytes, scratch: Path, encoding: str | None) -> Opened:
    found = encoding or _encoding(head)
    if found == "utf-16" and head.startswith(codecs.BOM_UTF16_BE):
        found = "utf-16-be"  # which the database does not read
    if found not in ("utf-8", "utf-16", "latin-1"):
        path, found = _in_utf8(path, name, scratch, found), "utf-8"
        head = _head(path)
    text = head.decode({"utf-8": "utf-8-sig"}.get(found, found), errors="replace")
    complete = text if len(head) < HEAD else text[: text.rfind("\n") + 1] or text
    if complete.count("\0") > len(complete) // 100 or _share_of_controls(complete) > 0.05:
        raise refused(name, "looks like a binary file", "a table of events is wanted", "export the table as CSV")
    if not complete.strip():
        raise refused(name, "is empty", "it has no rows", "download it again")
    delimiter = _delimiter(complete.splitlines()[:50])
    lines = list(csv.reader(io.StringIO(complete, newline=""), delimiter=delimiter, quoting=_quoting(delimiter)))[:50]
    lines = [line for line in lines if line]
    first = tuple(cell.strip() for cell in lines[0])
    has_header = not any(cell.replace(".", "").replace("-", "").isdigit() for cell in first)
    shown = tuple(tuple(line) for line in lines[1 if has_header else 0 :])
    return Opened(name, path, "text", first, has_header, delimiter, found, shown)


def _delimiter(lines: list[str]) -> str:
    """What separates the columns: a tab where every line has one, else the mark that the first line has most of."""
    if all("\t" in line for line in lines if line):
        return "\t"
    return max(DELIMITERS, key=lambda mark: lines[0].count(mark))


def _quoting(delimiter: str) -> Literal[0, 3]:
    """Tab-separated event data do not quote; the others do."""
    return csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL


def _encoding(head: bytes) -> str:
    """UTF-16 where a byte-order mark says so, else UTF-8: lines that are not are kept apart, never guessed at."""
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"


def _in_utf8(path: Path, name: str, scratch: Path, encoding: str) -> Path:
    """A copy in UTF-8 of a text in another encoding."""
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise refused(
            name, f"cannot be read: no encoding '{encoding}'", "its letters would be wrong", "try utf-8"
        ) from error
    out = scratch / "recoded"
    try:
        with path.open(encoding=encoding) as source, out.open("w", encoding="utf-8") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    except UnicodeError as error:
        raise refused(
            name, f"is not in {encoding} ({error})", "its letters would be wrong", "name its encoding"
        ) from error
    return out


def in_plain_lines(opened: Opened, scratch: Path) -> Opened:
    """The same text with one kind of line ending: for files whose endings are mixed."""
    out = scratch / "plain"
    held = b""
    with opened.path.open("rb") as source, out.open("wb") as target:
        while block := source.read(1 << 20):
            block, held = held + block, b""
            if block.endswith(b"\r"):
                block, held = block[:-1], b"\r"
            target.write(block.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        target.write(b"\n" if held else b"")
    return replace(opened, path=out)


def _share_of_controls(text: str) -> float:
    """Share of characters that no text has: control characters and those that could not be decoded."""
    strange = sum((ord(c) < 32 and c not in "\t\r\n\0") or c == "\ufffd" for c in text)
    return strange / max(len(text), 1)


def refused(name: str, message: str, why: str, remedy: str) -> DataError:
    """The refusal of a file that is not what is wanted."""
    return DataError(f"this file {message}", where=name, why=why, remedy=remedy)


def _unreadable(name: str, reason: str) -> DataError:
    return refused(name, f"cannot be read ({reason[:200]})", "a part of it may be missing", "download it again")
