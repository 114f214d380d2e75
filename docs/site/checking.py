"""Every link of the built site: those within lead to a file and a place in it, those to other hosts are well formed."""

import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LINKS = {"a": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "source": "src"}
LOADED = {"link", "img", "script", "iframe", "source"}  # what a browser asks for by itself
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}|127\.0\.0\.1(?::\d+)?|localhost(?::\d+)?")

log = logging.getLogger("mkdocs.hooks.links")


class _Page(HTMLParser):
    """Its links, by their tag, and the places that a link may lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.places: set[str] = {"", "__skip"}
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places |= {str(given[name]) for name in ("id", "name") if given.get(name)}
        if (link := given.get(LINKS.get(tag, ""))) is not None:
            self.links.append((tag, link))


def check_links(site: Path) -> None:
    """Warns of each that is wrong, which ends a strict build; lists the hosts that pages lead to."""
    pages = {path: _Page(path) for path in sorted(site.rglob("*.html"))}
    hosts: set[str] = set()
    for path, page in pages.items():
        for tag, link in page.links:
            hosts |= {urlsplit(link).netloc} - {""}
            if why := _wrong(tag, link, path, site, pages):
                log.warning("%s: the link %r %s", path.relative_to(site), link, why)
    log.info("The pages lead to: %s", ", ".join(sorted(hosts)) or "no other host")


def _wrong(tag: str, link: str, path: Path, site: Path, pages: dict[Path, _Page]) -> str:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return _wrong_abroad(tag, parts.scheme, parts.netloc)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if path.name == "404.html" and parts.path.startswith("/"):
        target = site / parts.path[1:]  # a server shows it at any address
    if not target.is_file() or site.resolve() not in target.resolve().parents:
        return "leads to no file"
    page = pages.get(target)
    return "leads to no place of its page" if page and unquote(parts.fragment) not in page.places else ""


def _wrong_abroad(tag: str, scheme: str, host: str) -> str:
    if scheme == "data":
        return ""
    if tag in LOADED:
        return "asks another host"
    local = host.startswith(("127.0.0.1", "localhost"))
    return "" if HOST.fullmatch(host) and scheme in ("https", *["http"] * local) else "is no address"


def hosts_of(site: Path) -> Iterator[str]:
    """Of all links to other hosts."""
    for path in site.rglob("*.html"):
        yield from filter(None, (urlsplit(link).netloc for _, link in _Page(path).links))
