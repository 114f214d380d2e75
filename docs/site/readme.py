"""Parts of the README, so that a page says the same without a second copy."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURE = re.compile(r"\]\(docs/([\w-]+\.\w+)\)")
MARK = re.compile(r"^<!-- .*? -->\n", re.MULTILINE)


def _readme() -> str:
    text = MARK.sub("", (ROOT / "README.md").read_text())
    return PICTURE.sub(lambda found: f"](readme/{found[1]})", text)


def section(title: str = "") -> str:
    """What stands under a heading of the README; before the first, without its title, where none is named."""
    parts = re.split(r"^## (.*)\n", _readme(), flags=re.MULTILINE)
    if not title:
        return parts[0].split("\n", 1)[1].strip()
    return parts[parts.index(title, 1) + 1].strip()


def readme_pictures() -> dict[str, bytes]:
    """By their place in the site."""
    names = PICTURE.findall((ROOT / "README.md").read_text())
    return {f"readme/{name}": (ROOT / "docs" / name).read_bytes() for name in names}
