"""What the story's players are sent, kept by small plain keys."""

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import PACKED
from mnistgrad.app.kept import results
from mnistgrad.network.data import inp_of_levels
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.player.moving_picture import MOST_IMAGES, moving_picture
from mnistgrad.player.print_and_map import print_and_map


@PACKED.keep
def packed_print_and_map(state: State, theme: str) -> bytes:
    found, g = results.weight_gradient(state, "w1"), results.gradients_of(state).w1
    return print_and_map(found, g, results.mean_image_of(state.n), PALETTES[theme])


@PACKED.keep
def packed_moving_picture(state: State, theme: str) -> bytes:
    _, images, labels = results.images_from(min(state.n, MOST_IMAGES), 0, MOST_IMAGES)
    found, mean_image = results.weight_gradient(state, "w1"), results.mean_image_of(state.n)
    return moving_picture(found, images, labels, inp_of_levels(state.normalise), mean_image, PALETTES[theme])
