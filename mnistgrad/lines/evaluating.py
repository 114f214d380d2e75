"""Runs typed lines: walks what Python's parser made of them, and calls the functions of the vocabulary and nothing else."""

import ast
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from torch import Tensor

from mnistgrad.common.reading import code
from mnistgrad.lines import rules
from mnistgrad.lines.arguments import entries
from mnistgrad.lines.bounds import ends_the_process, most_pieces
from mnistgrad.lines.rules import MOST_OPERATIONS, OURS, broken
from mnistgrad.lines.typed_lines import TAKEN, TypedLines, dotted, written
from mnistgrad.lines.typed_shapes import few_enough
from mnistgrad.lines.vocabulary import (
    BINARY,
    COMPARED,
    CONSTANTS,
    FACTS,
    FLOATS_MADE,
    IN_PLACE,
    MEASURES,
    MODULES,
    PARTS,
    PLAIN,
    PROPERTIES,
    RANDOM,
    REFUSED_KEYWORDS,
    ROOTS,
    UNARY,
    function,
    method,
)
from mnistgrad.trace.nested import every
from mnistgrad.trace.source import Span

Value = Any  # what a line's expression has: a tensor, a number, or what an index or an argument is made of
Announce = Callable[[str, Span], None]
Allow = Callable[[str, Sequence[Any]], None]


