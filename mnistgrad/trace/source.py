"""The source text of code that runs: what stands at a span of it, and its lines as a reader sees them."""

import ast
import inspect
import linecache
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

from mnistgrad.trace.operations import operation_name


class Span(NamedTuple):
    """A piece of source: lines from 1, columns from 0, the end column not included."""

    line: int
    start: int
    end_line: int
    end: int


FEW = 60  # lines of a notebook's cell, or of what was typed, that are shown whole

Arrangement = bool | tuple["Arrangement", ...]
"""For each argument of an operation whether it is a tensor; of a list or tuple, for each of its parts."""


class Source:
    """The source of a code object, and what stands at a span of it. Where there is no source, nothing stands anywhere."""

    def __init__(self, text: str) -> None:
        self._lines = [line.encode() for line in text.splitlines()]  # Python counts columns in bytes
        self._nodes = {span: node for node in _walk(text) if (span := _node_span(node))}
        self._nodes |= {span: node for node in self._nodes.values() if (span := _running_span(node))}
        self._shown: dict[tuple[int, int], tuple[CodeLine, ...]] = {}
        self._around: dict[Span, tuple[CodeLine, ...]] = {}  # asked for again by every pass over the same lines
        self._targets: dict[Span, str] = {}
        self._statements = [node for node in self._nodes.values() if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)]

    @staticmethod
    def of(code: CodeType) -> "Source":
        """Of the file or the notebook cell that the code was compiled from."""
        return _parsed("".join(linecache.getlines(code.co_filename)))

    @staticmethod
    def of_text(text: str) -> "Source":
        """Of code that stands in no file."""
        return _parsed(text)

    def knows(self, span: Span) -> bool:
        """Whether an expression or a statement stands there."""
        return span in self._nodes

    def assignment(self, span: Span) -> Span:
        """The statement that sets the part of a tensor at the span."""
        found = next((node for node in self._statements if _sets(node, span)), None)
        return (_node_span(found) if found else None) or span

    def sides(self, span: Span) -> tuple[ast.expr, ast.expr] | None:
        """Both sides of a sign between two."""
        match self._nodes.get(span):
            case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
                return left, right
        return None

    def whole(self, span: Span) -> Span:
        """The span of the whole expression that runs at `span`; of `x += y`, which sets its result, the whole statement."""
        return _node_span(self._nodes[span]) or span if span in self._nodes else span

    def text(self, span: Span) -> str:
        """What stands there, on one line."""
        lines = self._lines[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end]
        lines[0] = lines[0][span.start :]
        return " ".join(line.decode().strip() for line in lines)

    def operand_texts(
        self, name: str, span: Span, args: tuple[Arrangement, ...], kwargs: Mapping[str, Arrangement], turned: bool = False
    ) -> list[str]:
        """The tensors among the arguments as written: both sides of an operator, or a method's owner and its arguments. Where
        one cannot be told, by its number: so where a library runs the operation of this name.

        turned: whether the right side is torch's first argument.
        """
        node = self._nodes.get(span)
        if isinstance(node, ast.Call) and operation_name(ast.unparse(node.func).rpartition(".")[2]) != name:
            node = None
        sides: list[ast.expr] = _sides(node, args)[:: -1 if turned else 1] if node else []
        given = {keyword.arg: keyword.value for keyword in node.keywords} if isinstance(node, ast.Call) else {}
        pairs = [(sides[at] if len(sides) == len(args) else None, part) for at, part in enumerate(args)]
        pairs += [(given.get(name), part) for name, part in kwargs.items()]
        texts = [text for written, part in pairs for text in self._texts(written, part)]
        return [text or f"operand_{number}" for number, text in enumerate(texts, 1)]

    def _texts(self, written: ast.expr | None, part: Arrangement) -> list[str]:
        """Of the tensors in one argument; "" for one that cannot be told."""
        if isinstance(part, bool):
            return [self.text(_node_span(written) or Span(1, 0, 1, 0)) if written else ""] if part else []
        if isinstance(written, ast.List | ast.Tuple) and len(written.elts) == len(part):
            return [text for one, inner in zip(written.elts, part, strict=True) for text in self._texts(one, inner)]
        name = self.text(_node_span(written) or Span(1, 0, 1, 0)) if isinstance(written, ast.Name | ast.Attribute) else ""
        texts = [[f"{name}[{at}]"] if name and inner is True else [""] * _count(inner) for at, inner in enumerate(part)]
        return [text for inner in texts for text in inner]

    def around(self, span: Span) -> tuple["CodeLine", ...]:
        """The lines of the function that the span stands in, of a method alone; where it stands in none, of its statement, or of
        all where that is a few lines.
        """
        if span not in self._around:
            self._around[span] = self._find_around(span)
        return self._around[span]

    def _find_around(self, span: Span) -> tuple["CodeLine", ...]:
        blocks = [node for node in self._nodes.values() if isinstance(node, ast.stmt) and _holds(node, span)]
        functions = [node for node in blocks if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        if not functions and len(self._lines) <= FEW:
            return self._code(1, len(self._lines))
        outer = [node for node in functions or blocks if functions or not isinstance(node, ast.ClassDef)]
        found = min(outer, key=lambda node: node.lineno, default=None)
        return self._code(found.lineno, found.end_lineno or found.lineno) if found else self._code(span.line, span.end_line)

    def _code(self, first: int, last: int) -> tuple["CodeLine", ...]:
        if (first, last) not in self._shown:
            lines = [line.decode().rstrip() for line in self._lines[max(first, 1) - 1 : last]]
            self._shown[first, last] = tuple(CodeLine(number, text, "") for number, text in enumerate(lines, max(first, 1)))
        return self._shown[first, last]

    def argument_texts(self, span: Span, method: bool = False) -> list[str]:
        """The arguments of the call at the span, as written; first the owner, where a method is called."""
        node = self._nodes.get(span)
        if not isinstance(node, ast.Call):
            return []
        owner = [node.func.value] if method and isinstance(node.func, ast.Attribute) else []
        return [self.text(_node_span(given) or span) for given in (*owner, *node.args)]

    def target(self, span: Span) -> str:
        """What the statement around the span sets; "" where it sets nothing."""
        if span not in self._targets:
            self._targets[span] = self._find_target(span)
        return self._targets[span]

    def _find_target(self, span: Span) -> str:
        for statement in self._statements:
            around = _node_span(statement)
            if around and around[:2] <= span[:2] and span[2:] <= around[2:]:
                return ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)
        return ""


