"""The source text of the lesson's functions: what stands at a span of it, and its lines as a reader sees them."""

import ast
import inspect
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A piece of source: lines from 1, columns from 0, the end column not included."""

    line: int
    start: int
    end_line: int
    end: int


class Source:
    """The source file of a code object, and what stands at a span of it."""

    def __init__(self, text: str) -> None:
        self._lines = [line.encode() for line in text.splitlines()]  # Python counts columns in bytes
        self._nodes = {span: node for node in ast.walk(ast.parse(text)) if (span := _node_span(node))}
        self._nodes |= {span: node for node in self._nodes.values() if (span := _running_span(node))}
        self._statements = [node for node in self._nodes.values() if isinstance(node, ast.Assign)]

    @staticmethod
    @lru_cache(maxsize=64)
    def of(code: CodeType) -> "Source":
        module = inspect.getmodule(code)
        if module is None:
            raise RuntimeError(f"{code.co_name} has no source file to record from")
        return Source(inspect.getsource(module))

    def whole(self, span: Span) -> Span:
        """The span of the whole expression that runs at `span`."""
        return _node_span(self._nodes[span]) or span if span in self._nodes else span

    def text(self, span: Span) -> str:
        """What stands there, on one line."""
        lines = self._lines[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end]
        lines[0] = lines[0][span.start :]
        return " ".join(line.decode().strip() for line in lines)

    def operand_texts(self, span: Span, is_tensor: list[bool]) -> list[str]:
        """The tensor operands as written: both sides of an operator, or a method's owner and its arguments. Where they cannot
        be told, by the number of each.
        """
        match self._nodes.get(span):
            case ast.BinOp(left=ast.Constant(), right=tensor):
                return [self.text(_node_span(tensor) or span)]  # torch turns 2 * x into x * 2
            case ast.BinOp(left=left, right=right):
                sides: list[ast.expr] = [left, right]
            case ast.Compare(left=left, comparators=[right]):
                sides = [left, right]
            case ast.Call(func=ast.Attribute(value=owner), args=given):
                sides = [owner, *given][-len(is_tensor) :]  # the owner of torch.einsum is no argument
            case ast.Subscript(value=owner, slice=index):
                sides = [owner, index]
            case ast.UnaryOp(operand=only) | ast.Attribute(value=only):
                sides = [only]
            case _:
                sides = []
        if len(sides) != len(is_tensor):
            return [f"operand_{place}" for place in range(1, sum(is_tensor) + 1)]
        tensors = [side for side, tensor in zip(sides, is_tensor, strict=True) if tensor]
        return [self.text(_node_span(side) or span) for side in tensors]

    def argument_texts(self, span: Span) -> list[str]:
        """The arguments of the call at the span, as written."""
        node = self._nodes.get(span)
        return [self.text(_node_span(given) or span) for given in node.args] if isinstance(node, ast.Call) else []

    def target(self, span: Span) -> str:
        """What the statement around the span sets; "" where it sets nothing."""
        for statement in self._statements:
            around = _node_span(statement)
            if around and around.line <= span.line and span.end_line <= around.end_line:
                return ast.unparse(statement.targets[0])
        return ""


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
