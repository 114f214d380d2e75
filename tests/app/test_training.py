"""The page on training: the stored result, a run in the background, cancelling, and sessions that keep apart."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from app.opening import diagrams, headline, opened
from patience import SOON
from streamlit.runtime import caching
from streamlit.testing.v1 import AppTest
from waiting import until

from mnistgrad.app.jobs import work
from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.jobs.work import Lane
from mnistgrad.app.kept import training_runs
from mnistgrad.app.kept.training_runs import KEPT, SESSION_KEY, TrainingRun, TrainingRuns
from mnistgrad.network.data import MnistBatch, load_batch, validation_batch
from mnistgrad.training import process, stored
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import TrainingPlan

SMALL = dict(steps=3, trained=20, nh=3, seeds=1)
LONG = dict(steps=1_000, trained=2_000, seeds=5)


def runs_of(app: AppTest) -> TrainingRuns:
    return app.session_state[SESSION_KEY]


def ended(app: AppTest) -> AppTest:
    """Run the page again once its run has ended."""
    until(lambda: runs_of(app).running is None, SOON, lambda: "the run did not end")
    return app.run()


def experiment(steps: int = 3, seed: int = 0) -> Experiment:
    return Experiment(TrainingPlan(steps=steps, images=20, nh=3, seed=seed), ("true", "frozen"), 1)


@pytest.fixture(scope="module")
def validation() -> MnistBatch:
    return validation_batch(True)


@pytest.mark.parametrize("network", ["cross-entropy", "mse"])
def test_page_opens_with_the_stored_result_of_its_network(network: str) -> None:
    app = opened("training", network=network)
    assert headline(app).startswith("No: with one row copied, the first layer learns")
    assert told(app).startswith("A stored result") and "Press" not in told(app)
    assert len(app.get("vega_lite_chart")) == 3 and len(diagrams(app)) == 1


def told(app: AppTest) -> str:
    """Whose result is shown, and of which settings."""
    (note,) = [n.value for n in (*app.caption, *app.info) if n.value.startswith(("A stored result", "Your run"))]
    return note


@pytest.mark.parametrize(
    ("query", "others"),
    [
        (dict(steps=50), "**150 steps**, now 50 steps"),
        (
            dict(preset="lesson-2022", normalise="false", seed=0),
            "**Lesson 2019**, now Lesson 2022; **normalised pixels**, now raw pixels",
        ),
        (dict(rate=0.5, nh=7), "**rate 0.1**, now rate 0.5; **50 hidden units**, now 7 hidden units"),
        (dict(network="mse", seed=4), "**seeds 0, 1, 2**, now seeds 4, 5, 6"),
    ],
    ids=str,
)
def test_stored_result_says_in_what_it_is_not_of_the_choices(query: dict[str, object], others: str) -> None:
    assert f"**of other settings**: {others}. Press" in told(opened("training", **query))


def test_run_replaces_the_stored_result_and_is_kept() -> None:
    app = opened("training", **SMALL)
    app.button(key="run").click().run()
    ended(app)
    assert headline(app)
    assert told(app).startswith("Your run") and "other settings" not in told(app)
    assert app.button(key="run").disabled and app.button(key="cancel").disabled
    assert diamonds(app) == {"rate 0.1 (3 steps, 20 images, seed 0, 3 hidden units)"}


def test_link_of_earlier_trains_with_as_many_images() -> None:
    app = opened("training", images=20)
    assert headline(app) and app.number_input(key="trained").value == 20 and not app.toast
    assert app.query_params == {"trained": "20"}


def test_result_of_a_run_stays_when_a_setting_moves_and_says_which(short: AppTest) -> None:
    curves = short.get("vega_lite_chart")[0].proto.spec
    for move, back, was, now in (
        (lambda app: app.number_input(key="steps").set_value(4), 3, "3 steps", "4 steps"),
        (lambda app: app.select_slider(key="rate").set_value(0.5), 0.1, "rate 0.1", "rate 0.5"),
        (lambda app: app.number_input(key="nh").set_value(5), 3, "3 hidden units", "5 hidden units"),
    ):
        widget = move(short)
        assert f"**of other settings**: **{was}**, now {now}." in told(widget.run()) and told(short).startswith("Your run")
        assert short.get("vega_lite_chart")[0].proto.spec == curves and not short.button(key="run").disabled
        widget.set_value(back).run()
        assert "other settings" not in told(short)


def test_last_of_several_runs_stays_and_all_are_in_the_picture_of_rates(short: AppTest) -> None:
    short.select_slider(key="rate").set_value(0.2).run()
    short.button(key="run").click().run()
    ended(short)
    settings = "(3 steps, 20 images, seed 0, 3 hidden units)"
    assert diamonds(short) == {f"rate 0.1 {settings}", f"rate 0.2 {settings}"}
    short.select_slider(key="rate").set_value(0.5).run()
    assert "**rate 0.2**, now rate 0.5" in told(short)
    short.select_slider(key="rate").set_value(0.1).run()
    assert "other settings" not in told(short), "its own result is there"


def test_what_is_stored_as_it_is_chosen_comes_before_a_run_of_other_settings(short: AppTest) -> None:
    short.number_input(key="steps").set_value(None)
    short.number_input(key="trained").set_value(None)
    short.number_input(key="seeds").set_value(None)
    short.number_input(key="nh").set_value(50).run()
    assert told(short).startswith("A stored result") and "other settings" not in told(short)
    assert diamonds(short), "the run is still in sight"


def diamonds(app: AppTest) -> set[str]:
    """The settings of the reader's runs in the picture of rates."""
    (chart,) = [
        c.proto
        for c in app.get("vega_lite_chart")
        if any(d.name == "crosses" for d in c.proto.datasets) and any(d.name == "own" for d in c.proto.datasets)
    ]
    (own,) = [d for d in chart.datasets if d.name == "own"]
    table = own.data.data
    return set(pa.ipc.open_stream(table).read_all().to_pydict().get("settings", []))


