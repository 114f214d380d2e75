"""The charts of a sweep: which point stands where, what a click picks, and where names stand."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import combinations, pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import vl_convert
from loops import over

from mnistgrad import initial_weights
from mnistgrad.gradient.sweep import lit_pixels, sweep
from mnistgrad.network.data import mnist
from mnistgrad.network.presets import PRESETS
from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts import curve_names, sweep_curves
from mnistgrad.pictures.charts import sweep as charts
from mnistgrad.pictures.charts.curve_names import place_names
from mnistgrad.pictures.charts.curve_scales import decade_scale, even_scale, round_ticks
from mnistgrad.pictures.export import export
from mnistgrad.pictures.palette import PALETTES, contrast
from mnistgrad.pictures.sheet.fitting import VEGA_LITE

COUNTS = (1, 2, 10, 100)
LIGHT = PALETTES["light"]
DRAW = {
    "rows": charts.rows_chart,
    "shares": charts.share_chart,
    "variance": charts.variance_chart,
    "angle": charts.angle_chart,
    "distance": charts.distance_chart,
}
each_chart = over("name", [*DRAW, "rank"])
each_layer = over("layer", ["w1", "w2"])


@lru_cache
def points(layer="w1", preset="lesson-2019", nh=50, seeds=(0, 1)):
    pixels, normalise = lit_pixels(mnist().images, mnist().labels, COUNTS), PRESETS[preset].normalise
    return {seed: sweep(pixels, initial_weights(nh, seed, preset), normalise)[layer].points for seed in seeds}


def chart_of(name, layer="w1", n=10, theme="light", **network):
    if name == "rank":
        return charts.rank_chart(points("w1", **network), n, PALETTES[theme])
    return DRAW[name](points(layer, **network), layer, n, PALETTES[theme])


def params(chart):
    return {param["name"]: param.get("value") for param in chart.spec["params"]}


def words(chart):
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE))
    return {"".join(text.itertext()): text.get("fill") for text in drawn.iter("{http://www.w3.org/2000/svg}text")}


VALUES = {
    ("w1", "rows"): {"different rows": lambda p: p.distinct, "always-black pixels": lambda p: p.sizes["black"],
                     "constant pixels": lambda p: p.sizes["constant"]},
    ("w2", "rows"): {"different rows": lambda p: p.distinct, "units off in every image": lambda p: p.sizes["off"]},
    ("w1", "shares"): {"best single outer product": lambda p: p.first_share, "best copied row": lambda p: p.copied_row_share},
    ("w2", "shares"): {"best copied row": lambda p: p.copied_row_share},
    ("w1", "variance"): {"all 784 rows": lambda p: p.variances["all"], "lit pixels": lambda p: p.variances["lit"],
                         "always-black pixels": lambda p: p.variances["black"],
                         "the 6 printed rows": lambda p: p.variances["printed"]},
    ("w2", "angle"): {"angle to the full batch": lambda p: p.away.angle},
    ("w1", "distance"): {"whole matrix, by its norm": lambda p: p.away.norm, "farthest single entry": lambda p: p.away.largest},
}  # fmt: skip


@over(("layer", "name"), VALUES)
def test_table_holds_the_points_of_every_seed(layer, name):
    frame = chart_of(name, layer).frame
    assert frame[["seed", "n"]].to_numpy().tolist() == [[seed, n] for seed in (0, 1) for n in COUNTS]
    columns = VALUES[layer, name]
    assert list(frame.columns) == ["seed", "n", *columns]
    for column, of in columns.items():
        assert frame[column].tolist() == [of(point) for those in points(layer).values() for point in those]


def test_lines_stand_at_the_values_the_first_seed_strongly():
    lines = chart_of("rows").spec["datasets"]["lines"]
    own, other = points()[0], points()[1]
    strong = [(row["n"], row["height"]) for row in lines if row["width"] > 2 and row["colour"] == LIGHT.axis["i"]]
    thin = [(row["n"], row["height"]) for row in lines if row["width"] < 1 and row["colour"] == LIGHT.axis["i"]]
    assert strong == [(point.n, point.distinct) for point in own]
    assert thin == [(point.n, point.distinct) for point in other]


def test_exact_zeros_lie_in_a_band_of_their_own_below_every_other_value():
    chart = chart_of("variance")
    lines, shown = chart.spec["datasets"]["lines"], params(chart)
    zero = {row["height"] for row in lines if row["colour"] == LIGHT.axis["i"]}
    others = [row["height"] for row in lines if row["colour"] == LIGHT.axis["j"]]
    assert len(zero) == 1 and shown["bottom"] < min(zero) < min(others)
    assert shown["words"][shown["ticks"].index(*zero)] == "0"


def test_line_does_not_run_from_the_scale_into_the_band():
    lines = chart_of("distance").spec["datasets"]["lines"]
    parts = {row["part"]: set() for row in lines}
    for row in lines:
        parts[row["part"]].add(row["n"])
    assert {100} in parts.values() and not [counts for counts in parts.values() if 100 in counts and len(counts) > 1]


@each_chart
def test_strips_to_click_cover_the_axis_and_pick_the_count_inside(name):
    hits = chart_of(name).spec["datasets"]["hits"]
    assert [hit["pick"] for hit in hits] == list(COUNTS)
    assert all(hit["start"] < hit["pick"] < hit["end"] for hit in hits)
    assert all(one["end"] == other["start"] for one, other in pairwise(hits))
    assert (hits[0]["start"], hits[-1]["end"]) == (curve_names.LEFT, curve_names.RIGHT)


def test_strip_says_the_values_of_its_count():
    tip = chart_of("rows").spec["datasets"]["hits"][2]["tip"]
    assert tip == {"images": "10", "different rows": "347", "always-black pixels": "414", "constant pixels": "414"}


@each_chart
@over("n", COUNTS)
def test_rule_and_large_dots_stand_at_the_current_count(name, n):
    chart = chart_of(name, n=n)
    (rule,) = chart.spec["datasets"]["rule"]
    assert (rule["n"], rule["says"]) == (n, f"n = {n}")
    dots = chart.spec["datasets"]["dots"]
    assert {dot["n"] for dot in dots if dot["size"] > 20} == {n}
    assert {dot["n"] for dot in dots} == set(COUNTS)


@each_chart
@over("theme", PALETTES)
def test_drawing_has_every_name_and_its_words_can_be_read(name, theme):
    chart = chart_of(name, theme=theme)
    drawn = words(chart)
    background = chart.spec["config"]["background"]
    assert {entry["says"] for entry in chart.spec["datasets"]["names"]} <= set(drawn)
    assert {"n = 10", "images in the batch, n", "Strong: seed 0. Thin: seed 1.", "10,000"} <= set(drawn)
    assert all(contrast(colour, background) >= 4.5 for colour in drawn.values())


@each_chart
def test_every_height_lies_inside_the_scale(name):
    for chart in (chart_of(name), chart_of(name, preset="lesson-2022", nh=2)):
        shown = params(chart)
        for data in ("lines", "dots", "names"):
            assert all(shown["bottom"] <= row["height"] <= shown["top"] for row in chart.spec["datasets"][data])
        assert all(shown["bottom"] <= tick <= shown["top"] for tick in shown["ticks"])


@each_layer
@over("name", DRAW)
def test_names_of_curves_lie_on_no_strong_line_of_another(name, layer):
    chart = chart_of(name, layer)
    spec, shown = chart.spec["datasets"], params(chart)
    high = shown["top"] - shown["bottom"]
    spots = [(spot["n"], spot["height"]) for spot in spec["names"]]
    assert len(set(spots)) == len(spots)
    for spot in spec["names"]:
        left = curve_names.across(spot["n"]) - curve_names.LETTER * len(spot["says"]) / 2
        right = 2 * curve_names.across(spot["n"]) - left
        assert left >= -1 and right <= curve_names.WIDTH + 1
        near = [row for row in spec["lines"] if row["width"] > 2 and left < curve_names.across(row["n"]) < right]
        apart = [abs(row["height"] - spot["height"]) / high * curve_names.HEIGHT for row in near]
        assert min(apart, default=99) > curve_names.LINE / 2


def test_one_seed_needs_no_note_and_has_no_thin_line():
    chart = chart_of("rows", seeds=(0,))
    assert "title" not in chart.spec
    assert {row["width"] for row in chart.spec["datasets"]["lines"]} == {2.2}


def test_before_the_sweep_is_done_a_single_point_is_drawn():
    here = {0: (points()[0][2],)}
    for draw in (charts.rows_chart, charts.share_chart, charts.variance_chart):
        chart = draw(here, "w1", 10, LIGHT)
        assert {dot["n"] for dot in chart.spec["datasets"]["dots"]} == {10}
        assert export(chart, "PNG", About("A chart")).startswith(b"\x89PNG")


def test_curve_is_broken_where_no_unit_is_on():
    lone = points(nh=2, seeds=(7,))
    assert lone[7][0].rank == 0
    chart = charts.angle_chart(lone, "w1", 10, LIGHT)
    assert {row["n"] for row in chart.spec["datasets"]["lines"]} == {point.n for point in lone[7] if point.rank} == {10, 100}
    assert "– at 1 image" in chart.description


def test_words_for_those_who_cannot_see_name_ends_and_current_count():
    said = chart_of("rank").description
    assert "rank: 1 at 1 image, 10 at 10 images, 50 at 100 images" in said and "1 other seed" in said


@each_chart
def test_click_selects_the_field_pick(name):
    params = [param for param in chart_of(name).spec["params"] if param["name"] == "pick"]
    assert params and params[0]["select"]["fields"] == ["pick"]


def test_charts_built_at_the_same_time_keep_their_own_data():
    wanted = [(name, theme) for name in DRAW for theme in PALETTES]
    alone = [json.dumps(chart_of(name, theme=theme).spec) for name, theme in wanted]
    sweep_curves._picture.cache_clear()  # so that the threads build the shared part too
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: json.dumps(chart_of(each[0], theme=each[1]).spec), wanted))
    assert together == alone


@over(
    ("largest", "ticks"),
    [
        (50, [0, 10, 20, 30, 40, 50]),
        (2, [0, 0.5, 1, 1.5, 2]),
        (68.3, [0, 20, 40, 60, 80]),
        (0.068, [0, 0.02, 0.04, 0.06, 0.08]),
        (0, [0, 1]),
    ],
)
def test_ticks_are_round_and_hold_the_largest(largest, ticks):
    assert round_ticks(largest) == pytest.approx(ticks)


def test_decades_hold_all_values_and_zero_has_its_place_only_where_there_is_one():
    scale = decade_scale([0.02, 3.0, None], str, str)
    assert scale.ticks == [-2, -1, 0, 1] and scale.bottom == -2
    assert scale.height(0.1) == pytest.approx(-1) and scale.height(None) is None
    with_zero = decade_scale([0.02, 0.0], str, str)
    assert with_zero.bottom < with_zero.height(0.0) < with_zero.break_at < -2


def test_even_scale_leaves_room_for_the_word_above():
    scale = even_scale([0, 5, 10], str)
    assert scale.height(7.0) == 7 and scale.bottom == 0 and scale.top > 10 and scale.say(None) == "–"


def test_name_keeps_clear_of_a_line_that_crosses():
    flat = [(1, 5.0), (50_000, 5.0)]
    wave = [(1, 6.0), (1_000, 5.6), (50_000, 5.6)]
    (spot,) = place_names([("a name", [flat])], [flat, wave], 1, 0, 10)
    half = curve_names.LETTER * len("a name") / 2
    ends = [curve_names.across(spot.n) + side for side in (-half, half)]
    for line in (flat, wave):
        heights = np.interp(ends, [curve_names.across(n) for n, _ in line], [height for _, height in line])
        assert (abs(heights - spot.height) * curve_names.HEIGHT / 10 > curve_names.LINE / 2).all()


@each_chart
@over("n", COUNTS)
@over("width", [330, sweep_curves.WIDTH])  # on a phone, and where there is room
def test_names_lie_on_no_other_name_on_a_phone_either(name, n, width):
    chart = chart_of(name, n=n)
    bottom, top = (params(chart)[end] for end in ("bottom", "top"))
    boxes = []
    for spot in chart.spec["datasets"]["names"]:
        x = curve_names.across(spot["n"]) / curve_names.WIDTH * width
        y = (spot["height"] - bottom) / (top - bottom) * curve_names.HEIGHT
        boxes.append((x, y, curve_names.LETTER * len(spot["says"])))
    for one, other in combinations(boxes, 2):
        beside = abs(one[0] - other[0]) >= (one[2] + other[2]) / 2
        assert beside or abs(one[1] - other[1]) >= curve_names.LINE - 1
