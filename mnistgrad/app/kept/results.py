"""What the pages show, kept by small plain keys. Everything here is shared by all sessions and must not be changed."""

import time
from collections.abc import Iterable
from functools import partial

import torch
from torch import Tensor

from mnistgrad.app.controls import State
from mnistgrad.app.jobs.readers import reader
from mnistgrad.app.jobs.work import Job, Lane
from mnistgrad.app.keeping import BATCHES, LAYERS, PASSES, STATES
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.gradient import rows
from mnistgrad.gradient.statistics import PixelGroups, pixel_groups
from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of
from mnistgrad.network.data import MnistBatch, shared_batch, validation_batch
from mnistgrad.network.gradients import BLOCK, Gradients, Layers, run_layers, summed_gradients
from mnistgrad.network.presets import PRESETS, Weights, initial_weights
from mnistgrad.network.verification import Verification, autograd_gradients, verify
from mnistgrad.trace.painting import Paint, choose_paint
from mnistgrad.trace.passes import record_pass
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Pick, Window, choose_window

FEW = 1_000  # images that are made ready at once where no more are asked for
PATIENCE = 0.05  # seconds that a page waits for its checks before it is drawn without them
SMALL = 5_000  # images, whose checks take less than half a second
SMALL_CHECKS = Lane("checks", 2, STATES)
LARGE_CHECKS = Lane("checks of many images", 2, STATES)


@BATCHES.keep
def _training_images(images: str, n: int, normalise: bool) -> MnistBatch:
    return shared_batch(image_set(images), n, normalise)


def batch_of(state: State) -> MnistBatch:
    """Views of the first n training images; a few take a tenth of a second less to begin with than all."""
    most = image_set(state.images).most
    return _training_images(state.images, min(FEW, most) if state.n <= FEW else most, state.normalise).first(state.n)


@BATCHES.keep
def held_back_of(images: str, normalise: bool) -> MnistBatch:
    """The images of the set that no training sees."""
    return validation_batch(normalise, image_set(images))


@STATES.keep
def _initial_weights(nh: int, seed: int, preset: str) -> Weights:
    return initial_weights(nh, seed, preset)


def weights_of(state: State) -> Weights:
    """The starting weights; they depend on no image."""
    return _initial_weights(state.nh, state.seed, state.preset)


@LAYERS.keep
def layers_of(state: State) -> Layers:
    """The forward and backward pass of the whole batch."""
    batch = batch_of(state)
    return run_layers(batch.inp, batch.targ, weights_of(state), state.n)


@STATES.keep
def gradients_of(state: State) -> Gradients:
    """The lesson's own, in float32."""
    return summed_gradients(layers_of(state))


@LAYERS.keep
def weight_gradient(state: State, layer: str) -> WeightGradient:
    """Of "w1" or "w2", in float64, and what is true of it."""
    return weight_gradient_of(layer, batch_of(state), weights_of(state), layers_of(state), groups_of(state.images, state.n))


@STATES.keep
def rows_of(state: State, layer: str) -> rows.Rows:
    """What is true of its rows."""
    return rows.rows_of(weight_gradient(state, layer))


@STATES.keep
def mean_image_of(images: str, n: int) -> Tensor:
    """(784,), 0 to 255."""
    blocks = image_set(images).images[:n].flatten(1).split(BLOCK)  # the integers of all at once would take 300 MB
    return torch.stack([block.sum(0, dtype=torch.int64) for block in blocks]).sum(0).float() / n


@STATES.keep
def groups_of(images: str, n: int) -> PixelGroups:
    """Which pixels are black in the first n images."""
    return pixel_groups(image_set(images).images[:n])


def images_from(images: str, n: int, first: int, count: int) -> tuple[int, Tensor, list[int]]:
    """Pictures (count, 28, 28) of the batch and what they are, from an image on; from an earlier one where too few follow."""
    start = max(min(first, n - count), 0)
    end, source = min(start + count, n), image_set(images)
    return start, source.images[start:end], source.labels[start:end].tolist()


@PASSES.keep
def operations_of(n: int, nh: int, preset: str, form: str) -> tuple[Operation, ...]:
    """The whole pass at n images, as shapes."""
    return record_pass(n, nh, PRESETS[preset].relu, form)


def pass_of(state: State, form: str) -> tuple[Operation, ...]:
    """The whole pass in this state; it depends on no seed and no pixel."""
    return operations_of(state.n, state.nh, state.preset, form)


@STATES.keep
def reference_of(state: State) -> Gradients:
    """Autograd's gradients."""
    return autograd_gradients(batch_of(state), weights_of(state))


def verifications_of(state: State, names: Iterable[str]) -> dict[str, Job[Verification]]:
    """The checks of some gradients, made beside the page: those of 50,000 images take longer than a step may."""
    batch_of(state)  # if the images cannot be read, the page is told at once
    lane = SMALL_CHECKS if state.n <= SMALL else LARGE_CHECKS
    return {name: reader().ask(lane, (state, name), partial(_check, state, name)) for name in names}


def ready(checks: dict[str, Job[Verification]]) -> dict[str, Verification] | None:
    """The checks, if all are made; those of few images are made at once, and need no second run of the page."""
    deadline = time.monotonic() + PATIENCE
    made = all(check.wait(max(deadline - time.monotonic(), 0)) for check in checks.values())
    found = {name: check.result for name, check in checks.items() if check.result}
    return found if made and len(found) == len(checks) else None


def _check(state: State, name: str, job: Job[Verification]) -> Verification:
    reference = reference_of(state)  # first, since the page itself makes the gradients
    job.go_on()
    return verify(name, batch_of(state), weights_of(state), (gradients_of(state), reference), layers_of(state), job.go_on)


@PASSES.keep
def paint_of(state: State, form: str) -> Paint:
    return choose_paint(batch_of(state), weights_of(state), gradients_of(state), form)


@PASSES.keep
def window_of(state: State, form: str, pick: Pick) -> Window:
    return choose_window(batch_of(state), weights_of(state), gradients_of(state), form, pick)
