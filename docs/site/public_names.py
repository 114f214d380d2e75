"""The reference's own pages: every public name in a line, and what the words mean."""

import inspect

import mnistgrad as mg
from mnistgrad.captions.glossary import ANCHOR, GLOSSARY

PAGES = {
    "data.md": ("Batch", "load_batch", "load_images", "Weights", "initial_weights"),
    "gradients.md": ("gradients", "weight_grad", "examine", "column_variance"),
    "charts.md": ("charts",),
    "lessons.md": ("explain", "watching", "explain_lines"),
    "lesson.md": ("lesson",),
}


def overview() -> str:
    """A table of the public names, each with the first sentence of what it says of itself."""
    lines = ["| Name | What it is |", "|---|---|"]
    for page, names in PAGES.items():
        for name in names:
            place = page if name in ("charts", "lesson") else f"{page}#mnistgrad.{name}"
            lines.append(f"| [`mg.{name}`]({place}) | {_first_sentence(name)} |")
    return "\n".join(lines)


def charts() -> list[str]:
    """As their module orders them: of a gradient first."""
    return sorted(mg.charts.__all__, key=lambda name: getattr(mg.charts, name).__code__.co_firstlineno)


def lesson_source() -> str:
    """Its functions, without what the module says of itself."""
    return inspect.getsource(mg.lesson).split('"""', 2)[2].strip()


def words() -> str:
    """The dashboard's glossary, each word at the place that links to it name."""
    lines = []
    for word, term in sorted(GLOSSARY.items(), key=lambda item: item[0].lower()):
        also = f" ({', '.join(term.also)})" if term.also else ""
        anchor = (ANCHOR + word.replace(" ", "-"))[1:]
        lines.append(f'<p id="{anchor}"><strong>{word}</strong>{also}: {term.meaning}</p>')
    return "\n".join(lines)


def _first_sentence(name: str) -> str:
    told = inspect.getdoc(getattr(mg, name)) or ""
    return " ".join(told.split("\n\n")[0].split())
