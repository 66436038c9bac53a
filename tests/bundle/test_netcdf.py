"""Draws as netCDF: what is written is what xarray and ArviZ read."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray
from arviz_stats.base import array_stats

from fissures.bundle.netcdf import write_draws
from fissures.errors import DataError, UsageError

G = np.random.default_rng(1)
GROUPS = {
    "posterior": {
        "claim": {"a": G.normal(size=1000), "b": G.normal(size=1000)},
        "river": {"calm:b0": G.normal(size=1000)},
    },
    "prior": {"claim": {"a": G.normal(size=1000), "b": G.normal(size=1000)}},
}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = write_draws(tmp_path / "draws.nc", GROUPS, {"case": "Two valleys", "seed": "1"})
    assert xarray.open_dataset(path, engine="h5netcdf").attrs == {"case": "Two valleys", "seed": "1"}
    for group, draws in GROUPS.items():
        read = xarray.open_dataset(path, engine="h5netcdf", group=group)
        assert set(read.data_vars) == set(draws)
        for name, labels in draws.items():
            assert read[name].dims == ("chain", "draw", f"{name}_label")
            for label, values in labels.items():
                found = read[name].sel({f"{name}_label": label}).to_numpy()
                assert np.array_equal(found.ravel(), values)
                assert array_stats.rhat(found, chain_axis=0, draw_axis=1) < 1.05


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        write_draws(tmp_path / "nowhere" / "draws.nc", GROUPS, {})


def test_the_extra_is_asked_for_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] in {"xarray", "h5netcdf"}:
            raise ImportError(name)
        return plain(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(DataError, match=r"pip install 'fissures\[xarray\]'"):
        write_draws(tmp_path / "draws.nc", GROUPS, {})
