"""Any operation of a reader's code, and one that torch refuses."""

from lessons import clashing, lesson_by_hand, lesson_of_any_shapes
from pictures.every_picture.kinds import Named, shows

from mnistgrad.pictures.diagrams.shapes.clash import clash_diagram
from mnistgrad.pictures.diagrams.shapes.general import general_diagram
from mnistgrad.pictures.palette import Palette


@shows(general_diagram)
def _(palette: Palette) -> Named:
    for lesson in (lesson_by_hand(), lesson_by_hand(1, 1, 1), lesson_by_hand(50_000, 7, 3), lesson_of_any_shapes()):
        for frame in lesson:
            yield f"{lesson.title} {len(lesson)} {frame.number} {frame.code}", frame.picture(palette)


@shows(clash_diagram)
def _(palette: Palette) -> Named:
    for lesson in clashing():
        assert lesson.refused
        yield f"{lesson.title} {lesson.refused.code}", clash_diagram(lesson.refused.operation, palette)
