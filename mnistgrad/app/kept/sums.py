"""The sums over some of the batch's images and their pictures, kept by small plain keys; they must not be changed."""

from dataclasses import dataclass

from torch import Tensor

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import LAYERS, PICTURES
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set, kind_of
from mnistgrad.gradient.build_up import SumSoFar, images_on, sum_over, sum_so_far
from mnistgrad.network.gradients import BLOCK
from mnistgrad.pictures.diagrams.build_up.bars import units_build_up
from mnistgrad.pictures.diagrams.build_up.build_up import column_build_up
from mnistgrad.pictures.diagrams.build_up.matrix import matrix_build_up
from mnistgrad.pictures.diagrams.images.image_switches import SHOWN, image_switches
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES


@dataclass(frozen=True)
class Switches:
    """Which images count: those whose label is among `digits`, except `off`."""

    digits: tuple[int, ...]
    off: tuple[int, ...]


@LAYERS.keep
def images_of(images: str, n: int, switches: Switches) -> Tensor:
    """Indices of the images of the batch that are switched on."""
    return images_on(image_set(images).labels[:n], switches.digits, switches.off)


@LAYERS.keep
def _sum_of_blocks(state: State, layer: str, switches: Switches, blocks: int) -> Tensor:
    """Over whole blocks of the images that are on, each added to those before, so that a step costs one block at most."""
    gradient, images = results.weight_gradient(state, layer), images_of(state.images, state.n, switches)
    if not blocks:
        return sum_over(gradient, images[:0])
    before = _sum_of_blocks(state, layer, switches, blocks - 1)
    return before + sum_over(gradient, images[(blocks - 1) * BLOCK : blocks * BLOCK])


@LAYERS.keep
def sum_of(state: State, layer: str, switches: Switches, added: int) -> SumSoFar:
    """The first `added` of the images that are on."""
    gradient, images = results.weight_gradient(state, layer), images_of(state.images, state.n, switches)
    blocks = added // BLOCK
    total = _sum_of_blocks(state, layer, switches, blocks) + sum_over(gradient, images[blocks * BLOCK : added])
    return sum_so_far(gradient, images, added, total)


def told_of(images: str, image: int) -> str:
    """What the image shows: "a handwritten 5"."""
    return kind_of(images).told(_label_of(images, image))


def _label_of(images: str, image: int) -> int:
    return int(image_set(images).labels[image])


@PICTURES.keep
def part_picture(state: State, layer: str, switches: Switches, added: int, column: int, theme: str) -> Diagram:
    """The image added last, its part in one column, and the sum."""
    found, palette = sum_of(state, layer, switches, added), PALETTES[theme]
    label, kind = _label_of(state.images, found.image), kind_of(state.images)
    if layer == "w2":
        return units_build_up(found, label, palette, kind)
    return column_build_up(found, column, image_set(state.images).images[found.image], label, palette, kind)


@PICTURES.keep
def matrix_picture(state: State, switches: Switches, added: int, column: int, theme: str) -> Diagram:
    """The outer product of the image added last, and the sum, of w1.g."""
    found = sum_of(state, "w1", switches, added)
    return matrix_build_up(found, column, image_set(state.images).images[found.image], PALETTES[theme])


@PICTURES.keep
def switches_picture(images: str, n: int, switches: Switches, current: int, theme: str) -> Diagram:
    """The row of images that the one added last, `current`, stands in; -1 where none is."""
    first, pictures, labels = results.images_from(images, n, max(current, 0) // SHOWN * SHOWN, SHOWN)
    on = images_of(images, n, switches)
    shown = on[(on >= first) & (on < first + SHOWN)].tolist()
    return image_switches(pictures, labels, first, shown, current, PALETTES[theme], kind_of(images))
