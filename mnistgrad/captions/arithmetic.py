"""The arithmetic of one cell, written out: from which numbers of its operands an operation makes it."""

import ast
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mnistgrad.common import numbers
from mnistgrad.trace.cells import Chosen, NumberScale, ShownOperation, Table, in_callers_words, scale_of, show_operation
from mnistgrad.trace.operations import Effect
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window

BECOMES = {"gt": " is ", "float": " becomes "}  # between the numbers and the result; elsewhere they are equal
PRODUCT = "product"  # of a w.g line, as the tables call it


def arithmetic(operations: Sequence[Operation], place: int, window: Window, chosen: Chosen) -> str:
    """How the chosen cell of the result of operation `place` comes about, as plain text."""
    return cell_arithmetic(show_operation(operations, place, window), chosen)


def cell_arithmetic(shown: ShownOperation, chosen: Chosen) -> str:
    """The same for an operation whose tables are at hand."""
    worked = _sum(shown, chosen) if shown.letter else _worked(shown, chosen)
    result = shown.result.scale.exact(shown.result.at(chosen))
    return worked + BECOMES.get(shown.operation.name, " = ") + result + _renamed(worked, shown.operation)


def entry(text: str, at: Sequence[int], value: float, scale: NumberScale) -> str:
    """One number of a tensor: "inp[2, 216] = 0.6021"."""
    return f"{_indexed(text, at)} = {scale.exact(value)}"


def slice_of(table: Table, letter: str, chosen: Chosen) -> str:
    """The numbers along an axis, as Python writes them: "inp[2, :]"."""
    at = [":" if axis == letter else str(index) for axis, index in zip(table.axes, table.index(chosen), strict=True)]
    return _indexed(table.text, at)


def added_terms(values: NDArray[np.floating], scale: NumberScale) -> str:
    """The numbers with signs between them and their unit: "(0.5493 − 0.1200) thousandths"."""
    first, *others = values.tolist()
    if not others:
        return scale.exact(first)
    text = scale.digits(first) + "".join(f" {numbers.MINUS if v < 0 else '+'} {scale.digits(abs(v))}" for v in others)
    return f"({text}) {numbers.unit_words(scale.power).removeprefix('in ')}" if scale.power else text


def _worked(shown: ShownOperation, chosen: Chosen) -> str:
    """All that stands before the result, where nothing is added up along an axis."""
    operation = shown.operation
    texts = [_source(table, chosen) for table in shown.operands]
    values = [table.scale.exact(table.at(chosen)) for table in shown.operands]
    match operation.known.name:
        case "clamp_min":
            return f"max({texts[0]}, 0) = max({values[0]}, 0)"
        case "pow":
            return f"{texts[0]}² = ({values[0]})²"
        case "gt":
            return f"{texts[0]} > 0: {values[0]} > 0"
        case "float":
            return f"{texts[0]}.float(): {values[0]}"
        case _ if sign := operation.known.sign:
            sides = list(zip(texts, values, strict=True))
            if operation.arguments:
                number = _number(operation.arguments[0])
                sides.insert(1 if operation.expression.startswith(shown.operands[0].text) else 0, (number, number))
            (one, one_value), (other, other_value) = sides
            return f"{one} {sign} {other} = {one_value} {sign} {_in_brackets(other_value, sign)}"
    cell = _indexed(shown.result.text, shown.result.index(chosen))
    return f"{cell} = {texts[0]}" if operation.known.effect is Effect.MOVED else cell


def _sum(shown: ShownOperation, chosen: Chosen) -> str:
    """All that stands before the result of a sum along an axis."""
    terms = shown.terms(chosen)
    slices = [slice_of(table, shown.letter, chosen) for table in shown.operands]
    more = f" + {numbers.count(terms.left_out)} more" if terms.left_out else ""
    added = added_terms(terms.products, terms.scale) + more
    if shown.operation.known.averages:
        bare = not more and (terms.size == 1 or terms.scale.power)  # one number, or in brackets as it is
        return f"{slices[0]}.mean() = {added if bare else f'({added})'} / {numbers.count(terms.size)}"
    if len(slices) == 1:
        return f"{slices[0]}.sum() = {added}" if terms.size > 1 else f"{slices[0]}.sum()"
    if terms.size > 1:
        return f"{' @ '.join(slices)} = {added}"
    texts = [_source(table, chosen) for table in shown.operands]
    values = [scale_of(factor).exact(float(factor[0])) for factor in terms.factors]
    return f"{' × '.join(texts)} = {' × '.join(values)}"


def _number(value: object) -> str:
    assert isinstance(value, int | float)
    return numbers.count(value) if isinstance(value, int) else f"{value:g}"


def _in_brackets(value: str, sign: str) -> str:
    """A negative number after a plus or a minus."""
    return f"({value})" if value.startswith(numbers.MINUS) and sign in "+−" else value


def _source(table: Table, chosen: Chosen) -> str:
    """The number by the name it has before unsqueeze: inp[2, 216] is inp.unsqueeze(-1)[2, 216, 0]."""
    at = list(table.index(chosen))
    match _parsed(table.text):
        case ast.Call(func=ast.Attribute(value=owner, attr="unsqueeze"), args=[axis]):
            del at[ast.literal_eval(axis)]
            return _indexed(ast.unparse(owner), at)
    return _indexed(table.text, at)


@lru_cache(maxsize=256)
def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _indexed(text: str, at: Sequence[object]) -> str:
    if not at:
        return text
    is_sum = isinstance(_parsed(text), ast.BinOp | ast.Compare)
    name = PRODUCT if is_sum and len(at) == 3 else f"({text})" if is_sum else text
    return f"{name}[{', '.join(map(str, at))}]"


def _renamed(text: str, operation: Operation) -> str:
    """What the names in the text stand for where the caller calls them otherwise."""
    used = re.findall(r"(?<![\w.])[A-Za-z_]\w*(?:\.g\b)?", text)
    meant = {name: in_callers_words(name, operation.names) for name in used}
    others = [f"{name} is {other}" for name, other in meant.items() if name != other]
    return f"; here {' and '.join(part for part in (', '.join(others[:-1]), *others[-1:]) if part)}" if others else ""
