"""Finding cases: those that ship with the package, by name, and a reader's own, by path."""

from __future__ import annotations

from pathlib import Path

from fissures.case.grammar import nearest
from fissures.case.read import case_file
from fissures.case.records import Case
from fissures.errors import UsageError

SHIPPED = Path(__file__).parents[1] / "cases"


def titles() -> dict[str, str]:
    """The shipped cases' titles by name; a name is the case's folder."""
    return {folder.name: _title(folder) for folder in sorted(SHIPPED.iterdir()) if case_file(folder).is_file()}


def _title(folder: Path) -> str:
    lines = case_file(folder).read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix("case:").strip(" \"'") for line in lines if line.startswith("case:")), folder.name)


def find(case: str | Path) -> Path:
    """The folder or file that a name or path means; raises UsageError with the nearest name."""
    name = str(case)
    if name in (known := titles()):
        return SHIPPED / name
    try:
        if name and Path(case).exists():
            return Path(case)
    except (OSError, ValueError):  # a name too long, or one with a NUL in it, is no path
        pass
    raise UsageError(
        f"no case '{name[:80]}'",
        where="case",
        why="a case is a shipped name, a folder with a case.yaml, or a YAML file",
        remedy=nearest(name, known),
    )


def counts(case: Case) -> dict[str, int]:
    """How many of each kind a case holds; couplings are the claims that move something."""
    before = ("actors", "ladders", "fronts", "tracks", "streams", "pressures", "commitments", "claims")
    after = ("levers", "questions", "facts", "reporters", "systems")
    couplings = sum(claim.kind == "coupling" for claim in case.claims.values())
    return (
        {kind: len(getattr(case, kind)) for kind in before}
        | {"couplings": couplings}
        | {kind: len(getattr(case, kind)) for kind in after}
    )


def text_of(source: str | Path) -> str:
    """The reader's own copy of an article; raises UsageError where it cannot be read as text."""
    try:
        return Path(source).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read '{source}' as text",
            where="--source",
            why="passages are verified against your own copy of the article",
            remedy="name a UTF-8 text file, one paragraph a line",
        ) from error