class Evaluator:
    """Typed lines with the tensors that go in.

    announce: told of each operation's place in the text before it runs. allow: told what is called with which arguments, to
    stop it. values: what the names stand for, at the end those that were assigned too. returned: of the last line, if it gives
    a value.
    """

    def __init__(self, lines: TypedLines, inputs: Mapping[str, Tensor], announce: Announce, allow: Allow) -> None:
        self._lines, self._announce, self._allow = lines, announce, allow
        self._left = MOST_OPERATIONS
        self._until = time.thread_time() + rules.MOST_SECONDS  # its own, not that of who else is at work
        self.values: dict[str, Value] = dict(inputs)
        self.returned: Value = None

    def run(self) -> None:
        """Raises BrokenRule for what is not taken, and whatever torch raises."""
        for statement in self._lines.statements:
            self.returned = None
            match statement:
                case ast.Assign(targets=targets, value=value):
                    found = self._value(value)
                    for target in targets:
                        self._assign(target, found)
                case ast.AugAssign():
                    self._change(statement)
                case ast.Expr(value=value):
                    self.returned = self._value(value)
                case ast.Return(value=value) if value:
                    self.returned = self._value(value)

    def _assign(self, target: ast.expr, value: Value) -> None:
        if name := dotted(target):
            self._check_name(name)
            self.values[name] = value
        elif isinstance(target, ast.Tuple | ast.List):
            parts = self._unpacked(target, value)
            for part, given in zip(target.elts, parts, strict=True):
                self._assign(part, given)
        elif isinstance(target, ast.Subscript):
            owner = self._tensor(target.value)
            self._call(target, Tensor.__setitem__, "setitem", owner, self._index(target.slice), value)
        else:
            broken(
                f"{self._written(target)} cannot be assigned to; a name can, as in `w.g = ...`, or a part, as in `x[0] = ...`."
            )

    def _change(self, statement: ast.AugAssign) -> None:
        """`x += 1` changes the tensor itself."""
        target, operation = statement.target, type(statement.op)
        if operation not in IN_PLACE:
            self._refuse(statement, "this sign")
        value = self._value(statement.value)
        if isinstance(target, ast.Subscript):
            owner, index = self._tensor(target.value), self._index(target.slice)
            part = self._call(target, Tensor.__getitem__, "getitem", owner, index)
            changed = self._signed(statement, IN_PLACE[operation], part, value)
            self._call(statement, Tensor.__setitem__, "setitem", owner, index, changed)
        else:
            self._assign(target, self._signed(statement, IN_PLACE[operation], self._named(target), value))

    def _unpacked(self, target: ast.Tuple | ast.List, value: Value) -> Sequence[Value]:
        if not isinstance(value, tuple | list):
            broken(f"{self._written(target)} takes several values, and one is given; {TAKEN}")
        if len(value) != len(target.elts):
            broken(f"{self._written(target)} takes {len(target.elts)} values, and {len(value)} are given.")
        return value

    def _check_name(self, name: str) -> None:
        if name.split(".")[0] in ROOTS or name in PLAIN:
            broken(f"{code(name)} has a meaning of its own here; a result needs another name.")
        if name.count(".") > 2:
            broken(f"{code(name)} has more than two dots; `w.g` has one.")

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=value):
                return self._constant(node, value)
            case ast.Name() | ast.Attribute():
                return self._named(node)
            case ast.BinOp(left=left, op=sign, right=right):
                if type(sign) not in BINARY:
                    self._refuse(node, "this sign")
                return self._signed(node, BINARY[type(sign)], self._value(left), self._value(right))
            case ast.UnaryOp(op=sign, operand=operand):
                return self._signed(node, UNARY[type(sign)], self._value(operand))
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in COMPARED:
                return self._signed(node, COMPARED[type(sign)], self._value(left), self._value(right))
            case ast.Call():
                return self._called(node)
            case ast.Subscript(value=owner, slice=index):
                return self._part(node, self._value(owner), self._index(index))
            case ast.Tuple(elts=parts):
                return tuple(self._listed(node, parts))
            case ast.List(elts=parts):
                return self._listed(node, parts)
        self._refuse(node, "this form")

    def _listed(self, node: ast.expr, parts: Sequence[ast.expr]) -> list[Value]:
        """A name may stand for a list, so a few lines could make one without an end."""
        values = [self._value(part) for part in parts]
        if (held := entries(values)) > rules.MOST_LISTED:
            broken(f"{self._written(node)} holds {held:,} values, and {rules.MOST_LISTED:,} are the most; {OURS}.")
        return values

    def _constant(self, node: ast.expr, value: Value) -> Value:
        if isinstance(value, bytes | complex):
            self._refuse(node, f"a {type(value).__name__}")
        return self._small(node, value)

    def _small(self, node: ast.expr, value: Value) -> Value:
        if isinstance(value, int) and abs(value) > rules.LARGEST_NUMBER:
            broken(f"{self._written(node)} is a number beyond {rules.LARGEST_NUMBER:,}; {OURS}.")
        return value

    def _named(self, node: ast.expr) -> Value:
        """A name, the name with a dot that something was assigned to, or what a tensor tells of itself."""
        path = dotted(node)
        if path in self.values:
            return self.values[path]
        if path in CONSTANTS:
            return CONSTANTS[path]
        if isinstance(node, ast.Attribute) and path.split(".")[0] not in ROOTS:
            owner, name = self._value(node.value), node.attr
            if isinstance(owner, Tensor) and name in PROPERTIES:
                return self._call(node, getattr(Tensor, name).__get__, name, owner)
            if isinstance(owner, Tensor) and name in FACTS:
                return getattr(owner, name)
            if name in PARTS and hasattr(owner, name) and isinstance(owner, tuple):
                return getattr(owner, name)
            if path:
                broken(
                    f"{code(path)} is not known: {code(path.removesuffix(f'.{name}'))} has no {code(name)} that is taken. {TAKEN}"
                )
            self._refuse(node, f"{code(name)} behind a dot")
        if not path:
            self._refuse(node, "this")
        example = code(f"{path}: n=32, j=64")
        broken(f"{code(path)} is not known: no line before sets it, and it has no shape, as in {example}.")

    def _tensor(self, node: ast.expr) -> Tensor:
        value = self._value(node)
        if not isinstance(value, Tensor):
            broken(f"{self._written(node)} is no tensor, so no part of it can be set.")
        return value

    def _index(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Tuple):
            return tuple(self._index(part) for part in node.elts)
        if isinstance(node, ast.Slice):
            return slice(*(self._value(end) if end else None for end in (node.lower, node.upper, node.step)))
        return self._value(node)

    def _part(self, node: ast.Subscript, owner: Value, index: Value) -> Value:
        if isinstance(owner, Tensor):
            return self._call(node, Tensor.__getitem__, "getitem", owner, index)
        if isinstance(owner, tuple | list) and isinstance(index, int | slice):
            try:
                return owner[index]
            except (IndexError, TypeError, ValueError):
                broken(f"{self._written(node)}: there is no such place among {len(owner)}.")
        self._refuse(node, "this index")

    def _signed(self, node: ast.AST, sign: Callable[..., Value], *sides: Value) -> Value:
        """Of a sign between or before values."""
        if any(isinstance(side, Tensor) for side in sides):
            return self._call(node, sign, sign.__name__, *sides)
        if sign is BINARY[ast.Add] and all(isinstance(side, tuple) for side in sides):
            return tuple(part for side in sides for part in side)[: 2 * rules.MOST_AXES]
        if not all(isinstance(side, int | float) for side in sides):
            self._refuse(node, "a sign between what is neither tensor nor number")
        if sign.__name__ in ("pow", "ipow") and abs(sides[1]) * max(math.log10(abs(sides[0]) or 1), 0) > 300:
            broken(f"{self._written(node)} is a number of more than 300 digits; {OURS}.")
        try:
            value = sign(*sides)
        except TypeError:
            self._refuse(node, "a sign that numbers do not have")
        except (ArithmeticError, ValueError) as error:
            broken(f"{self._written(node)} has no value: {error}.")
        if isinstance(value, complex):
            self._refuse(node, "a complex number")
        return self._small(node, value)  # type: ignore[arg-type]

    def _called(self, node: ast.Call) -> Value:
        path = dotted(node.func)
        if path in PLAIN and path not in self.values:
            return self._plain(node, path)
        owner, _, name = path.rpartition(".")
        if path and owner in MODULES:
            if name in RANDOM:
                broken(f"{code(path)} makes random numbers; leave the line out, and give the tensor a shape instead.")
            if (found := function(name, owner)) is None:
                broken(f"{code(path)} is not among the functions that are taken. {TAKEN}")
            return self._call(node, found, name, *self._arguments(node), **self._keywords(node))
        if isinstance(node.func, ast.Attribute) and path.split(".")[0] not in ROOTS:
            return self._method(node, self._value(node.func.value), node.func.attr)
        self._refuse(node, "this call")

    def _method(self, node: ast.Call, owner: Value, name: str) -> Value:
        if not isinstance(owner, Tensor):
            broken(f"{self._written(node)}: {code(name)} is asked of what is no tensor. {TAKEN}")
        arguments, keywords = self._arguments(node), self._keywords(node)
        if name in MEASURES:
            return getattr(owner, name)(*arguments, **keywords)
        if (found := method(name)) is None:
            broken(f"{code(f'.{name}')} is not among the methods that are taken. {TAKEN}")
        return self._call(node, found, name, owner, *arguments, **keywords)

    def _plain(self, node: ast.Call, name: str) -> Value:
        """One of Python's own, of numbers."""
        arguments = self._arguments(node)
        if name == "len" and len(arguments) == 1 and isinstance(arguments[0], Tensor | tuple | list):
            return len(arguments[0])
        if node.keywords or not all(isinstance(each, int | float) for each in arguments):
            self._refuse(node, f"{code(name)} of what is no number")
        try:
            value = PLAIN[name](*arguments)
        except (ArithmeticError, TypeError, ValueError) as error:
            broken(f"{self._written(node)} has no value: {error}.")
        if isinstance(value, range) and len(value) > rules.LONGEST_RANGE:
            broken(f"{self._written(node)} has {len(value):,} numbers, and {rules.LONGEST_RANGE:,} are the most; {OURS}.")
        return self._small(node, value)

    def _arguments(self, node: ast.Call) -> list[Value]:
        return [self._value(argument) for argument in node.args]

    def _keywords(self, node: ast.Call) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg in REFUSED_KEYWORDS:
                self._refuse(node, f"the argument {code(keyword.arg or '**')}")
            found[keyword.arg] = self._value(keyword.value)
        return found

    def _call(self, node: ast.AST, run: Callable[..., Value], name: str, *arguments: Value, **keywords: Value) -> Value:
        """An operation of torch's, announced and bounded."""
        self._left -= 1
        if self._left < 0:
            broken(f"The lines have more than {MOST_OPERATIONS} operations; {OURS}.")
        if time.thread_time() > self._until:
            broken(f"The lines take longer than {rules.MOST_SECONDS:g} seconds; {OURS}.")
        if name == "einsum" and len(arguments) > rules.MOST_OPERANDS + 1:
            broken(f"The einsum has {len(arguments) - 1} operands, and {rules.MOST_OPERANDS} are the most; {OURS}.")
        if (pieces := most_pieces(name, arguments, keywords)) > rules.MOST_PIECES:
            broken(f"{self._written(node)} gives up to {pieces:,} tensors, and {rules.MOST_PIECES} are the most; {OURS}.")
        if name in FLOATS_MADE:  # whatever the caller's default is
            keywords.setdefault("dtype", CONSTANTS["torch.float32"])
        if ends_the_process(name, arguments, keywords):
            broken(f"{self._written(node)} divides the smallest whole number of its kind by −1, which gives none of that kind.")
        self._announce(self._lines.text, self._span(node))
        self._allow(name, (*arguments, *keywords.values()))
        result = run(*arguments, **keywords)
        for made in every(Tensor, (result,)):
            if made.numel() > rules.MOST_NUMBERS:
                few_enough(f"The result of {self._written(node)}", tuple(made.shape))
        return result

    def _span(self, node: ast.AST) -> Span:
        assert isinstance(node, ast.expr | ast.stmt) and node.end_lineno is not None and node.end_col_offset is not None
        return Span(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def _written(self, node: ast.AST) -> str:
        return written(node, self._lines.text)

    def _refuse(self, node: ast.AST, what: str) -> NoReturn:
        broken(f"{self._written(node)} has {what}, which is not taken. {TAKEN}")
