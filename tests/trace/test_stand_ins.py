"""Small tensors that stand for large ones: torch does with them what it does with the large."""

import math
import subprocess
import sys
from collections.abc import Callable

import torch
from hypothesis import given
from hypothesis import strategies as st
from loops import over
from torch import Tensor

from mnistgrad.trace.stand_ins import StandIns

SIZES = st.integers(1, 6)
SHAPES = st.lists(SIZES, min_size=1, max_size=3).map(tuple)
OPERATIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "a * b": lambda a, b: a * b,
    "a @ b": lambda a, b: a @ b,
    "(a.unsqueeze(-1) - b).sum(0)": lambda a, b: (a.unsqueeze(-1) - b).sum(0),
    "a.t() @ b": lambda a, b: a.t() @ b,
}


def outcome(operation: Callable[[Tensor, Tensor], Tensor], a: Tensor, b: Tensor) -> Tensor | None:
    try:
        return operation(a, b)
    except (RuntimeError, IndexError):
        return None


@over("operation", OPERATIONS.values())
@given(first=SHAPES, second=SHAPES)
def test_torch_refuses_the_same_and_makes_the_same_shapes(operation, first, second):
    there = outcome(operation, torch.zeros(first), torch.zeros(second))
    large = [tuple(size if size == 1 else size * 1_000_003 for size in shape) for shape in (first, second)]
    small = StandIns.for_sizes(size for shape in large for size in shape)
    here = outcome(operation, small.tensor(large[0]), small.tensor(large[1]))
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert small.shape(here) == torch.Size(size if size == 1 else size * 1_000_003 for size in there.shape)
        assert small.nbytes(here) == 4 * math.prod(small.shape(here))


def test_a_pass_and_its_checks_load_no_more_of_torch():
    """What they would load takes over a second, and a temporary folder."""
    code = """if True:
        import sys
        from mnistgrad import initial_weights, load_batch
        from mnistgrad.network.verification import PARAMETERS, verify
        from mnistgrad.trace.passes import record_pass
        batch, weights = load_batch(3), initial_weights(5)
        record_pass(50_000, 50, weights.preset.relu)
        for name in PARAMETERS:
            verify(name, batch, weights)
        print(*({"sympy", "torch._dynamo"} & sys.modules.keys()))
    """
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
