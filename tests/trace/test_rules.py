"""Every rule against torch: axis names told by sizes that only one axis has, and what feeds a number by autograd's Jacobian."""

import re
from functools import cache
from random import Random

import numpy as np
import torch
from loops import over
from torch import Tensor
from torch.nn import functional as F

from mnistgrad.trace.explaining import explain_run
from mnistgrad.trace.operation import Operation
from mnistgrad.trace.operations import UNKNOWN, Effect

SIZES = (3, 4, 5, 7)  # of the axes p, q, r, s in some order; all different, so that a size tells the axis
LAPS = 2

CASES = """
x.unsqueeze(0)                     x=pq
x.unsqueeze(-1)                    x=pq
x.unsqueeze(1)                     x=pq
x[None]                            x=pq
x[:, None]                         x=pq
x[..., None, :]                    x=pqr
x[:, :1].squeeze(1)                x=pq
x[:, :1].squeeze()                 x=pqr
x[:1, :, :1].squeeze((0, 2))       x=pqr
x.view(-1)                         x=pq
x.reshape(Q, P)                    x=pq
x.reshape(P, Q * R)                x=pqr
x.view(P * Q, R)                   x=pqr
x.view(P, 1, Q)                    x=pq
x.flatten()                        x=pqr
x.flatten(1)                       x=pqr
x.flatten(0, 1)                    x=pqr
torch.flatten(x, start_dim=1)      x=pqr
x.view(P * Q, R).view(P, Q, R)     x=pqr
x.reshape(P, -1).reshape(P, Q, R)  x=pqr
x.unflatten(0, (P, 1))             x=pq
x.permute(2, 0, 1)                 x=pqr
x.permute((1, 0))                  x=pq
torch.permute(x, (1, 2, 0))        x=pqr
x.transpose(0, -1)                 x=pqr
x.swapaxes(0, 1)                   x=pqr
x.movedim(0, 2)                    x=pqr
x.t()                              x=pq
x.T                                x=pq
x.mT                               x=pqr
x.expand(Q, P)                     x=p
x[:1].expand(P, Q)                 x=pq
x.unsqueeze(0).expand(R, P, Q)     x=pq
x.repeat(3, 1)                     x=pq
x.flip(0)                          x=pq
x.flip((0, 1))                     x=pq
x.roll(1, 0)                       x=pq
x.tril()                           x=pq
x.triu(1)                          x=pq
x.diag()                           x=p
x.clone()                          x=pq
x.contiguous()                     x=pq
x.double()                         x=pq
x.to(torch.float64)                x=pq
x.sum()                            x=pqr
x.sum(0)                           x=pqr
x.sum(-1)                          x=pqr
x.sum((0, 2))                      x=pqr
x.sum(axis=0)                      x=pqr
x.sum(dim=1, keepdim=True)         x=pqr
x.sum(axis=(0, 1), keepdims=True)  x=pqr
torch.sum(x, 1)                    x=pqr
x.mean()                           x=pq
x.mean(0, keepdim=True)            x=pq
x.mean((0, 1))                     x=pqr
x.var(0)                           x=pq
x.var(0, unbiased=False)           x=pq
x.var(1, keepdim=True)             x=pq
x.std((0, 1))                      x=pqr
x.prod(0)                          x=pq
x.logsumexp(1)                     x=pq
x.norm(dim=0)                      x=pq
x.max()                            x=pq
x.max(0).values                    x=pq
x.max(1, keepdim=True)[0]          x=pq
x.min(0)[0]                        x=pq
x.amax((0, 2))                     x=pqr
x.amin(1, keepdim=True)            x=pqr
x + 1                              x=pq
2 - x                              x=pq
x + y                              x=pq y=q
x - y                              x=pq y=pq
x * y                              x=pqr y=qr
x[:, None] * y                     x=pr y=qr
x / y                              x=pq y=
x * y                              x=p1 y=1q
x - y                              x=pq y=1q
torch.where(m, x, y)               m=p1? x=pq y=1q
x @ y                              x=1pq y=sqr
torch.einsum("ab,bc->ac", x, y)    x=p1 y=qr
x ** 2                             x=pq
2 ** x                             x=pq
x ** y                             x=q y=pq
-x                                 x=pq
x.exp()                            x=pq
x.log()                            x=pq
x.sqrt()                           x=pq
x.tanh()                           x=pq
torch.sigmoid(x)                   x=pq
F.relu(x)                          x=pq
x.clamp(0.1, 9)                    x=pq
x.clamp_min(0.1)                   x=pq
torch.maximum(x, y - 9)            x=pq y=q
torch.where(m, x, y)               m=pq? x=pq y=q
torch.where(m, x, 0.)              m=q? x=pq
torch.where(m, 0., x)              m=pq? x=pq
x.masked_fill(m, 0.)               x=pq m=pq?
x.softmax(1)                       x=pq
F.softmax(x, dim=0)                x=pqr
x.log_softmax(-1)                  x=pq
x.cumsum(1)                        x=pq
x @ y                              x=pq y=qr
x @ y                              x=pq y=q
x @ y                              x=p y=pq
x @ y                              x=p y=p
x @ y                              x=spq y=qr
x @ y                              x=pq y=sqr
x @ y                              x=spq y=sqr
x @ y                              x=spq y=q
x @ y                              x=q y=sqr
torch.matmul(x, y)                 x=pq y=qr
torch.mm(x, y)                     x=pq y=qr
torch.bmm(x, y)                    x=spq y=sqr
torch.mv(x, y)                     x=pq y=q
torch.dot(x, y)                    x=p y=p
torch.outer(x, y)                  x=p y=q
torch.addmm(z, x, y)               z=r x=pq y=qr
F.linear(x, y)                     x=pq y=rq
F.linear(x, y, z)                  x=pq y=rq z=r
F.linear(x, y, z)                  x=spq y=rq z=r
torch.einsum("ab,bc->ac", x, y)    x=pq y=qr
torch.einsum("ab,ac->bc", x, y)    x=pq y=pr
torch.einsum("ab,bc", x, y)        x=pq y=qr
torch.einsum("ba", x)              x=pq
torch.einsum("Za,aB", x, y)        x=pq y=qr
torch.einsum("ab->", x)            x=pq
torch.einsum("...a->...", x)       x=pqr
torch.einsum("...a,ab->...b", x, y) x=spq y=qr
torch.einsum("a...,b...->ab...", x, y) x=ps y=qs
torch.einsum("aa->a", x)           x=pp
torch.einsum("aa", x)              x=pp
torch.einsum(" a b , b -> a ", x, y) x=pq y=q
torch.einsum("ab,ab,b->a", x, y, z) x=pq y=pq z=q
torch.einsum(x, [0, 1], y, [1, 2], [0, 2]) x=pq y=qr
torch.einsum("ab,cb->ca", [x, y])  x=pq y=rq
torch.cat([x, y])                  x=pq y=pq
torch.cat((x, y), dim=1)           x=pq y=pr
torch.cat([x, y, x], 1)            x=pqr y=psr
torch.stack([x, y])                x=pq y=pq
torch.stack((x, y), dim=1)         x=pq y=pq
torch.stack([x, y], -1)            x=pq y=pq
x[0]                               x=pqr
x[-1]                              x=pq
x[1, :, 1]                         x=pqr
x[..., 0]                          x=pqr
x[1:]                              x=pq
x[:, :-1]                          x=pq
x[::2]                             x=pq
x[0, None, 1:]                     x=pq
x[m]                               x=pq m=p?
x[m]                               x=pq m=pq?
x[:, m]                            x=pqr m=q?
x[[1, 0]]                          x=pq
x[ix]                              x=pq ix=r<p
x[ix]                              x=pq ix=rs<p
x[:, ix]                           x=pq ix=r<q
x[range(P), ix]                    x=pq ix=p<q
x[torch.arange(P), ix]             x=pq ix=p<q
x[ix, :, iy]                       x=pqr ix=s<p iy=s<r
x[:, ix, iy]                       x=pqr ix=s<q iy=s<r
x[0, :, ix]                        x=pqr ix=s<r
x[ix, 0, :]                        x=pqr ix=s<p
x[:, None, ix]                     x=pq ix=r<q
x[ix][:, None]                     x=pq ix=r<p
x.select(1, 0)                     x=pqr
x.narrow(0, 1, 1)                  x=pq
x.index_select(1, ix)              x=pq ix=r<q
x.gather(1, ix)                    x=pq ix=pr<q
x.gather(0, ix)                    x=pq ix=rq<p
torch.gather(x, 1, ix[:, None])    x=pq ix=p<q
F.embedding(ix, x)                 x=pq ix=rs<p
torch.embedding(x, ix)             x=pq ix=rs<p
x.scatter_add(0, ix, y)            x=pq ix=rq<p y=rq
x.scatter_add(1, ix, y)            x=pq ix=pr<q y=pr
x.index_add(0, ix, y)              x=pq ix=r<p y=rq
x.index_add(1, ix, y)              x=pq ix=r<q y=pr
x.scatter(1, ix, 7.)               x=pq ix=p1<q
x.split(1, dim=1)[1]               x=pq
x.chunk(2, 1)[1]                   x=pq
x.unbind(1)[1]                     x=pq
F.mse_loss(x, y)                   x=pq y=pq
F.mse_loss(x, y, reduction="sum")  x=p y=p
F.mse_loss(x, y, reduction="none") x=p y=p
F.cross_entropy(x, ix)             x=pq ix=p<q
F.cross_entropy(x, ix, reduction="sum") x=pq ix=p<q
F.cross_entropy(x, ix, reduction="none") x=pq ix=p<q
F.nll_loss(x, ix)                  x=pq ix=p<q
"""


