"""Every kind of picture over a spread of states, drawn without the dashboard. Each kind has the name of the function it shows."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product

import measurements
import numpy as np
import torch
from comparisons import made_up, measured
from passes import FORMS, SCENES, Scene
from pictures.diagrams.shape_places import STATES as SHAPE_STATES
from pictures.diagrams.shape_places import places
from states import State
from torch import Tensor

from mnistgrad.captions import own_shapes as own_claims
from mnistgrad.captions import variance as variance_claims
from mnistgrad.cost.measurement import LINE, PASS, Measurement, MeasurementPlan, stored_measurement
from mnistgrad.gradient.build_up import SumSoFar, sum_over, sum_so_far
from mnistgrad.gradient.one_weight import OneWeight, one_weight
from mnistgrad.gradient.outer_product import leading_vectors
from mnistgrad.gradient.rows import rows_of
from mnistgrad.gradient.statistics import colour_limit, pixel_groups, printed_indices
from mnistgrad.gradient.sweep import SweepPoint, lit_pixels, sweep
from mnistgrad.gradient.variance import image_variance, row_variances
from mnistgrad.lines.own_shapes import OwnOperation, counted, own_operation, own_result
from mnistgrad.lines.study import Study, study
from mnistgrad.lines.typed_shapes import Typed
from mnistgrad.lines.wrong_lines import WRONG_LINES, changed_lines
from mnistgrad.network.data import PIXELS, load_batch, mnist
from mnistgrad.pictures.charts import sweep as sweep_charts
from mnistgrad.pictures.charts.column_variance import ORDERS, column_variance_chart
from mnistgrad.pictures.charts.cost import memory_chart, time_chart
from mnistgrad.pictures.charts.curve_scales import even_scale
from mnistgrad.pictures.charts.one_weight import running_sum_chart, terms_chart
from mnistgrad.pictures.charts.singular_values import singular_values_chart
from mnistgrad.pictures.charts.sweep_curves import Curve, curves_chart
from mnistgrad.pictures.charts.training import accuracy_chart, loss_chart
from mnistgrad.pictures.diagrams.build_up.bars import units_build_up
from mnistgrad.pictures.diagrams.build_up.build_up import column_build_up
from mnistgrad.pictures.diagrams.build_up.matrix import matrix_build_up
from mnistgrad.pictures.diagrams.cost_counts import cost_counts
from mnistgrad.pictures.diagrams.debugger.code_panel import code_panel
from mnistgrad.pictures.diagrams.debugger.operations_list import operations_list
from mnistgrad.pictures.diagrams.images.image_strip import image_strip
from mnistgrad.pictures.diagrams.images.image_switches import image_switches
from mnistgrad.pictures.diagrams.images.window_pickers import pixel_picker, thumbnails
from mnistgrad.pictures.diagrams.numbers.added_rows import added_rows
from mnistgrad.pictures.diagrams.numbers.multiplication_table import multiplication_table
from mnistgrad.pictures.diagrams.numbers.number_tables import numbers_diagram, tables
from mnistgrad.pictures.diagrams.numbers.one_cell import one_cell
from mnistgrad.pictures.diagrams.own_shapes.alignment import alignment, einsum_alignment, matmul_alignment
from mnistgrad.pictures.diagrams.own_shapes.own_boxes import fits, own_boxes
from mnistgrad.pictures.diagrams.own_shapes.own_numbers import own_numbers
from mnistgrad.pictures.diagrams.puzzle.matrix_strip import matrix_strip
from mnistgrad.pictures.diagrams.puzzle.pixel_map import pixel_map
from mnistgrad.pictures.diagrams.puzzle.printed_tensor import print_of_rows, printed_tensor
from mnistgrad.pictures.diagrams.shapes.diagram import shape_diagram
from mnistgrad.pictures.diagrams.units.distance_map import distance_map
from mnistgrad.pictures.diagrams.units.leading_vectors import leading_vectors_diagram
from mnistgrad.pictures.diagrams.units.training_tiles import training_tiles
from mnistgrad.pictures.diagrams.units.unit_bars import unit_bars
from mnistgrad.pictures.diagrams.units.unit_map import unit_map
from mnistgrad.pictures.diagrams.units.unit_tiles import unit_tiles
from mnistgrad.pictures.diagrams.units.weight_tiles import weight_tiles
from mnistgrad.pictures.diagrams.variance.bars import deviation_bars
from mnistgrad.pictures.diagrams.variance.lanes import variance_lanes
from mnistgrad.pictures.diagrams.variance.map_images import signal_maps
from mnistgrad.pictures.diagrams.variance.map_matrix import signal_strip
from mnistgrad.pictures.diagrams.variance.map_rows import row_variance_map
from mnistgrad.pictures.diagrams.wrong_lines.added_axis import added_axis
from mnistgrad.pictures.diagrams.wrong_lines.attempt_picture import attempt_picture, shapes_picture
from mnistgrad.pictures.diagrams.wrong_lines.changed_line import changed_line
from mnistgrad.pictures.diagrams.wrong_lines.pairs_table import pairs_table
from mnistgrad.pictures.diagrams.wrong_lines.pass_results import pass_results
from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import PALETTES, Palette
from mnistgrad.trace.cells import ShownOperation, show_operation
from mnistgrad.trace.operations import Effect
from mnistgrad.trace.passes import is_outer_product, peak, scopes, shown_code
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.stored import stored_comparison

Named = Iterator[tuple[str, Picture]]
ALL_OFF = State(1, 2, seed=7)
STATES = [
    *(State(n, preset=preset) for preset in ("lesson-2019", "lesson-2022") for n in (1, 10, 1_000)),
    State(2),
    State(3, 12),
    State(10, 2, seed=3),
    State(10, 100),
    ALL_OFF,
]
ROWS = (0, 27, 30, 203, 406, 783)  # pixels at the edges and inside
KINDS: dict[str, Callable[[Palette], Named]] = {}


def shows(picture: Callable[..., Picture | None]) -> Callable[[Callable[[Palette], Named]], Callable[[Palette], Named]]:
    """Makes a generator of labelled pictures the one of that kind."""

    def add(draw: Callable[[Palette], Named]) -> Callable[[Palette], Named]:
        KINDS[picture.__name__] = draw
        return draw

    return add


def pictures(kind: str, theme: str = "light") -> Named:
    """The pictures of a kind, each with its state as a label."""
    return KINDS[kind](PALETTES[theme])


@lru_cache(maxsize=1)
def a_few() -> dict[str, Picture]:
    """By kind, its second picture, or the only one: for what takes long."""
    return {kind: list(zip(range(2), pictures(kind), strict=False))[-1][1][1] for kind in KINDS}


# The gradients


def with_w1() -> Iterator[State]:
    return (state for state in STATES if not state.weight_gradient("w1").is_zero)


@shows(column_variance_chart)
def _(palette: Palette) -> Named:
    for state in STATES:
        yield f"{state}", column_variance_chart(state.weight_gradient("w1"), palette)
    for order, chosen in product(ORDERS, (0, 33, 49)):
        yield f"{order} {chosen}", column_variance_chart(State().weight_gradient("w1"), palette, order, chosen)


@shows(singular_values_chart)
def _(palette: Palette) -> Named:
    for state in with_w1():
        yield f"{state}", singular_values_chart(state.weight_gradient("w1"), palette)


@shows(leading_vectors_diagram)
def _(palette: Palette) -> Named:
    for state in with_w1():
        found = state.weight_gradient("w1")
        yield f"{state}", leading_vectors_diagram(leading_vectors(found), found.b_g.numpy(), palette)


@shows(unit_map)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = state.weight_gradient("w1")
        copied, off = rows_of(found).copied.numpy(), found.off.nonzero().flatten().tolist()
        for unit, row in [*((found.liveliest_column, row) for row in ROWS), *((unit, 405) for unit in off[:1])]:
            yield f"{state} {unit} {row}", unit_map(found.g[:, unit].numpy(), unit, row, copied, palette)


@shows(distance_map)
def _(palette: Palette) -> Named:
    for state in with_w1():
        for row in ROWS:
            yield f"{state} {row}", distance_map(rows_of(state.weight_gradient("w1")).distances.numpy(), row, palette)


@shows(unit_bars)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = state.weight_gradient("w2")
        for row in {0, 1, state.nh - 1}:
            background = found.background * found.b_g.item()
            yield f"{state} {row}", unit_bars(found.g[:, 0].numpy(), found.copies.numpy(), background, row, palette)


@shows(unit_tiles)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = state.weight_gradient("w1")
        for chosen, limit in ((0, None), (state.nh - 1, colour_limit(state.gradients.w1))):
            yield f"{state} {chosen}", unit_tiles(found.g.numpy(), found.off.numpy(), chosen, limit, palette)


@shows(row_variance_map)
def _(palette: Palette) -> Named:
    for state in with_w1():
        found = state.weight_gradient("w1")
        for row in ROWS:
            yield f"{state} {row}", row_variance_map(row_variances(found).numpy(), found.copies.numpy(), row, palette)


@shows(variance_lanes)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = state.weight_gradient("w2")
        labels = variance_claims.lane_labels(found)
        groups = {label: found.groups[name].numpy() for name, label in labels.items()}
        spread = {label: found.variances[name].item() for name, label in labels.items()}
        for row in (0, state.nh - 1):
            yield f"{state} {row}", variance_lanes(found.g[:, 0].numpy(), groups, spread, row, palette)


def of_several() -> Iterator[State]:
    """States in which the weights of the first layer vary over the images."""
    return (state for state in STATES if state.n > 1)


@shows(signal_maps)
def _(palette: Palette) -> Named:
    for state in of_several():
        matrix, found = state.weight_gradient("w1"), image_variance(state.weight_gradient("w1"))
        unit = matrix.liveliest_column
        mean, deviation = found.mean[:, unit].numpy(), found.deviation[:, unit].numpy()
        for row in ROWS[::2]:
            yield f"{state} {row}", signal_maps(mean, deviation, matrix.copies.numpy(), unit, row, palette)


@shows(signal_strip)
def _(palette: Palette) -> Named:
    for state in of_several():
        ratio = image_variance(state.weight_gradient("w1")).signal_to_noise.numpy()
        for unit in {0, 1, state.nh // 2, state.nh - 1}:
            yield f"{state} {unit}", signal_strip(ratio, unit, palette)


@shows(deviation_bars)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = image_variance(state.weight_gradient("w2"))
        mean, deviation = found.mean[:, 0].numpy(), found.deviation[:, 0].numpy()
        for order in ("size", "number"):
            for row in (0, state.nh - 1):
                yield f"{state} {order} {row}", deviation_bars(mean, deviation, order, row, palette)


def weights() -> Iterator[tuple[str, State, OneWeight]]:
    for state in STATES:
        for layer in ("w1", "w2"):
            found = state.weight_gradient(layer)
            row = found.largest_row(found.liveliest_column)
            for at in {(row, found.liveliest_column), (0, found.liveliest_column)}:
                weight = one_weight(found, *at)
                if weight.strongest_down or weight.strongest_up:
                    yield f"{state} {layer} {at}", state, weight


@shows(terms_chart)
def _(palette: Palette) -> Named:
    for label, _, weight in [*weights()][::2]:
        yield label, terms_chart(weight, palette)


@shows(running_sum_chart)
def _(palette: Palette) -> Named:
    for label, state, weight in [*weights()][::3]:
        if state.n > 1:
            yield label, running_sum_chart(weight, palette)


@shows(image_strip)
def _(palette: Palette) -> Named:
    for label, state, weight in weights():
        images = [*weight.strongest_down, *weight.strongest_up]
        pictures, labels = state.batch.images[images], state.batch.labels[images].tolist()
        yield label, image_strip(weight, pictures, labels, palette)


def sums(layer: str) -> Iterator[tuple[str, SumSoFar, Tensor, int]]:
    """With the picture and the digit of the image added last."""
    for state in STATES:
        matrix = state.weight_gradient(layer)
        for added in {1, min(state.n, 12), state.n}:
            images = torch.arange(state.n)
            found = sum_so_far(matrix, images, added, sum_over(matrix, images[:added]))
            yield f"{state} {added}", found, state.batch.images[found.image], int(state.batch.labels[found.image])


@shows(column_build_up)
def _(palette: Palette) -> Named:
    for label, found, picture, digit in sums("w1"):
        yield label, column_build_up(found, int(found.out_g.abs().argmax()), picture, digit, palette)


@shows(matrix_build_up)
def _(palette: Palette) -> Named:
    for label, found, picture, _ in [*sums("w1")][::3]:
        yield label, matrix_build_up(found, int(found.out_g.abs().argmax()), picture, palette)


@shows(units_build_up)
def _(palette: Palette) -> Named:
    for label, found, _, digit in sums("w2"):
        yield label, units_build_up(found, digit, palette)


@lru_cache
def swept(preset: str, nh: int, seeds: tuple[int, ...], layer: str) -> dict[int, list[SweepPoint]]:
    pixels = lit_pixels(mnist().images, mnist().labels, (1, 2, 10, 100))
    found = {seed: State(preset=preset, nh=nh, seed=seed) for seed in seeds}
    return {seed: sweep(pixels, state.weights, preset == "lesson-2019")[layer].points for seed, state in found.items()}


def sweeps() -> Iterator[tuple[str, dict[int, list[SweepPoint]], str, int]]:
    """With the layer and the reader's n."""
    for preset, nh, seeds in (
        ("lesson-2019", 50, (0, 1)),
        ("lesson-2022", 50, (0,)),
        ("lesson-2022", 2, (0, 1, 2)),
        ("lesson-2019", 2, (7,)),
    ):
        for layer, n in (("w1", 1), ("w2", 100), ("w1", 10)):
            yield f"{preset} {nh} {seeds} {layer} {n}", swept(preset, nh, seeds, layer), layer, n


