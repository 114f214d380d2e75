"""Every picture of the pages, kept by small plain keys. They are shared by all sessions and must not be changed."""

import math

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import PICTURES
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import kind_of
from mnistgrad.common.tensors import printed
from mnistgrad.cost.measurement import Measurement
from mnistgrad.gradient.statistics import EDGE_ITEMS, colour_limit, printed_indices
from mnistgrad.network.data import PIXELS
from mnistgrad.pictures.charts.column_variance import column_variance_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.training import small_accuracy_chart
from mnistgrad.pictures.diagrams.debugger.code_panel import code_panel
from mnistgrad.pictures.diagrams.debugger.operations_list import operations_list
from mnistgrad.pictures.diagrams.images.window_pickers import pixel_picker, thumbnails
from mnistgrad.pictures.diagrams.numbers.number_tables import numbers_diagram
from mnistgrad.pictures.diagrams.puzzle.pixel_map import pixel_map
from mnistgrad.pictures.diagrams.puzzle.printed_tensor import print_of_rows, printed_tensor
from mnistgrad.pictures.diagrams.shapes.diagram import shape_diagram
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.two_products import two_products
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.cells import Chosen
from mnistgrad.trace.passes import peak, scopes, shown_code
from mnistgrad.trace.window import Pick
from mnistgrad.training.stored import stored_comparison

THUMBNAILS = 24


def moved_rows(first: int) -> list[int]:
    """As many rows as print shows of the whole matrix."""
    return list(range(first, first + 2 * EDGE_ITEMS))


@PICTURES.keep
def print_picture(state: State, theme: str) -> Diagram:
    g = results.gradients_of(state).w1
    return printed_tensor("print", "print(w1.g)", printed(g), g, printed_indices(PIXELS), colour_limit(g), PALETTES[theme])


@PICTURES.keep
def rows_picture(state: State, first: int, theme: str) -> Diagram:
    g, rows = results.gradients_of(state).w1, moved_rows(first)
    end = rows[-1] + 1
    shortened = "  # columns shortened as above" if g.shape[1] > 2 * EDGE_ITEMS else ""
    command = f"print(w1.g[{first}:{end}]){shortened}"
    return printed_tensor(
        f"print-rows-{first}-{end - 1}",
        command,
        print_of_rows(g, rows),
        g,
        rows,
        colour_limit(g),
        PALETTES[theme],
    )


@PICTURES.keep
def map_picture(images: str, n: int, first: int, theme: str) -> Diagram:
    return pixel_map(results.mean_image_of(images, n), results.groups_of(images, n), moved_rows(first), PALETTES[theme])


@PICTURES.keep
def variance_picture(state: State, theme: str) -> Chart:
    return column_variance_chart(results.weight_gradient(state, "w1"), PALETTES[theme])


@PICTURES.keep
def code_picture(n: int, nh: int, preset: str, form: str, place: int, theme: str) -> Diagram:
    operations = results.operations_of(n, nh, preset, form)
    return code_panel(shown_code(operations, place), operations, place, PALETTES[theme])


@PICTURES.keep
def shapes_picture(state: State, form: str, place: int, pick: Pick, theme: str) -> Diagram:
    operations, window = results.pass_of(state, form), results.window_of(state, form, pick)
    return shape_diagram(operations, place, results.paint_of(state, form), window, PALETTES[theme])


@PICTURES.keep
def numbers_picture(state: State, form: str, place: int, pick: Pick, chosen: Chosen, theme: str) -> Diagram:
    operations, window = results.pass_of(state, form), results.window_of(state, form, pick)
    if PALETTES[theme].tall < math.inf:  # one image has room on a slide
        window = results.window_of(state, form, Pick((chosen.image,), window.pixels[0], window.units[0]))
    return numbers_diagram(operations, place, window, chosen, PALETTES[theme])


@PICTURES.keep
def thumbnails_picture(images: str, n: int, first: int, chosen: tuple[int, ...], theme: str) -> Diagram:
    start, pictures, labels = results.images_from(images, n, first, THUMBNAILS)
    return thumbnails(pictures, labels, start, chosen, PALETTES[theme], kind_of(images))


@PICTURES.keep
def pixel_picker_picture(state: State, form: str, pick: Pick, theme: str) -> Diagram:
    return pixel_picker(results.mean_image_of(state.images, state.n), results.window_of(state, form, pick), PALETTES[theme])


@PICTURES.keep
def operations_picture(n: int, nh: int, preset: str, form: str, scope: str, place: int, theme: str) -> Diagram:
    operations, matmul = results.operations_of(n, nh, preset, form), results.operations_of(n, nh, preset, "matmul")
    most = matmul[peak(matmul)].live
    return operations_list(operations, scopes(operations)[scope], place, most, PALETTES[theme])


@PICTURES.keep
def two_products_picture(found: Measurement | None, n: int, nh: int, theme: str) -> Diagram:
    return two_products(n, nh, found, PALETTES[theme])


@PICTURES.keep
def five_curves_picture(theme: str) -> Chart:
    """Of the stored result. Raises DataFileError."""
    return small_accuracy_chart(stored_comparison("cross-entropy"), PALETTES[theme])
