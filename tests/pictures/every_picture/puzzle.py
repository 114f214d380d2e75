"""The puzzle."""

from pictures.every_picture.kinds import STATES, Named, shows

from mnistgrad.common.tensors import printed
from mnistgrad.gradient.prints.reading import read_prints
from mnistgrad.gradient.prints.telling import tell
from mnistgrad.gradient.statistics import colour_limit, pixel_groups, printed_indices
from mnistgrad.network.data import PIXELS, load_batch
from mnistgrad.pictures.diagrams.puzzle.pasted_print import pasted_print
from mnistgrad.pictures.diagrams.puzzle.pixel_map import pixel_map
from mnistgrad.pictures.diagrams.puzzle.printed_tensor import print_of_rows, printed_tensor
from mnistgrad.pictures.palette import Palette


@shows(printed_tensor)
def _(palette: Palette) -> Named:
    for state in STATES:
        g, limit = state.gradients.w1, colour_limit(state.gradients.w1)
        yield f"{state}", printed_tensor("print", "print(w1.g)", str(g), g, printed_indices(PIXELS), limit, palette)
        for first in (0, 405, 778):
            rows = range(first, first + 6)
            yield f"{state} {first}", printed_tensor("rows", "print(w1.g[…])", print_of_rows(g, rows), g, rows, limit, palette)


@shows(pixel_map)
def _(palette: Palette) -> Named:
    for n in (1, 10, 1_000):
        images = load_batch(n).images
        mean = images.flatten(1).double().mean(0)
        for first in (26, 405, 778) if n > 1 else (*range(0, 90, 16), 22, 26, 27, *range(90, 690, 120), *range(690, 779, 16)):
            yield f"{n} {first}", pixel_map(mean, pixel_groups(images), range(first, first + 6), palette)


@shows(pasted_print)
def _(palette: Palette) -> Named:
    batch = load_batch(100)
    mean, black = batch.images.flatten(1).double().mean(0), pixel_groups(batch.images).black
    for state in STATES:
        grads = state.gradients
        for name, pasted in {"w1.g": grads.w1, "rows": grads.w1[405:411], "b1.g": grads.b1, "turned": grads.w1.t()}.items():
            (found,) = read_prints(printed(pasted))
            yield f"{state} {name}", pasted_print(1, tell(found, None, state.nh), mean, black, palette)