def parted(line: str) -> tuple[str, str]:
    """The code, and what it is given: the words at the end that have a sign for it."""
    words = line.split(" ")
    start = next(p for p, word in enumerate(words) if word[:2] in ("x=", "m=", "z=") and "[" not in word)
    return " ".join(words[:start]), " ".join(words[start:])


def inputs(given: str, random: Random) -> tuple[dict[str, Tensor], dict[str, str], dict[str, int]]:
    """The tensors, the letters of their axes, and what size each letter has."""
    sizes = dict(zip("pqrs", random.sample(SIZES, 4), strict=True)) | {"1": 1}
    generator = torch.Generator().manual_seed(random.randrange(10**6))
    tensors, axes = {}, {}
    for word in given.split():
        name, letters = word.split("=")
        letters, _, below = letters.partition("<")
        shape = [sizes[letter] for letter in letters.strip("?")]
        if below:
            tensors[name] = torch.randint(sizes[below], shape, generator=generator)
        elif letters.endswith("?"):
            tensors[name] = torch.rand(shape, generator=generator) < 0.6
        else:
            tensors[name] = torch.rand(shape, generator=generator, dtype=torch.float64) + 0.5
        axes[name] = letters.strip("?").replace("1", "o")
    return tensors, axes, sizes


@cache
def run(code: str, given: str, seed: int) -> tuple[tuple[Operation, ...], dict[str, Tensor], dict[str, int]]:
    tensors, axes, sizes = inputs(given, Random(f"{code}{seed}"))
    names = {"torch": torch, "F": F} | {letter.upper(): sizes[letter] for letter in "pqrs"}
    function = eval(f"lambda {', '.join(tensors)}: {code}", names)
    window = {letter: range(max(SIZES)) for letter in {*"".join(axes.values())}}
    found = explain_run(function, list(tensors.values()), axes={name: list(axes[name]) for name in axes}, window=window)
    assert found.error is None, found.error
    torch.testing.assert_close(found.returned, function(*tensors.values()), rtol=0, atol=0)
    return found.operations, tensors, sizes


