"""The command line: parse, call, print. The result goes to stdout, all else to stderr."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Annotated

import typer

from fissures.cli import (
    brief,
    cases,
    check,
    compare,
    data,
    demo,
    doctor,
    explain,
    fit,
    format,
    portable,
    reference,
    resolve,
    run,
    watch,
)
from fissures.cli._shared import note

INTERRUPTED = 130

app = typer.Typer(
    name="fissures",
    help="Turn a written argument about a conflict into a model that runs and is tested on data.",
    epilog="Start with: fissures demo",
    no_args_is_help=True,
    add_completion=False,
    # Plain help: it prints in half the time, and the same on every terminal.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("cases")(cases.cases)
app.command("check")(check.check)
app.command("format")(format.format_case)
app.command("fit")(fit.fit)
app.command("run")(run.run)
app.command("compare")(compare.compare)
app.command("explain")(explain.explain)
app.command("watch")(watch.watch)
app.command("resolve")(resolve.resolve)
app.command("brief")(brief.brief)
app.add_typer(data.app, name="data")
app.add_typer(portable.app, name="portable")
app.add_typer(reference.app, name="reference")
app.command("doctor")(doctor.doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"fissures {version('fissures')}")
        raise typer.Exit()


@app.callback()
def _house(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before a verb; the help text is the app's own."""


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit code.

    0 ok, 1 failure, 2 usage, 3 case invalid, 4 data missing, 5 fit not converged, 6 a trigger fired, 130 interrupted.
    A traceback is shown only when FISSURES_DEBUG=1.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show an accent must not end a run.
            stream.reconfigure(errors="replace")
    try:
        code = app(argv, prog_name="fissures", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        note("\nstopped")
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the parser makes an exit of a broken pipe, and of nothing else
        return _reader_left()
    except Exception as error:
        return _tell(error)
    if code == INTERRUPTED:  # typer's newer versions turn an interrupt into this code themselves
        note("\nstopped")
    return code if isinstance(code, int) else 0


def _tell(error: Exception) -> int:
    """Say what went wrong in plain words on stderr, and return the exit code."""
    if os.environ.get("FISSURES_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    shown = _known(error)
    if shown is not None:
        if isinstance(error, OSError):
            _drop_output()
        return shown
    note(f"fissures stopped: {type(error).__name__}: {error}")
    note("    why it matters: this is a fault in fissures, not in your case")
    note("    try: run it again with FISSURES_DEBUG=1 to see the details, and report them")
    return 1


def _known(error: Exception) -> int | None:
    """Tell an error that has a cause the user can mend; None if it is none of those."""
    if hasattr(error, "show") and hasattr(error, "exit_code"):  # the parser's: a wrong option or argument
        error.show()
        return int(error.exit_code)
    if isinstance(error, MemoryError):
        note("memory  there is not enough of it for this run\n    try: fewer --paths")
        return 1
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("fissures"):
        note(f"install  the package '{error.name}' is missing\n    try: pip install {error.name}")
        return 1
    if isinstance(error, OSError) and (error.filename or error.errno):
        note(f"{error.filename or 'output'}  cannot be read or written: {error.strerror or error}")
        note("    try: another place, or other permissions")
        return 1
    return _ours(error)


def _ours(error: Exception) -> int | None:
    try:
        from fissures.api import FissuresError
    except ImportError:
        return None
    if not isinstance(error, FissuresError):
        return None
    for finding in error.findings:
        note(str(finding))
    return error.exit_code


def _reader_left() -> int:
    """The program that read our output has gone (`| head`): leave quietly, also at exit."""
    _drop_output()
    return 0


def _drop_output() -> None:
    """Let what is still to be printed go nowhere, so that it cannot fail again at exit."""
    with contextlib.suppress(OSError):
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
