"""Trainings in the background, their curves growing while the page looks on."""

import os
import time

import streamlit as st
import torch
from torch import Tensor

from mnistgrad.app.jobs.readers import Reader, reader
from mnistgrad.app.jobs.runs import Run, beside
from mnistgrad.app.jobs.work import Job, Lane, Stage
from mnistgrad.network.data import MnistBatch
from mnistgrad.training.comparison import SHOWN_UNITS, Comparison, Experiment, Key
from mnistgrad.training.descent import TrainingPlan, TrainingPoint, weights_of
from mnistgrad.training.process import Plain, Told, plain, train

KEPT = 8  # runs of a session
SESSION_KEY = "training-runs"
TRAININGS = Lane("trainings", max((os.cpu_count() or 1) - 1, 1), most_waiting=50)  # a core is left for the pages


class TrainingRun(Run[None]):
    """One experiment of one reader. Only its thread writes; lists that only grow need no lock. What it found by its end stays."""

    def __init__(self, experiment: Experiment, training: MnistBatch, validation: MnistBatch, whose: Reader) -> None:
        self.experiment = experiment
        self.step = 0
        self.seconds = 0.0
        self._curves: dict[Key, list[TrainingPoint]] = {key: [] for key in experiment.keys}
        self._before = weights_of(experiment.plan).w1[:, :SHOWN_UNITS]
        self._after: dict[str, Tensor] = {}
        super().__init__(TRAININGS, whose, plain(training), plain(validation))

    @property
    def cancelled(self) -> bool:
        """Also while its last step is still under way, which does not count."""
        return self.job.stage is Stage.STOPPED or (self.job.active and not self.job.wanted_by)

    @property
    def finished(self) -> bool:
        return self.job.stage is Stage.DONE

    @property
    def error(self) -> Exception | None:
        return self.job.error

    @property
    def share_done(self) -> float:
        return self.step / self.experiment.plan.steps

    def comparison(self) -> Comparison:
        """What is known by now; it does not change any more."""
        curves = {key: tuple(points) for key, points in self._curves.items()}
        return Comparison(self.experiment, curves, self._before, dict(self._after))

    def _work(self, job: Job[None], training: Plain, validation: Plain) -> None:
        begun = time.monotonic()

        def take(told: Told) -> None:
            if isinstance(told, int):
                self.step, self.seconds = told, time.monotonic() - begun
                return
            key, point, w1 = told
            method, seed = key
            if seed == self.experiment.plan.seed and not point.diverged:
                self._after[method] = torch.from_numpy(w1)
            self._curves[key].append(point)

        beside(job, take, train, self.experiment, training, validation)


class TrainingRuns:
    """The runs of a session, the latest few; one at a time."""

    def __init__(self) -> None:
        self._runs: dict[Experiment, TrainingRun] = {}

    def of(self, experiment: Experiment) -> TrainingRun | None:
        return self._runs.get(experiment)

    @property
    def latest(self) -> TrainingRun | None:
        """The one that was started last, of those that found something."""
        return next((run for run in reversed(self._runs.values()) if not run.error and run.comparison().methods), None)

    def finished(self, of: TrainingPlan) -> list[Comparison]:
        """What came out of those of a plan's network and images that came to their end."""
        plans = [(run, run.experiment.plan) for run in self._runs.values() if run.finished]
        return [run.comparison() for run, plan in plans if (plan.network, plan.source) == (of.network, of.source)]

    @property
    def running(self) -> TrainingRun | None:
        return next((run for run in self._runs.values() if run.active), None)

    def start(self, experiment: Experiment, training: MnistBatch, validation: MnistBatch, whose: Reader) -> None:
        """Run the experiment, unless one is running or its result is there."""
        known = self.of(experiment)
        if self.running or (known and not known.cancelled and not known.error):
            return
        self._runs.pop(experiment, None)
        while len(self._runs) >= KEPT:
            self._runs.pop(next(iter(self._runs)))
        self._runs[experiment] = TrainingRun(experiment, training, validation, whose)


def session_runs() -> TrainingRuns:
    """Those of the visitor whose page is being drawn."""
    runs: TrainingRuns = st.session_state.setdefault(SESSION_KEY, TrainingRuns())
    return runs


def start(experiment: Experiment, training: MnistBatch, validation: MnistBatch) -> None:
    """For the visitor whose page is being drawn."""
    session_runs().start(experiment, training, validation, reader())
