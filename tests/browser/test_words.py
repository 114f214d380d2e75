"""How many words a page shows before anything on it is opened; those in pictures and in code are not counted."""

import re
from urllib.parse import quote_plus, urlencode

from playwright.sync_api import Page
from waiting import turn_to

from mnistgrad.app.controls import VIEW
from mnistgrad.lines.examples import QUESTIONS

QUESTION = QUESTIONS["Why no Jacobian?"]
STORY, OTHERS = 350, 300
SEEN = """() => {
  const words = [], inside = document.querySelector("[data-testid=stMain]");
  const texts = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const holder = text.parentElement;
    const unread = "svg, pre, textarea, script, style, [aria-hidden=true], .st-key-on-paper";
    if (!holder.closest(unread) && holder.checkVisibility()) words.push(text.data);
  }
  return words;
}"""
WORD = re.compile(r"[^\W_]+")
VIEWS = [f"gradient?view={quote_plus(view)}" for view in VIEW.in_link]
WRONG = "line?" + urlencode({"line": "unsqueeze(0) for unsqueeze(1)"})
LINES = [  # not guessed yet, guessed, another clash, a question, not taken
    *(WRONG, f"{WRONG}&guess=torch+raises", "line?" + urlencode({"lines": "a * b", "shapes": "a: n, i; b: n, j"})),
    "line?" + urlencode({"lines": QUESTION.lines, "shapes": QUESTION.shapes}),
    "line?lines=import+os",
]
STEPS = ["steps?step=4", "steps?scope=whole+pass&step=27"]  # the longest of a line and of the pass
OTHER_SETTINGS = "preset=lesson-2022&rate=0.5&steps=10&nh=7"  # than those of what is stored
FIGURES = ["cost?n=37&nh=7", f"training?{OTHER_SETTINGS}", f"training?network=mse&{OTHER_SETTINGS}"]
MOST = {"": STORY} | dict.fromkeys(
    [*STEPS, *LINES, *VIEWS, "gradient?variance=over+images", "gradient?variance=rows", *FIGURES], OTHERS
)


def test_pages_say_what_they_say_in_few_words(standing: Page) -> None:
    for path, most in MOST.items():
        turn_to(standing, f"/{path}")
        words = WORD.findall(" ".join(standing.evaluate(SEEN)))
        assert 20 < len(words) <= most, (path, " ".join(words))
