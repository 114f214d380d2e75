"""The site's look: the one palette as CSS, and the fonts that the pages have, from where Streamlit keeps them."""

from pathlib import Path

import streamlit

from mnistgrad.pictures.palette import PALETTES, named_colours

FONTS = Path(streamlit.__file__).parent / "static/static/media"
FACES = {
    "Source Sans": ("SourceSansVF-Upright", "200 900"),
    "Source Serif": ("SourceSerifVariable-Roman", "200 900"),
    "Source Code": ("SourceCodeVF-Upright", "200 900"),
}
ICON = Path(__file__).parents[2] / "mnistgrad/app/parts/icon.png"
SCHEMES = {"light": "default", "dark": "slate"}  # what Material calls the two
# Material's names for what the palette has.
MATERIAL = {
    "md-default-bg-color": "paper",
    "md-default-fg-color": "ink",
    "md-default-fg-color--light": "muted",
    "md-default-fg-color--lighter": "faint",
    "md-default-fg-color--lightest": "hair",
    "md-typeset-color": "ink",
    "md-typeset-a-color": "i",
    "md-accent-fg-color": "n",
    "md-primary-fg-color": "panel",
    "md-primary-bg-color": "ink",
    "md-primary-bg-color--light": "muted",
    "md-typeset-table-color": "hair",
    "md-typeset-mark-color": "mark",
    "md-code-bg-color": "panel",
    "md-code-fg-color": "ink",
    "md-code-hl-comment-color": "muted",
    "md-code-hl-string-color": "j",
    "md-code-hl-number-color": "n",
    "md-code-hl-keyword-color": "i",
    "md-code-hl-constant-color": "i",
    "md-code-hl-function-color": "ink",
    "md-code-hl-special-color": "n",
    "md-code-hl-operator-color": "muted",
    "md-code-hl-punctuation-color": "muted",
    "md-footer-bg-color": "panel",
    "md-footer-bg-color--dark": "panel",
    "md-footer-fg-color": "ink",
    "md-footer-fg-color--light": "muted",
    "md-footer-fg-color--lighter": "muted",
}


def look_files() -> dict[str, bytes]:
    """By their place in the site."""
    fonts = {family: _font(stem) for family, (stem, _) in FACES.items()}
    return {
        "look/colours.css": f"{_faces()}{_colours()}".encode(),
        "look/icon.png": ICON.read_bytes(),
        **{_place(family): file.read_bytes() for family, file in fonts.items()},
    }


def _font(stem: str) -> Path:
    found = sorted(FONTS.glob(f"{stem}*.woff2"))
    if len(found) != 1:
        raise FileNotFoundError(f"Streamlit keeps {len(found)} fonts {stem}*.woff2 in {FONTS} instead of one")
    return found[0]


def _place(family: str) -> str:
    return f"look/{family.replace(' ', '')}.woff2"


def _faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weights}; src: url("{Path(_place(family)).name}"); }}\n'
        for family, (_, weights) in FACES.items()
    )


def _colours() -> str:
    """Of each theme, under the palette's own names and under Material's."""
    blocks = []
    for theme, scheme in SCHEMES.items():
        named = named_colours(theme)
        lines = [f"--{name}: {colour};" for name, colour in named.items()]
        lines += [f"--{theirs}: {named[ours]};" for theirs, ours in MATERIAL.items()]
        blocks.append(f'[data-md-color-scheme="{scheme}"] {{\n  color-scheme: {theme};\n  ' + "\n  ".join(lines) + "\n}\n")
    assert set(SCHEMES) == set(PALETTES)
    return "".join(blocks)
