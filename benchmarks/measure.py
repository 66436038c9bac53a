"""A piece of work alone in a process of its own: seconds, processor seconds, peak memory; the row that is kept."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

HERE = Path(__file__).resolve().parent
Row = dict[str, Any]


def machine() -> Row:
    """What the figures were measured on; no name of a host."""
    cpu = Path("/proc/cpuinfo")
    models = [line.split(":")[1].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")]
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": models[0] if models else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "load": round(os.getloadavg()[0], 1),
    }


def commit() -> str:
    """The commit that is measured, with a plus where the working copy differs from it."""
    told = [
        subprocess.run(["git", *words], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()
        for words in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "--", "../src"))
    ]
    return told[0] + ("+" if told[1] else "")


def keep(name: str, row: Row) -> Path:
    """Add a row to `results/NAME.jsonl`."""
    path = HERE / "results" / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps({"commit": commit(), "date": now, **row}) + "\n")
    return path


def alone(work: str, *args: object) -> Row:
    """Do a piece of `benchmarks.work` in a new process, and return what it says of itself."""
    command = [sys.executable, "-m", "benchmarks.work", work, *map(str, args)]
    done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{work} failed (its message stands above)")
    told: Row = json.loads(done.stdout.splitlines()[-1])
    return told


def timed(work: Callable[[], Any]) -> tuple[Any, Row]:
    """Do something; what it returns, and its seconds and processor seconds (of this process and all its threads)."""
    wall, cpu = time.perf_counter(), time.process_time()
    out = work()
    return out, {
        "seconds": round(time.perf_counter() - wall, 3),
        "cpu_seconds": round(time.process_time() - cpu, 3),
    }


def peak_mb() -> int:
    """The most memory that this process has had at once, in MB.

    Where the kernel tells its high-water mark that is used: `ru_maxrss` starts with what the parent had.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        marks = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return round(int(marks[0]) * 1024 / 1e6)
    scale = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6)


def seconds_to_read(path: Path) -> float:
    """Seconds to read a file once from start to end: the floor of all work on it."""
    begun = time.perf_counter()
    with path.open("rb", buffering=0) as handle:
        block = bytearray(1 << 20)
        while handle.readinto(block):
            pass
    return round(time.perf_counter() - begun, 3)