def show_sweeps(chart: Callable[..., Picture]) -> None:
    @shows(chart)
    def _(palette: Palette) -> Named:
        for label, points, layer, n in sweeps():
            yield label, chart(points, layer, n, palette)


for chart in (
    sweep_charts.rows_chart,
    sweep_charts.share_chart,
    sweep_charts.variance_chart,
    sweep_charts.angle_chart,
    sweep_charts.distance_chart,
):
    show_sweeps(chart)


@shows(sweep_charts.rank_chart)
def _(palette: Palette) -> Named:
    for label, points, layer, n in sweeps():
        if layer == "w1":
            yield label, sweep_charts.rank_chart(points, n, palette)


@shows(curves_chart)
def _(palette: Palette) -> Named:
    values = {0: [(1, 1.0), (10, None), (100, 4.0)]}
    curve = Curve("a curve that breaks", values, palette.ink, palette.ink)
    yield "broken", curves_chart("curves", "A curve", [curve], even_scale([0, 2, 4], str), 10, palette)


# The puzzle


@shows(printed_tensor)
def _(palette: Palette) -> Named:
    for state in STATES:
        g, limit = state.gradients.w1, colour_limit(state.gradients.w1)
        yield f"{state}", printed_tensor("print", "print(w1.g)", str(g), g, printed_indices(PIXELS), limit, palette)
        for first in (0, 405, 778):
            rows = range(first, first + 6)
            yield f"{state} {first}", printed_tensor("rows", "print(w1.g[…])", print_of_rows(g, rows), g, rows, limit, palette)


