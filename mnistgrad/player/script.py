"""The players' scripts, each as one module: what it imports of the others stands before it."""

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "scripts"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
COMMENT = re.compile(r"^[ ]*(?://[^\n]*|/\*\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
INDENT = re.compile(r"^ +", re.MULTILINE)


@cache
def script(name: str, folder: Path = HERE) -> str:
    """folder/<name>.js after all that it imports of scripts/, each once; without comments and indents, since it is sent again
    with whatever it shows.
    """
    source = (folder / f"{name}.js").read_text()
    first = [before for each in IMPORT.findall(source) for before in _needed(each)]
    whole = "".join([*map(_without_imports, dict.fromkeys(first)), IMPORT.sub("", source)])
    return INDENT.sub("", COMMENT.sub("", whole))


def page_of(name: str) -> tuple[str, str]:
    """Its HTML and CSS."""
    return (HERE / f"{name}.html").read_text(), (HERE / f"{name}.css").read_text()


def _source(name: str) -> str:
    return (HERE / f"{name}.js").read_text()


def _needed(name: str) -> list[str]:
    first = [before for each in IMPORT.findall(_source(name)) for before in _needed(each)]
    return [*dict.fromkeys([*first, name])]


def _without_imports(name: str) -> str:
    return IMPORT.sub("", _source(name))
