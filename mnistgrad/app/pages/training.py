"""Would it train? The true gradient against a copied row, from the same start, live."""

import streamlit as st

from mnistgrad.app.controls import BATCH_SIZE, NETWORK, RATE, SEEDS, STEPS, TILES, TRAINED_IMAGES, WAYS, State
from mnistgrad.app.kept import results
from mnistgrad.app.kept.training_runs import TrainingRun, TrainingRuns, session_runs, start
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice, in_link, optional_number, several
from mnistgrad.app.parts.page import columns, come_back_when, heading, next_page, prose, tell_unusable, theme
from mnistgrad.captions import training as says
from mnistgrad.captions import training_rates as of_rates
from mnistgrad.captions.jobs import failed, in_line
from mnistgrad.common.data_files import DataFileError
from mnistgrad.network.data import MnistBatch, validation_batch
from mnistgrad.pictures.charts.training import accuracy_chart, loss_chart
from mnistgrad.pictures.charts.training_rates import rates_chart
from mnistgrad.pictures.diagrams.units.training_tiles import training_tiles
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.training.comparison import Comparison, Experiment
from mnistgrad.training.descent import RATES, TRAINING_METHODS, TrainingPlan
from mnistgrad.training.rates import stored_study
from mnistgrad.training.stored import START_RATES, default_experiment, stored_comparison, when_measured


@st.cache_resource(max_entries=2, show_spinner="Reading MNIST …")
def _validation(normalise: bool) -> MnistBatch:
    return validation_batch(normalise)


def show(state: State) -> None:
    """The page in this state."""
    runs = session_runs()
    above = st.container()  # filled once the experiment is known
    experiment = _choose_experiment(state)
    running = runs.running
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
    """The controls of the page; seed, preset, pixels and hidden units are the sidebar's."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="training-network"):
        network = choice(NETWORK, on_change=_follow_network)
        methods = several(WAYS)
    with st.container(horizontal=True, vertical_alignment="bottom", key="training-numbers"):
        rate = st.select_slider(RATE.label, RATES, START_RATES[network], **in_link(RATE), width=220)
        steps = optional_number(STEPS, STEPS.high, TrainingPlan.steps) or TrainingPlan.steps
        images = optional_number(TRAINED_IMAGES, TRAINED_IMAGES.high, TrainingPlan.images) or TrainingPlan.images
        batch_size = optional_number(BATCH_SIZE, images, images)
        seeds = optional_number(SEEDS, SEEDS.high, Experiment.seeds) or Experiment.seeds
    whole = batch_size is None or batch_size == images
    batch = None if whole else batch_size
    chosen = state.seed, state.preset, state.normalise, state.nh, state.images
    plan = TrainingPlan(network, rate, steps, batch, images, *chosen)
    return Experiment(plan, tuple(method for method in TRAINING_METHODS if method in methods), seeds)


def _follow_network() -> None:
    st.session_state[RATE.key] = START_RATES[st.session_state[NETWORK.key]]


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
            disabled=running is not None or there or not experiment.methods,
        )
        st.button(
            "Cancel", key="cancel", icon=":material/stop:", on_click=running.cancel if running else None, disabled=running is None
        )


def _start(experiment: Experiment) -> None:
    plan = experiment.plan
    training = results.batch_of(State(n=plan.images, normalise=plan.normalise, images=plan.source))
    start(experiment, training, _validation(plan.normalise))


def _growing(run: TrainingRun, runs: TrainingRuns) -> None:
    """How far the run has come, or its place in line; the page comes back when that has changed."""
    job, plan = run.job, run.experiment.plan
    version = job.version
    come_back_when(lambda: job.version != version or not job.active)
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
    return says.own_note(shown, run.seconds, _stopped_at(run), chosen)


def _stopped_at(run: TrainingRun | None) -> int | None:
    return run.step if run and run.cancelled else None


def _pictures(found: Comparison, runs: TrainingRuns, chosen: Experiment) -> None:
    left, right = columns("training", [1, 1])
    with left:
        _curves(found, "loss" if found.experiment.plan.network == "mse" else "accuracy")
    with right:
        _rates(found.experiment.plan, runs, chosen.plan.rate)
    if found.after:
        after = choice(TILES) == TILES.options[1]
        picture = training_tiles(found, after, PALETTES[theme()])
        card(says.tiles_title(after), says.tiles_sentence(found), picture, _names(found.experiment.plan), "training-tiles")


def _curves(found: Comparison, kind: str) -> None:
    """kind: "loss" or "accuracy"."""
    palette, of = PALETTES[theme()], _names(found.experiment.plan)
    if kind == "loss":
        card(says.loss_title(), says.loss_sentence(found), loss_chart(found, palette), of, "training-loss")
    else:
        card(says.accuracy_title(), says.accuracy_sentence(found), accuracy_chart(found, palette), of, "training-accuracy")


def _names(plan: TrainingPlan) -> State:
    """What names the files."""
    return State(plan.images, plan.preset, plan.normalise, plan.seed, plan.nh, plan.source)


def _rates(beside: TrainingPlan, runs: TrainingRuns, rate: float) -> None:
    """Is it the rate? The stored study of the network, with what the reader ran of it."""
    try:
        study = stored_study(beside.network)
    except DataFileError as error:
        tell_unusable(error)
        return
    own = runs.finished(beside.network)
    sentence = of_rates.rates_sentence(study, [run.experiment for run in own], beside)
    picture = rates_chart(study, own, rate, PALETTES[theme()])
    card(of_rates.rates_title(study), sentence, picture, _names(study.experiment.plan), "training-rates")
    if says_why := of_rates.why(study, rate):
        prose(says_why)


def _more(found: Comparison) -> None:
    """What a specialist wants."""
    with st.expander("More"):
        if found.methods:
            _curves(found, "accuracy" if found.experiment.plan.network == "mse" else "loss")
        prose(says.more(found))