@shows(pixel_map)
def _(palette: Palette) -> Named:
    for n in (1, 10, 1_000):
        images = load_batch(n).images
        mean = images.flatten(1).double().mean(0)
        for first in (26, 405, 778) if n > 1 else (*range(0, 90, 8), 22, 26, 27, *range(90, 690, 60), *range(690, 779, 8)):
            yield f"{n} {first}", pixel_map(mean, pixel_groups(images), range(first, first + 6), palette)


@shows(matrix_strip)
def _(palette: Palette) -> Named:
    for state in (State(), State(10, 2, seed=3), ALL_OFF):
        for first in (0, 60, 405, 700, 778):
            rows, limit = range(first, first + 6), colour_limit(state.gradients.w1)
            yield f"{state} {first}", matrix_strip(state.gradients.w1, rows, limit, palette)


# The pass, step by step


@shows(code_panel)
def _(palette: Palette) -> Named:
    for scene in (Scene(ALL_OFF), *(Scene(State(50_000, 100), form) for form in FORMS)):
        for place in scene.places:
            if scene.form == "broadcast" or scene.operations[place].sets in ("w1.g", "w2.g"):
                code = shown_code(scene.operations, place)
                yield f"{scene} {place}", code_panel(code, scene.operations, place, palette)


@shows(operations_list)
def _(palette: Palette) -> Named:
    for state in (State(1), State(50, 2), State(50_000, 100)):
        for scene in (Scene(state, form) for form in FORMS):
            matmul = Scene(state, "matmul").operations
            for name, scope in scopes(scene.operations).items():
                most = matmul[peak(matmul)].live
                yield f"{scene} {name}", operations_list(scene.operations, scope, scope[-1], most, palette)


