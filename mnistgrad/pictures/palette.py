"""The one palette and the one set of fonts, for charts, diagrams, the code panel and the page's theme."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# The browser has the first family of each from Streamlit; exported files are drawn with the second, from fonts/.
SANS = '"Source Sans", "Mnistgrad Sans", "Source Sans 3", "DejaVu Sans", sans-serif'
MONO = '"Source Code", "Mnistgrad Code", "Source Code Pro", "DejaVu Sans Mono", monospace'
FONTS = Path(__file__).parent / "fonts"
LEVELS = 255  # odd, so that 0 has a colour of its own
WIDE = 1_200.0
ROOMS = {"slide": 640.0, "phone": 350.0}  # px across that a picture has there
# Px across and down that a picture has on the sheet of a slide, below its words or beside them.
SHEETS = {"below": (680.0, 262.0), "beside": (450.0, 370.0)}

FloatArray = NDArray[np.floating]
Colours = NDArray[np.uint8]


class AxisColours(dict[str, str]):
    """By an axis' letter; one that is not of the lesson takes one of the neutral tones, and its label tells it apart."""

    def __init__(self, lesson: Mapping[str, str], neutral: tuple[str, ...]) -> None:
        super().__init__(lesson)
        self._neutral = neutral

    def __missing__(self, letter: str) -> str:
        return self._neutral[sum(map(ord, letter)) % len(self._neutral)]


@dataclass(frozen=True, eq=False)
class Palette:
    """Hex colours of one theme. `axis` is for edges, `axis_text` for words and digits (contrast at least 4.5 : 1).

    room, tall: px that a picture may take from left to right and from top to bottom, its text as large as ever.
    """

    paper: str
    panel: str
    ink: str
    muted: str
    faint: str
    hair: str
    mark: str
    mark_edge: str
    axis: Mapping[str, str]
    axis_text: Mapping[str, str]
    values: tuple[str, ...]
    brightness: tuple[str, ...]
    room: float = field(default=WIDE, kw_only=True)
    tall: float = field(default=math.inf, kw_only=True)


class Palettes(dict[str, Palette]):
    """By theme; "dark-phone" is the dark one for pictures on a phone, as `ROOMS` and `SHEETS` have them."""

    def __missing__(self, look: str) -> Palette:
        theme, _, room = look.partition("-")
        return _in_room(theme, room)


@lru_cache
def _in_room(theme: str, room: str) -> Palette:
    across, tall = SHEETS[room] if room in SHEETS else (ROOMS[room], math.inf)
    return replace(PALETTES[theme], room=across, tall=tall)


NEUTRAL = {"light": ("#566072", "#75665a", "#33404f"), "dark": ("#9fabbd", "#bba997", "#c9d2de")}
PALETTES = Palettes(
    light=Palette(
        paper="#ffffff",
        panel="#f7f7f5",
        ink="#1b1e23",
        muted="#5b6573",
        faint="#98a2b3",
        hair="#e4e7ec",
        mark="#fdf3d3",
        mark_edge="#b5850b",
        axis=AxisColours({"n": "#de6f11", "i": "#2072d5", "j": "#0f5b38", "k": "#707681"}, NEUTRAL["light"]),
        axis_text=AxisColours({"n": "#ab5304", "i": "#266bc0", "j": "#074c31", "k": "#646a73"}, NEUTRAL["light"]),
        values=("#3c1361", "#6c3fa0", "#a183c9", "#d3c5e6", "#f6f5f3", "#f3dfa2", "#e0b63f", "#b5850b", "#6e4c00"),
        brightness=("#ffffff", "#dce9f7", "#a5c8ec", "#5d9adb", "#2369bd"),
    ),
    dark=Palette(
        paper="#12151b",
        panel="#191d25",
        ink="#e8eaed",
        muted="#a3adbb",
        faint="#6b7585",
        hair="#2b313b",
        mark="#3a3113",
        mark_edge="#d9ae3a",
        axis=AxisColours({"n": "#f69445", "i": "#359ff7", "j": "#8ce9b0", "k": "#a5abb4"}, NEUTRAL["dark"]),
        axis_text=AxisColours({"n": "#f69445", "i": "#359ff7", "j": "#8ce9b0", "k": "#a5abb4"}, NEUTRAL["dark"]),
        values=("#dcc8fa", "#b18ce8", "#7d58b8", "#45336a", "#1e222a", "#4f4320", "#8f7320", "#d9ae3a", "#fbe5a6"),
        brightness=("#12151b", "#16304f", "#1f518a", "#3c84d0", "#7db8f5"),
    ),
)

TONES = len(NEUTRAL["light"])
PLAIN = ("paper", "panel", "ink", "muted", "faint", "hair", "mark", "mark_edge")
# Each colour by its name in CSS: what is drawn in these follows the page around it, light or dark.
NAMED = replace(
    PALETTES["light"],
    axis=AxisColours({letter: f"var(--edge-{letter})" for letter in "nijk"}, tuple(f"var(--tone-{t})" for t in range(TONES))),
    axis_text=AxisColours({letter: f"var(--{letter})" for letter in "nijk"}, tuple(f"var(--tone-{t})" for t in range(TONES))),
    **{name: f"var(--{name.replace('_', '-')})" for name in PLAIN},  # type: ignore[arg-type] # all of them are colours
)


def theme_of(look: str) -> str:
    """The theme of a palette's name."""
    return look.partition("-")[0]


def named_colours(look: str) -> dict[str, str]:
    """What the names of `NAMED` stand for in a palette of this name."""
    palette, theme = PALETTES[look], theme_of(look)
    found = {name.replace("_", "-"): getattr(palette, name) for name in PLAIN}
    found |= {letter: palette.axis_text[letter] for letter in "nijk"}
    found |= {f"edge-{letter}": palette.axis[letter] for letter in "nijk"}
    return found | {f"tone-{place}": tone for place, tone in enumerate(NEUTRAL[theme])}


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=8)
def _ramp(stops: tuple[str, ...]) -> Colours:
    """`LEVELS` colours (LEVELS, 3) along the stops, straight lines in RGB."""
    at = np.linspace(0, 1, len(stops))
    channels = np.array([rgb(stop) for stop in stops], float).T
    ramp = np.stack([np.interp(np.linspace(0, 1, LEVELS), at, channel) for channel in channels], axis=1)
    return ramp.round().astype(np.uint8)


def value_colours(values: FloatArray, limit: float, palette: Palette) -> Colours:
    """Colours (..., 3) on the diverging scale from -limit to limit; beyond it the end colours. A limit of 0 is paper."""
    share = np.clip(np.asarray(values, float) / (limit or 1), -1, 1)
    return _ramp(palette.values)[np.rint((share + 1) / 2 * (LEVELS - 1)).astype(int)]


def brightness_colours(values: FloatArray, limit: float, palette: Palette) -> Colours:
    """Colours (..., 3) from paper at 0 to the full colour at `limit`."""
    share = np.clip(np.asarray(values, float) / limit, 0, 1)
    return _ramp(palette.brightness)[np.rint(share * (LEVELS - 1)).astype(int)]


def hex_colour(colour: Colours) -> str:
    return "#" + bytes(colour).hex()


def hex_colours(colours: Colours) -> list[str]:
    """Of colours (..., 3), flat."""
    digits = colours.tobytes().hex()
    return [f"#{digits[at : at + 6]}" for at in range(0, len(digits), 6)]


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour, 0 to 1, by WCAG 2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two hex colours, 1 to 21, by WCAG 2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1_024)
def ink_on(background: str) -> str:
    """Whichever of black and white reads better on the background; one of them has a contrast of at least 4.5."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))
