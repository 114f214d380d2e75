"""The players' scripts, each as one module: what it imports of the others stands before it."""

import re
import zlib
from base64 import b64encode
from functools import cache
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

HERE = Path(__file__).parent / "scripts"
INDENT = re.compile(r"^ +", re.MULTILINE)
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
UNPACKING = """//
const packed = Uint8Array.from(atob("{}"), (letter) => letter.charCodeAt(0));
const whole = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).blob();
const address = URL.createObjectURL(new Blob([whole], {{ type: "text/javascript" }}));
export default (await import(address)).default;
URL.revokeObjectURL(address);
"""


@cache
def script(name: str, folder: Path = HERE) -> str:
    """folder/<name>.js after all that it imports of scripts/, each once; without comments and blanks."""
    source = (folder / f"{name}.js").read_text("utf-8")
    first = [before for each in IMPORT.findall(source) for before in _needed(each)]
    whole = "".join([*map(_without_imports, dict.fromkeys(first)), IMPORT.sub("", source)])
    return jsmin(whole)


@cache
def module(name: str, folder: Path = HERE) -> str:
    """The same for a component of the page, less than half as long, since it is sent again with whatever it shows.

    In one line Streamlit would take it for the name of a file.
    """
    return UNPACKING.format(b64encode(zlib.compress(script(name, folder).encode(), 9)).decode())


def page_of(name: str) -> tuple[str, str]:
    """Its HTML and CSS."""
    return markup(name), sheet(name)


def markup(name: str, folder: Path = HERE) -> str:
    """folder/<name>.html, without indents."""
    return INDENT.sub("", (folder / f"{name}.html").read_text("utf-8"))


def sheet(name: str, folder: Path = HERE) -> str:
    """folder/<name>.css, without comments and blanks too."""
    return f"/**/\n{cssmin((folder / f'{name}.css').read_text('utf-8'))}"


def _source(name: str) -> str:
    return (HERE / f"{name}.js").read_text("utf-8")


def _needed(name: str) -> list[str]:
    first = [before for each in IMPORT.findall(_source(name)) for before in _needed(each)]
    return [*dict.fromkeys([*first, name])]


def _without_imports(name: str) -> str:
    return IMPORT.sub("", _source(name))
