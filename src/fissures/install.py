"""This installation: its version and the packages it stands on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

PACKAGES = (
    "numpy",
    "scipy",
    "pydantic",
    "ruamel.yaml",
    "typer",
    "rich",
    "jinja2",
    "altair",
    "vl-convert-python",
    "duckdb",
    "filelock",
    "shapely",
    "threadpoolctl",
    "python-calamine",
)


class Check(NamedTuple):
    """One line of a doctor's report."""

    name: str
    ok: bool
    detail: str


def own_version() -> str:
    """The version of fissures, as installed."""
    return _version("fissures") or "0+unknown"


def packages() -> list[Check]:
    """Versions of fissures, Python and every package it needs."""
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    found = [(name, _version(name)) for name in PACKAGES]
    needed = [Check(name, known is not None, known or "missing: install fissures again") for name, known in found]
    return [Check("fissures", True, own_version()), Check("python", True, python), *needed]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
