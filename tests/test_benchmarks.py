"""What the benchmarks say of a figure, and how two commits are compared by it."""

from benchmarks.compare import rows
from benchmarks.ruler import Found, in_turns, table


def test_a_figure_is_told_beside_its_baseline_and_its_budget() -> None:
    assert Found("rerun", 30.0, 12.0, "ms", "one button", 60.0).row() == (
        *("rerun", "30 ms", "12", "one button", "2.50"),
        *("60", "50%"),
    )
    assert Found("export", 1_234.5, 1_000.0, "ms", "vl-convert").row()[-3:] == ("1.23", "", "")


def test_commits_are_compared_by_the_median_ratio_of_what_both_can_run() -> None:
    def found(name: str, *pairs: tuple[float, float]) -> dict[str, list[Found]]:
        return {name: [Found(name, ours, beside, "ms", "two products", 3 * beside) for ours, beside in pairs]}

    old = found("sum", (1.0, 1.0), (90.0, 9.0), (4.0, 2.0)) | found("gone", (1.0, 1.0))
    new = found("sum", (5.0, 1.0), (4.0, 1.0), (8.0, 4.0)) | found("added", (1.0, 1.0))
    assert list(rows(old, new)) == [("sum, beside two products", "2.00", "4.00", "2.00", "3.00")]


def test_turns_are_taken() -> None:
    order: list[str] = []
    assert len(in_turns(1, lambda: order.append("a"), lambda: order.append("b"))) == 2
    assert order == ["a", "b"] * 3


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("", "ours"), [("a long name", "1"), ("b", "22")]) == "             ours\na long name  1\nb            22"
