"""What pasted prints are of, looked for beside the page."""

from dataclasses import replace
from functools import partial

from mnistgrad.app.controls import State
from mnistgrad.app.jobs.readers import reader
from mnistgrad.app.jobs.work import Job, Lane
from mnistgrad.app.keeping import STATES
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.gradient.prints.finding import Found, Setting, find
from mnistgrad.gradient.prints.reading import Print
from mnistgrad.network.batch import Batch

Findings = tuple[Found | None, ...]
SEARCHES = Lane("prints", 1, STATES)


def setting_of(state: State) -> Setting:
    return Setting(state.n, state.preset, state.normalise, state.seed, state.nh)


def search(state: State, prints: tuple[Print, ...]) -> Job[Findings]:
    """What each is of. Kept by the prints' own numbers."""
    return reader().ask(SEARCHES, (state, prints), partial(_search, state, prints))


def _search(state: State, prints: tuple[Print, ...], job: Job[Findings]) -> Findings:
    def batches(normalise: bool) -> Batch:
        return results.batch_of(replace(state, n=image_set(state.images).most, normalise=normalise))

    return tuple(find(prints, setting_of(state), batches, job.go_on))
