"""Dependencies run one way: maps -> geo -> gazetteer. Read from the sources, so that no import order hides a breach."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gazetteer
import geo
import maps

PACKAGES = {package.__name__: Path(package.__path__[0]) for package in (gazetteer, geo, maps)}
SOURCES = [(name, path) for name, root in PACKAGES.items() for path in sorted(root.rglob("*.py"))]
every_source = pytest.mark.parametrize(
    ("package", "path"),
    SOURCES,
    ids=[f"{name}/{path.relative_to(PACKAGES[name]).as_posix()}" for name, path in SOURCES],
)
#: What takes a second to import, and so is only imported inside functions of the packages that texts run through.
HEAVY = {"folium", "geopandas", "matplotlib", "numpy", "pandas", "pyarrow", "pyogrio", "rich", "shapely", "trafilatura"}
#: The modules of the gazetteer that the packages above may name; the others are its inside.
PUBLIC = {"gazetteer", "gazetteer.errors", "gazetteer.largest", "gazetteer.place"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(node: ast.AST, *, inside: bool = False) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Each import below a node: the module, the names taken from it, and whether it stands inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, (), inside) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            yield child.module or "", tuple(alias.name for alias in child.names), inside
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue  # for the type checker alone
        else:
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports(child, inside=inside or is_function)


def public_names(module: str) -> set[str]:
    return set(getattr(importlib.import_module(module), "__all__", ()))


@every_source
def test_dependencies_run_one_way(package: str, path: Path) -> None:
    for module, _, inside in imports(tree(path)):
        top = module.split(".")[0]
        if package == "gazetteer":
            assert top not in ("geo", "maps", "folium", "pandas", "geopandas"), module
        elif package == "geo":
            assert top != "folium", module
            assert top != "maps" or (path.name in ("cli.py", "compare_cli.py", "evaluate_cli.py") and inside), module
        else:
            assert top != "gazetteer" or module in PUBLIC, module


@every_source
def test_reading_texts_imports_nothing_heavy(package: str, path: Path) -> None:
    if package == "maps":
        return
    assert [module for module, _, inside in imports(tree(path)) if module.split(".")[0] in HEAVY and not inside] == []


@every_source
def test_packages_take_only_public_names_of_each_other(package: str, path: Path) -> None:
    for module, names, _ in imports(tree(path)):
        owner = module.split(".")[0]
        if owner in PACKAGES and owner != package:
            modules = {name for name in names if (PACKAGES[owner] / f"{name}.py").is_file()}
            assert set(names) - modules <= public_names(module), module


@every_source
def test_names_in_all_exist_and_stand_once(package: str, path: Path) -> None:
    parts = path.relative_to(PACKAGES[package]).with_suffix("").parts
    if parts[-1] == "__main__":
        return
    module = importlib.import_module(".".join([package, *(part for part in parts if part != "__init__")]))
    names = getattr(module, "__all__", [])
    assert [name for name in names if not hasattr(module, name)] == []
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_lists_all_that_it_offers(package: str) -> None:
    offered = {
        name
        for module, names, _ in imports(tree(PACKAGES[package] / "__init__.py"))
        if module.split(".")[0] == package
        for name in names
    }
    assert public_names(package) == offered


def test_nothing_is_imported_that_is_not_declared() -> None:
    """What the packages import is their own, Python's, or what pyproject.toml names; for a build, what it names there."""
    pyproject = Path(__file__).resolve().parents[1] / "pyproject.toml"
    if not pyproject.is_file():
        pytest.skip("pyproject.toml is only in a source tree")
    import tomllib

    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    project = settings["project"]
    declared = [
        *project["dependencies"],
        *project["optional-dependencies"]["gis"],
        *project["optional-dependencies"]["web"],
        *project["optional-dependencies"]["yaml"],
        *settings["build-system"]["requires"],
    ]
    names = {line.split(">")[0].split("[")[0].strip().replace("-", "_") for line in declared}
    brought = {
        "branca": "folium",
        "jinja2": "folium",
        "lxml": "trafilatura",
        "pandas": "geopandas",
        "pyogrio": "geopandas",
        "yaml": "pyyaml",
    }
    used = {module.split(".")[0] for _, path in SOURCES for module, _, _ in imports(tree(path))}
    foreign = used - set(sys.stdlib_module_names) - set(PACKAGES)
    assert {brought.get(module, module) for module in foreign} <= names
