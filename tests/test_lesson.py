"""The lesson's functions against autograd, against finite differences, and against numbers worked by hand."""

from collections.abc import Callable

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from mnistgrad import lesson

Relu = Callable[[Tensor], Tensor]
RELUS: tuple[Relu, ...] = (lesson.relu, lesson.relu_shifted)
size = st.integers(1, 6)
seed = st.integers(0, 10_000)
several = settings(max_examples=30, derandomize=True)


def draw(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Standard normal float64 tensors."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def network(seed: int, n: int, i: int, j: int) -> list[Tensor]:
    """inp, targ, w1, b1, w2, b2."""
    return draw(seed, (n, i), (n,), (i, j), (j,), (j, 1), (1,))


def leaves(*tensors: Tensor) -> list[Tensor]:
    """Copies that autograd follows."""
    return [tensor.clone().requires_grad_() for tensor in tensors]


def assert_same(ours: Tensor, reference: Tensor) -> None:
    torch.testing.assert_close(ours, reference, rtol=1e-10, atol=1e-12)


@several
@given(n=size, i=size, j=size, seed=seed)
def test_lin_grad_is_autograds(n: int, i: int, j: int, seed: int) -> None:
    inp, w, b, out_g = draw(seed, (n, i), (i, j), (j,), (n, j))
    out = lesson.lin(inp, w, b)
    out.g = out_g
    lesson.lin_grad(inp, out, w, b)
    reference = leaves(inp, w, b)
    lesson.lin(*reference).backward(out_g)
    for ours, leaf in zip((inp, w, b), reference, strict=True):
        assert_same(ours.g, leaf.grad)


@several
@given(n=size, j=size, seed=seed, relu=st.sampled_from(RELUS))
def test_relu_grad_is_autograds_for_both_rectifiers(n: int, j: int, seed: int, relu: Relu) -> None:
    inp, out_g = draw(seed, (n, j), (n, j))
    out = relu(inp)
    out.g = out_g
    lesson.relu_grad(inp, out)
    (leaf,) = leaves(inp)
    relu(leaf).backward(out_g)
    assert_same(inp.g, leaf.grad)


@several
@given(n=size, seed=seed)
def test_mse_grad_is_autograds(n: int, seed: int) -> None:
    out, targ = draw(seed, (n, 1), (n,))
    lesson.mse_grad(out, targ)
    (leaf,) = leaves(out)
    lesson.mse(leaf, targ).backward()
    assert_same(out.g, leaf.grad)


@several
@given(n=size, seed=seed)
def test_mse_pairs_each_output_with_its_own_target(n: int, seed: int) -> None:
    out, targ = draw(seed, (n, 1), (n,))
    by_loop = sum((out[m, 0] - targ[m]) ** 2 for m in range(n)) / n
    assert_same(lesson.mse(out, targ), by_loop)


@several
@given(n=size, i=size, j=size, seed=seed, relu=st.sampled_from(RELUS))
def test_forward_and_backward_sets_autograds_gradients(n: int, i: int, j: int, seed: int, relu: Relu) -> None:
    inp, targ, *weights = network(seed, n, i, j)
    loss = lesson.forward_and_backward(inp, targ, *weights, relu, lesson.lin_grad)
    x, w1, b1, w2, b2 = leaves(inp, *weights)
    reference = lesson.mse(relu(x @ w1 + b1) @ w2 + b2, targ)
    reference.backward()
    assert_same(loss, reference.detach())
    for ours, leaf in zip((inp, *weights), (x, w1, b1, w2, b2), strict=True):
        assert_same(ours.g, leaf.grad)


def test_forward_and_backward_agrees_with_finite_differences() -> None:
    inp, targ, *weights = network(3, 4, 3, 2)
    lesson.forward_and_backward(inp, targ, *weights, lesson.relu_shifted, lesson.lin_grad)
    for tensor in (inp, *weights):
        torch.testing.assert_close(tensor.g, slopes(tensor, inp, targ, weights), rtol=1e-6, atol=1e-8)


def slopes(tensor: Tensor, inp: Tensor, targ: Tensor, weights: list[Tensor], step: float = 1e-6) -> Tensor:
    """The loss's central difference along every entry of `tensor`, which is one of the others."""
    slope = torch.empty_like(tensor)
    for entry in range(tensor.numel()):
        kept, losses = tensor.view(-1)[entry].item(), []
        for moved in (kept + step, kept - step):
            tensor.view(-1)[entry] = moved
            given = map(torch.clone, (inp, targ, *weights))
            losses.append(lesson.forward_and_backward(*given, lesson.relu_shifted, lesson.lin_grad))
        tensor.view(-1)[entry] = kept
        slope.view(-1)[entry] = (losses[0] - losses[1]) / (2 * step)
    return slope


def test_two_images_worked_by_hand() -> None:
    inp = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
    targ = torch.tensor([5.0, 4.0])
    w1, b1 = torch.tensor([[1.0, -1.0], [0.5, 1.0]]), torch.tensor([0.0, 0.5])
    w2, b2 = torch.tensor([[1.0], [2.0]]), torch.tensor([1.0])
    # l1 = [[2, 1.5], [2.5, -3.5]], out = [6, 3.5], differences 1 and -0.5, out.g = [1, -0.5]
    loss = lesson.forward_and_backward(inp, targ, w1, b1, w2, b2, relu=lesson.relu, lin_grad=lesson.lin_grad)
    assert loss.item() == 0.625
    assert w2.g.tolist() == [[0.75], [1.5]]
    assert b2.g.tolist() == [0.5]
    assert w1.g.tolist() == [[-0.5, 2.0], [2.5, 4.0]]
    assert b1.g.tolist() == [0.5, 2.0]
    assert inp.g.tolist() == [[-1.0, 2.5], [-0.5, -0.25]]


def test_no_gradient_passes_where_the_unit_is_exactly_zero() -> None:
    inp, out = torch.tensor([[-1.0, 0.0, 2.0]]), torch.zeros(1, 3)
    out.g = torch.tensor([[5.0, 6.0, 7.0]])
    lesson.relu_grad(inp, out)
    assert inp.g.tolist() == [[0.0, 0.0, 7.0]]


def test_the_shifted_rectifier_lies_a_half_lower() -> None:
    x = torch.tensor([-2.0, 0.0, 3.0])
    assert lesson.relu(x).tolist() == [0.0, 0.0, 3.0]
    assert lesson.relu_shifted(x).tolist() == [-0.5, -0.5, 2.5]
