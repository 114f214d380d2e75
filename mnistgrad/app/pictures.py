"""Every picture of the pages, kept by small plain keys. They are shared by all sessions and must not be changed."""

import streamlit as st

from mnistgrad import lesson
from mnistgrad.analysis import EDGE_ITEMS, printed_indices
from mnistgrad.app import results
from mnistgrad.app.controls import State
from mnistgrad.charts.column_variance import column_variance_chart
from mnistgrad.charts.look import Chart
from mnistgrad.data import PIXELS
from mnistgrad.diagrams.code_panel import code_panel
from mnistgrad.diagrams.matrix_strip import matrix_strip
from mnistgrad.diagrams.multiplication_table import multiplication_table
from mnistgrad.diagrams.pixel_map import pixel_map
from mnistgrad.diagrams.printed_tensor import print_of_rows, printed_tensor
from mnistgrad.diagrams.steps import roles_of, step_diagram
from mnistgrad.diagrams.svg import Diagram
from mnistgrad.palette import PALETTES
from mnistgrad.source import code_lines

KEPT = 64  # of each picture
SHOWN = (lesson.lin_grad, lesson.forward_and_backward)
kept = st.cache_resource(max_entries=KEPT, show_spinner=False)


def moved_rows(first: int) -> list[int]:
    """As many rows as print shows of the whole matrix."""
    return list(range(first, first + 2 * EDGE_ITEMS))


@kept
def print_picture(state: State, theme: str) -> Diagram:
    found = results.examination_of(state)
    g = found.grads.w1
    return printed_tensor("print", "print(w1.g)", str(g), g, printed_indices(PIXELS), found.colour_limit, PALETTES[theme])


@kept
def rows_picture(state: State, first: int, theme: str) -> Diagram:
    found, rows = results.examination_of(state), moved_rows(first)
    g, end = found.grads.w1, rows[-1] + 1
    shortened = "  # columns shortened as above" if g.shape[1] > 2 * EDGE_ITEMS else ""
    command = f"print(w1.g[{first}:{end}]){shortened}"
    return printed_tensor(
        f"print-rows-{first}-{end - 1}",
        command,
        print_of_rows(g, rows),
        g,
        rows,
        found.colour_limit,
        PALETTES[theme],
    )


@kept
def map_picture(n: int, first: int, theme: str) -> Diagram:
    return pixel_map(results.mean_image_of(n), results.groups_of(n), moved_rows(first), PALETTES[theme])


@kept
def strip_picture(state: State, first: int, theme: str) -> Diagram:
    found = results.examination_of(state)
    return matrix_strip(found.grads.w1, moved_rows(first), found.colour_limit, PALETTES[theme])


@kept
def variance_picture(state: State, theme: str) -> Chart:
    return column_variance_chart(results.examination_of(state), PALETTES[theme])


@kept
def code_picture(state: State, place: int, theme: str) -> Diagram:
    lines = [line for function in SHOWN for line in code_lines(function)]
    return code_panel(lines, results.steps_of(state), place - 1, PALETTES[theme])


@kept
def shapes_picture(state: State, place: int, theme: str) -> Diagram:
    steps = results.steps_of(state)
    return step_diagram(steps[place - 1], roles_of(steps), results.paint_of(state), results.window_of(state), PALETTES[theme])


@kept
def numbers_picture(state: State, place: int, theme: str) -> Diagram:
    return multiplication_table(results.window_of(state), place, PALETTES[theme])
