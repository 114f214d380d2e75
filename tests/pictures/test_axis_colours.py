"""The colours of n, i, j and k, as they are seen by people who see colours otherwise."""

from itertools import combinations

from coloraide import Color
from loops import over

from mnistgrad.pictures.palette import PALETTES

LEAST = 15  # ΔE2000; 2 is what trained eyes see side by side, and labels stand far apart
LETTERS = "nijk"
FOR_RED_AND_GREEN = ("brettel", "machado", "vienot")
MODELS = {"protan": FOR_RED_AND_GREEN, "deutan": FOR_RED_AND_GREEN, "tritan": ("brettel", "machado")}
SEEN_BY = [(None, ""), *((kind, model) for kind, models in MODELS.items() for model in models)]


def seen(colour: str, kind: str | None, model: str) -> Color:
    return Color(colour).filter(kind, method=model) if kind else Color(colour)


@over("theme", PALETTES)
@over("use", ["axis", "axis_text"])
def test_every_two_axes_are_told_apart_by_everyone(theme: str, use: str) -> None:
    colours = getattr(PALETTES[theme], use)
    apart = {
        (one, other, kind, model): seen(colours[one], kind, model).delta_e(seen(colours[other], kind, model), method="2000")
        for one, other in combinations(LETTERS, 2)
        for kind, model in SEEN_BY
    }
    closest = min(apart, key=apart.__getitem__)
    assert apart[closest] >= LEAST, (closest, apart[closest])
