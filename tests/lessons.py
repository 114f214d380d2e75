"""Code of readers, run and noted: the lessons that the tests of the player, its pictures and its sentences share."""

from functools import lru_cache

import torch
from torch import Tensor

from mnistgrad.player.lesson import Lesson
from mnistgrad.trace.explaining import explain_run


def by_hand(inp: Tensor, targ: Tensor, w: Tensor, b: Tensor) -> Tensor:
    out = inp @ w + b
    hot = out.clamp_min(0.0)
    diff = hot.sum(1) - targ
    grad = (2.0 * diff.unsqueeze(-1) / len(inp)) * (out > 0).float()
    table = (inp.unsqueeze(-1) * grad.unsqueeze(1)).sum(0)
    again = inp.t() @ grad
    rows = grad.sum(0, keepdim=True)
    same = torch.einsum("ni,nj->ij", inp, grad)
    return (table - again + rows - same).pow(2).mean()


def any_shapes(x: Tensor, flags: Tensor, counts: Tensor) -> Tensor:
    deep = x.view(2, 3, 4, 5)
    moved = deep.permute(0, 2, 1, 3)
    squares = x @ x.t()
    many = torch.cat([x, x, x, x, x], 0)
    strange = x / 0
    empty = x[:0].sum(0)
    where = torch.where(flags, strange, counts)
    picked = counts[flags[0]]
    return moved.sum((0, 3)).max() + squares.sum() + many.sum() + empty.sum() + where.sum() + picked.sum()


def clashes(inp: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return inp @ w + b


def folds(inp: Tensor, other: Tensor) -> Tensor:
    return inp.t() @ other


def reads(inp: Tensor) -> Tensor:
    return inp.view(5, 5)


def equates(inp: Tensor, w: Tensor) -> Tensor:
    return torch.einsum("ni,ij->nj", inp, w)


NAMED = {"inp": "n i", "targ": "n", "w": "i j", "b": "j"}


def given(*shapes: tuple[int, ...]) -> list[Tensor]:
    generator = torch.Generator().manual_seed(3)
    return [torch.randn(shape, generator=generator) for shape in shapes]


def recorded(function, args, axes=None) -> Lesson:
    run = explain_run(function, args, axes=axes)
    assert (run.error is None) == (run.refused is None), run.error
    return Lesson(run.operations, run.refused, function.__name__)


@lru_cache(maxsize=8)
def lesson_by_hand(n: int = 4, i: int = 6, j: int = 3) -> Lesson:
    return recorded(by_hand, given((n, i), (n,), (i, j), (j,)), NAMED)


@lru_cache(maxsize=1)
def lesson_of_any_shapes() -> Lesson:
    flags = torch.tensor([[True, False] * 6] + [[False, True] * 6] * 9)[:, :12]
    return recorded(any_shapes, [*given((10, 12)), flags, torch.arange(12) * 1_000_000])


@lru_cache(maxsize=1)
def clashing() -> tuple[Lesson, ...]:
    return (
        recorded(clashes, given((4, 6), (6, 3), (5,)), {"inp": "n i", "w": "i j"}),
        recorded(clashes, given((4, 6), (7, 3), (3,)), {"inp": "n i"}),
        recorded(folds, given((4, 6), (5, 3))),
        recorded(reads, given((4, 6))),
        recorded(equates, given((4, 6), (7, 3))),
    )
