"""The name of the chosen unit, above where it stands."""

from mnistgrad.pictures.diagrams.svg import Drawing


def name_chosen(drawing: Drawing, x: float, y: float, says: str, middle: float) -> None:
    """Written from x towards the middle of the picture, where there is room."""
    align, away = ("left", -4) if x < middle else ("right", 4)
    drawing.text(x + away, y, says, drawing.palette.axis_text["j"], 12.5, 600, align)
