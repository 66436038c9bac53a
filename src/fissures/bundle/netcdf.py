"""Draws as netCDF in the groups that ArviZ reads: posterior and prior, each variable over chain, draw and label."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fissures.errors import DataError, UsageError

CHAINS = 4
Draws = Mapping[str, Mapping[str, NDArray[np.float64]]]


def write_draws(path: Path, groups: Mapping[str, Draws], told: Mapping[str, str]) -> Path:
    """Write draws by group, variable and label, (D,) each, with `told` as attributes of the file; returns the path.

    The draws are independent: they stand as CHAINS chains, since readers look for more than one. Raises UsageError
    where the file cannot be written and
    DataError where the extra `[xarray]` is not installed.
    """
    try:
        import h5netcdf  # noqa: F401
        import xarray
    except ImportError as error:
        raise DataError(
            "netCDF needs xarray and h5netcdf, which are not installed",
            where="--draws",
            why="the draws are written in the form that ArviZ and xarray read",
            remedy="pip install 'fissures[xarray]'",
        ) from error
    try:
        xarray.Dataset(attrs=dict(told)).to_netcdf(path, mode="w", engine="h5netcdf")
        for group, draws in groups.items():
            made = xarray.Dataset({name: _variable(xarray, name, values) for name, values in draws.items()})
            made.to_netcdf(path, mode="a", engine="h5netcdf", group=group)
    except OSError as error:
        raise UsageError(
            f"cannot write '{path}': {error.strerror or error}",
            where="--draws",
            why="the fit was made and its draws could not be saved",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
    return path


def _variable(xarray: object, name: str, values: Mapping[str, NDArray[np.float64]]) -> object:
    """One variable: chain, draw and label."""
    table = np.stack(list(values.values()), axis=1)
    table = table.reshape(CHAINS, -1, table.shape[1]) if len(table) % CHAINS == 0 else table[None]
    at = f"{name}_label"
    coords = {"chain": np.arange(len(table)), "draw": np.arange(table.shape[1]), at: list(values)}
    return xarray.DataArray(table, coords=coords, dims=("chain", "draw", at))  # type: ignore[attr-defined]
