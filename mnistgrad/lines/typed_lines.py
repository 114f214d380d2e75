"""Lines that a reader types, read by Python's own parser and never run by it: which of its forms are taken, and how large."""

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from mnistgrad.common import numbers
from mnistgrad.common.reading import code
from mnistgrad.lines.rules import DEEPEST, LONGEST_LINES, MOST_LINES, OURS, broken
from mnistgrad.lines.vocabulary import ROOTS, is_member

TAKEN = (
    "Taken are torch's operations on tensors, as methods, functions of `torch` and `F`, signs and indices, with numbers; and "
    "`name = ...` before them."
)
SIGNS = {"×": "*", "·": "*", "−": "-", "–": "-", "÷": "/", "∗": "*", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "}
REFUSED: dict[type[ast.AST], str] = {
    ast.Import: "an import; `torch` and `F` are known here",
    ast.ImportFrom: "an import; `torch` and `F` are known here",
    ast.FunctionDef: "a function of its own; type the lines inside it",
    ast.AsyncFunctionDef: "a function of its own",
    ast.ClassDef: "a class",
    ast.For: "a loop; type what it does once",
    ast.While: "a loop; type what it does once",
    ast.If: "a condition",
    ast.With: "a `with` block; type the lines inside it",
    ast.Try: "a `try`",
    ast.Raise: "a `raise`",
    ast.Assert: "an `assert`",
    ast.Delete: "a `del`",
    ast.Global: "a `global`",
    ast.Nonlocal: "a `nonlocal`",
    ast.Pass: "a `pass`",
    ast.AnnAssign: "an annotation; the shapes have a field of their own",
    ast.Lambda: "a lambda",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.JoinedStr: "an f-string",
    ast.NamedExpr: "a `:=`",
    ast.IfExp: "a condition",
    ast.BoolOp: "an `and` or `or`; for tensors write `&` or `|`",
    ast.Not: "a `not`; for tensors write `~`",
    ast.Dict: "a dict",
    ast.Set: "a set",
    ast.Starred: "a star before an argument",
    ast.Await: "an `await`",
    ast.Yield: "a `yield`",
    ast.YieldFrom: "a `yield`",
}
FORMS = (
    *(ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.UnaryOp),
    *(ast.Compare, ast.Call, ast.keyword, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.expr_context),
    *(ast.operator, ast.unaryop, ast.cmpop),
)


@dataclass(frozen=True, eq=False)
class TypedLines:
    """text: as it is read. statements: of Python's parser. inputs: the tensors that go in, in the order in which they come up."""

    text: str
    statements: tuple[ast.stmt, ...]
    inputs: tuple[str, ...]


def parse_lines(text: str) -> TypedLines:
    """Raises BrokenRule."""
    if len(text) > LONGEST_LINES:
        broken(f"The lines are {numbers.count(len(text), 'character')} long, and {LONGEST_LINES:,} are read; {OURS}.")
    plain = textwrap.dedent(text.expandtabs(4).replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    _check_letters(plain)
    if plain.count("\n") >= MOST_LINES:
        broken(f"There are {plain.count(chr(10)) + 1} lines, and {MOST_LINES} are read; {OURS}.")
    statements = tuple(_parsed(plain).body)
    if not statements:
        broken("No line is typed yet, such as `dW = h.t() @ dlogits`.")
    for statement in statements:
        _check(statement, plain)
    if early := next((each for each in statements[:-1] if isinstance(each, ast.Return)), None):
        broken(f"Line {early.lineno} returns, so nothing below it would run.")
    return TypedLines(plain, statements, tuple(dict.fromkeys(_inputs(statements))))


def dotted(node: ast.AST) -> str:
    """ "out.g" of a name with attributes; "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def written(node: ast.AST, text: str) -> str:
    """What stands there, in one line of Markdown code."""
    return code(ast.get_source_segment(text, node) or type(node).__name__, 40)


def _check_letters(text: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.split("#")[0]
        if odd := next((letter for letter in bare if letter in SIGNS), ""):
            seen = code(odd) if odd.strip() else "a space that does not break"
            broken(f"Line {number} has {seen}, where Python writes `{SIGNS[odd]}`.")
        if odd := next((letter for letter in line if not letter.isprintable()), ""):
            broken(f"Line {number} has a character that cannot be seen, U+{ord(odd):04X}; type the line anew.")
        if "\\" in bare:
            broken(f"Line {number} has a backslash, which has no use here; a line goes on inside brackets.")


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        line = (error.text or "").rstrip("\n")
        rest = line[max((error.offset or 1) - 1, 0) :].strip() or line.strip()
        where = f"Line {error.lineno} cannot be read as Python" if error.lineno else "This cannot be read as Python"
        raise_at = f", at {code(rest, 40)}" if rest else ""
        broken(f"{where}{raise_at}{_likely(line)}.")
    except (RecursionError, MemoryError):
        _too_deep()
    except ValueError:  # a number with thousands of digits
        broken(f"A number there is longer than Python reads; {OURS}.")


def _likely(line: str) -> str:
    """What is often meant by what Python cannot read."""
    if re.match(r"\s*(>>>|In \[|Out\[)", line):
        return "; leave out what the notebook or the prompt wrote before the line"
    if line.count("(") != line.count(")") or line.count("[") != line.count("]"):
        return "; its brackets do not close"
    if re.match(r"\s*[\w.]+\s*:\s*", line):
        return "; shapes have a field of their own"
    return ""


def _too_deep() -> NoReturn:
    broken(f"The brackets, or the parts of one chain, stand more than {DEEPEST} deep; {OURS}.")


def _check(statement: ast.stmt, text: str) -> None:
    """Goes through it without recursion: what is typed may be deeper than Python's own stack."""
    waiting: list[tuple[ast.AST, int]] = [(statement, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            _too_deep()
        if type(node) in REFUSED or not isinstance(node, FORMS):
            what = REFUSED.get(type(node), f"a form, `{type(node).__name__}`, that no lesson needs")
            where = f"Line {getattr(node, 'lineno', statement.lineno)} has {what}"
            broken(f"{where}: {written(node if hasattr(node, 'lineno') else statement, text)} is not taken. {TAKEN}")
        for name in _names_in(node):
            if "__" in name or name.startswith("_"):
                broken(f"{code(name)} is a name of Python's own, which no line reaches. {TAKEN}")
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]


def _names_in(node: ast.AST) -> Iterator[str]:
    found = getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "arg", None)
    yield from (name for name in found if isinstance(name, str) and name != "_")


def _inputs(statements: tuple[ast.stmt, ...]) -> Iterator[str]:
    """The names that are used before anything is assigned to them."""
    known: set[str] = set()
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        read: list[ast.AST] = [statement.value, *targets] if isinstance(statement, ast.Assign) else [statement]
        yield from (name for part in read for name in _used(part) if name not in known)
        known |= {name for target in targets for name in targets_of(target)}


def targets_set(lines: TypedLines) -> Iterator[str]:
    """The names that the lines assign to, or change, in order."""
    for statement in lines.statements:
        if isinstance(statement, ast.Assign):
            yield from (name for target in statement.targets for name in targets_of(target))
        elif isinstance(statement, ast.AugAssign) and (name := dotted(statement.target)):
            yield name


def targets_of(target: ast.expr) -> Iterator[str]:
    """The names that an assignment sets; one to a part of a tensor sets none."""
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    yield from (name for part in parts if (name := dotted(part)))


def _used(node: ast.AST) -> Iterator[str]:
    """The tensors that are read, in the order of the source."""
    if path := dotted(node):
        stored = isinstance(getattr(node, "ctx", None), ast.Store)
        yield from () if stored else tensors_in(path)
    elif isinstance(node, ast.AugAssign):
        yield from [*tensors_in(dotted(node.target)), *_used(node.value)]
    else:
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.Call):  # what is called is a function, or a method of what stands before its dot
            children[:1] = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        for child in children:
            yield from _used(child)


def tensors_in(path: str) -> Iterator[str]:
    """The name of the tensor that a dotted path leads to: "out.g" of "out.g.sum"; none of torch's functions and constants."""
    first, *rest = path.split(".")
    if first and first not in ROOTS:
        after = [place for place, name in enumerate(rest) if is_member(name)]
        yield ".".join([first, *rest[: after[0] if after else None]])
