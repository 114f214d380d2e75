"""What is said of any operation, against what torch does: over random sizes, each axis of a size of its own."""

import re

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import recorded
from loops import over

from mnistgrad.captions.fates import gone_axes, repeated_axes
from mnistgrad.captions.fed import number_text, term_text
from mnistgrad.captions.general import general_sentence
from mnistgrad.trace.operation import Operation

sizes = st.lists(st.integers(1, 5), min_size=3, max_size=3)


def last(function, *tensors: torch.Tensor, **axes: str) -> Operation:
    return recorded(function, tensors, axes)[-1].operation


def numbers_in(sentence: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\b[\d,]*\d\b", sentence)]


@settings(max_examples=25)
@given(sizes, st.sets(st.integers(0, 2), min_size=1, max_size=3), st.booleans())
def test_a_sum_says_how_many_numbers_become_one_and_along_which_axes(shape: list[int], dims: set[int], keepdim: bool) -> None:
    step = last(lambda x: x.sum(tuple(dims), keepdim=keepdim), torch.ones(shape), x="n i j")
    says = general_sentence(step)
    added = int(torch.ones(shape).sum(tuple(dims)).reshape(-1)[0])
    named = [letter for place, letter in enumerate("nij") if place in dims and (not keepdim or shape[place] > 1)]
    if named:
        assert re.match(r"([nij](?:(?:, | and )[nij])*) (is|are) added up", says), says
        assert set(re.findall(r"\b[nij]\b", says.split(" added up")[0])) == set(named)
    assert added == 1 or f"{added} numbers become one" in says
    assert ("The axis stays" in says) is (keepdim and bool(named))


@settings(max_examples=25)
@given(sizes)
def test_a_product_says_how_many_products_are_added_up(shape: list[int]) -> None:
    n, i, j = shape
    step = last(lambda a, b: a @ b, torch.ones(n, i), torch.ones(i, j), a="n i", b="i j")
    says = general_sentence(step)
    assert "Along i pairs are multiplied" in says and says.endswith("i is used up.")
    assert (f"{i} products added up" in says) is (i > 1)
    assert gone_axes(step) == ((1,), (0,))


def test_products_of_a_tensor_with_itself_still_tell_the_axis_that_is_gone() -> None:
    step = last(lambda x: x @ x.t(), torch.ones(3, 4), x="n j")
    assert step.axes == ("n", "n") and gone_axes(step) == ((1,), (0,))
    step = last(lambda x, y: torch.einsum("abc,acd->abd", x, y), torch.ones(2, 3, 3), torch.ones(2, 3, 5), x="n j j", y="n j k")
    assert gone_axes(step) == ((2,), (1,)) and "3 products" in general_sentence(step)
    step = last(lambda x: (x @ x.t()).sum(1), torch.ones(3, 4), x="n j")
    assert gone_axes(step) == ((1,),) and "3 numbers become one" in general_sentence(step)


@settings(max_examples=25)
@given(sizes, st.lists(st.booleans(), min_size=3, max_size=3), st.integers(0, 2))
def test_what_broadcasting_repeats_is_said_with_its_times(shape: list[int], thin: list[bool], cut: int) -> None:
    small = [1 if one else size for size, one in zip(shape, thin, strict=True)][cut:]
    step = last(lambda x, y: x * y, torch.ones(shape), torch.ones(small), x="n i j", y=" ".join("nij"[cut:]))
    padded = [1] * cut + small
    expected = [(letter, size) for letter, size, own in zip("nij", shape, padded, strict=True) if size > 1 and own == 1]
    assert repeated_axes(step, step.operands[1]) == expected and not repeated_axes(step, step.operands[0])
    says = general_sentence(step)
    assert all(f"{size:,} times along {letter}" in says for letter, size in expected) and ("repeated" in says) is bool(expected)


PLAIN = {
    "x.exp()": "e to the power",
    "x.relu()": "becomes 0",
    "x > 1": "greater than 1",
    "x.view(-1)": "read in order",
    "x.unsqueeze(0)": "one axis more",
    "x.argmax(1)": "place of one",
    "x.max(1)[1]": "place of one",
    "torch.nn.functional.layer_norm(x, [3])": "less a mean",
    "torch.softmax(x, 1)": "add up to 1",
    "torch.cat([x, x])": "2 + 2 = 4",
    "torch.stack([x, x])": "new axis",
    "x[:, :1]": "by their index",
    "torch.zeros(2)": "All 0",
    "x.sort()[0]": "in order of size",
    "torch.linalg.pinv(x)": "Shapes in, shapes out",
    "torch.nn.functional.mse_loss(x, x)": "squared differences",
}


@over("code", PLAIN)
def test_each_kind_of_operation_is_said_as_what_it_does(code: str) -> None:
    run = eval(f"lambda x: {code}", {"torch": torch})
    sentences = [frame.says for frame in recorded(run, [torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])])]
    assert any(PLAIN[code] in sentence for sentence in sentences), sentences
    for sentence in sentences:
        assert sentence.endswith(".") and sentence.count("`") % 2 == 0 and "  " not in sentence


@over(
    ("value", "text"),
    [
        (True, "True"),
        (-1_234_567, "−1,234,567"),
        (float("nan"), "nan"),
        (float("-inf"), "−inf"),
        (0.0, "0"),
        (-0.0023, "−0.00230"),
        (complex(1.5, -2), "1.50 − 2.00i"),
    ],
)
def test_numbers_of_every_kind_are_written_as_what_they_are(value: object, text: str) -> None:
    assert number_text(value) == text


def test_terms_are_written_out_so_that_they_can_be_checked() -> None:
    x, y = torch.tensor([[0.5, -0.25]]), torch.tensor([[2.0], [8.0]])
    product = last(lambda x, y: x @ y, x, y)
    assert [term_text(product, term) for term in product.fed[0, 0].terms] == [
        "−0.2500 × 8.000 = −2.000",
        "0.5000 × 2.000 = 1.000",
    ]
    total, less = last(lambda x: x.sum(), x), last(lambda x: x - 1, x)
    assert term_text(total, total.fed[()].terms[0]) == "0.5000"
    assert term_text(less, less.fed[0, 0].terms[0]) == "0.5000 → −0.5000"