@shows(shape_diagram)
def _(palette: Palette) -> Named:
    for place in (place for state in SHAPE_STATES for place in places(state)):
        scene = place.scene
        diagram = shape_diagram(scene.operations, place.place, scene.paint, scene.window, palette)
        yield f"{scene} {place.place} {place.step.expression}", diagram


@shows(numbers_diagram)
def _(palette: Palette) -> Named:
    for scene in SCENES:
        for place in scene.places:
            diagram = numbers_diagram(scene.operations, place, scene.window, scene.cells()[1], palette)
            yield f"{scene} {place} {scene.operations[place].expression}", diagram


@shows(multiplication_table)
def _(palette: Palette) -> Named:
    for scene in SCENES:
        for place in scene.places:
            if is_outer_product(scene.operations, place):
                for chosen in scene.cells()[::2]:
                    yield (
                        f"{scene} {place} {chosen}",
                        multiplication_table(scene.operations, place, scene.window, chosen, palette),
                    )


def show_numbers(draw: Callable[..., Picture], fits: Callable[..., bool]) -> None:
    """Of the three pictures that `numbers_diagram` has for operations outside the broadcast line."""

    @shows(draw)
    def _(palette: Palette) -> Named:
        for scene in SCENES[::4]:
            for place in scene.places:
                shown = show_operation(scene.operations, place, scene.window)
                if fits(shown) and not is_outer_product(scene.operations, place):
                    yield f"{scene} {place}", draw(shown, scene.cells()[0], palette)


