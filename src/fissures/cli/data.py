"""`fissures data`: event data into the store, what the store holds, and what it says about a case."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fissures.cli._data_guards import look_at_the_file, look_at_the_store, plainly, published_day, teller
from fissures.cli._shared import AsJson, aligned, day, emit, note, say, step, table, writable_file

if TYPE_CHECKING:
    from fissures.api.data import Added, Said

DATES = ("start", "end", "spread")
DUPLICATES = ("none", "one_a_day", "same_place")
KEPT = 1

app = typer.Typer(
    help="Event data: add files, see what is held, count it for a case.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Files = Annotated[list[str], typer.Argument(metavar="FILE", help="Files as they were downloaded.")]
Name = Annotated[str, typer.Argument(metavar="DATASET[@VERSION]", help="A dataset of the store.")]
Versioned = Annotated[str, typer.Argument(metavar="DATASET@VERSION", help="What to remove.")]
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="A shipped case's name, or a case folder.")]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="DATASET@VERSION", help="Preview this dataset; may be given several times."),
]


@app.command("add")
def add(
    files: Files,
    dataset: Annotated[str | None, typer.Option(metavar="NAME", help="Its name [default: by its format].")] = None,
    version: Annotated[str | None, typer.Option(metavar="NAME", help="Its release [default: by its name].")] = None,
    format: Annotated[str | None, typer.Option(metavar="NAME", help="Its format [default: by its columns].")] = None,
    mapping: Annotated[
        str | None, typer.Option(metavar="FILE", help="What the columns of a table of your own mean.")
    ] = None,
    published: Annotated[str | None, typer.Option(metavar="DATE", help="When the provider put it out.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="How its letters are written.")] = None,
    as_json: AsJson = False,
) -> int:
    """Add files of event data to the store."""
    look_at_the_store()
    asked: dict[str, Any] = {"dataset": dataset, "version": version, "format": format}
    asked |= {"mapping": mapping, "published": published_day(published), "encoding": encoding}
    done = [_added(file, asked, several=len(files) > 1, show=not as_json) for file in files]
    if as_json:
        emit(_document(files, done))
    return next((code for _, _, code in done if code), 0)


@app.command("list")
def list_held(as_json: AsJson = False) -> int:
    """List what the store holds."""
    from fissures import api
    from fissures.cli import _data_words as words

    look_at_the_store()
    with plainly():
        held = words.datasets(api.held_data())
    if as_json:
        emit({"datasets": held})
    elif held:
        table(words.HEADINGS, [words.dataset_row(one) for one in held])
    else:
        say("The store is empty. Begin with a file that you downloaded: fissures data add FILE")
    return 0


@app.command("show")
def show(dataset: Name, as_json: AsJson = False) -> int:
    """Show what a dataset of the store holds, and what was set apart."""
    from fissures import api
    from fissures.cli import _data_words as words

    look_at_the_store()
    with plainly():
        told = api.show_data(dataset)
    if as_json:
        emit(words.described_document(told))
    else:
        for line in words.described_lines(told):
            say(line)
    return 0


@app.command("remove")
def remove(
    dataset: Versioned,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> int:
    """Remove a dataset of one version from the store."""
    from fissures import api
    from fissures.cli import _data_words as words

    look_at_the_store()
    with plainly():
        held = _to_remove(dataset)
        if not yes and not _agreed(f"Remove {dataset}, {words.rows_of(sum(h.rows for h in held))}, from the store?"):
            note("Nothing was removed.")
            return KEPT
        gone = api.remove_data(dataset, progress=teller())
    if as_json:
        emit({"removed": words.datasets(gone)})
    else:
        say(
            f"Removed {dataset}: {words.rows_of(sum(h.rows for h in gone))} of {len(gone)} file{'s' * (len(gone) > 1)}."
        )
    return 0


@app.command("panel")
def panel(
    case: CaseName,
    datasets: With = None,
    dates: Annotated[
        str | None, typer.Option(metavar="RULE", help="With --with: events of several days, start, end or spread.")
    ] = None,
    duplicates: Annotated[
        str | None, typer.Option(metavar="RULE", help="With --with: duplicates, none, one_a_day or same_place.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the counted files beside the case.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it as a page of its own.")] = None,
    as_json: AsJson = False,
) -> int:
    """Say what event data can and cannot say about a case."""
    from fissures import api
    from fissures.api.data import panel_counts, panel_page

    _agree_with_each_other(datasets, dates, duplicates, write)
    look_at_the_store()
    if html is not None:
        _writable_page(html)
    with plainly():
        with step("count the events"):
            said = api.panel(case, tuple(datasets or ()), dates or "start", duplicates or "none", write)
        if not said:
            return _nothing_counted(case, write or html is not None, as_json)
        counts = panel_counts(said, case, write)
        page = None if html is None else panel_page(said, case, html, write).resolve()
    _show_panel(said, counts, page, as_json)
    return 0


# --- add ----------------------------------------------------------------------------------------------------

Done = tuple["Added | None", list[dict[str, str]], int]  # what was added, else the findings and the exit code


def _added(file: str, asked: dict[str, Any], several: bool, show: bool) -> Done:
    """Add one file; of several a file that fails is told and does not keep the others out."""
    from fissures import api
    from fissures.cli import _data_words as words

    try:
        with plainly():
            look_at_the_file(file)
            added = api.add_data(file, **asked, progress=teller())
    except api.FissuresError as error:
        if not several:
            raise
        note("\n".join(str(finding) for finding in error.findings))
        return None, [finding.as_json() for finding in error.findings], error.exit_code
    for line in words.added_lines(added, file) if show else ():
        say(line)
    for warning in _doubts(added, asked["published"]):
        note(warning)
    return added, [], 0


def _document(files: list[str], done: list[Done]) -> dict[str, Any]:
    """The document of `add`: always a list of files; where one was named, its keys also stand at the top."""
    from fissures.cli import _data_words as words

    told = list(zip(files, done, strict=True))
    added = [words.added_document(one, file) for file, (one, _, _) in told if one is not None]
    failed = [
        {"file": words.printable(file), "findings": found, "exit_code": code}
        for file, (one, found, code) in told
        if one is None
    ]
    return (added[0] if len(files) == 1 else {}) | {"files": added, "failed": failed}


def _doubts(added: Added, published: date | None) -> Iterator[str]:
    """What does not fit what was said about a file."""
    held = added.holding
    if added.already_present and published and published != held.published:
        known = f"published {held.published}" if held.published else "without a day of publication"
        yield f"note: it is held {known}; to change that, first: fissures data remove {held.name}"
    elif published and held.last and held.last > published:
        yield f"warning: {held.name} is said to be published on {published}, but has events up to {held.last}"


# --- remove -------------------------------------------------------------------------------------------------


def _to_remove(name: str) -> list[Any]:
    """The holdings that would go; a version must be named, since what is gone is gone."""
    from fissures import api

    held = [h for h in api.held_data() if name in (h.dataset, h.name)]
    if not held:
        api.show_data(name)  # says what the store holds instead
    versions = list(dict.fromkeys(h.name for h in held))
    if name not in versions:
        raise api.UsageError(
            f"which version of {name} is to be removed?",
            where=name,
            why="what is removed is gone, with its day of download",
            remedy=f"name it: {' or '.join(versions)}",
        )
    return held


def _agreed(question: str) -> bool:
    """Ask on a terminal; elsewhere nobody could answer."""
    from fissures.api import UsageError

    if not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal on which to ask",
            where="data remove",
            why="what is removed is gone, so it needs a yes",
            remedy="add --yes",
        )
    return typer.confirm(question, err=True)


# --- panel --------------------------------------------------------------------------------------------------


def _agree_with_each_other(datasets: list[str] | None, dates: str | None, duplicates: str | None, write: bool) -> None:
    """Refuse options that are no rule, or that contradict each other."""
    from fissures.api import UsageError

    for option, given, legal in (("--dates", dates, DATES), ("--duplicates", duplicates, DUPLICATES)):
        if given is not None and given not in legal:
            why = "the rule decides what counts, and on which day"
            raise UsageError(f"no rule '{given[:40]}'", where=option, why=why, remedy=f"one of: {', '.join(legal)}")
        if given is not None and not datasets:
            raise UsageError(
                "goes together with --with",
                where=option,
                why="evidence that is counted already has its rules in the case, under counted_from",
                remedy="change them there, or preview a dataset: --with DATASET@VERSION",
            )
    if len(set(datasets or ())) > 1 and duplicates in (None, "none"):
        raise UsageError(
            f"{len(set(datasets or ()))} datasets together, and no rule for duplicates",
            where="--with",
            why="what both report would count twice",
            remedy="add --duplicates one_a_day (or same_place), or preview one at a time",
        )
    if datasets and write:
        raise UsageError(
            "a preview is not written",
            where="--write",
            why="what lies beside a case is counted by the rules in the case",
            remedy="write counted_from: {datasets: [...]} into an entry of the evidence, then --write without --with",
        )


def _writable_page(html: Path) -> None:
    from fissures.api import UsageError

    try:
        writable_file(html)
    except UsageError as error:
        error.findings = tuple(replace(finding, where="--html") for finding in error.findings)
        raise


def _nothing_counted(case: str, wanted: bool, as_json: bool) -> int:
    """A case of which no evidence is counted from the store: what its evidence is, and what could be tried."""
    from fissures import api
    from fissures.cli import _data_words as words

    held = [f"{one['dataset']}@{one['version']}" for one in words.datasets(api.held_data())]
    preview = f"fissures data panel {words.printable(case)} --with {held[0] if held else 'DATASET@VERSION'}"
    if wanted:
        raise api.UsageError(
            "no evidence of this case is counted from event data",
            where="--write or --html",
            why="there is nothing to write or to draw",
            remedy=f"preview a dataset: {preview}",
        )
    evidence = api.load(case).record.evidence
    if as_json:
        listed = [{"evidence": name, "kind": one.kind, "file": one.file} for name, one in evidence.items()]
        emit({"panels": [], "evidence": listed, "held": held, "html": None})
        return 0
    say("No evidence of this case is counted from event data. Its evidence is:")
    for line in aligned([[name, one.kind.replace("_", " "), one.file] for name, one in evidence.items()]):
        say(f"  {words.printable(line)}")
    if held:
        say(f"The store holds {', '.join(held)}. To see what that would say: {preview}")
    else:
        say("The store is empty. Begin with a file that you downloaded: fissures data add FILE")
    return 0


def _show_panel(said: tuple[Said, ...], counts: tuple[Any, ...], page: Path | None, as_json: bool) -> None:
    from fissures.cli import _data_words as words

    if as_json:
        told = [words.panel_document(one, made.provenance) for one, made in zip(counts, said, strict=True)]
        head = {"case": counts[0].case, "as_of": counts[0].as_of.isoformat()}
        emit({**head, "panels": told, "html": None if page is None else str(page)})
        return
    say(words.printable(counts[0].case))
    say(f"as of {day(counts[0].as_of)}")
    for one in counts:
        say()
        for line in words.panel_lines(one):
            say(line)
    if page is not None:
        say(f"The page: {page}")
