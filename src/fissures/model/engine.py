"""Which engine steps the paths: the compiled kernel where it is at hand; NumPy without numba, or while it compiles.

The engine never changes an answer: both give the same bits. Compiled code is kept in the user's own folder, under a
digest of every source of the kernel, of numba, and of the processor, since numba's own cache misses an edit in a file
that another one imports.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from fissures import kernel
from fissures.errors import UsageError
from fissures.kernel import paths as oracle
from fissures.kernel.world import Paths, World

Engine = Literal["auto", "numpy", "compiled"]

BATCH = 10_000  # paths that NumPy steps together: enough to hide the cost of a call, few enough for a small memory
WORTH_IT = 100_000  # path-days from which compiled code is worth loading: NumPy takes a second or two for them
KEPT = 4  # folders of compiled code that stay: versions and environments side by side
READY = "ready"  # the file that says that a folder's code is whole

log = logging.getLogger("fissures.engine")
_loaded: list[Any] = []  # the compiled runner, once it is in memory
_work: list[threading.Thread] = []  # the thread that waits for the compiler
_lock = threading.Lock()


def step(
    world: World, days: int, paths: int, engine: Engine = "auto", batch: int = BATCH, kept: int | None = None
) -> Paths:
    """Step the paths 0..paths - 1 through so many days; the answer does not depend on the engine or on batches.

    With `kept` they are numbered among those alone that have one of the first `kept` draws. Raises UsageError where
    the compiled engine is asked for and numba is not installed.
    """
    if engine == "compiled" or (engine == "auto" and at_hand(days * paths)):
        return load()(world, days, 0, paths, kept, threads=cores())
    firsts = range(0, paths, batch)
    return oracle.join([oracle.run(world, days, first, min(batch, paths - first), kept) for first in firsts])


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def installed() -> bool:
    """Whether numba can be imported."""
    return importlib.util.find_spec("numba") is not None


def at_hand(work: int) -> bool:
    """Whether compiled code is there for so many path-days; where it is worth having and is not, it is begun."""
    if _loaded:
        return True
    if work < WORTH_IT or not installed():
        return False
    if is_compiled():
        return _loads()
    compile_aside()
    return False


def _loads() -> bool:
    """Whether kept code can be loaded; where it cannot, that is logged, and NumPy answers as well."""
    try:
        load()
    except Exception as error:
        log.warning("the compiled kernel cannot be loaded, NumPy answers: %s", error)
        return False
    return True


def load() -> Any:
    """The compiled runner, compiled now where it is not; raises UsageError without numba."""
    with _lock:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def _load() -> Any:
    if not installed():
        raise UsageError(
            "the compiled kernel needs numba",
            where="engine",
            why="without it NumPy steps the paths: the same answers, several times slower",
            remedy="pip install 'fissures[fast]'",
        )
    place = folder()
    with _numba_keeps(place):
        from fissures.kernel.compiled import running, stepping

        if place is not None:
            stepping.step.enable_caching()
        running.warm()
    if place is not None:
        with suppress(OSError):
            (place / READY).touch()
            _prune(place)
    return running.run


@contextmanager
def _numba_keeps(place: Path | None) -> Iterator[None]:
    """Have numba keep what it compiles meanwhile in our folder, and leave its settings as they were."""
    import numba

    config: Any = numba.config
    before = config.CACHE_DIR
    if place is not None:
        config.CACHE_DIR = str(place)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def is_compiled() -> bool:
    """Whether compiled code lies in the folder."""
    place = folder()
    return place is not None and (place / READY).is_file()


def compile_aside() -> None:
    """Begin to compile in a process of its own, at low priority; a thread waits for it and loads the code.

    A process, since numba would otherwise hold up the very NumPy that answers meanwhile. It goes on after a short
    command has ended, so that the next command finds its work. Where nothing can be kept the thread compiles itself.
    """
    if not _work:
        _work.append(threading.Thread(target=_compile_aside, name="fissures-compiles", daemon=True))
        _work[0].start()


def _compile_aside() -> None:
    if not sys.executable or folder() is None:
        _loads()
        return
    code = "from fissures.model.engine import compile_alone; compile_alone()"
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    with suppress(OSError):
        subprocess.run(
            [sys.executable, "-c", code],
            env=where,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
        )
        if is_compiled():
            _loads()


def compile_alone() -> None:
    """Compile at low priority, unless another process does so already: then wait for it."""
    from filelock import FileLock

    place = folder()
    if place is None:
        return
    if hasattr(os, "nice"):
        os.nice(10)
    with FileLock(f"{place}.lock"):
        if not (place / READY).is_file():
            load()


def folder() -> Path | None:
    """Where compiled code is kept, made where it is missing; None where nothing can be written."""
    place = _home() / "kernel" / digest()[:16]
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return place if os.access(place, os.W_OK) else None


def _home() -> Path:
    """The user's folder for what can be made again: FISSURES_CACHE, or as the system has it."""
    if named := os.environ.get("FISSURES_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "fissures" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fissures"


def digest(sources: Path | None = None) -> str:
    """What compiled code depends on: every source of the kernel, numba, Python and the processor; SHA-256."""
    root = Path(kernel.__file__).parent if sources is None else sources
    found = hashlib.sha256(f"{version('numba')} {platform.python_version()} {_processor()} {root}".encode())
    for file in sorted(root.rglob("*.py")):
        found.update(f"{file.relative_to(root)} {file.stat().st_mtime_ns}".encode() + file.read_bytes())
    return found.hexdigest()


def _processor() -> str:
    """Name and abilities of the processor, as the compiler tells them apart."""
    from llvmlite import binding

    return f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def _prune(place: Path) -> None:
    """Remove the folders of compiled code that were used longest ago, but for the last few and any still at work."""
    others = [other for other in place.parent.iterdir() if (other / READY).is_file() and other != place]
    others.sort(key=lambda other: (other / READY).stat().st_mtime)
    half_made = [other for other in place.parent.iterdir() if other.is_dir() and not (other / READY).is_file()]
    old = [other for other in half_made if time.time() - other.stat().st_mtime > 86_400]
    for other in [*others[: max(len(others) - KEPT + 1, 0)], *old]:
        shutil.rmtree(other, ignore_errors=True)
        with suppress(OSError):
            Path(f"{other}.lock").unlink()


def report(compile_now: bool = False) -> str:
    """What there is to say of the compiled kernel, compiling it first where that is asked for."""
    if not installed():
        return "not installed, NumPy does its work: pip install 'fissures[fast]'"
    if compile_now:
        load()
    if not (_loaded or is_compiled()):
        return "not compiled yet, which the first long run does: fissures doctor --compile"
    return f"ready, numba {version('numba')}, {cores()} cores"
