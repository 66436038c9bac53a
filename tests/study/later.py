"""Later versions of the small invented case, for whatever reads one issue from the next."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
AS_OF = date(2019, 12, 29)
MONDAY = date(2019, 12, 30)
QUIET = "0,0,0,0,0,0,0,0"
FRESH = """questions:
  fresh:
    code: N1
    title: Something new
    asks: weir reaches feud
    by: {by}
    resolves: the ledger shows it

"""


def later(
    folder: Path,
    as_of: date,
    weeks: Mapping[date, str] | None = None,
    events: Sequence[str] = (),
    edits: Sequence[tuple[str, str]] = (),
    skip: Sequence[date] = (),
    covers: str = "",
) -> Path:
    """The case as of a later Sunday: quiet weeks but for `weeks` (columns after days_covered) and those to `skip`.

    From July 2020 on the old questions have had their day, and a new one stands in their place. `covers` is the window
    of the two files of events (default: all of it).
    """
    shutil.copytree(TWO_VALLEYS, folder)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    end = max(as_of + timedelta(days=92), date(2020, 6, 30))
    for old, new in (("horizon: 2020-06-30", f"horizon: {end}"), *edits):
        assert old in text, old
        text = text.replace(old, new)
    text = text.replace("from: 2020-01-06\n    to: 2020-06-30", f"from: {as_of + timedelta(days=1)}\n    to: {end}")
    text = text.replace(f"as_of: {AS_OF}", f"as_of: {as_of}")
    weekly, _, rest = text.partition("  events:\n    kind")
    text = (
        weekly.replace(str(AS_OF), str(as_of))
        + "  events:\n    kind"
        + rest.replace("[[2018-01-01, 2019-12-29]]", covers or f"[[2018-01-01, {as_of}]]")
    )
    if as_of >= date(2020, 3, 31):
        start, stop = text.index("questions:\n"), text.index("reporters:\n")
        text = text[:start] + FRESH.format(by=end) + text[stop:]
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    monday, told = MONDAY, ""
    while monday <= as_of:
        days = min((as_of - monday).days + 1, 7)
        told += "" if monday in skip else f"{monday},{days},{(weeks or {}).get(monday, QUIET)}\n"
        monday += timedelta(days=7)
    with (folder / "weekly.csv").open("a", encoding="utf-8") as file:
        file.write(told)
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        file.write("".join(f"{row}\n" for row in events))
    return folder
