"""Workload W stepped by a C program, for comparison: compiled here with gcc, fed with the kernel's own flat arrays."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from fissures.kernel.arith import COUNTS
from fissures.kernel.compiled.packed import ABOVE, Packed
from fissures.kernel.compiled.packing import pack
from fissures.kernel.world import RUNG, World

SOURCE = Path(__file__).resolve().parent / "workload.c"
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC")
SIZES = ("draws", "streams", "pressures", "places", "rungs", "memories", "links", "dead")
FLOATS = (
    *("coefficient", "bar", "logits", "levels", "memory", "deaths", "patterns", "rate", "size", "floor", "scale"),
    *("decay", "fed_weight", "shown_weight", "series", "memory_decays", "long_run", "start_memories"),
    *("start_pressures", "counts_log"),
)
INTS = (
    *("kind", "place", "code", "link_start", "pattern", "stream_start", "fed_start", "fed_stream", "shown_place"),
    *("shown_code", "series_start", "active", "start_rungs"),
)
KEYS = ("place_keys", "stream_keys")
Step = Callable[[int, int], dict[str, Any]]  # first path, paths -> arrays by the names of `Paths`


class _World(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int64) for name in SIZES),
        *((name, ctypes.c_void_p) for name in (*FLOATS, *INTS, *KEYS)),
        ("death_scale", ctypes.c_double),
    )


def available() -> bool:
    """Whether there is a C compiler here."""
    return shutil.which("gcc") is not None


def compiled(world: World, days: int) -> Step:
    """A function that steps the workload's paths in C."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "workload.so"
        subprocess.run(["gcc", *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
        step = ctypes.CDLL(str(library)).step
    w = pack(world, days)
    given = {**_arrays(w), **_sizes(w)}
    arrays = {name: np.ascontiguousarray(given[name]) for name in (*FLOATS, *INTS, *KEYS)}
    filled = _World(
        **{name: given[name] for name in SIZES},
        **{name: array.ctypes.data for name, array in arrays.items()},
        death_scale=w.start.death_scale,
    )

    def run(first: int, paths: int) -> dict[str, Any]:
        out = {
            "rungs": np.zeros((len(world.ladders), days, paths), np.uint8),
            "deaths": np.zeros((world.fronts, days, paths), np.int32),
            "counts": np.zeros((len(world.streams), days, paths), np.uint8),
            "levels": np.zeros((len(world.pressures), paths), np.float32),
        }
        sizes = (ctypes.c_int64(number) for number in (days, first, paths))
        pointers = (ctypes.c_void_p(array.ctypes.data) for array in out.values())
        step(ctypes.byref(filled), *sizes, *pointers)
        assert arrays  # what the program reads must live as long as it does
        return out

    return run


def _sizes(w: Packed) -> dict[str, Any]:
    return {
        "draws": w.links.coefficient.shape[0],
        "streams": w.streams.key.size,
        "pressures": w.pressures.kind.size,
        "places": w.places.rungs.size,
        "rungs": w.places.logits.shape[3],
        "memories": w.start.memory_decays.size,
        "links": w.links.product.size,
        "dead": w.start.dead_memories,
    }


def _arrays(w: Packed) -> dict[str, Any]:
    """The kernel's arrays under the names of the C program; every link and feed of W reads one factor."""
    c = w.causes
    read = c.product_factor[c.product_start[w.links.product]]
    first = c.place_start[read]
    kind = np.where(c.kind[read] == RUNG, 2, np.where(c.switch[read] == ABOVE, 1, 0))
    shown = c.place_start[w.pressures.shown_factor]
    parts = (w.start, w.links, w.streams, w.pressures, w.places)  # where a name stands twice the last one holds
    plain = {name: array for part in parts for name, array in part._asdict().items()}
    return {
        **plain,
        "bar": c.bar[read],
        "kind": kind,
        "place": c.place[first],
        "code": c.code[first],
        "scale": w.pressures.scale,
        "decay": w.pressures.decay,
        "rate": w.streams.rate,
        "size": w.streams.size,
        "stream_start": w.streams.link_start,
        "shown_place": c.place[shown],
        "shown_code": c.code[shown],
        "start_memories": w.start.memories,
        "start_pressures": w.start.pressures,
        "start_rungs": w.start.rungs,
        "place_keys": w.places.keys,
        "stream_keys": w.streams.key,
        "counts_log": COUNTS,
    }
