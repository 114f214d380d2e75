"""Colours: contrast of everything that is read, the scale of values, and the page theme that must match."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from loops import over

from mnistgrad.pictures.palette import PALETTES, brightness_colours, contrast, hex_colour, ink_on, luminance, value_colours

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
READABLE = 4.5  # WCAG 2, level AA
both_themes = over("theme", PALETTES)


@both_themes
@over("ground", ["paper", "panel", "mark"])
def test_text_is_readable_on_every_ground(theme: str, ground: str) -> None:
    palette = PALETTES[theme]
    texts = {"ink": palette.ink, "muted": palette.muted, **palette.axis_text}
    ratios = {name: contrast(colour, getattr(palette, ground)) for name, colour in texts.items()}
    assert min(ratios.values()) >= READABLE, ratios


@both_themes
def test_edges_of_boxes_stand_out_from_the_paper(theme: str) -> None:
    palette = PALETTES[theme]
    assert min(contrast(colour, palette.paper) for colour in palette.axis.values()) >= 3  # WCAG 2 for graphics


@both_themes
def test_ink_is_readable_on_every_value_colour(theme: str) -> None:
    colours = [hex_colour(colour) for colour in value_colours(np.linspace(-1, 1, 511), 1, PALETTES[theme])]
    worst = min(colours, key=lambda colour: contrast(colour, ink_on(colour)))
    assert contrast(worst, ink_on(worst)) >= READABLE, worst


@both_themes
@over("limit", [1e-6, 1.0, 30.0])
def test_the_value_scale_is_centred_on_0_and_ends_at_the_limit_on_both_sides(theme: str, limit: float) -> None:
    palette = PALETTES[theme]
    shown = value_colours(np.array([-2 * limit, -limit, 0, limit, 2 * limit]), limit, palette)
    low, middle, high = palette.values[0], palette.values[4], palette.values[8]
    assert [hex_colour(colour) for colour in shown] == [low, low, middle, high, high]


@both_themes
def test_the_two_sides_of_the_value_scale_have_the_same_number_of_steps(theme: str) -> None:
    values = np.linspace(0, 1, 2_001)
    above, below = (value_colours(side, 1, PALETTES[theme]) for side in (values, -values))
    changes = [np.flatnonzero((np.diff(side.astype(int), axis=0) != 0).any(1)) for side in (above, below)]
    assert len(changes[0]) == len(changes[1]) == 127


@both_themes
@over("sign", [-1, 1])
def test_a_larger_value_is_further_from_paper(theme: str, sign: int) -> None:
    palette = PALETTES[theme]
    shown = value_colours(sign * np.linspace(0, 1, 200), 1, palette)
    distances = [contrast(hex_colour(colour), palette.paper) for colour in shown]
    assert distances == sorted(distances)
    assert distances[-1] > 5 * distances[0]


@both_themes
def test_the_value_scale_depends_only_on_the_share_of_the_limit(theme: str) -> None:
    values = np.linspace(-3, 3, 50).reshape(5, 10)
    colours = value_colours(values, 3, PALETTES[theme])
    assert colours.shape == (5, 10, 3)
    assert np.array_equal(colours, value_colours(values / 64, 3 / 64, PALETTES[theme]))


@both_themes
def test_a_limit_of_0_is_the_middle_of_the_scale(theme: str) -> None:
    assert hex_colour(value_colours(np.zeros(1), 0, PALETTES[theme])[0]) == PALETTES[theme].values[4]


@both_themes
def test_brightness_runs_from_paper_to_the_full_colour(theme: str) -> None:
    palette = PALETTES[theme]
    shown = [hex_colour(colour) for colour in brightness_colours(np.array([0, 255, 300]), 255, palette)]
    assert shown == [palette.paper, palette.brightness[-1], palette.brightness[-1]]


@both_themes
def test_streamlits_theme_has_the_palettes_colours(theme: str) -> None:
    palette, page = PALETTES[theme], tomllib.loads(CONFIG.read_text())["theme"][theme]
    expected = {
        "backgroundColor": palette.paper,
        "secondaryBackgroundColor": palette.panel,
        "textColor": palette.ink,
        "borderColor": palette.hair,
        "orangeTextColor": palette.axis_text["n"],
        "blueTextColor": palette.axis_text["i"],
        "greenTextColor": palette.axis_text["j"],
        "grayTextColor": palette.axis_text["k"],
    }
    assert {name: page[name] for name in expected} == expected


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1
    assert luminance("#ff0000") == pytest.approx(0.2126)


def test_ink_is_dark_on_light_and_light_on_dark() -> None:
    assert luminance(ink_on("#ffffff")) < 0.1
    assert luminance(ink_on("#000000")) > 0.9
