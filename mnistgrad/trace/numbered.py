"""The operations of the lesson's pass with the numbers of a window, and what fed each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray

from mnistgrad.trace.cells import ShownOperation, Table, show_operation
from mnistgrad.trace.operation import Fed, Numbers, Operand, Operation, Term
from mnistgrad.trace.window import Window

MOST_TERMS = 6


def numbered(operations: Sequence[Operation], place: int, window: Window) -> Operation:
    """The operation `place` of the pass at n images. A sum over images is of all n; its terms are the window's."""
    shown = show_operation(operations, place, window)
    step = shown.operation
    operands = [
        replace(operand, shown=table.indices, numbers=_as_made(table, operand.dtype))
        for operand, table in zip(step.operands, shown.operands, strict=True)
    ]
    result = shown.result
    return replace(
        step, operands=tuple(operands), shown=result.indices, numbers=_as_made(result, step.dtype), fed=_PassFed(shown)
    )


def _as_made(table: Table, dtype: torch.dtype) -> Numbers:
    return table.values.astype(bool) if dtype == torch.bool else table.values


@dataclass(frozen=True, eq=False)
class _PassFed(Mapping[tuple[int, ...], Fed]):
    of: ShownOperation

    def __getitem__(self, position: tuple[int, ...]) -> Fed:
        result = self.of.result
        at = {letter: along[p] for letter, along, p in zip(result.axes, result.indices, position, strict=True)}
        cells = tuple(self._lit(table, at) for table in self.of.operands)
        if not self.of.letter:
            return Fed(cells, 1, (self._single(at, float(result.values[position])),))
        size, terms = self._terms(at)
        return Fed(cells, size, terms)

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return iter(product(*(range(len(along)) for along in self.of.result.indices)))

    def __len__(self) -> int:
        return self.of.result.values.size

    def _lit(self, table: Table, at: Mapping[str, int]) -> NDArray[np.bool_]:
        """All along what is added up, elsewhere what has the result's own index; what is 1 long serves every index."""
        lit = np.ones([len(along) for along in table.indices], bool)
        for axis, (letter, along) in enumerate(zip(table.axes, table.indices, strict=True)):
            if letter in at and len(along) > 1:
                same = np.array([index == at[letter] for index in along])
                lit &= same.reshape([-1 if axis == other else 1 for other in range(lit.ndim)])
        return lit

    def _single(self, at: Mapping[str, int], value: float) -> Term:
        index = tuple(self._index(table, at) for table in self.of.operands)
        places = [
            tuple(along.index(own) for along, own in zip(table.indices, each, strict=True))
            for table, each in zip(self.of.operands, index, strict=True)
        ]
        factors = (float(table.values[place]) for table, place in zip(self.of.operands, places, strict=True))
        return Term(index, tuple(factors), value)

    def _index(self, table: Table, at: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(along[0] if len(along) == 1 else at[letter] for letter, along in zip(table.axes, table.indices, strict=True))

    def _terms(self, at: Mapping[str, int]) -> tuple[int, tuple[Term, ...]]:
        """How many are added up, and the largest of those whose numbers are there: of the window's images, or of all."""
        step, letter, window = self.of.operation, self.of.letter, self.of.window
        whole = step.operands[0].shape[step.operands[0].axes.index(letter)]
        along = window.images if letter == "n" else range(whole)
        rows = [self._row(operand, at, len(along)) for operand in self.of.excerpt.operands]
        values = np.prod(rows, axis=0)
        order = np.argsort(-np.abs(values), kind="stable")[:MOST_TERMS]
        return whole, tuple(
            Term(
                tuple(self._index_in(operand, {**at, letter: along[entry]}) for operand in step.operands),
                tuple(float(row[entry]) for row in rows),
                float(values[entry]),
            )
            for entry in order.tolist()
        )

    def _row(self, operand: Operand, at: Mapping[str, int], length: int) -> NDArray[np.floating]:
        """The excerpt's numbers along what is added up."""
        assert operand.value is not None  # a window's operations have values
        images = self.of.window.images
        stored = {a: images.index(index) if a == "n" else index for a, index in at.items()}
        index = tuple(
            slice(None) if letter == self.of.letter else stored[letter] if size > 1 or letter == "n" else 0
            for letter, size in zip(operand.axes, operand.shape, strict=True)
        )
        row: NDArray[np.floating] = operand.value[index].double().numpy()
        assert row.shape == (length,)
        return row

    def _index_in(self, operand: Operand, at: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(0 if size == 1 else at[letter] for letter, size in zip(operand.axes, operand.shape, strict=True))
