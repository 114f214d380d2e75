"""What a window shows of an operation: the whole batch's numbers at the indices it names, and what a cell is made of."""

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loops import over
from passes import SCENES, Scene, cell_at, each_scene, taken

from mnistgrad.trace.cells import NumberScale, Terms, in_callers_words, liveliest_cell, scale_of, show_operation

CONTRACTED = {"lin(inp, w1, b1)": "i", "lin(l2, w2, b2)": "j", "lin_grad(l2, out, w2, b2)": "k", "lin_grad(inp, l1, w1, b1)": "j"}


def close(one: np.ndarray, other: np.ndarray, largest: float) -> None:
    """Equal but for what float32 rounds off."""
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=2e-5 * (largest or 1))


@each_scene
def test_every_table_is_a_piece_of_the_whole_batchs_tensor(scene: Scene) -> None:
    for place in scene.places:
        shown = show_operation(scene.operations, place, scene.window)
        for table in (*shown.operands, shown.result):
            whole = scene.value(place, table.text)
            close(table.values, taken(whole, table.indices), whole.double().abs().max().item())
            wanted = {"n": scene.window.images, "i": scene.window.pixels, "j": scene.window.units, "k": (0,)}
            for letter, indices, size in zip(table.axes, table.indices, whole.shape, strict=True):
                assert indices == (wanted[letter] if size > 1 or letter == "n" else (0,))


@each_scene
def test_a_cell_is_read_at_its_own_indices(scene: Scene) -> None:
    for place in scene.places:
        shown = show_operation(scene.operations, place, scene.window)
        for chosen in scene.cells():
            for table in (*shown.operands, shown.result):
                whole = scene.value(place, table.text)
                at = table.index(chosen)
                assert table.at(chosen) == table.values[table.position(chosen)]
                close(np.array(table.at(chosen)), whole[at].double().numpy(), whole.double().abs().max().item())
                theirs = {"n": chosen.image, "i": chosen.pixel, "j": chosen.unit, "k": 0}
                assert all(index in (theirs[letter], 0) for letter, index in zip(table.axes, at, strict=True))


def shown_terms(scene: Scene) -> list[tuple[int, Terms]]:
    return [
        (place, shown.terms(scene.cells()[1]))
        for place in scene.places
        if (shown := show_operation(scene.operations, place, scene.window)).letter
    ]


@each_scene
def test_terms_are_the_real_factors_and_lack_only_what_is_counted(scene: Scene) -> None:
    chosen = scene.cells()[1]
    for place, terms in shown_terms(scene):
        step, products = scene.operations[place], []
        for operand, factor in zip(step.operands, terms.factors, strict=True):
            at = tuple(
                slice(None) if a == terms.letter else 0 if s == 1 and a != "n" else chosen.index(a)
                for a, s in zip(operand.axes, operand.shape, strict=True)
            )
            whole = scene.value(place, operand.text)[at].double().numpy()
            close(factor, whole[list(terms.indices)], float(np.abs(whole).max()))
            products.append(whole)
        total = np.prod(products, axis=0)
        assert len(terms.indices) + terms.left_out == terms.size == len(total)
        close(np.array(terms.added), np.array(total[list(terms.indices)].sum()), float(np.abs(total).sum()))
        result = show_operation(scene.operations, place, scene.window).result.at(chosen)
        whole_sum = total.sum() / (scene.n if step.name == "mean" else 1)
        close(np.array(result), np.array(whole_sum), float(np.abs(total).sum()))


@each_scene
def test_terms_of_the_window_are_among_at_most_eight_neighbours(scene: Scene) -> None:
    for _, terms in shown_terms(scene):
        inside = scene.window.indices(terms.letter)
        assert set(inside) <= set(terms.indices) <= set(range(terms.size)) and len(set(terms.indices)) == len(terms.indices)
        if terms.letter == "n":
            assert terms.indices == scene.window.images
            continue
        assert len(terms.indices) == min(8, terms.size)
        assert list(terms.indices) == list(range(terms.indices[0], terms.indices[-1] + 1))
        if terms.letter == "i":
            assert terms.indices[0] // 28 == terms.indices[-1] // 28


def test_only_products_and_sums_add_up_along_an_axis() -> None:
    for scene in SCENES:
        for place in scene.places:
            step = scene.operations[place]
            letter = show_operation(scene.operations, place, scene.window).letter
            if step.name in ("sum", "mean", "einsum") or "inp.t() @" in step.expression:
                assert letter == "n"
            elif step.name == "matmul":
                assert letter == CONTRACTED[step.caller]
            else:
                assert letter == ""


