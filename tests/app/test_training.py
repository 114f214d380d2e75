"""The page on training: the stored result, a run in the background, cancelling, and sessions that keep apart."""

import gc

import pytest
from app.opening import diagrams, headline, opened
from streamlit.runtime import caching
from streamlit.testing.v1 import AppTest
from waiting import until

from mnistgrad.app.kept.training_runs import KEPT, SESSION_KEY, Run, Runs
from mnistgrad.network.data import Batch, load_batch, validation_batch
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import TrainingPlan

SMALL = dict(steps=3, images=20, nh=3, seeds=1)
LONG = dict(steps=1_000, images=2_000, seeds=5)
WITHIN = 60  # seconds


def runs_of(app: AppTest) -> Runs:
    return app.session_state[SESSION_KEY]


def ended(app: AppTest) -> AppTest:
    """Run the page again once its run has ended."""
    until(lambda: runs_of(app).running is None, WITHIN, lambda: "the run did not end")
    return app.run()


def experiment(steps: int = 3, seed: int = 0) -> Experiment:
    return Experiment(TrainingPlan(steps=steps, images=20, nh=3, seed=seed), ("true", "frozen"), 1)


@pytest.fixture(scope="module")
def validation() -> Batch:
    return validation_batch(True)


@pytest.mark.parametrize("network", ["cross-entropy", "mse"])
def test_page_opens_with_the_stored_result_of_its_network(network: str) -> None:
    app = opened("training", network=network)
    assert headline(app).startswith("No: with one row copied, the first layer learns")
    assert any(caption.value.startswith("A stored result") and "Press Run" not in caption.value for caption in app.caption)
    assert len(app.get("vega_lite_chart")) == 2 and len(diagrams(app)) == 1


def test_other_choices_say_that_a_stored_result_is_shown() -> None:
    app = opened("training", steps=50)
    assert any("Press Run" in info.value for info in app.info)


def test_run_replaces_the_stored_result_and_is_kept() -> None:
    app = opened("training", **SMALL)
    app.button(key="run").click().run()
    ended(app)
    assert headline(app)
    assert any(caption.value.startswith("Your run") and "3 steps, 20 images" in caption.value for caption in app.caption)
    assert app.button(key="run").disabled and app.button(key="cancel").disabled
    app.number_input(key="steps").set_value(4).run()
    assert any(info.value.startswith("A stored result") for info in app.info)
    app.number_input(key="steps").set_value(3).run()
    assert any(caption.value.startswith("Your run") for caption in app.caption)


def test_cancel_ends_a_run_and_keeps_what_it_found() -> None:
    app = opened("training", **LONG)
    app.button(key="run").click().run()
    assert runs_of(app).running and not app.button(key="cancel").disabled
    app.button(key="cancel").click().run()
    ended(app)
    assert headline(app)
    assert any("cancelled after" in caption.value for caption in app.caption)
    assert not app.button(key="run").disabled


def test_two_visitors_run_at_once_and_keep_their_own_results() -> None:
    one, other = opened("training", **SMALL), opened("training", **(SMALL | dict(nh=4)))
    one.button(key="run").click().run()
    other.button(key="run").click().run()
    results = [ended(app) for app in (one, other)]
    for app, units in zip(results, (3, 4), strict=True):
        (text,) = [caption.value for caption in app.caption if caption.value.startswith("Your run")]
        assert f"{units} hidden units" in text
    alone = opened("training", **SMALL)
    alone.button(key="run").click().run()
    ended(alone)
    first, second = (next(iter(runs_of(app)._runs.values())).comparison().curves for app in (one, alone))
    assert first == second


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("steps", "0"),
        ("steps", "inf"),
        ("images", "50001"),
        ("batch", "x"),
        ("seeds", "6"),
        ("rate", "0.3"),
        ("network", "rnn"),
        ("methods", "magic"),
    ],
)
def test_bad_choice_in_the_link_falls_back(name: str, bad: str) -> None:
    assert headline(opened("training", **{name: bad}))


def test_without_a_method_there_is_nothing_to_run() -> None:
    app = opened("training")
    app.pills(key="methods").set_value([])
    app.run()
    assert headline(app) and app.button(key="run").disabled


def test_a_change_of_network_brings_its_rate() -> None:
    app = opened("training")
    app.segmented_control(key="network").set_value("mse")
    app.run()
    assert app.select_slider(key="rate").value == 0.005
    assert headline(app) == "No: with one row copied, the first layer learns little"


def test_same_experiment_is_not_run_twice_and_old_ones_are_dropped(validation: Batch) -> None:
    runs, training = Runs(), load_batch(20)
    for seed in range(KEPT + 2):
        runs.start(experiment(seed=seed), training, validation)
        kept = runs.of(experiment(seed=seed))
        assert kept is not None
        kept.wait(WITHIN)
        runs.start(experiment(seed=seed), training, validation)
        assert runs.of(experiment(seed=seed)) is kept and kept.error is None
    assert runs.of(experiment(seed=0)) is None and runs.of(experiment(seed=2)) is not None


def test_run_of_a_session_that_has_ended_is_cancelled(validation: Batch) -> None:
    runs = Runs()
    runs.start(experiment(steps=1_000), load_batch(20), validation)
    run = runs.running
    assert run is not None
    del runs
    gc.collect()
    run.wait(WITHIN)
    assert run.cancelled and not run.running and run.step < 1_000


def test_run_is_cancelled_when_streamlit_ends_the_session() -> None:
    session = "test session id"  # of every AppTest
    caching.clear_session_resource_cache(session)
    app = opened("training", steps=1000, images=20, nh=3, seeds=1)
    app.button(key="run").click().run()
    run = app.session_state[SESSION_KEY].running
    assert run is not None and not run.cancelled
    caching.clear_session_resource_cache(session)
    run.wait(WITHIN)
    assert run.cancelled and not run.running


def test_an_error_of_the_run_is_told(validation: Batch) -> None:
    run = Run(experiment(), load_batch(5), validation)  # not the plan's images
    run.wait(WITHIN)
    assert isinstance(run.error, ValueError)
