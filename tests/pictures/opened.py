"""Opens an exported file with a reader that is not ours, and gives all that it says."""

import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

from PIL import Image
from pypdf import PdfReader

SVG = "{http://www.w3.org/2000/svg}"


def said_by(name: str, file: bytes) -> str:
    """name: of the format. Blanks and ends of lines are one blank each."""
    return " ".join(READERS[name](file).split())


def _png(file: bytes) -> str:
    with Image.open(io.BytesIO(file)) as image:
        image.load()
        return " ".join(image.text.values())


def _svg(file: bytes) -> str:
    root = ElementTree.fromstring(file)
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    named = [next(each for each in root if each.get("id") == name).text or "" for name in root.get("aria-labelledby", "").split()]
    assert [each.tag.removeprefix(SVG) for each in root][:2] == ["title", "desc"]
    return " ".join([*named, *(each.get("aria-label", "") for each in root.iter()), *(each.text or "" for each in root.iter())])


def _pdf(file: bytes) -> str:
    reader = PdfReader(io.BytesIO(file))
    (page,) = reader.pages
    assert reader.metadata and reader.metadata.author == "mnistgrad"
    return " ".join([str(reader.metadata.title), str(reader.metadata.subject), page.extract_text()])


def _json(file: bytes) -> str:
    spec = json.loads(file)
    told = spec["usermeta"]["mnistgrad"]
    assert told["title"] == " ".join(spec["title"]["text"]) and told["title"] in spec["description"]
    return " ".join([spec["description"], told["sentence"], told["state"], told["link"], *told["axes"].values()])


class _Page(HTMLParser):
    """The text of a page, and what it asks for besides itself."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.policy = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = tag
        if tag == "meta":
            self.said.append(given.get("content") or "")
            self.policy += str(given["content"]) if given.get("http-equiv") == "Content-Security-Policy" else ""
        if tag != "a":
            links = [value or "" for name, value in attrs if name.endswith(("src", "href"))]
            self.asked += [link for link in links if not link.startswith("data:")]

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.said.append(data)


def _html(file: bytes) -> str:
    page = _Page()
    page.feed(file.decode())
    assert not page.asked and "default-src 'none'" in page.policy and "unsafe-eval" not in page.policy
    return "".join(page.said)


READERS = {"PNG": _png, "SVG": _svg, "PDF": _pdf, "Vega-Lite": _json, "HTML": _html}
