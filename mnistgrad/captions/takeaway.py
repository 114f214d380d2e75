"""The words beside what goes home."""

RECOMPUTE = "Check these numbers yourself, with torch alone:"
SCRIPT, NOTEBOOK = "Script", "Notebook"
EVERYTHING, IN_ONE_FILE = "Everything", "In one file: pictures, their data, the lesson, and a report"
THIS_PAGE, ALL_PAGES = "This page", "All pages"
WHAT = "The file"


TITLES = {
    "story": "The story",
    "steps": "Step by step",
    "line": "Your own line",
    "gradient": "The gradient matrix",
    "cost": "What it costs",
    "training": "Would it train?",
}
STOP, SAVE = "Stop", "Save"


def progress(done: int, total: int) -> str:
    return f"{done} of {total} cards" if total else "Reading the pages …"
