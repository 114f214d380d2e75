"""A lesson in Python: a sequence of frames, its text, its table, its files."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch
from lessons import clashing, given, lesson_by_hand, recorded
from pypdf import PdfReader

from mnistgrad.lesson import forward_and_backward, lin_grad_matmul
from mnistgrad.player.lesson import Lesson, LessonFrame
from mnistgrad.player.lesson_text import LINES, WIDEST
from mnistgrad.trace.explaining import explain_run

LESSON = lesson_by_hand()
MOST_BYTES = 1_000_000


def test_it_is_a_sequence_of_frames_whose_slices_are_lessons() -> None:
    assert len(LESSON) == len([*LESSON]) == len(LESSON.to_frame()) and isinstance(LESSON[0], LessonFrame)
    part = LESSON[3:6]
    assert isinstance(part, Lesson) and [frame.code for frame in part] == [LESSON[at].code for at in (3, 4, 5)]
    assert LESSON[-1] is LESSON[len(LESSON) - 1] and LESSON[-1].shape == () and LESSON[0].shape == (4, 3)
    for place in (len(LESSON), -len(LESSON) - 1):
        with pytest.raises(IndexError, match=f"step is {place}; allowed are 0 to {len(LESSON) - 1}"):
            LESSON[place]


def test_results_have_the_name_that_their_statement_sets_and_no_part_of_it_has() -> None:
    names = {frame.code: frame.name for frame in LESSON}
    assert names["inp @ w + b" if "inp @ w + b" in names else "inp @ w"] == "out"
    assert names["(inp.unsqueeze(-1) * grad.unsqueeze(1)).sum(0)"] == "table"
    assert names["inp.unsqueeze(-1) * grad.unsqueeze(1)"] == "inp.unsqueeze(-1) * grad.unsqueeze(1)"
    assert names["2.0 * diff.unsqueeze(-1)"] == "2.0 * diff.unsqueeze(-1)"


def test_the_table_has_what_ran() -> None:
    table = LESSON.to_frame()
    row = table[table.code == "inp.t() @ grad"].iloc[0]
    assert [row[name] for name in ("operation", "operands", "shape", "axes")] == ["matmul", "inp.t(), grad", (6, 3), "i j"]
    assert row["bytes"] == 6 * 3 * 4
    assert [*table.place] == [*range(len(LESSON))]
    assert (table.alive >= table.bytes).all() or table.alive.eq(0).all()


def test_as_text_each_operation_is_one_line_with_its_shapes_and_bytes_and_the_whole_is_no_longer_than_a_screen() -> None:
    found = repr(LESSON).splitlines()
    assert len(found) == LINES + 1 < len(LESSON) + 1 and max(map(len, found)) <= WIDEST
    left_out = re.search(r"… (\d+) operations more …", repr(LESSON))
    assert left_out and int(left_out[1]) == len(LESSON) - (LINES - 1)
    assert re.search(r"\[ +0\] inp @ w +\(n 4, i 6\), \(i 6, j 3\) → \(n 4, j 3\)  48 B", repr(LESSON))
    assert repr(LESSON[0]) == found[1]


def test_code_over_several_lines_or_with_control_characters_stays_on_one_line() -> None:
    def spread(x: torch.Tensor) -> torch.Tensor:
        return (
            x + 1  # one
        ) * 2

    lesson = recorded(spread, given((2, 3)))
    assert len(repr(lesson).splitlines()) == len(lesson) + 1
    lesson.title = "first\x1b[31m\nsecond"
    assert len(repr(lesson).splitlines()) == len(lesson) + 1 and "\x1b" not in repr(lesson)


def test_a_clash_is_the_last_frame_with_torch_s_message() -> None:
    for lesson in clashing():
        assert lesson.refused is lesson[-1]
        message = lesson[-1].operation.message
        assert message and message in lesson[-1].says and lesson[-1].shape == ()
        assert lesson[-1].code in repr(lesson)
    assert LESSON.refused is None


@pytest.mark.parametrize("step", [None, 3, -1])
def test_it_is_saved_as_pictures(tmp_path: Path, step: int | None) -> None:
    for ending in ("svg", "png", "pdf"):
        LESSON.save(tmp_path / f"lesson.{ending}", step=step)
    root = ElementTree.fromstring((tmp_path / "lesson.svg").read_text())
    words = "".join(path.get("aria-label", "") for path in root.iter("{http://www.w3.org/2000/svg}path"))
    told = [
        frame for frame in LESSON if frame.says.replace("`", "").split(".")[0][:40].replace(" ", "") in words.replace(" ", "")
    ]
    assert LESSON.title in words
    assert [*told] == [*LESSON] if step is None else LESSON[step] in told and len(told) < len(LESSON) / 2
    assert (tmp_path / "lesson.png").read_bytes().startswith(b"\x89PNG")
    assert len(PdfReader(tmp_path / "lesson.pdf").pages) == 1


def test_the_long_picture_is_longer_than_that_of_a_step(tmp_path: Path) -> None:
    LESSON.save(tmp_path / "all.svg")
    LESSON.save(tmp_path / "one.svg", step=3)
    tall = [float(ElementTree.fromstring((tmp_path / name).read_text()).attrib["height"]) for name in ("one.svg", "all.svg")]
    assert tall[1] > tall[0] * len(LESSON) / 2


@pytest.mark.parametrize(
    ("name", "step", "says"),
    [
        ("lesson.gif", None, r"lesson\.gif'; allowed are names that end in \.html, \.svg, \.png, \.pdf"),
        ("lesson", None, "allowed are names that end in"),
        ("lesson.svg", 99, f"step is 99; allowed are 0 to {len(LESSON) - 1}"),
        ("lesson.svg", -99, "step is -99; allowed are"),
        ("lesson.svg", 1.5, "step is 1.5; allowed are"),
        ("lesson.svg", True, "step is True; allowed are"),
        ("nowhere/lesson.html", None, "nowhere' is not there"),
    ],
)
def test_what_cannot_be_saved_is_refused_with_what_is_allowed(tmp_path: Path, name: str, step: int | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        LESSON.save(tmp_path / name, step=step)
    assert not [*tmp_path.iterdir()]


def test_a_lesson_without_steps_says_so(tmp_path: Path) -> None:
    empty = Lesson(())
    assert len(empty) == 0 and "0 operations" in repr(empty) and empty.to_frame().empty
    with pytest.raises(ValueError, match="no steps"):
        empty.save(tmp_path / "lesson.html")
    assert "0 operations" in empty._repr_html_()


def test_a_frame_shows_itself_as_its_picture() -> None:
    assert ElementTree.fromstring(LESSON[2]._repr_svg_()).tag.endswith("svg")


def test_in_a_notebook_it_shows_the_player_in_a_frame_and_the_text_without_one() -> None:
    bundle = LESSON._repr_mimebundle_()
    assert bundle["text/plain"] == repr(LESSON)
    frame = ElementTree.fromstring(bundle["text/html"])
    assert (
        frame.tag == "iframe"
        and frame.attrib["sandbox"] == "allow-scripts"
        and frame.attrib["srcdoc"].startswith("<!doctype html>")
    )
    assert "".join(frame.itertext()).strip() == repr(LESSON)
    assert len(bundle["text/html"]) < MOST_BYTES


def test_the_whole_pass_fits_in_one_file_that_can_be_mailed(tmp_path: Path) -> None:
    n = 2_000
    tensors = given((n, 784), (n,), (784, 50), (50,), (50, 1), (1,))
    programs = dict(relu=lambda x: x.clamp_min(0.0) - 0.5, lin_grad=lin_grad_matmul)
    run = explain_run(forward_and_backward, tensors, programs, {"inp": "n i", "w1": "i j", "w2": "j k"})
    lesson = Lesson(run.operations, run.refused, "forward_and_backward")
    assert len(lesson) == 28
    lesson.save(tmp_path / "lesson.html")
    assert 50_000 < (tmp_path / "lesson.html").stat().st_size < MOST_BYTES
