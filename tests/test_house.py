"""The floors and what they may import, read from the source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
FLOORS = ("landscape", "assets", "pipelines")  # from the ground up
ROOMS = (  # of the ground floor, from the ground up; a line may use the lines before it
    {"paths", "errors", "stamps", "models", "settings", "staging_db", "table_rules", "private_files", "codebook"}
    | {"edited", "figure_marks", "last_refresh", "office_files", "progress", "text", "writing"},
    {"places"},
    {"identity", "pii_scan"},
    {"publishing"},
    {"martfiles"},
    {"surveys"},
    {"coding"},
    {"services"},
    {"opendata"},
    {"people"},
    {"analysis"},
    {"disclosure"},
    {"step", "steps"},
    {"checking", "schemas", "settings_check", "summary"},
    {"charts"},
    {"last_state"},
    {"reporting"},
    {"releasing"},
    {"explaining"},
)  # fmt: skip
MODULES = sorted(path for floor in FLOORS for path in (CHECKOUT / floor).rglob("*.py"))
HEAVY = {
    *("choreographer", "docx", "docxtpl", "geopandas", "highspy", "jinja2", "kaleido", "numpy", "openpyxl", "pandas"),
    *("plotly", "pypdfium2", "python_calamine", "pyxform", "rapidfuzz", "shapely", "typst"),
}


def name_of(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def imported(nodes: list[ast.stmt]) -> Iterator[str]:
    """Modules that statements import, wherever they are; a name from a package counts as a module."""
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Import):
                yield from (alias.name for alias in part.names)
            elif isinstance(part, ast.ImportFrom):
                assert part.level == 0, "imports are absolute here"
                yield from (f"{part.module}.{alias.name}" for alias in part.names)


def roots(nodes: list[ast.stmt]) -> set[str]:
    return {module.partition(".")[0] for module in imported(nodes)}


def imported_at_once(path: Path) -> set[str]:
    """What importing the module imports: not what its functions import when they are called."""
    statements = ast.parse(path.read_text(encoding="utf-8")).body
    return roots([s for s in statements if isinstance(s, ast.Import | ast.ImportFrom)])


def test_a_floor_imports_only_from_the_floors_below() -> None:
    broken = [
        f"{name_of(path)} imports {module}"
        for path in MODULES
        for module in sorted(roots(ast.parse(path.read_text(encoding="utf-8")).body))
        if module in forbidden_on(path.relative_to(CHECKOUT).parts[0])
    ]
    assert broken == []


def forbidden_on(floor: str) -> set[str]:
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    return above | {"dagster", "dagster_shared"} if floor == "landscape" else above


def room_of(module: str) -> str:
    return module.split(".")[1]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__")


def arrows() -> Iterator[tuple[str, str]]:
    """Which module imports which, wherever the import is made."""
    known = {module_of(path) for path in MODULES}
    for path in MODULES:
        for name in imported(ast.parse(path.read_text(encoding="utf-8")).body):
            target = name if name in known else name.rpartition(".")[0]
            if target in known and target != module_of(path):
                yield module_of(path), target


def test_no_import_runs_up() -> None:
    height = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
    inside = [(a, b) for a, b in arrows() if a.startswith("landscape.") and b.startswith("landscape.")]
    assert len(inside) > 500
    assert [f"{a} imports {b}" for a, b in inside if height[room_of(b)] > height[room_of(a)]] == []


def test_no_import_runs_in_a_circle() -> None:
    order = TopologicalSorter[str]()
    for module, imports in arrows():
        order.add(module, imports)
    order.prepare()  # raises CycleError, which names the circle


def test_only_the_code_location_imports_assets() -> None:
    found = {
        path.name
        for path in (CHECKOUT / "pipelines").rglob("*.py")
        if "assets" in roots(ast.parse(path.read_text(encoding="utf-8")).body)
    }
    assert found == {"definitions.py"}


def test_a_layer_imports_only_the_layers_before_it() -> None:
    from assets import LAYERS

    broken = [
        f"{name_of(path)} imports {module}"
        for path in (CHECKOUT / "assets").rglob("*/*.py")
        for module in imported(ast.parse(path.read_text(encoding="utf-8")).body)
        for layer in LAYERS
        if module.startswith(f"assets.{layer}.") and LAYERS.index(layer) > LAYERS.index(path.parts[-2])
    ]
    assert broken == []


def test_a_module_opens_with_its_charter() -> None:
    charters = {name_of(path): ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES}
    assert [name for name, charter in charters.items() if not charter] == []


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    broken = [
        f"{name_of(path)} imports {library}" for path in MODULES for library in sorted(imported_at_once(path) & HEAVY)
    ]
    assert broken == []


def test_the_code_location_loads_no_heavy_library() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, pipelines.definitions; print(*sys.modules)"],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout.split()  # fmt: skip
    assert "pipelines.definitions" in loaded
    assert not HEAVY & set(loaded)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import assets.raw", {"assets"}),
        ("def late():\n    from pipelines import cli", {"pipelines"}),
        ("import assetsmith", {"assetsmith"}),
    ],
)
def test_the_reader_of_imports_sees_late_ones_and_no_others(source: str, found: set[str]) -> None:
    assert roots(ast.parse(source).body) == found


def test_colours_are_defined_in_the_house_style_and_for_office_files_alone() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|\"[0-9A-F]{6}\"")
    written_in = {".py", ".js", ".j2", ".typ", ".sql", ".yml"}
    found = {
        name_of(path)
        for floor in FLOORS
        for path in (CHECKOUT / floor).rglob("*")
        if path.suffix in written_in and colour.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"landscape/charts/style.py", "landscape/office_files.py"}