def _count(part: Arrangement) -> int:
    """How many tensors there are."""
    return int(part) if isinstance(part, bool) else sum(map(_count, part))


@lru_cache(maxsize=64)
def _parsed(text: str) -> Source:
    return Source(text)


def _walk(text: str) -> Iterator[ast.AST]:
    try:
        return ast.walk(ast.parse(text))
    except (SyntaxError, ValueError):  # what a notebook takes beside Python
        return iter(())


def _sides(node: ast.AST, args: tuple[Arrangement, ...]) -> list[ast.expr]:
    """What is written for each positional argument, in torch's order; as many as there are, or the text tells nothing."""
    match node:
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            return [left, right]
        case ast.AugAssign(target=ast.Subscript(value=owner, slice=index) as left, value=right):
            return [owner, index, left] if len(args) == 3 else [left, right]
        case ast.AugAssign(target=left, value=right):
            return [left, right]
        case ast.Assign(targets=[ast.Subscript(value=owner, slice=index)], value=value):
            return [owner, index, value]
        case ast.Call(func=ast.Attribute(value=owner), args=given):
            return [owner, *given][-len(args) :] if args else []  # the owner of torch.einsum is no argument
        case ast.Call(args=given):
            return given
        case ast.Subscript(value=owner, slice=index):
            return [owner, index]
        case ast.UnaryOp(operand=only) | ast.Attribute(value=only):
            return [only]
    return []


def _sets(node: ast.Assign | ast.AugAssign | ast.AnnAssign, span: Span) -> bool:
    """Whether what stands at the span is a part that the statement sets."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(_node_span(part) == span for target in targets for part in ast.walk(target) if isinstance(part, ast.Subscript))


def _holds(node: ast.stmt, span: Span) -> bool:
    around = _node_span(node)
    return around is not None and around.line <= span.line and span.end_line <= around.end_line


def _running_span(node: ast.AST) -> Span | None:
    """Where Python says that a method call runs whose name stands below its owner: from the name on."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    name, around = _node_span(node.func), _node_span(node)
    if name is None or around is None or name.line == name.end_line:
        return None
    return Span(name.end_line, name.end - len(node.func.attr.encode()), around.end_line, around.end)


def _node_span(node: ast.AST) -> Span | None:
    if not isinstance(node, ast.expr | ast.stmt) or node.end_lineno is None or node.end_col_offset is None:
        return None
    return Span(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


class CodeLine(NamedTuple):
    """A line of code as displayed: its number in the file, 0 where it stands in none, and the function it belongs to."""

    number: int
    text: str
    function: str


def code_lines(function: Callable[..., Any]) -> list[CodeLine]:
    """The function's lines without its docstring and blank lines; numbers are those of the file."""
    lines, first = inspect.getsourcelines(function)
    definition = ast.parse("".join(lines)).body[0]
    assert isinstance(definition, ast.FunctionDef)
    hidden: set[int] = set()
    if ast.get_docstring(definition):
        docstring = definition.body[0]
        hidden = set(range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1))
    return [
        CodeLine(first + place, line.rstrip(), function.__name__)
        for place, line in enumerate(lines)
        if line.strip() and place + 1 not in hidden
    ]
