"""Which engine steps the paths, where compiled code is kept, and that no answer hangs on either."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fissures import kernel
from fissures.errors import UsageError
from fissures.kernel.paths import run
from fissures.kernel.world import World
from fissures.model import engine

from ..laws.worlds import Recipe, same


@pytest.fixture
def world() -> World:
    return Recipe(seed=3, fronts=2, rungs=4, streams=2, pressures=1).world()


@pytest.fixture
def nothing_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A process that has loaded no compiled code, an empty cache, and a note of when compiling is begun."""
    begun: list[str] = []
    monkeypatch.setattr(engine, "_loaded", [])
    monkeypatch.setattr(engine, "compile_aside", lambda: begun.append("begun"))
    monkeypatch.setenv("FISSURES_CACHE", str(tmp_path))
    return begun


def test_numpy_answers_while_the_kernel_compiles(world: World, nothing_loaded: list[str]) -> None:
    answer = engine.step(world, 6, 20)
    assert not nothing_loaded, "a short run is not worth compiling for"
    assert not engine.at_hand(engine.WORTH_IT)
    assert nothing_loaded == ["begun"]
    assert same(answer, run(world, 6, 0, 20))


def test_numpy_answers_where_kept_code_cannot_be_loaded(
    nothing_loaded: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise OSError("the disk is gone")

    place = engine.folder()
    assert place is not None
    (place / engine.READY).touch()
    monkeypatch.setattr(engine, "_load", broken)
    assert not engine.at_hand(engine.WORTH_IT) and not nothing_loaded
    assert "NumPy answers: the disk is gone" in caplog.text


def test_numpy_answers_without_numba(world: World, nothing_loaded: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "installed", lambda: False)
    assert not engine.at_hand(10 * engine.WORTH_IT) and not nothing_loaded
    assert same(engine.step(world, 6, 20), run(world, 6, 0, 20))
    assert "pip install 'fissures[fast]'" in engine.report()
    with pytest.raises(UsageError, match="needs numba") as told:
        engine.step(world, 6, 20, "compiled")
    assert "fissures[fast]" in str(told.value)


def test_a_python_without_numba_simulates() -> None:
    """In a fresh interpreter that cannot import numba, with nothing replaced."""
    code = """
import sys
sys.modules["numba"] = sys.modules["llvmlite"] = None
from fissures.model import engine
from tests.laws.worlds import Recipe
assert not engine.installed()
world = Recipe(3, 2, 4, 2, 1).world()
assert engine.step(world, 4, 30_000, batch=30_000).rungs.shape[1:] == (4, 30_000)
assert not [name for name in sys.modules if name.startswith("fissures.kernel.compiled")]
print("simulated")
"""
    root = Path(__file__).resolve().parents[2]
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(Path(kernel.__file__).parents[2])])}
    done = subprocess.run([sys.executable, "-c", code], env=where, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "simulated", done.stderr


def test_the_engines_agree(world: World) -> None:
    theirs = engine.step(world, 6, 50, "numpy", batch=7)
    assert same(engine.step(world, 6, 50, "compiled"), theirs)
    assert engine.at_hand(1), "once loaded, compiled code answers short runs too"


def test_the_cache_is_keyed_by_every_source_of_the_kernel(tmp_path: Path) -> None:
    copied = tmp_path / "kernel"
    shutil.copytree(Path(kernel.__file__).parent, copied, ignore=shutil.ignore_patterns("__pycache__"))
    before = engine.digest(copied)
    assert engine.digest(copied) == before
    for name in ("compiled/arith.py", "streams.py", "world.py"):
        file, stamp = copied / name, (copied / name).stat()
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("1", "2", 1), encoding="utf-8")  # as long as it was
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert engine.digest(copied) != before, name
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert engine.digest(copied) == before


def test_the_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FISSURES_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform != "win32":
        assert engine.folder() == tmp_path / "fissures" / "kernel" / engine.digest()[:16]
    monkeypatch.setenv("FISSURES_CACHE", str(tmp_path / "mine"))
    assert engine.folder() == tmp_path / "mine" / "kernel" / engine.digest()[:16]
    (tmp_path / "file").touch()
    monkeypatch.setenv("FISSURES_CACHE", str(tmp_path / "file"))
    assert engine.folder() is None and not engine.is_compiled(), "a folder that cannot be made is none"


def test_old_compiled_code_goes(nothing_loaded: list[str]) -> None:
    place = engine.folder()
    assert place is not None
    for k in range(engine.KEPT + 2):
        other = place.parent / f"other{k}"
        other.mkdir()
        (other / engine.READY).touch()
        os.utime(other / engine.READY, (k, k))
    engine._prune(place)
    left = sorted(path.name for path in place.parent.iterdir())
    assert left == sorted([place.name, *(f"other{k}" for k in range(3, engine.KEPT + 2))])


def test_the_doctor_says_whether_the_kernel_is_compiled(nothing_loaded: list[str]) -> None:
    assert "not compiled yet" in engine.report() and "doctor --compile" in engine.report()
    place = engine.folder()
    assert place is not None
    (place / engine.READY).touch()
    assert engine.report().startswith("ready, numba")
