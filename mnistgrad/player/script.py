"""The players' scripts, each as one module: what it imports of the others stands before it."""

import re
from functools import cache
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

HERE = Path(__file__).parent / "scripts"
INDENT = re.compile(r"^ +", re.MULTILINE)
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)


@cache
def script(name: str, folder: Path = HERE) -> str:
    """folder/<name>.js after all that it imports of scripts/, each once; without comments and blanks, since it is sent again
    with whatever it shows.
    """
    source = (folder / f"{name}.js").read_text()
    first = [before for each in IMPORT.findall(source) for before in _needed(each)]
    whole = "".join([*map(_without_imports, dict.fromkeys(first)), IMPORT.sub("", source)])
    return f"//\n{jsmin(whole)}"  # in one line Streamlit would take it for the name of a file


def page_of(name: str) -> tuple[str, str]:
    """Its HTML and CSS."""
    return markup(name), sheet(name)


def markup(name: str, folder: Path = HERE) -> str:
    """folder/<name>.html, without indents."""
    return INDENT.sub("", (folder / f"{name}.html").read_text())


def sheet(name: str, folder: Path = HERE) -> str:
    """folder/<name>.css, without comments and blanks too."""
    return f"/**/\n{cssmin((folder / f'{name}.css').read_text())}"


def _source(name: str) -> str:
    return (HERE / f"{name}.js").read_text()


def _needed(name: str) -> list[str]:
    first = [before for each in IMPORT.findall(_source(name)) for before in _needed(each)]
    return [*dict.fromkeys([*first, name])]


def _without_imports(name: str) -> str:
    return IMPORT.sub("", _source(name))
