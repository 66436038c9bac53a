"""`fissures portable`: general claims tried on every pair of rivals, and what that says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fissures.cli._data_guards import look_at_the_store, plainly, teller
from fissures.cli._shared import AsJson, emit, say, step, table

app = typer.Typer(
    help="General claims, tried on every pair of rival states: what comes again elsewhere.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
Results = Annotated[
    Path | None, typer.Option("--results", metavar="FILE", help="Results of your own [default: the shipped ones].")
]


@app.command("fit")
def fit(
    complete: Annotated[
        str,
        typer.Option("--complete", metavar="DATASETS:FIRST..LAST", help="Complete data, A+B:2018-01-01..2019-03-26."),
    ],
    second: Annotated[
        str | None, typer.Option("--second", metavar="DATASETS:FIRST..LAST", help="A window to see what comes again.")
    ] = None,
    wars: Annotated[
        list[str] | None, typer.Option("--wars", metavar="DATASET", help="Dead by conflict, such as UCDP GED.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="ISO3,ISO3", help="Leave this pair of states out.")
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", metavar="FOLDER", help="The store of event data [default: your own].")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the results as JSON.")] = None,
    pages: Annotated[
        Path | None, typer.Option("--pages", metavar="FOLDER", help="Write a page for each claim.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Try every general claim on event data of the store (two to three minutes)."""
    from fissures.api import portable

    if store is None:
        look_at_the_store()
    with plainly():
        with step("try the claims"):
            told = portable.fit_portable(complete, second, wars or (), without or (), store, teller())
        if out is not None:
            portable.write_portable(told, out)
        if pages is not None:
            portable.portable_pages(told, pages)
    _tell(told, None, as_json)
    return 0


@app.command("show")
def show(
    claim: Annotated[str | None, typer.Argument(metavar="[CLAIM]", help="One claim by its name.")] = None,
    results: Results = None,
    pages: Annotated[
        Path | None, typer.Option("--pages", metavar="FOLDER", help="Write a page for each claim.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Show what is known of general claims: what a pair not seen may have, and the verdict."""
    from fissures.api import UsageError, portable

    with plainly():
        told = portable.portable_results(results)
        if claim is not None and claim not in told["claims"]:
            raise UsageError(
                f"no portable claim '{claim[:40]}'",
                where="portable show",
                why="only claims of the catalogue were tried",
                remedy=f"one of: {', '.join(told['claims'])}",
            )
        if pages is not None:
            portable.portable_pages(told, pages)
    _tell(told, claim, as_json)
    return 0


def _tell(told: dict[str, Any], only: str | None, as_json: bool) -> None:
    claims = {name: body for name, body in told["claims"].items() if only in (None, name)}
    if as_json:
        emit({**told, "claims": claims})
        return
    say(_head(told))
    rows = [_row(name, way, one) for name, body in claims.items() for way, one in body.items()]
    table(["claim", "acts on", "expected", "a new pair (sd)", "verdict", "gates not passed"], rows)


def _head(told: dict[str, Any]) -> str:
    panel = told["panels"]["complete"]
    reading = panel["readings"]["surge"]
    nats, low, high = reading["together"]
    without = f", {', '.join(told['without'])} left out" if told["without"] else ""
    return (
        f"{panel['units']} pairs of states, {panel['weeks']} weeks from {panel['first']}{without}. On pairs not seen "
        f"all claims together change the log score by {nats:+.1f} nats [{low:.0f}, {high:.0f}], news volume by "
        f"{reading['volume'][0]:+.0f}."
    )


def _row(name: str, way: str, one: dict[str, Any]) -> list[str]:
    expected = "more" if one["expected"] > 0 else "fewer"
    pair = f"{one['mean']:+.2f} ({one['sd']:.2f})" if "sd" in one else ""
    failed = ", ".join(gate for gate, passed in one["gates"].items() if not passed)
    return [name, {"climb": "climbs", "fall": "falls"}[way], expected, pair, one["verdict"], failed]
