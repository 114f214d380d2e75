"""The page of more and more images, by Streamlit's own simulation. It draws what there is; the sweeps run beside it."""

from dataclasses import replace
from threading import Semaphore
from weakref import WeakValueDictionary

import pytest
from app.opening import headline, opened, settled
from patience import SOON
from waiting import until

from mnistgrad.app.controls import State
from mnistgrad.app.jobs.readers import READER, Reader
from mnistgrad.app.jobs.work import Lane
from mnistgrad.app.keeping import Shelf
from mnistgrad.app.kept import results, sweeps
from mnistgrad.gradient.sweep import COUNTS, lit_pixels, sweep
from mnistgrad.network.data import mnist


def open_samples(state, count=1, layer="w1.g"):
    """Once its sweeps are done."""
    query = dict(n=state.n, preset=state.preset, normalise=str(state.normalise).lower(), seed=state.seed, nh=state.nh)
    return settled(opened("gradient", view="How many images", compare=count, layer=layer, **query))


@pytest.fixture
def visitor(monkeypatch):
    """Asks for sweeps without a page."""
    one = Reader("")
    monkeypatch.setattr(sweeps, "reader", lambda: one)


def swept(state, seed):
    job = sweeps.sweep_of(state, seed)
    assert job.wait(SOON)
    return job.result


@pytest.fixture
def gate(monkeypatch):
    """Each sweep waits at it for one release; none is there yet."""
    monkeypatch.setattr(sweeps, "LANE", Lane("sweeps at a gate", 1, Shelf("sweeps", 10_000_000)))
    gate, real = Semaphore(0), sweeps.sweep

    def late(*given):
        assert gate.acquire(timeout=SOON)
        return real(*given)

    monkeypatch.setattr(sweeps, "sweep", late)
    yield gate
    gate.release(9)


def captions(app):
    return [caption.value for caption in app.caption]


def titles(app):
    return [block.value for block in app.header]


def charts(app):
    return app.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("n", "claim"),
    [
        (1, "One image gives an outer product"),
        (1_000, "One image gives an outer product. Many images give a matrix."),
        (50_000, "One image gives an outer product. Many images give a matrix."),
    ],
)
def test_page_opens_with_the_claim_that_is_true_there(n, claim):
    app = open_samples(State(n=n))
    assert headline(app) == claim and len(charts(app)) == 6
    facts = {1: (85, 618, 1), 1_000: (610, 175, 50), 50_000: (718, 67, 50)}[n]  # different rows, black pixels, rank
    assert titles(app)[:2] == [f"{facts[0]} different rows, {facts[1]} always-black pixels", f"Rank {facts[2]} of 50"]


def test_second_layer_leaves_out_what_says_nothing():
    app = open_samples(State(n=10), layer="w2.g")
    assert "one column" in headline(app) and len(charts(app)) == 5
    assert not [title for title in titles(app) if "Rank" in title]
    assert any("left out" in part.value for part in app.markdown)


def test_unfinished_sweeps_do_not_keep_the_page_waiting(gate):
    app = opened("gradient", view="How many images", n=10, compare=2, nh=3)
    assert headline(app) and len(charts(app)) == 4
    assert "Adding up 50,000 images for seed 0 …" in captions(app)


def test_other_seeds_are_drawn_together_after_the_readers_own(gate):
    app = opened("gradient", view="How many images", n=10, compare=3, nh=4)
    (own,) = app.session_state[READER]._page.values()
    gate.release()
    assert own.wait(SOON)
    assert len(charts(app.run())) == 6 and "Adding up 50,000 images for seeds 1, 2 …" in captions(app)
    gate.release(2)
    assert headline(settled(app)) and not [caption for caption in captions(app) if "Adding up" in caption]


def test_sweep_that_failed_is_told_and_can_be_tried_again(monkeypatch):
    """It is not kept: neither for this reader, once they try again, nor for another."""
    broken = dict(n=10, compare=1, nh=5)

    def refuse(*_):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")

    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "sweep", refuse)
        app = settled(opened("gradient", view="How many images", **broken))
        assert [warning.value for warning in app.warning] == ["Adding up all the images failed: there was no memory for 9 B."]
        assert len(charts(app)) == 4 and app.run().warning, "told as long as the page is left as it is"
    assert len(charts(settled(opened("gradient", view="How many images", **broken)))) == 6
    app.button(key="again-sweep").click().run()
    assert not settled(app).warning and len(charts(app)) == 6


def test_current_count_is_among_the_points_whatever_it_is(visitor):
    state = State(n=30)
    swept(state, 0)
    points = sweeps.points_of(state, "w1", (0,))[0]
    assert [point.n for point in points] == sorted({*COUNTS, 30})
    found = results.weight_gradient(state, "w1")
    (here,) = (point for point in points if point.n == 30)
    assert (here.distinct, here.rank, here.sizes["black"]) == (found.distinct, found.spectrum.rank, found.sizes["black"])
    assert 0 < here.away.norm < 1


def test_sweep_is_kept_for_every_count_and_begun_for_every_seed(visitor):
    state = State(nh=2, seed=5)
    one = sweeps.sweep_of(state, 5)
    assert sweeps.sweep_of(replace(state, n=10), 5) is one is not sweeps.sweep_of(state, 6)
    found = swept(state, 5)
    assert len(found["w1"].points) == len(COUNTS) and found["w1"].full.shape == (784, 2)


@pytest.mark.parametrize("preset", ["lesson-2019", "lesson-2022"])
def test_kept_sweep_is_that_of_the_state(preset, visitor):
    state = State(n=50_000, nh=2, preset=preset, normalise=preset == "lesson-2019")
    kept = swept(state, 0)
    pixels = lit_pixels(mnist().images, mnist().labels, (1, 50))
    for fresh in sweep(pixels, results.weights_of(state), state.normalise)["w1"].points:
        (point,) = (point for point in kept["w1"].points if point.n == fresh.n)
        assert (point.distinct, point.rank, point.sizes) == (fresh.distinct, fresh.rank, fresh.sizes)
        assert point.variances == pytest.approx(fresh.variances, rel=1e-6, abs=0)


def test_what_sweeps_multiply_goes_with_the_last_of_them(visitor, monkeypatch):
    monkeypatch.setattr(sweeps, "_shared", WeakValueDictionary())  # not those of another test's sweeps
    for seed in (0, 1):
        swept(State(nh=3), seed)
    until(lambda: not sweeps._shared, SOON, lambda: "144 MB stay")


def test_page_leads_on():
    assert open_samples(State(n=10)).get("page_link")[-1].proto.page == "cost"
