"""Who may import whom: the engine draws nothing, pictures know no page, and only the page knows Streamlit."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mnistgrad"
NOT_ENGINE = {"export.py", "palette.py"}
ENGINE = sorted(path for path in PACKAGE.glob("*.py") if path.name not in NOT_ENGINE)
PICTURES = sorted(path for folder in ("charts", "diagrams", "captions") for path in (PACKAGE / folder).rglob("*.py"))
APP = sorted((PACKAGE / "app").rglob("*.py"))
ALL = [ROOT / "dashboard.py", *sorted(PACKAGE.rglob("*.py"))]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def each(paths: Iterable[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", list(paths), ids=name_of)


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    """Dotted names of all modules and names that import statements among the nodes fetch."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import, which this test does not follow"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imports(path: Path) -> set[str]:
    return imported(ast.walk(ast.parse(path.read_text())))


def among(names: set[str], modules: Iterable[str]) -> set[str]:
    return {name for name in names for module in modules if f"{name}.".startswith(f"{module}.")}


def test_the_law_covers_the_whole_package() -> None:
    assert {"lesson.py", "data.py", "recording.py"} <= {path.name for path in ENGINE}
    assert {path.relative_to(PACKAGE).parts[0] for path in PICTURES} == {"charts", "diagrams", "captions"}
    outside = set(ALL) - {*ENGINE, *PICTURES, *APP, ROOT / "dashboard.py"}
    assert {path.name for path in outside} == NOT_ENGINE


@each(ENGINE)
def test_the_engine_imports_neither_page_nor_picture(path: Path) -> None:
    drawing = [f"mnistgrad.{part}" for part in ("charts", "diagrams", "captions", "app", "export", "palette")]
    assert not among(imports(path), ["streamlit", "altair", "vl_convert", *drawing])


@each([*PICTURES, *(PACKAGE / name for name in sorted(NOT_ENGINE))])
def test_pictures_and_exports_import_no_streamlit(path: Path) -> None:
    assert not among(imports(path), ["streamlit"])


@each(path for path in ALL if path not in {*APP, ROOT / "dashboard.py"})
def test_only_the_entry_point_and_the_app_itself_import_the_app(path: Path) -> None:
    assert not among(imports(path), ["mnistgrad.app"])


@each(ALL)
def test_no_module_imports_torchvision_at_its_top(path: Path) -> None:
    assert not among(imported(ast.parse(path.read_text()).body), ["torchvision"])


def test_a_name_imported_from_a_package_counts_as_its_module() -> None:
    tree = ast.parse("from mnistgrad import palette\nimport streamlit.components\nfrom mnistgrad.application import x")
    names = imported(ast.walk(tree))
    assert among(names, ["mnistgrad.palette", "streamlit", "mnistgrad.app"]) == {"mnistgrad.palette",
                                                                                "streamlit.components"}
