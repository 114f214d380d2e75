"""Every kind of picture over a spread of states, drawn without the dashboard. Each kind has the name of the function it shows."""

import pkgutil
from functools import lru_cache
from importlib import import_module
from itertools import islice

from pictures.every_picture.kinds import KINDS, Named

from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import PALETTES

for topic in pkgutil.iter_modules(__path__, f"{__name__}."):
    import_module(topic.name)


def pictures(kind: str, theme: str = "light") -> Named:
    """The pictures of a kind, each with its state as a label."""
    return KINDS[kind](PALETTES[theme])


@lru_cache(maxsize=1)
def drawn(kind: str) -> list[tuple[str, Picture]]:
    """All of a kind on light paper, kept for the tests of that kind."""
    return list(pictures(kind))


@lru_cache(maxsize=1)
def drawn_dark(kind: str) -> list[tuple[str, Picture]]:
    """The first two of a kind on dark paper."""
    return list(islice(pictures(kind, "dark"), 2))
