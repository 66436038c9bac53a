"""Who may import whom: one direction of travel, and nothing heavy before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "fissures"
FILES = sorted(SRC.rglob("*.py"))

# A part of the house, and the parts it may import; every part but the outermost may also import `errors`.
LAW: dict[str, set[str]] = {
    "terms": set(),
    "errors": set(),
    "install": set(),
    "case": {"terms"},
    "events": {"terms", "case"},
    "kernel": set(),
    "model": {"case", "events", "kernel"},
    "study": {"model", "events", "case", "kernel", "terms"},  # the words for probabilities
    "bundle": set(),
    "text": {"terms", "case", "events"},
    "figures": {"study", "bundle"},
    "brief": {"study", "bundle", "figures", "case"},  # names of fronts, sources, disputed facts
    # brief: how its page names, writes and draws things, so that no other format says them differently
    "export": {"study", "bundle", "figures", "brief", "case"},
    "cases": set(),
    "cli": {"api"},
    "web": {"api"},
    "": {"api"},  # fissures/__init__.py
    "__main__": {"cli"},
}
LAW["api"] = set(LAW) - {"cli", "web", "", "__main__", "api"}
OUTERMOST = {"cli", "web", "", "__main__"}
KERNEL_MAY_USE = {"numpy", "scipy", "numba"}
HEAVY = {"scipy", "altair", "numba", "duckdb", "vl_convert", "pandas", "shapely", "matplotlib", "polars"}
HEAVY_OR_SLOW = HEAVY | {"pydantic"}
# The tool of a part's trade, which its own modules may import at once. The public surface reaches such a part
# only when a verb is called: `test_the_public_surface_loads_nothing_heavy` holds that end.
TRADE: dict[str, set[str]] = {"case": {"pydantic"}, "kernel": {"scipy", "numba"}, "figures": {"altair"}}


def part_of(file: Path) -> str:
    """The part of the house a file belongs to; "" is the front door, `fissures/__init__.py`."""
    first = file.relative_to(SRC).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def targets(node: ast.AST, file: Path) -> list[str]:
    """The full names that an import statement brings in; [] for any other node."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        package = ["fissures", *file.relative_to(SRC).parent.parts]
        base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
    return [f"{base}.{alias.name}" for alias in node.names] if base == "fissures" else [base]


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Every import of a file, wherever it stands."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for name in targets(node, file):
            yield node.lineno, name  # type: ignore[attr-defined]


def at_import_time(nodes: list[ast.stmt], file: Path) -> Iterator[tuple[int, str]]:
    """The imports that run when the module is imported: not in functions, not for the type checker only."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from at_import_time(node.orelse, file)
            continue
        for name in targets(node, file):
            yield node.lineno, name
        inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
        yield from at_import_time(inner, file)


def breaches(file: Path, source_part: str | None = None) -> list[str]:
    """The imports of a file that the law forbids."""
    part = part_of(file) if source_part is None else source_part
    allowed = LAW[part] | {part} | (set() if part in OUTERMOST else {"errors"})
    return [
        f"{file.relative_to(SRC)}:{line}  {part or 'the front door'} may not import {name}"
        for line, name in imports(file)
        if name.split(".")[0] == "fissures" and [*name.split("."), ""][1] not in allowed
    ]


def test_every_part_of_the_house_is_in_the_law() -> None:
    assert {part_of(file) for file in FILES} <= set(LAW)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SRC)))
def test_a_part_imports_only_what_its_row_lists(file: Path) -> None:
    assert not breaches(file)


def test_the_law_is_not_blind(tmp_path: Path) -> None:
    """A forbidden import is seen in each of its spellings."""
    for line in (
        "from fissures.study.records import Answer",
        "import fissures.study",
        "from fissures import study",
        "from ..study import records",
        "def f():\n    from ..study.records import Answer",
    ):
        broken = SRC / "kernel" / "made_up.py"
        found = [name for node in ast.walk(ast.parse(line)) for name in targets(node, broken)]
        assert [name.split(".")[:2] for name in found] == [["fissures", "study"]], line


def test_the_kernel_knows_only_numbers() -> None:
    for file in FILES:
        if part_of(file) == "kernel":
            outside = {name.split(".")[0] for _, name in imports(file)} - {
                "fissures",
                *sys.stdlib_module_names,
            }
            assert outside <= KERNEL_MAY_USE, f"{file.name} imports {sorted(outside - KERNEL_MAY_USE)}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SRC)))
def test_nothing_heavy_is_imported_before_it_is_needed(file: Path) -> None:
    front = file.name == "__init__.py"  # the door of a part stays light
    heavy = HEAVY_OR_SLOW - (set() if front else TRADE.get(part_of(file), set()))
    module = ast.parse(file.read_text(encoding="utf-8"))
    early = [
        f"{file.relative_to(SRC)}:{line}  imports {name} at once; import it inside the function that uses it"
        for line, name in at_import_time(module.body, file)
        if name.split(".")[0] in heavy
    ]
    assert not early


def loaded_by(statement: str) -> set[str]:
    """The top names of all modules that a fresh interpreter holds after a statement."""
    code = f"import sys\n{statement}\nprint(*sorted({{n.split('.')[0] for n in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_imports_nothing() -> None:
    before = loaded_by("pass")
    assert loaded_by("import fissures") - before <= {"fissures", "typing", "types", "__future__"} | set(
        sys.stdlib_module_names
    )


def test_help_needs_none_of_the_heavy_packages() -> None:
    names = loaded_by("from fissures.cli import main\nassert main(['--help']) == 0")
    assert not names & (HEAVY | {"numpy", "pydantic", "ruamel", "jinja2", "rich"})


def test_the_public_surface_loads_nothing_heavy() -> None:
    assert not loaded_by("import fissures.api") & HEAVY
