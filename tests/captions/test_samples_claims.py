"""The sentences about more and more images, held against NumPy and the points they are made from."""

import re
from functools import lru_cache

import numpy as np
import pytest
from loops import over

from mnistgrad import initial_weights, load_batch
from mnistgrad.captions import samples as says
from mnistgrad.gradient.sweep import Distance, SweepPoint, lit_pixels, sweep
from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of
from mnistgrad.network.data import mnist
from mnistgrad.network.presets import PRESETS
from mnistgrad.network.sets.image_set import TRAINING_IMAGES

COUNTS = (1, 2, 10, 200)
NETWORKS = [("lesson-2019", 50, 0), ("lesson-2022", 50, 0), ("lesson-2019", 2, 7), ("lesson-2022", 2, 1)]
each_network = over("network", NETWORKS)
each_count = over("place", range(len(COUNTS)))
each_layer = over("layer", ["w1", "w2"])


@lru_cache
def points(network, layer) -> tuple[SweepPoint, ...]:
    preset, nh, seed = network
    pixels = lit_pixels(mnist().images, mnist().labels, COUNTS)
    return sweep(pixels, initial_weights(nh, seed, preset), PRESETS[preset].normalise)[layer].points


@lru_cache
def found(network, n) -> WeightGradient:
    preset, nh, seed = network
    return weight_gradient_of("w1", load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset))


def everything(network, layer, place):
    known, shift = points(network, layer), PRESETS[network[0]].relu_shift
    here = known[place]
    return [
        says.headline(layer, here),
        says.lede(layer, here, shift),
        says.rows_title(layer, here),
        says.rows_sentence(layer, known, here),
        says.rank_title(here),
        says.rank_sentence(known, here),
        says.share_title(layer, here),
        says.share_sentence(layer, here),
        says.variance_title(layer, here),
        says.variance_sentence(layer, here),
        says.angle_title(here, TRAINING_IMAGES),
        says.angle_sentence(layer, known, here, TRAINING_IMAGES),
        says.distance_title(here, TRAINING_IMAGES),
        says.distance_sentence(layer, here, TRAINING_IMAGES),
    ]


@each_network
@each_count
def test_headline_speaks_of_what_the_gradient_is(network, place):
    here = points(network, "w1")[place]
    g, headline = found(network, COUNTS[place]).g.numpy(), says.headline("w1", here)
    rank = np.linalg.matrix_rank(g)
    assert ("no gradient to see" in headline) == (not g.any())
    assert ("Many images give a matrix" in headline) == (rank > 1)
    assert ("n outer product" in headline) == bool(rank)


@each_network
@each_count
def test_numbers_of_the_first_layer_are_those_numpy_finds(network, place):
    known, n = points(network, "w1"), COUNTS[place]
    here, g = known[place], found(network, n).g.numpy()
    lit = load_batch(n).images.numpy().reshape(n, -1).any(0)
    distinct = len(np.unique(np.round(g / (abs(g).max() or 1), 9) + 0.0, axis=0))
    rank = np.linalg.matrix_rank(g)
    rows = f"{distinct} different row{'s' * (distinct != 1)}"
    assert says.rows_title("w1", here) == f"{rows}, {(~lit).sum()} always-black pixels"
    assert says.rank_title(here) == f"Rank {rank} of {network[1]}"
    assert ("Here it is reached" in says.rank_sentence(known, here)) == (rank == network[1])
    if n > 1 and rank:
        assert f"{distinct} of 784 rows differ, and the rank is {rank}" in says.lede("w1", here, 0)
    if rank:
        squares = np.linalg.svd(g, compute_uv=False) ** 2
        told = re.match(r"(> )?([\d.]+)% of", says.share_title("w1", here))
        assert told and float(told[2]) == pytest.approx(100 * squares[0] / squares.sum(), abs=0.1)
        over = re.search(r": (\S+) over all 784 rows, (\S+) over the (\d+) lit", says.variance_sentence("w1", here))
        assert over and float(over[1]) == pytest.approx(g.var(0).mean(), rel=0.01)
        assert float(over[2]) == pytest.approx(g[lit].var(0).mean(), rel=0.01) and int(over[3]) == lit.sum()
    else:
        assert "No squared norm" in says.share_title("w1", here) and "is 0 everywhere" in says.lede("w1", here, 0)


@each_network
@each_count
def test_units_that_are_off_are_counted_right(network, place):
    here, preset = points(network, "w2")[place], PRESETS[network[0]]
    batch = load_batch(COUNTS[place], preset.normalise)
    off = int((batch.inp @ initial_weights(network[1], network[2], network[0]).w1 <= 0).all(0).sum())
    lede = says.lede("w2", here, preset.relu_shift)
    assert f"{off} unit{'s' * (off != 1)} off" in says.rows_title("w2", here)
    assert (f"{off} unit{'s are' if off != 1 else ' is'} off" in lede) == bool(off)
    assert ("times the bias gradient" in lede) == bool(off and preset.relu_shift)
    assert "left out" in lede


@each_network
@each_layer
def test_rows_are_said_to_part_only_where_they_do(network, layer):
    known = points(network, layer)
    told = re.search(r"more rows differ: (\d+), in the end (\d+)", says.rows_sentence(layer, known, known[-1]))
    assert bool(told) == (known[-1].distinct > known[0].distinct)
    if told:
        assert (int(told[1]), int(told[2])) == (known[0].distinct, known[-1].distinct)


def test_before_the_sweep_is_done_nothing_is_said_of_other_counts():
    here = points(NETWORKS[0], "w1")[2]
    assert "in the end" not in says.rows_sentence("w1", [here], here)
    assert "first at" not in says.rank_sentence([here], here)
    assert "With one image" not in says.angle_sentence("w1", [here], here, TRAINING_IMAGES)


@each_network
@each_layer
@each_count
def test_distance_and_angle_are_the_points(network, layer, place):
    here = points(network, layer)[place]
    title = says.angle_title(here, TRAINING_IMAGES)
    if here.away.angle is None:
        assert title == "A gradient of 0 has no direction"
    else:
        assert float(title.split("°")[0]) == pytest.approx(here.away.angle, rel=0.06)
    share = float(says.distance_title(here, TRAINING_IMAGES).split("%")[0]) if here.away.norm else 0
    assert share == pytest.approx(100 * here.away.norm, rel=0.06)


def test_the_full_batch_is_called_so():
    full = SweepPoint(50_000, 50, 718, 50, 0.97, 0.001, {"all": 784}, {"all": 0.1}, Distance(0.0, 0.0, 0.0))
    assert "full batch" in says.angle_title(full, TRAINING_IMAGES) and "nothing differs" in says.distance_title(
        full, TRAINING_IMAGES
    )


@each_network
@each_layer
@each_count
def test_sentences_are_well_formed(network, layer, place):
    for sentence in everything(network, layer, place):
        assert sentence and sentence == sentence.strip() and "  " not in sentence
        assert "nan" not in sentence.lower().split() and "None" not in sentence
        assert not re.search(r"(?<![\d,.])\b1 (different )?(image|pixel|unit|row|number)s\b", sentence)
        assert not re.search(r"(?<![\d,.])\b([02-9]|\d+\d) (image|pixel|unit|number)\b", sentence)
        assert not re.search(r"-\d", sentence), "a hyphen stands for a minus sign"
        assert sentence.count("[") == sentence.count("]") and sentence.count("**") % 2 == 0


def test_waiting_note_names_the_seeds_to_come():
    assert says.waiting_note([4], 5) == "Adding up 5 images for seed 4 …" and says.waiting_note([4, 5], 1).endswith(
        "for seeds 4, 5 …"
    )
