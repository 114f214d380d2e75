"""The sentences beside the sum that workers share."""

from mnistgrad.common import numbers
from mnistgrad.distributed.parts import SplitSum

SAME = 1e-6  # of the largest entry


def title(found: SplitSum) -> str:
    if found.workers == 1:
        return "One worker: the sum is not split"
    return f"{found.workers} workers, one sum"


def sentence(found: SplitSum) -> str:
    if found.workers == 1:
        return "Choose more workers, and each takes its share of the images."
    return "Each part has the shape of `w1.g`."


def images_of(images: slice) -> str:
    """Of a worker: "images 0 to 499"."""
    count = images.stop - images.start
    if not count:
        return "no image"
    last = numbers.count(images.stop - 1)
    return f"image {last}" if count == 1 else f"images {numbers.count(images.start)} to {last}"


def same(found: SplitSum) -> str:
    """How near the sum is to one process's."""
    return same_to(found.difference)


def same_to(difference: float) -> str:
    if not difference:
        return "the same as in one process"
    if not difference <= SAME:
        return f"{numbers.scientific(difference)} off one process"
    return f"the same as in one process, to {numbers.scientific(difference)}"
