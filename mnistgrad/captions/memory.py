"""The sentences about the memory that a form of the pass takes."""

from collections.abc import Sequence

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS
from mnistgrad.network.gradients import product_bytes
from mnistgrad.trace.passes import ends_statement, peak
from mnistgrad.trace.recording import Operation


def memory_sentence(operations: Sequence[Operation], matmul: Sequence[Operation]) -> str:
    """What one form of the pass takes at its peak, against the matmul form's; both recorded at the same n and nh."""
    place = peak(operations)
    made = [place for place, operation in enumerate(operations) if not operation.is_view]
    largest = max(made, key=lambda place: operations[place].nbytes)
    shape, size = operations[largest].shape, operations[largest].nbytes
    return (
        f"Most memory of the whole pass is alive while `{operations[place].expression}` makes `{operations[place].sets}`: "
        f"**{numbers.byte_count(operations[place].live)}** (calculated), of which "
        f"`{_name(operations, largest)}`, of shape {numbers.shape(shape)}, takes {numbers.byte_count(size)}. "
        f"{_against(operations, matmul)}"
    )


def memory_note(operations: Sequence[Operation]) -> str:
    """What is counted of that."""
    total = sum(operation.nbytes for operation in operations if not operation.is_view)
    return (
        f"All results together take {numbers.byte_count(total)}; what is no longer needed is freed on the way. Not counted are "
        "what goes in, the images and the weights, and what torch needs inside an operation."
    )


def _name(operations: Sequence[Operation], place: int) -> str:
    return operations[place].sets if ends_statement(operations, place) else operations[place].expression


def _against(operations: Sequence[Operation], matmul: Sequence[Operation]) -> str:
    ours, least = operations[peak(operations)].live, matmul[peak(matmul)].live
    if ours > least:
        return f"That is {numbers.significant(ours / least, 2)} times the {numbers.byte_count(least)} of the matmul form."
    n, nh = operations[0].shape
    product = numbers.byte_count(product_bytes(n, PIXELS, nh))
    return f"The broadcast form would also make the product of shape {numbers.shape((n, PIXELS, nh))}, {product}."
