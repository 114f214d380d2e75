"""The page of more and more images, by Streamlit's own simulation. It draws what there is; the sweeps run beside it."""

from dataclasses import replace

import pytest
from app.opening import headline, opened

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results, sweeps
from mnistgrad.gradient.sweep import COUNTS, lit_pixels, sweep
from mnistgrad.network.data import mnist


def swept(state, count=1):
    """Waits for the sweeps that the page asks for."""
    for seed in range(state.seed, state.seed + count):
        sweeps._sweep_of(state, seed).result()


def open_samples(state, count=1, layer="w1.g"):
    swept(state, count)
    query = dict(n=state.n, preset=state.preset, normalise=str(state.normalise).lower(), seed=state.seed, nh=state.nh)
    return opened("samples", compare=count, layer=layer, **query)


def titles(app):
    return [block.value for block in app.subheader]


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


def test_unfinished_sweeps_do_not_keep_the_page_waiting(monkeypatch):
    monkeypatch.setattr(sweeps, "finished", lambda state, seeds: ())
    app = opened("samples", n=10, compare=2)
    assert headline(app) and len(charts(app)) == 4
    assert any("Adding up 50,000 images for seeds 0, 1" in caption.value for caption in app.caption)


def test_finished_sweeps_are_drawn_while_others_are_to_come(monkeypatch):
    swept(State())
    monkeypatch.setattr(sweeps, "finished", lambda state, seeds: tuple(seeds[:1]))
    app = opened("samples", n=10, compare=2)
    assert headline(app) and len(charts(app)) == 6
    assert any("for seed 1 …" in caption.value for caption in app.caption)


def test_other_seeds_are_drawn_together(monkeypatch):
    swept(State())
    monkeypatch.setattr(sweeps, "finished", lambda state, seeds: tuple(seeds[:2]))
    app = opened("samples", n=10, compare=3)
    assert any("for seeds 1, 2 …" in caption.value for caption in app.caption)


def test_current_count_is_among_the_points_whatever_it_is():
    state = State(n=30)
    swept(state)
    points = sweeps.points_of(state, "w1", (0,))[0]
    assert [point.n for point in points] == sorted({*COUNTS, 30})
    found = results.weight_gradient(state, "w1")
    (here,) = (point for point in points if point.n == 30)
    assert (here.distinct, here.rank, here.sizes["black"]) == (found.distinct, found.spectrum.rank, found.sizes["black"])
    assert 0 < here.away.norm < 1


def test_sweep_is_kept_for_every_count_and_begun_for_every_seed():
    state = State(nh=2, seed=5)
    one = sweeps._sweep_of(state, 5)
    assert sweeps._sweep_of(replace(state, n=10), 5) is one is not sweeps._sweep_of(state, 6)
    assert len(one.result()["w1"].points) == len(COUNTS) and one.result()["w1"].full.shape == (784, 2)


@pytest.mark.parametrize("preset", ["lesson-2019", "lesson-2022"])
def test_kept_sweep_is_that_of_the_state(preset):
    state = State(n=50_000, nh=2, preset=preset, normalise=preset == "lesson-2019")
    kept = sweeps._sweep_of(state, 0).result()
    pixels = lit_pixels(mnist().images, mnist().labels, (1, 50))
    for fresh in sweep(pixels, results.weights_of(state), state.normalise)["w1"].points:
        (point,) = (point for point in kept["w1"].points if point.n == fresh.n)
        assert (point.distinct, point.rank, point.sizes) == (fresh.distinct, fresh.rank, fresh.sizes)
        assert point.variances == pytest.approx(fresh.variances, rel=1e-6, abs=0)


def test_page_leads_on():
    assert open_samples(State(n=10)).get("page_link")[-1].proto.page == "cost"


def test_every_card_offers_its_files():
    labels = [button.label for button in open_samples(State(n=10)).get("download_button")]
    assert {kind: labels.count(kind) for kind in set(labels)} == dict.fromkeys(
        ["PNG", "SVG", "PDF", "CSV", "Vega-Lite", "HTML"], 6
    )
