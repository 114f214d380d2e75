"""The import law: never upwards, never sideways. One table, from the ground up."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mnistgrad"

GROUND = {"common", "network", "lesson"}
TOPICS = {"gradient", "trace", "lines", "cost", "training", "distributed"}
MAY_IMPORT = {  # a room of the package: the other rooms it may import
    "common": set(),
    "lesson": set(),
    "network": {"common", "lesson"},
    "gradient": GROUND,
    "trace": GROUND,
    "lines": GROUND | {"trace"},
    "cost": GROUND,
    "training": GROUND,
    "distributed": GROUND | {"gradient", "cost", "training"},
    "captions": GROUND | TOPICS,
    "pictures": GROUND | TOPICS | {"captions"},
    "player": GROUND | TOPICS | {"captions", "pictures"},
    "charts": GROUND | TOPICS | {"captions", "pictures"},
    "takeaway": GROUND | TOPICS | {"captions", "pictures"},
    "app": GROUND | TOPICS | {"captions", "pictures", "player", "takeaway", "__init__"},
    "__init__": GROUND | TOPICS | {"player"},
    "dashboard": {"app", "common"},
    "__main__": {"app"},
}
OUTSIDE = {  # a library: the rooms that may import it
    "streamlit": {"app", "dashboard"},
    "altair": {"pictures", "charts"},
    "vl_convert": {"pictures"},
    "uharfbuzz": {"pictures"},
    "pypdf": {"pictures"},
    "cachetools": {"app"},
    "click": {"app"},
}


def files() -> list[Path]:
    return [ROOT / "dashboard.py", *sorted(PACKAGE.rglob("*.py"))]


def room(path: Path) -> str:
    """The folder below mnistgrad/, or a file's own name; what starts a command is of one kind, wherever it lies."""
    if path.name == "__main__.py":
        return "__main__"
    inside = path.relative_to(PACKAGE) if path.is_relative_to(PACKAGE) else Path(path.name)
    return inside.parts[0].removesuffix(".py")


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Dotted names of all modules and names that import statements among the nodes fetch."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import, which this test does not follow"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports(path: Path) -> set[str]:
    return set(imported(ast.walk(ast.parse(path.read_text()))))


def rooms_in(names: Iterable[str]) -> set[str]:
    """The rooms that dotted names lead to; a name of the public face counts as the face itself."""
    below = [name.split(".")[1] for name in names if name.startswith("mnistgrad.")]
    return {part if part in MAY_IMPORT else "__init__" for part in below}


def offences(room_of_importer: str, names: set[str]) -> set[str]:
    """What among the names the room may not import."""
    allowed = MAY_IMPORT[room_of_importer] | {room_of_importer}
    upwards = rooms_in(names) - allowed
    outside = {lib for lib, rooms in OUTSIDE.items() if room_of_importer not in rooms}
    return upwards | {lib for lib in outside for name in names if f"{name}.".startswith(f"{lib}.")}


def test_every_file_keeps_the_law():
    broken = {str(path.relative_to(ROOT)): found for path in files() if (found := offences(room(path), imports(path)))}
    assert not broken


def test_the_law_has_no_room_that_is_not_there():
    assert set(MAY_IMPORT) == {room(path) for path in files()}


def test_nothing_imports_torchvision_at_its_top():
    tops = {path.name: set(imported(ast.parse(path.read_text()).body)) for path in files()}
    assert not {name for name, names in tops.items() for found in names if found.split(".")[0] == "torchvision"}


def test_a_break_of_the_law_is_seen():
    tree = ast.parse("from mnistgrad import lesson, gradients\nimport streamlit.components\nfrom mnistgrad.application import x")
    names = set(imported(ast.walk(tree)))
    assert offences("trace", names) == {"__init__", "streamlit"}
    assert offences("common", {"mnistgrad.network.data", "mnistgrad.common.numbers"}) == {"network"}
