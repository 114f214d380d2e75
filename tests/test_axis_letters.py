"""n, i, j and k are image, pixel, unit and output and nothing else: code for any matrix says rows and columns."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "mnistgrad"
WRITTEN = {"lesson.py", "as_written.py"}  # shown as they stand, in the lesson's letters
FIRST_LAYER = {"cells.py"}  # whose equations are of real pixels and units


def bound(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that code gives to its variables and arguments, and where."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.lineno, node.name


def numbered(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that count from 0 or 1 without being images: of enumerate and range."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Call):
            called, first = ast.unparse(node.iter.func), next(ast.walk(node.target))
            names = [first] if isinstance(first, ast.Name) else first.elts[:1] if isinstance(first, ast.Tuple) else []
            if called in ("enumerate", "range"):
                yield from ((name.lineno, name.id) for name in names if isinstance(name, ast.Name))


def equations(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The letters of the equations that code gives to einsum."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("einsum") and isinstance(node.args[0], ast.Constant):
            yield from ((node.lineno, letter) for letter in node.args[0].value if letter.isalpha())


def strange(source: str, name: str = "") -> list[tuple[int, str]]:
    """The letters that mean something else in the source of a file of this name."""
    tree = ast.parse(source)
    written = () if name in FIRST_LAYER else equations(tree)
    letters = [found for found in (*bound(tree), *written) if found[1] in ("i", "j", "k")]
    return sorted({*letters, *(found for found in numbered(tree) if found[1] == "n")})


def test_no_variable_takes_the_letter_of_an_axis_for_something_else():
    files = [path for path in PACKAGE.rglob("*.py") if path.name not in WRITTEN]
    assert len(files) > 100
    assert not {str(path.relative_to(PACKAGE)): found for path in files if (found := strange(path.read_text(), path.name))}


def test_a_letter_taken_for_something_else_is_seen():
    assert strange("for i, x in enumerate(y): pass\n[k for k in z]\ndef f(j): pass") == [(1, "i"), (2, "k"), (3, "j")]
    assert strange("for n in range(3): pass\nfor n in counts: pass") == [(1, "n")]
    assert strange('torch.einsum("nr,nc->rc", a, b)') == [] and strange('torch.einsum("ni,nr->ir", a, b)') == [(1, "i")]
