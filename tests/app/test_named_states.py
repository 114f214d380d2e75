"""States with a name: each link opens what it names, as it stands, on the story's page and in the README."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app.opening import headline, opened
from streamlit.testing.v1 import AppTest

README = (Path(__file__).parents[2] / "README.md").read_text()
SHOWS = {  # what each page says of its state
    "the learner's print": "A weight gradient is not one row copied 784 times",
    "one image": "One image",
    "raw pixels": "raw pixels",
    "two images": "2 images",
    "a class of 32": "32 images",
}


def all_words(app: AppTest) -> str:
    return "\n".join([headline(app), *(part.value for part in (*app.caption, *app.markdown, *app.header))])


def test_each_named_state_opens_what_it_names_and_stands_in_the_readme_too() -> None:
    (shown,) = [part.proto.body for part in opened().get("html") if "class='named-states'" in part.proto.body]
    links = {unescape(name): unescape(link) for link, name in re.findall(r'<a href="([^"]*)">([^<]*)</a>', shown)}
    assert links.keys() == SHOWS.keys()
    for name, link in links.items():
        address = urlsplit(link)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        app = opened(address.path.strip("."), **query)
        assert SHOWS[name] in all_words(app), name
        assert not app.toast and app.query_params == query, name
        assert f"[{name}](http://localhost:8501/{link.removeprefix('.')})" in README
