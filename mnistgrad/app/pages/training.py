"""Would it train? The true gradient against a copied row, from the same start, live."""

import streamlit as st

from mnistgrad.app.cards import training as cards
from mnistgrad.app.choosing import choose, is_old
from mnistgrad.app.controls import AGAIN, NETWORK, RATE, State
from mnistgrad.app.kept import results
from mnistgrad.app.kept.training_runs import TrainingRun, TrainingRuns, session_runs, start
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import columns, come_back_when_changed, heading, next_page, prose, tell_unusable, theme
from mnistgrad.captions import training as says
from mnistgrad.captions import training_rates as of_rates
from mnistgrad.captions.jobs import failed, in_line
from mnistgrad.common.data_files import DataFileError
from mnistgrad.network.sets.image_set import FEWEST_TO_HOLD_BACK
from mnistgrad.training.comparison import Comparison, Experiment
from mnistgrad.training.descent import TrainingPlan
from mnistgrad.training.rates import stored_study
from mnistgrad.training.stored import START_RATES, default_experiment, stored_comparison, when_measured

OPENED, LINKED = "training-opened", "training-linked"  # in the session


def show(state: State) -> None:
    """The page in this state."""
    runs = session_runs()
    above = st.container()  # filled once the experiment is known
    experiment = _choose_experiment(state)
    _keep_in_link(runs, experiment)
    running = runs.running
    if not experiment.plan.source.held_back:
        st.info(says.too_few(experiment.plan.images, FEWEST_TO_HOLD_BACK), icon=":material/info:")
    _buttons(runs, experiment, running)
    if running:
        with above:
            heading(says.KICKER, says.running_headline(running.experiment), says.running_lede(running.experiment))
        _growing(running, runs)
    else:
        try:
            run = _shown(runs, experiment)
            found = run.comparison() if run else stored_comparison(experiment.plan.network)
            note = _note(run, found.experiment, experiment)
        except DataFileError as error:
            with above:
                heading(says.KICKER, says.NO_RESULT, says.RUN_IT)
            tell_unusable(error)
        else:
            with above:
                heading(says.KICKER, says.headline(found, _stopped_at(run)), says.lede(found))
            (st.caption if found.experiment == experiment else st.info)(note)
            if found.methods:
                _pictures(found, runs, experiment)
            _more(found)
    next_page("story", "Back to the story", ":material/arrow_back:")


def _choose_experiment(state: State) -> Experiment:
    """The controls of the page."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="training-network"):
        network, methods = cards.chosen_ways(fields, _follow_network)
    with st.container(horizontal=True, vertical_alignment="bottom", key="training-numbers"):
        return cards.chosen_experiment(state, network, methods, fields)


def _follow_network() -> None:
    if not is_old(NETWORK):
        choose(RATE, START_RATES[st.session_state[NETWORK.key]])


def _buttons(runs: TrainingRuns, experiment: Experiment, running: TrainingRun | None) -> None:
    known = runs.of(experiment)
    there = known is not None and not (known.cancelled or known.error)
    with st.container(horizontal=True, vertical_alignment="center", key="training-buttons"):
        st.button(
            "Run",
            key="run",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(experiment,),
            disabled=running is not None or there or not (experiment.methods and experiment.plan.source.held_back),
        )
        st.button(
            "Cancel", key="cancel", icon=":material/stop:", on_click=running.stop if running else None, disabled=running is None
        )


def _keep_in_link(runs: TrainingRuns, experiment: Experiment) -> None:
    """A link to the reader's own run asks that it be run again: from the same seeds the same comes out."""
    asked = st.query_params.get(AGAIN.key) == AGAIN.options[0]
    if asked and experiment.methods and not st.session_state.get(OPENED):
        st.session_state[LINKED] = experiment
        _start(experiment)
    st.session_state[OPENED] = True
    run = runs.of(experiment)
    own = run is not None and not (run.cancelled or run.error)
    if own and not asked:
        st.query_params[AGAIN.key] = AGAIN.options[0]
    elif asked and not own:
        del st.query_params[AGAIN.key]


def _start(experiment: Experiment) -> None:
    plan = experiment.plan
    training = results.batch_of(State(n=plan.images, normalise=plan.normalise, images=plan.source.key))
    start(experiment, training, results.held_back_of(plan.source.key, plan.normalise))


def _growing(run: TrainingRun, runs: TrainingRuns) -> None:
    """How far the run has come, or its place in line; the page comes back when that has changed."""
    job, plan = run.job, run.experiment.plan
    come_back_when_changed(job)
    place = job.place
    st.progress(run.share_done, in_line(place) if place else says.progress(run.step, plan.steps, len(run.experiment.keys)))
    found = run.comparison()
    if found.methods:
        _pictures(found, runs, run.experiment)


def _shown(runs: TrainingRuns, chosen: Experiment) -> TrainingRun | None:
    """The reader's run of what is chosen. Where it neither is run nor stored, their last one; None for the stored result."""
    run = runs.of(chosen)
    return runs.latest if run is None and chosen != default_experiment(chosen.plan.network) else run


def _note(run: TrainingRun | None, shown: Experiment, chosen: Experiment) -> str:
    """Whose result it is, and of which other settings, if it is."""
    if run is None:
        return says.stored_note(shown, when_measured(), chosen)
    if run.error:
        return f"{failed(says.WHAT, run.error)} {says.TRY_AGAIN}"
    return says.own_note(shown, run.seconds, _stopped_at(run), chosen, st.session_state.get(LINKED) == shown)


def _stopped_at(run: TrainingRun | None) -> int | None:
    return run.step if run and run.cancelled else None


def _pictures(found: Comparison, runs: TrainingRuns, chosen: Experiment) -> None:
    left, right = columns("training", [1, 1])
    with left:
        card(cards.main_curves(found, theme()))
    with right:
        _rates(found.experiment.plan, runs, chosen.plan.rate)
    if found.after:
        card(cards.tiles(found, fields, theme()))


def _rates(beside: TrainingPlan, runs: TrainingRuns, rate: float) -> None:
    """Is it the rate? The stored study of the network, with what the reader ran of it."""
    try:
        study = stored_study(beside.network)
    except DataFileError as error:
        tell_unusable(error)
        return
    card(cards.rates(study, runs.finished(study.experiment.plan), beside, rate, theme()))
    if says_why := of_rates.why(study, rate):
        prose(says_why)


def _more(found: Comparison) -> None:
    """What a specialist wants."""
    with st.expander("More"):
        if found.methods:
            card(cards.other_curves(found, theme()))
        prose(says.more(found))
