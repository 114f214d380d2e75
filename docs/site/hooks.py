"""What mkdocs asks while it builds the site: its look, its figures, what its pages compute, its formulas and its links."""

import sys
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parents[2]))  # the checkout's own package, installed or not

import deploying
import named_links
import public_names
from checking import check_links
from look import look_files
from notebook import example
from readme import readme_pictures, section
from story_figures import figure, figure_files
from story_numbers import Story
from typesetting import typeset

NAMES: dict[str, Any] = {
    "deploying": deploying,
    "figure": figure,
    "links": named_links,
    "notebook": example,
    "readme": section,
    "reference": public_names,
    "story": Story(),
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Beside the pages: the look, the README's pictures, and the figures, drawn anew at each build."""
    shown = {f"recipes/{name}": content for name, content in example().files.items()}
    for place, content in (look_files() | readme_pictures() | figure_files() | shown).items():
        files.append(File.generated(config, place, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Pages that say `computed: true` hold expressions: figures, numbers, parts of the README."""
    if not page.meta.get("computed"):
        return markdown
    return jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(markdown).render(NAMES)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return typeset(html)


def on_post_build(config: MkDocsConfig) -> None:
    check_links(Path(config.site_dir))