@pytest.fixture
def short() -> AppTest:
    """A page whose reader has run a short training."""
    app = opened("training", **SMALL)
    app.button(key="run").click().run()
    return ended(app)


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
        assert told(app).startswith("Your run") and any(f"{units} hidden units" in text.value for text in app.markdown)
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
        ("trained", "50001"),
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


def started(runs: TrainingRuns, of: Experiment, validation: MnistBatch, whose: Reader, images: int = 20) -> TrainingRun:
    runs.start(of, load_batch(images), validation, whose)
    run = runs.of(of)
    assert run is not None
    return run


def test_same_experiment_is_not_run_twice_and_old_ones_are_dropped_and_freed(validation: MnistBatch) -> None:
    runs, whose = TrainingRuns(), Reader("")
    first = weakref.ref(started(runs, experiment(), validation, whose))
    for seed in range(KEPT):
        kept = started(runs, experiment(seed=seed), validation, whose)
        assert kept.job.wait(SOON)
        assert started(runs, experiment(seed=seed), validation, whose) is kept and kept.error is None
    assert first() is not None
    last = started(runs, experiment(seed=KEPT), validation, whose)
    assert last.job.wait(SOON) and runs.of(experiment()) is None and runs.of(experiment(seed=1)) is not None
    until(lambda: gc.collect() is not None and first() is None, SOON, lambda: "the first run is still held")


def test_run_is_cancelled_when_streamlit_ends_the_session() -> None:
    app = opened("training", steps=1000, trained=20, nh=3, seeds=1)
    app.button(key="run").click().run()
    run = runs_of(app).running
    assert run is not None
    caching.clear_session_resource_cache("test session id")  # of every AppTest
    assert run.job.wait(SOON) and run.cancelled and run.step < 1_000


def test_no_more_run_at_a_time_than_there_are_cores_to_spare(validation: MnistBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Lane("trainings of a test", 1)
    monkeypatch.setattr(training_runs, "TRAININGS", lane)
    apps = [opened("training", **LONG) for _ in range(3)]
    for app in apps:
        app.button(key="run").click().run()
    first, *others = [runs_of(app).running for app in apps]
    until(lambda: first.step > 0, SOON, lambda: "the first does not begin")
    assert [app.get("progress")[0].proto.text for app in apps[1:]] == [
        "Waiting for a turn: next in line.",
        "Waiting for a turn: second in line.",
    ]
    for app in reversed(apps):  # so that none comes to its turn
        app.button(key="cancel").click().run()
    assert all(run.job.wait(SOON) and run.cancelled for run in (first, *others)) and not others[1].step
    assert "cancelled before its first step" in " ".join(text.value for text in apps[2].run().markdown)
    work.LANES.remove(lane)


def test_cancelled_run_tells_the_step_it_came_to_in_every_place() -> None:
    """Not the last one at which it was measured."""
    app = opened("training", **LONG)
    app.button(key="run").click().run()
    run = runs_of(app).running
    assert run is not None
    until(lambda: run.step > 20, SOON, lambda: "it does not go on")
    app.button(key="cancel").click().run()
    shown = run.step
    assert run.job.wait(SOON) and run.step == shown
    assert f"Stopped after {shown} steps of 1000" in headline(app.run())
    assert any(f"cancelled after {shown} steps" in caption.value for caption in app.caption)


def test_an_error_of_the_run_is_told_and_it_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9000 bytes.")

    app = opened("training", **SMALL)
    with monkeypatch.context() as patch:
        patch.setattr(process, "run_experiment", refuse)
        app.button(key="run").click().run()
        ended(app)
    assert headline(app)
    assert [caption.value for caption in app.caption if "failed" in caption.value] == [
        "The training failed: there was no memory for 9 kB. Press **Run** to try again."
    ]
    app.button(key="run").click().run()
    assert any(caption.value.startswith("Your run") for caption in ended(app).caption)


@pytest.fixture
def nothing_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As after a broken installation."""
    monkeypatch.setattr(stored, "FILE", tmp_path / "training.json")
    stored._stored.cache_clear()
    yield
    monkeypatch.undo()
    stored._stored.cache_clear()


def test_without_the_stored_result_the_pages_stand_and_a_reader_can_make_their_own(nothing_stored: None) -> None:
    for page in ("", "training"):
        app = opened(page, **SMALL)
        assert not app.exception and len(app.title) == 1 and app.get("page_link")
        (error,) = app.error
        assert "training.json is missing" in error.value and "install mnistgrad again" in error.value
    app.button(key="run").click().run()
    assert headline(ended(app)) and len(app.get("vega_lite_chart")) == 3
