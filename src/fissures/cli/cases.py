"""`fissures cases`: the cases that come with the package."""

from __future__ import annotations

from fissures.cli._shared import AsJson, emit, table


def cases(as_json: AsJson = False) -> int:
    """List the shipped cases."""
    from fissures import api

    shipped = api.cases()
    if as_json:
        emit({"cases": [{"name": name, "title": title} for name, title in shipped.items()]})
    else:
        table(["name", "title"], [[name, title] for name, title in shipped.items()])
    return 0