each = over(("code", "given"), [parted(line) for line in CASES.splitlines() if line])


@each
def test_names_are_those_of_the_sizes(code: str, given: str) -> None:
    for seed in range(LAPS):
        operations, _, sizes = run(code, given, seed)
        name_of = {size: letter for letter, size in sizes.items() if size > 1 and letter in given.replace("<", " ")}
        for operation in operations:
            assert operation.known is not UNKNOWN, operation.name
            for letter, size in zip(operation.axes, operation.shape, strict=True):
                part = letter in sizes and size < sizes[letter]
                new = letter not in sizes and re.search(r"x\[m\]|cat|reshape\(Q, P\)", code)
                assert letter == name_of.get(size, letter) or part or new, (operation.expression, operation.axes, operation.shape)


def feeding_by_autograd(code: str, tensors: dict[str, Tensor], sizes: dict[str, int], name: str) -> np.ndarray:
    """For each number of the result and each of the operand's whether there is a derivative."""
    names = {"torch": torch, "F": F} | {letter.upper(): size for letter, size in sizes.items()} | tensors

    def function(value: Tensor) -> Tensor:
        result = eval(code, names | {name: value})
        return result if isinstance(result, Tensor) else result[0]

    return torch.autograd.functional.jacobian(function, tensors[name]).numpy() != 0


