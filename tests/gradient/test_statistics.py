"""What is said of a gradient's rows, columns and rank, against slower ways to find the same."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from torch import Tensor

from mnistgrad import column_variance, load_batch
from mnistgrad.gradient.statistics import distinct_rows, equality_tolerance, pixel_groups, printed_indices, spectrum, units_off

several = settings(max_examples=30, derandomize=True)
size = st.integers(1, 8)
seed = st.integers(0, 10_000)


def matrix(rows: int, columns: int, seed: int = 0) -> Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_column_variance_by_hand() -> None:
    g = torch.tensor([[1.0, 5.0], [3.0, 5.0], [8.0, 5.0]])
    assert column_variance(g).tolist() == pytest.approx([26 / 3, 0])  # mean 4: 9 + 1 + 16, over 3
    assert column_variance(g, [0, 1]).tolist() == [1, 0]


@several
@given(rows=size, columns=size, seed=seed)
def test_column_variance_is_numpys_population_variance(rows: int, columns: int, seed: int) -> None:
    g = matrix(rows, columns, seed)
    np.testing.assert_allclose(column_variance(g).numpy(), np.var(g.numpy(), axis=0), atol=1e-14)


def test_column_variance_of_chosen_rows_is_the_same_by_list_by_tensor_and_by_mask() -> None:
    g = matrix(6, 3)
    chosen = column_variance(g[[1, 4, 5]])
    mask = torch.tensor([False, True, False, False, True, True])
    for rows in ([1, 4, 5], torch.tensor([1, 4, 5]), mask, mask.tolist()):
        assert torch.equal(column_variance(g, rows), chosen)


@over("copies", [2, 3, 6, 7, 200])
def test_copies_of_a_row_have_a_variance_of_exactly_zero(copies: int) -> None:
    row = matrix(1, 1_000).float()
    assert not column_variance(row.expand(copies, -1)).any()


def test_one_row_has_no_variance() -> None:
    assert column_variance(matrix(6, 3), [2]).tolist() == [0, 0, 0]


@over("rows", [torch.tensor([], dtype=torch.long), torch.zeros(6, dtype=torch.bool)])
def test_no_chosen_row_is_refused(rows: Tensor) -> None:
    with pytest.raises(ValueError, match="rows chooses no row; at least one is needed"):
        column_variance(matrix(6, 3), rows)


def test_an_empty_list_of_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="rows chooses no row"):
        column_variance(matrix(6, 3), [])


@over("shape", [(4,), (2, 3, 4), ()])
def test_what_is_no_matrix_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(f"g has shape {shape}; allowed is (rows, columns)")):
        column_variance(torch.zeros(shape))


def test_pixel_groups_of_two_small_images() -> None:
    images = torch.tensor([[[0, 9], [4, 0]], [[0, 9], [5, 1]]], dtype=torch.uint8)
    groups = pixel_groups(images)
    assert groups.black.tolist() == [True, False, False, False]
    assert groups.constant.tolist() == [True, True, False, False]
    assert groups.lit.tolist() == [False, True, True, True]


@over("n", [1, 2, 40])
def test_every_pixel_is_black_or_lit_and_black_pixels_are_constant(n: int) -> None:
    groups = pixel_groups(load_batch(n).images)
    assert torch.equal(groups.black, ~groups.lit)
    assert not (groups.black & ~groups.constant).any()
    assert groups.constant.all() == (n == 1)


def test_more_images_leave_fewer_pixels_black_and_fewer_constant() -> None:
    images = load_batch(300).images
    few, many = pixel_groups(images[:30]), pixel_groups(images)
    assert not (many.black & ~few.black).any()
    assert not (many.constant & ~few.constant).any()


@several
@given(rows=size, columns=size, copies=st.integers(1, 5), seed=seed)
def test_tiling_rows_adds_no_distinct_row(rows: int, columns: int, copies: int, seed: int) -> None:
    g = matrix(rows, columns, seed)
    order = torch.randperm(rows * copies, generator=torch.Generator().manual_seed(seed))
    assert distinct_rows(g) == rows
    assert distinct_rows(g.repeat(copies, 1)[order]) == rows


def test_rows_that_differ_by_rounding_are_one_and_by_more_are_two() -> None:
    g = torch.tensor([[1.0, 1000.0], [1.0, 1000.0]], dtype=torch.float64)
    tolerance = equality_tolerance(g)
    for difference, distinct in ((0.9 * tolerance, 1), (1.2 * tolerance, 2)):
        moved = g.clone()
        moved[1, 0] += difference
        assert distinct_rows(moved) == distinct


def test_rows_that_differ_in_one_entry_only_are_distinct() -> None:
    g = torch.ones(4, 50, dtype=torch.float64)
    g[2, 49] = 1.001
    assert distinct_rows(g) == 2


def test_a_part_of_a_matrix_is_judged_by_the_whole_matrixs_tolerance() -> None:
    part = torch.tensor([[1e-12], [2e-12]], dtype=torch.float64)
    whole = torch.cat([part, torch.ones(1, 1, dtype=torch.float64)])
    assert distinct_rows(part) == 2
    assert distinct_rows(part, whole) == 1


@several
@given(rows=st.integers(4, 9), columns=st.integers(4, 9), rank=st.integers(0, 4), seed=seed)
def test_rank_is_that_of_the_factors(rows: int, columns: int, rank: int, seed: int) -> None:
    g = matrix(rows, rank, seed) @ matrix(rank, columns, seed + 1)
    assert spectrum(g).rank == rank == torch.linalg.matrix_rank(g)


@over(("second", "rank"), [(1e-10, 2), (1e-14, 2), (1e-17, 1)])
def test_a_small_singular_value_counts_until_it_drowns_in_rounding(second: float, rank: int) -> None:
    g = torch.diag(torch.tensor([1.0, second], dtype=torch.float64))
    assert spectrum(g).rank == rank == torch.linalg.matrix_rank(g)


def test_shares_are_of_the_squared_norm() -> None:
    found = spectrum(torch.diag(torch.tensor([3.0, 4.0], dtype=torch.float64)))
    assert found.values.tolist() == pytest.approx([4, 3])
    assert found.first_share == pytest.approx(16 / 25)
    assert found.copied_row_share == pytest.approx(12.5 / 25)  # the mean row, (1.5, 2), twice


@several
@given(rows=size, columns=size, seed=seed)
def test_first_share_is_that_of_the_best_outer_product(rows: int, columns: int, seed: int) -> None:
    g = matrix(rows, columns, seed)
    u, s, vh = torch.linalg.svd(g, full_matrices=False)
    left_over = (g - s[0] * torch.outer(u[:, 0], vh[0])).square().sum() / g.square().sum()
    assert spectrum(g).first_share == pytest.approx(1 - left_over.item(), abs=1e-12)


@several
@given(rows=size, columns=size, seed=seed)
def test_copied_row_share_is_that_of_the_best_copied_row(rows: int, columns: int, seed: int) -> None:
    g = matrix(rows, columns, seed)
    best = torch.linalg.lstsq(torch.ones(rows, 1, dtype=torch.float64), g).solution
    left_over = (g - best).square().sum() / g.square().sum()
    assert spectrum(g).copied_row_share == pytest.approx(1 - left_over.item(), abs=1e-12)


def test_a_matrix_of_one_copied_row_is_all_copied_row_and_all_outer_product() -> None:
    found = spectrum(matrix(1, 5).repeat(7, 1))
    assert found.rank == 1
    assert found.first_share == pytest.approx(1)
    assert found.copied_row_share == pytest.approx(1)


def test_a_zero_matrix_has_rank_0_no_shares_and_one_row() -> None:
    zero = torch.zeros(5, 3, dtype=torch.float64)
    found = spectrum(zero)
    assert (found.rank, found.first_share, found.copied_row_share) == (0, 0, 0)
    assert distinct_rows(zero) == 1


@over(("rows", "columns"), [(784, 50), (784, 7), (784, 6), (400, 5), (784, 200)])
def test_printed_indices_are_those_that_torch_prints(rows: int, columns: int) -> None:
    lines = [
        [int(digits) for digits in re.findall(r"\d+", line)]
        for line in str(torch.arange(rows * columns).view(rows, columns)).splitlines()
    ]
    printed = [line for line in lines if line]
    assert sorted({value // columns for line in printed for value in line}) == printed_indices(rows)
    assert sorted({value % columns for line in printed for value in line}) == printed_indices(columns)


def test_units_off_are_those_without_a_gradient_for_any_image() -> None:
    l1_g = torch.tensor([[0.0, 0.0, 1.0], [0.0, -2.0, 3.0]])
    assert units_off(l1_g).tolist() == [True, False, False]