def is_contracted(shown: ShownOperation) -> bool:
    return shown.operation.known.effect is Effect.CONTRACTED


show_numbers(one_cell, is_contracted)
show_numbers(added_rows, lambda shown: bool(shown.letter) and not is_contracted(shown))
show_numbers(tables, lambda shown: not shown.letter and not is_contracted(shown))


@shows(thumbnails)
def _(palette: Palette) -> Named:
    images, labels = mnist().images, mnist().labels.tolist()
    for first, count, chosen in ((0, 1, (0,)), (30, 7, (33, 2)), (30, 24, (30, 37, 53)), (49_976, 24, (49_999, 49_976))):
        end = first + count
        yield f"{first} {count}", thumbnails(images[first:end], labels[first:end], first, chosen, palette)


@shows(pixel_picker)
def _(palette: Palette) -> Named:
    for scene in SCENES:
        yield f"{scene}", pixel_picker(scene.state.batch.images.flatten(1).float().mean(0), scene.window, palette)


@shows(image_switches)
def _(palette: Palette) -> Named:
    images, labels = mnist().images, mnist().labels.tolist()
    for first, count, on, current in (
        (0, 1, {0}, 0),
        (24, 13, {24, 25, 27, 30}, 27),
        (49_976, 24, {*range(49_976, 50_000)}, 49_999),
    ):
        end = first + count
        yield f"{first} {count}", image_switches(images[first:end], labels[first:end], first, on, current, palette)


# Lines of a reader's own, and lines written wrongly

TYPED = [
    *own_claims.EXAMPLES.values(),
    Typed("@", ("784", "784, 50")),
    Typed("@", ("1000, 50", "1000, 784")),
    Typed("+", ("7, 1, 5, 1000, 2, 1", "3, 1, 1, 2, 100000")),
    Typed("+", ("100000", "99999")),
    Typed("@", ("7, 5, 1, 2, 10, 4", "3, 1, 9, 6")),
    Typed("einsum", ("3, 4", "5, 4"), "bi,bi->"),
    Typed("einsum", ("3, 4", "1, 4"), "bi,bi->"),
    Typed("einsum", ("100000, 784", "100000, 50"), "bi,bj->ij"),
    Typed("+", ("3, 4", "4")),
    Typed("-", ("3, 1", "3")),
    Typed("*", ("1, 1, 5", "7, 1, 1")),
    Typed("@", ("3, 4", "4, 2")),
    Typed("@", ("2, 3, 4", "4, 2")),
    Typed("einsum", ("3, 4", "4, 3"), "ij,ji->ij"),
    Typed("@", ("5", "5")),
    Typed("einsum", ("3, 4", "3, 4"), "ij,ij->"),
    Typed("+", ("5", "1")),
]


def typed(fitting: Callable[[OwnOperation], bool]) -> Iterator[tuple[str, OwnOperation]]:
    operations = [(f"{line.sign} {line.shapes} {line.equation}", own_operation(line)) for line in TYPED]
    return ((label, operation) for label, operation in operations if fitting(operation))


@shows(alignment)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: o.sign in "+-*"):
        for named in (False, True):
            yield f"{label} {named}", alignment(operation.operands, operation.expression, palette, named=named)


