"""Trainings in the background: one thread a run, its curves growing while the page looks on."""

import time
import weakref
from threading import Event, Thread, main_thread

import streamlit as st
from torch import Tensor

from mnistgrad.network.data import Batch
from mnistgrad.training.comparison import SHOWN_UNITS, Comparison, Experiment, Key, run_experiment
from mnistgrad.training.descent import TrainingPoint, weights_of

KEPT = 8  # runs of a session
SESSION_KEY = "training-runs"


class Run:
    """One experiment in a thread of its own. Only that thread writes; lists that only grow need no lock."""

    def __init__(self, experiment: Experiment, training: Batch, validation: Batch) -> None:
        self.experiment = experiment
        self.step = 0
        self.seconds = 0.0
        self.error: Exception | None = None
        self._curves: dict[Key, list[TrainingPoint]] = {key: [] for key in experiment.keys}
        self._before = weights_of(experiment.plan).w1[:, :SHOWN_UNITS]
        self._after: dict[str, Tensor] = {}
        self._cancel = Event()
        self._thread = Thread(target=self._train, args=(training, validation), name="training")
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        return self._cancel.is_set()

    @property
    def share_done(self) -> float:
        return self.step / self.experiment.plan.steps

    def cancel(self) -> None:
        """Ask the run to end at its next step."""
        self._cancel.set()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def comparison(self) -> Comparison:
        """What is known by now; it does not change any more."""
        curves = {key: tuple(points) for key, points in self._curves.items()}
        return Comparison(self.experiment, curves, self._before, dict(self._after))

    def _train(self, training: Batch, validation: Batch) -> None:
        begun = time.monotonic()
        try:
            for step in run_experiment(self.experiment, training, validation, self._take):
                self.step = step
                self.seconds = time.monotonic() - begun
                # The server waits for its threads when it is stopped.
                if self.cancelled or not main_thread().is_alive():
                    self._cancel.set()
                    return
        except Exception as error:  # shown on the page, which this thread cannot reach
            self.error = error

    def _take(self, key: Key, point: TrainingPoint, w1: Tensor) -> None:
        method, seed = key
        if seed == self.experiment.plan.seed and not point.diverged:
            self._after[method] = w1
        self._curves[key].append(point)


class Runs:
    """The runs of a session, the latest few; one at a time. Those of a session that has ended are cancelled."""

    def __init__(self) -> None:
        self._runs: dict[Experiment, Run] = {}

    def of(self, experiment: Experiment) -> Run | None:
        return self._runs.get(experiment)

    @property
    def running(self) -> Run | None:
        return next((run for run in self._runs.values() if run.running), None)

    def cancel(self) -> None:
        """End the one that runs, if any."""
        if running := self.running:
            running.cancel()

    def start(self, experiment: Experiment, training: Batch, validation: Batch) -> None:
        """Run the experiment, unless one is running or its result is there."""
        known = self.of(experiment)
        if self.running or (known and not known.cancelled and not known.error):
            return
        self._runs.pop(experiment, None)
        while len(self._runs) >= KEPT:
            self._runs.pop(next(iter(self._runs)))
        begun = self._runs[experiment] = Run(experiment, training, validation)
        weakref.finalize(self, begun.cancel)


def session_runs() -> Runs:
    """Those of the visitor whose page is being drawn."""
    runs: Runs = st.session_state.setdefault(SESSION_KEY, Runs())
    _cancelled_with_the_session(runs)
    return runs


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda runs: runs.cancel())
def _cancelled_with_the_session(_runs: Runs) -> Runs:
    return _runs
