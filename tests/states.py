"""States of the network for tests without the dashboard: what is computed from them, kept while the tests run."""

from dataclasses import dataclass
from functools import lru_cache

from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of
from mnistgrad.network.data import MnistBatch, load_batch
from mnistgrad.network.gradients import Gradients, Layers, run_layers, summed_gradients
from mnistgrad.network.presets import PRESETS, Weights, initial_weights

KEPT = 32


@dataclass(frozen=True)
class State:
    """normalise: as the preset has it if not told."""

    n: int = 1_000
    nh: int = 50
    preset: str = "lesson-2019"
    seed: int = 0
    normalise: bool | None = None

    def __str__(self) -> str:
        own = PRESETS[self.preset].normalise
        raw = "" if self.normalise in (None, own) else "-normalised" if self.normalise else "-raw"
        return f"{self.n}-{self.nh}-{self.preset[-4:]}{raw}-seed{self.seed}"

    @property
    def batch(self) -> MnistBatch:
        return _batch(self.n, PRESETS[self.preset].normalise if self.normalise is None else self.normalise)

    @property
    def weights(self) -> Weights:
        return _weights(self.nh, self.seed, self.preset)

    @property
    def layers(self) -> Layers:
        return _layers(self)

    @property
    def gradients(self) -> Gradients:
        return _gradients(self)

    def weight_gradient(self, layer: str) -> WeightGradient:
        return _weight_gradient(self, layer)


LATER = State(preset="lesson-2022", normalise=False)  # the lesson of 2022
ALL_OFF = State(n=1, nh=2, seed=7)  # no unit is on


@lru_cache(maxsize=KEPT)
def _batch(n: int, normalise: bool) -> MnistBatch:
    return load_batch(n, normalise)


@lru_cache(maxsize=KEPT)
def _weights(nh: int, seed: int, preset: str) -> Weights:
    return initial_weights(nh, seed, preset)


@lru_cache(maxsize=KEPT)
def _layers(state: State) -> Layers:
    return run_layers(state.batch.inp, state.batch.targ, state.weights, state.n)


@lru_cache(maxsize=KEPT)
def _gradients(state: State) -> Gradients:
    return summed_gradients(state.layers)


@lru_cache(maxsize=KEPT)
def _weight_gradient(state: State, layer: str) -> WeightGradient:
    return weight_gradient_of(layer, state.batch, state.weights, state.layers)