@each
def test_what_feeds_a_number_has_a_derivative_and_nothing_else_has(code: str, given: str) -> None:
    for seed in range(LAPS):
        operations, tensors, sizes = run(code, given, seed)
        last = operations[-1]
        if len(operations) - (not last.operands) > 1 or last.results > 1:
            continue
        assert last.fed, last.expression
        floats = [name for name in tensors if tensors[name].is_floating_point() and re.search(rf"\b{name}\b", code)]
        for name in floats:
            derivative = feeding_by_autograd(code, tensors, sizes, name)
            places = [place for place, operand in enumerate(last.operands) if operand.text in (name, f"operand_{place + 1}")]
            found = [place for place in places if last.operands[place].shape == tuple(tensors[name].shape)]
            for position, fed in last.fed.items():
                at = tuple(shown[place] for shown, place in zip(last.shown, position, strict=True))
                lit = np.zeros(tensors[name].shape, bool)
                for place in found:
                    if last.operands[place].numbers is not None and np.array_equal(
                        last.operands[place].numbers, tensors[name].numpy()[np.ix_(*last.operands[place].shown)]
                    ):
                        lit[np.ix_(*last.operands[place].shown)] |= fed.cells[place]
                inside = np.zeros_like(lit)
                inside[np.ix_(*last.operands[found[0]].shown)] = True
                np.testing.assert_array_equal(lit, derivative[at] & inside, err_msg=f"{last.expression} {name} {at}")


@each
def test_terms_add_up_to_the_number_and_are_what_the_operands_hold(code: str, given: str) -> None:
    operations, _, _ = run(code, given, seed=0)
    for operation in operations:
        for position, fed in operation.fed.items():
            number, values = operation.numbers[position], [term.value for term in fed.terms]
            assert len(values) <= min(6, fed.count) and sorted(values, key=abs, reverse=True) == values
            if len(values) == fed.count and operation.name not in ("var", "std"):
                shares = fed.count if operation.known.averages and "sum" not in code else 1
                np.testing.assert_allclose(sum(values) / shares, number, rtol=1e-6, atol=1e-9)
            for term in fed.terms:
                for operand, index, factor in zip(operation.operands, term.index, term.factors, strict=True):
                    if index is not None and all(at in shown for at, shown in zip(index, operand.shown, strict=True)):
                        place = tuple(shown.index(at) for at, shown in zip(index, operand.shown, strict=True))
                        assert factor == operand.numbers[place]
                if operation.known.effect is Effect.CONTRACTED and None not in term.index and len(operation.operands) == 2:
                    np.testing.assert_allclose(np.prod(term.factors), term.value)