@shows(matmul_alignment)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: o.sign == "@"):
        for named in (False, True):
            yield f"{label} {named}", matmul_alignment(operation.operands, operation.expression, palette, named=named)


@shows(einsum_alignment)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: bool(o.equation)):
        yield label, einsum_alignment(operation.operands, str(operation.equation), operation.expression, palette)


@shows(own_boxes)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: not o.clashes and fits(o)):
        yield label, own_boxes(operation, palette)


@shows(own_numbers)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: not o.clashes and o.is_small):
        values = [counted(operand.shape) for operand in operation.operands]
        yield label, own_numbers(operation, values, own_result(operation, values), palette)


@lru_cache(maxsize=128)
def studied(name: str, state: State) -> Study:
    return study(WRONG_LINES[name], state.batch, state.weights)


def studies() -> Iterator[tuple[str, State, Study]]:
    for state in (State(1, 6), State(3, 6), State(50, 6), State(784, 6), State(1_000, 100)):
        for name in WRONG_LINES:
            yield f"{name} {state}", state, studied(name, state)


@shows(attempt_picture)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        for attempt in found.attempts:
            if picture := attempt_picture("call", attempt, palette):
                yield f"{label} {attempt.call}", picture


@shows(added_axis)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        for attempt in found.attempts:
            if not attempt.refused and attempt.line[-1].name in ("sum", "mean") and attempt.line[-1].arguments:
                yield f"{label} {attempt.call}", added_axis("call", attempt.line[-1], attempt.lesson[-1], "w1.g", palette)


@shows(shapes_picture)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        if found.refused:
            yield label, shapes_picture("stop", found.refused, palette)


@shows(changed_line)
def _(palette: Palette) -> Named:
    for name, mistake in WRONG_LINES.items():
        pairs = [(right.text.strip(), wrong.text.strip()) for right, wrong in changed_lines(mistake)]
        yield name, changed_line("line", pairs, palette)


@shows(pairs_table)
def _(palette: Palette) -> Named:
    for label, state, found in studies():
        if found.pairs:
            yield label, pairs_table("pairs", found.pairs, state.batch.images, state.n, palette)


@shows(pass_results)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        yield label, pass_results("pass", found.results, palette)


# Cost and training


@lru_cache
def costs() -> dict[str, Measurement]:
    return {
        "stored": stored_measurement(),
        "small": measurements.made_up(MeasurementPlan(largest=100, budget=10**6)),
        "wide": measurements.made_up(MeasurementPlan(nh=100, budget=10**8)),
        "blind": measurements.made_up(MeasurementPlan(largest=1_000), memory=False),
    }


def show_costs(chart: Callable[..., Picture]) -> None:
    @shows(chart)
    def _(palette: Palette) -> Named:
        for name, found in costs().items():
            for methods in (LINE, PASS):
                n = 1 if methods is LINE else 1_000
                yield f"{name} {methods} {n}", chart(found, methods, n, "line", palette)


show_costs(time_chart)
show_costs(memory_chart)


@shows(cost_counts)
def _(palette: Palette) -> Named:
    for n, nh in ((1, 50), (1, 2), (1_000, 50), (50_000, 100), (3, 2)):
        yield f"{n} {nh}", cost_counts(n, nh, palette)


@lru_cache
def trainings() -> dict[str, Comparison]:
    return {
        "stored": stored_comparison("cross-entropy"),
        "mse": stored_comparison("mse"),
        "small": measured(),
        "diverged": made_up({"true": [None, None], "rank-1": [None, 0.4], "frozen": [0.3, 0.32]}),
        "all diverged": made_up({"true": [None], "rank-1": [None]}),
        "one": made_up({"true": [0.9]}),
    }


def show_trainings(chart: Callable[..., Picture]) -> None:
    @shows(chart)
    def _(palette: Palette) -> Named:
        for name, found in trainings().items():
            yield name, chart(found, palette)


show_trainings(accuracy_chart)
show_trainings(loss_chart)


@shows(training_tiles)
def _(palette: Palette) -> Named:
    for name, found in trainings().items():
        if found.after:
            for after in (False, True):
                yield f"{name} {after}", training_tiles(found, after, palette)


@shows(weight_tiles)
def _(palette: Palette) -> Named:
    rows = {"at the start": np.zeros((PIXELS, 3)), "after": np.linspace(-1, 1, 3 * PIXELS).reshape(PIXELS, 3)}
    yield "two rows", weight_tiles("tiles", rows, {"at the start": 0.0, "after": 1.0}, palette)
