"""What the browser drew: the sizes of texts and the places of cards and pictures, those inside components too."""

from typing import Any

from playwright.sync_api import Page

WALK = """
const within = function* (root) {
  for (const each of root.querySelectorAll("*")) {
    yield each;
    if (each.shadowRoot) yield* within(each.shadowRoot);
  }
};
const seen = (each) => {
  const { width, height } = each.getBoundingClientRect();
  return width > 1 && height > 1 && each.checkVisibility() && getComputedStyle(each).visibility !== "hidden";
};
const main = document.querySelector("[data-testid=stMain]");
"""
# Of each text its size in px of the window: that of its font, times how much its picture or its place is enlarged.
SIZES = f"""() => {{ {WALK}
  const outermost = (each) => each.parentElement?.closest("svg") ? outermost(each.parentElement.closest("svg")) : each;
  const found = [];
  for (const each of within(document.body)) {{
    const words = [...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join(" ").trim();
    if (!words || each.closest("script, style") || !seen(each)) continue;
    const svg = each.closest("text") && outermost(each.closest("svg"));
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : each.currentCSSZoom;
    found.push([parseFloat(getComputedStyle(each).fontSize) * scale, words]);
  }}
  return found;
}}"""
PLACES = f"""() => {{ {WALK}
  const CARD = "[class*=st-key-card-]";
  const box = (each) => {{
    const {{ left, top, right, bottom }} = each.getBoundingClientRect();
    return [left, top, each.matches("svg, canvas") ? right : left + each.scrollWidth, bottom];
  }};
  const cards = [...document.querySelectorAll(CARD)].filter((each) => seen(each) && !each.parentElement.closest(CARD));
  const pictures = [...within(main)].filter((each) => each.matches("svg, canvas, table, pre, ol")
    && !each.closest("button") && !each.parentElement?.closest("svg") && seen(each));
  return {{
    cards: cards.map((each) => [each.className.match(/st-key-card-([\\w-]+)/)[1], box(each)]),
    pictures: pictures.map((each) => [`${{each.tagName}} ${{each.getAttribute("class") ?? ""}}`, box(each)]),
  }};
}}"""
# Pictures, tables and lines of code that can only be seen whole by scrolling sideways.
SIDEWAYS = f"""() => {{ {WALK}
  const drawn = (each) => [...each.querySelectorAll("svg, canvas, table")].some((part) => part.clientWidth > 60);
  const holds = (each) => each.matches("pre") || drawn(each);
  const scrolls = (each) => ["auto", "scroll", "hidden"].includes(getComputedStyle(each).overflowX)
    && each.scrollWidth > each.clientWidth + 2;
  return [...within(main)].filter((each) => each.clientWidth > 50 && holds(each) && scrolls(each) && seen(each))
    .map((each) => `${{each.className || each.tagName}}: ${{each.scrollWidth}} px in ${{each.clientWidth}}`);
}}"""
# What is pressed with a thumb, smaller than 24 px either way; links within sentences are as large as their words.
SMALL = f"""() => {{ {WALK}
  return [...within(main)].filter((each) => each.matches("button, input, select, summary")
    && !each.closest("[data-testid=stSlider]") && seen(each))
    .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, {{ width, height }}]) => width < 24 || height < 24).map(([words]) => words);
}}"""


def sizes_of_texts(page: Page) -> list[tuple[float, str]]:
    """The px of each text that can be seen, the smallest first."""
    return sorted((size, words) for size, words in page.evaluate(SIZES))


def sideways(page: Page) -> list[str]:
    """What has to be scrolled sideways."""
    found: list[str] = page.evaluate(SIDEWAYS)
    return found


def too_small(page: Page) -> list[str]:
    """What a thumb would miss."""
    found: list[str] = page.evaluate(SMALL)
    return found


def places(page: Page) -> dict[str, Any]:
    """The boxes (left, top, right, bottom) of cards and pictures, each with its name."""
    found: dict[str, Any] = page.evaluate(PLACES)
    return found


def overlapping(boxes: list[tuple[str, list[float]]]) -> list[str]:
    """Pairs of boxes that share more than a px."""
    pairs = ((one, other) for place, one in enumerate(boxes) for other in boxes[:place])
    return [
        f"{one} on {other}"
        for (one, a), (other, b) in pairs
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1
    ]
