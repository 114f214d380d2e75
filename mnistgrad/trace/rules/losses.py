"""Losses: a number for each image, averaged or added up."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mnistgrad.trace.axes import fresh, set_against
from mnistgrad.trace.flow import Call, Flow, Grid, Numbers, Read
from mnistgrad.trace.rules.letters import cellwise, lettered

Rule = Callable[[Call], Flow]
Loss = Callable[..., Tensor]


def of_pairs(loss: Loss) -> Rule:
    """mse_loss and its kind: of two tensors number by number."""

    def term(factors: Sequence[Numbers]) -> Numbers:
        sides = torch.broadcast_tensors(*(torch.from_numpy(np.array(factor)) for factor in factors))
        return loss(*sides, reduction="none").numpy()

    def rule(call: Call) -> Flow:
        if call.sizes or len(call.tensors) > 2:
            return cellwise(call)
        letters = [range(-len(tensor.sizes), 0) for tensor in call.tensors]
        return lettered(call.tensors, letters, [], term)

    return rule


def of_classes(loss: Loss, whole_row: bool) -> Rule:
    """cross_entropy and nll_loss: a row of numbers for each image, and the index of the right one among them.

    whole_row: whether a loss depends on all of its row, or on the right one alone.
    """

    def rule(call: Call) -> Flow:
        scores, target = call.tensors[:2]
        if len(scores.sizes) > 1:  # the second axis is that of the classes, where the target lacks one
            lacks = len(target.sizes) < len(scores.sizes)
            for place, (size, axis) in enumerate(zip(target.sizes, target.axes, strict=True)):
                against = place + (lacks and place > 0)
                set_against([(scores.sizes[against], scores.axes[against]), (size, axis)])
        each = len(call.sizes) > 0
        axes = target.axes if len(call.sizes) == len(target.sizes) else fresh(*call.sizes)
        if (
            (len(scores.sizes), len(target.sizes), len(call.tensors)) != (2, 1, 2)
            or scores.tensor is None
            or target.tensor is None
        ):
            return Flow(axes)
        numbers, right = scores.tensor.detach().cpu(), target.tensor.detach().cpu()
        chosen = right.clamp(0, scores.sizes[1] - 1).numpy()

        def row(at: Grid, over: Grid) -> list[Read]:
            image, place = (at[0], over[0]) if each else (over[0], over[1])
            return [Read((image, place), True if whole_row else place == chosen[image]), Read((image,))]

        def own(at: Grid, over: Grid) -> list[Read]:
            image = at[0] if each else over[0]
            return [Read((image, chosen[image])), Read((image,))]

        if each:
            return Flow(axes, row, scores.sizes[1:])
        terms = Flow(axes, own, scores.sizes[:1], lambda factors: loss(numbers, right, reduction="none").numpy())
        return Flow(axes, row, scores.sizes, terms.term, terms)

    return rule


mse_loss = of_pairs(functional.mse_loss)
l1_loss = of_pairs(functional.l1_loss)
binary_cross_entropy = of_pairs(functional.binary_cross_entropy)
binary_cross_entropy_with_logits = of_pairs(functional.binary_cross_entropy_with_logits)
cross_entropy = of_classes(functional.cross_entropy, whole_row=True)
nll_loss = of_classes(functional.nll_loss, whole_row=False)
