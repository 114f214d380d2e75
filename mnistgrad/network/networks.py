"""Two networks over the same first layer: the lesson's, and one with an output for every class. Gradients by hand."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.common.arguments import one_of
from mnistgrad.common.tensors import FLOAT32, plain
from mnistgrad.network.gradients import Gradients, through_relu, weight_grad
from mnistgrad.network.losses import Part, cross_entropy, mse
from mnistgrad.network.presets import Weights, initial_weights

DIGIT_COUNT = 10

OTHER_NUMBERS = 1_000_000  # added to a seed; the seed itself would repeat w1's


@dataclass(frozen=True)
class Network:
    """What follows the hidden layer.

    outputs: k. loss: of out (n, k), labels (n,) and n, as in `losses`. read: the labels (n,) that out (n, k) names.
    """

    outputs: int
    loss: Callable[[Tensor, Tensor, int], Part]
    read: Callable[[Tensor], Tensor]


def network_of(network: str, classes: int = DIGIT_COUNT) -> Network:
    """A network of NETWORKS that tells so many classes apart."""
    if network == "mse":
        return Network(1, mse, lambda out: out.squeeze(-1).round().clamp(0, classes - 1).long())
    return Network(classes, cross_entropy, lambda out: out.argmax(1))


NETWORKS = {name: network_of(name) for name in ("cross-entropy", "mse")}


@plain()
def starting_weights(network: str, nh: int, seed: int, preset: str, classes: int = DIGIT_COUNT) -> Weights:
    """Weights that may be changed: w1 is `initial_weights`' for both networks, w2 (nh, k) and b2 (k,) fit the outputs.

    Raises ValueError or TypeError as `initial_weights` does, and for another network.
    """
    outputs = network_of(one_of("network", network, NETWORKS), classes).outputs
    start = initial_weights(nh, seed, preset)
    if outputs == 1:
        return start
    generator = torch.Generator().manual_seed(seed + OTHER_NUMBERS)
    w2 = torch.randn(nh, outputs, generator=generator, **FLOAT32) * start.preset.w2_scale(nh)
    return Weights(start.w1, start.b1, w2, torch.zeros(outputs, **FLOAT32), start.preset)


def forward(inp: Tensor, weights: Weights) -> tuple[Tensor, Tensor, Tensor]:
    """l1 and l2 (n, nh) and out (n, k) of inp (n, 784)."""
    l1 = torch.addmm(weights.b1, inp, weights.w1)
    l2 = l1.clamp_min(0.0).sub_(weights.preset.relu_shift)
    return l1, l2, torch.addmm(weights.b2, l2, weights.w2)


def loss_of(network: Network, inp: Tensor, labels: Tensor, weights: Weights, n: int | None = None) -> Tensor:
    """The part of inp (m, 784) and labels (m,) in the loss over n images, m unless given; a scalar."""
    return network.loss(forward(inp, weights)[2], labels, len(labels) if n is None else n)[0].sum()


def right_of(network: Network, inp: Tensor, labels: Tensor, weights: Weights) -> Tensor:
    """How many of the images inp (m, 784), whose labels (m,) are, are read right; a float64 scalar."""
    return (network.read(forward(inp, weights)[2]) == labels).double().sum()


@plain()
def network_gradients(
    network: Network,
    inp: Tensor,
    labels: Tensor,
    weights: Weights,
    first: Callable[[Tensor, Tensor], Tensor] = weight_grad,
    n: int | None = None,
) -> Gradients:
    """Of the loss over inp (m, 784) and labels (m,), by the lesson's backward pass for k outputs: w2 is (nh, k).

    first: makes w1's, or what is taken for it, from inp (m, 784) and l1.g (m, nh). n: of the batch that these m images, maybe
    none, are a part of; m unless given.
    """
    l1, l2, out = forward(inp, weights)
    losses, out_g = network.loss(out, labels, len(labels) if n is None else n)
    l1_g = through_relu(out_g @ weights.w2.t(), l1)
    return Gradients(first(inp, l1_g), l1_g.sum(0), weight_grad(l2, out_g), out_g.sum(0), losses.sum())