@each_scene
def test_a_clicked_cell_is_the_one_at_its_flat_index(scene: Scene) -> None:
    start = scene.cells()[0]
    for place in scene.places:
        result = show_operation(scene.operations, place, scene.window).result
        for row in range(result.values.size):
            cell = cell_at(scene.operations, place, scene.window, row, start)
            assert result.at(cell) == result.values.ravel()[row]
            assert (
                result.index(cell)
                == tuple(
                    indices[at] for indices, at in zip(result.indices, np.unravel_index(row, result.values.shape), strict=True)
                )
                if result.axes
                else cell == start
            )
            kept = {"n": (start.image, cell.image), "i": (start.pixel, cell.pixel), "j": (start.unit, cell.unit)}
            assert all(before == after for letter, (before, after) in kept.items() if letter not in result.axes)
        for row in (-1, result.values.size):
            with pytest.raises(ValueError):
                cell_at(scene.operations, place, scene.window, row, start)


@each_scene
def test_a_reader_starts_at_the_largest_product(scene: Scene) -> None:
    cell, window = liveliest_cell(scene.window), scene.window
    products = {
        (image, pixel, unit): abs(scene.real["inp"][image, pixel].item() * scene.real["l1.g"][image, unit].item())
        for image in window.images
        for pixel in window.pixels
        for unit in window.units
    }
    assert products[cell.image, cell.pixel, cell.unit] >= 0.9999 * max(products.values())


@each_scene
def test_numbers_that_are_compared_share_a_scale(scene: Scene) -> None:
    for place in scene.places:
        shown = show_operation(scene.operations, place, scene.window)
        tables = [*shown.operands, shown.result]
        if scene.operations[place].name in ("add", "sub", "clamp_min", "squeeze", "unsqueeze", "t"):
            assert len({table.scale for table in tables}) == 1
        for table in tables:
            assert np.abs(table.values).max() <= table.scale.limit * (1 + 1e-6)
            if scene.operations[place].name != "mul" and not table.scale.boolean and not shown.letter:
                assert table.scale.limit == 0 or 0.0999 <= table.scale.limit / 10.0**table.scale.power <= 100.01


@each_scene
def test_parts_and_their_sum_are_counted_in_one_unit(scene: Scene) -> None:
    for place in scene.places:
        shown = show_operation(scene.operations, place, scene.window)
        if not shown.letter:
            continue
        parts = shown.operands if len(shown.operands) == 1 else ()
        terms = shown.terms(liveliest_cell(scene.window))
        powers = {table.scale.power for table in (*parts, shown.result)} | {terms.scale.power}
        assert len(powers) == 1
        assert len(shown.result.scale.text(shown.total_limit)) <= len("+999,999")
        assert not np.abs(terms.products).max() > 100.01 * 10.0 ** max(powers)


def test_a_mask_leaves_the_unit_of_the_gradient_as_it_is() -> None:
    for scene in SCENES:
        for place in scene.places:
            if scene.operations[place].function == "relu_grad" and scene.operations[place].name == "mul":
                shown = show_operation(scene.operations, place, scene.window)
                assert (
                    shown.operands[1].scale.power == shown.result.scale.power
                    or not shown.result.values.any()
                    or (shown.result.scale.limit < 0.1 * 10.0 ** shown.operands[1].scale.power)
                )


@given(st.lists(st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-9), min_size=1, max_size=9))
def test_scale_brings_the_largest_number_between_a_tenth_and_a_hundred(values: list[float]) -> None:
    scale = scale_of(np.array(values))
    assert scale.limit == max(map(abs, values)) and scale.signed == (min(values) < 0)
    assert scale.power % 3 == 0 and (not any(values) or 0.0999 <= scale.limit / 10.0**scale.power <= 100.01)


def test_numbers_are_written_short_in_cells_and_long_in_arithmetic() -> None:
    scale = NumberScale(-3, 0.0133, signed=True)
    assert [scale.text(v) for v in (0.00123, -0.0133, 0, 1e-7)] == ["+1.23", "−13.3", "0", "0.00"]
    assert scale.exact(-0.0009123) == "−0.9123 thousandths" and scale.exact(0.0) == "0"
    assert NumberScale(-9).exact(4e-9) == "4.0000 times 10⁻⁹"
    assert NumberScale(boolean=True).text(1.0) == "on" and NumberScale(boolean=True).exact(0.0) == "False"
    assert scale_of(np.array([5.0, 0.0])).text(5.0) == "5"


@over(
    ("text", "names", "theirs"),
    [
        ("out.g @ w.t()", {"out": "l1", "w": "w1"}, "l1.g @ w1.t()"),
        ("(inp > 0).float() * out.g", {"inp": "l1", "out": "l2"}, "(l1 > 0).float() * l2.g"),
        ("out.squeeze(-1) - inp", {"inp": "out", "out": "inp"}, "inp.squeeze(-1) - out"),
        ("a.x + x", {"x": "b"}, "a.x + b"),
    ],
)
def test_names_are_the_callers(text: str, names: dict[str, str], theirs: str) -> None:
    assert in_callers_words(text, names) == theirs


def test_tables_have_the_sizes_of_the_window() -> None:
    for scene in SCENES:
        sizes = {"n": len(scene.window.images), "i": 5, "j": min(scene.nh, 4), "k": 1}
        for place in scene.places:
            result = show_operation(scene.operations, place, scene.window).result
            if "unsqueeze" not in result.text:
                assert result.values.size == prod(sizes[letter] for letter in result.axes)
