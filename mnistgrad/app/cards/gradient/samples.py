"""How many images: what becomes of a weight gradient as the batch grows, for several seeds."""

from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.cards.gradient.choice import choose_layer
from mnistgrad.app.controls import COMPARED, State
from mnistgrad.app.kept import sweeps
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.captions import copied_lines
from mnistgrad.captions import samples as says
from mnistgrad.network.seeds import seeds_from


def curves(state: State, layer: str, done: sweeps.Seeds, look: str) -> list[Card]:
    """done: the seeds whose sweeps are made."""
    points = sweeps.points_of(state, layer, done)[state.seed]
    here, most = sweeps.point_of(state, layer, bool(done)), image_set(state.images).most
    told = {"rows": (says.rows_title(layer, here), says.rows_sentence(layer, points, here))}
    if layer == "w1":
        told["rank"] = (says.rank_title(here), says.rank_sentence(points, here))
    told["shares"] = (says.share_title(layer, here), says.share_sentence(layer, here))
    told["variance"] = (says.variance_title(layer, here), says.variance_sentence(layer, here))
    if here.away:
        told["angle"] = (says.angle_title(here, most), says.angle_sentence(layer, points, here, most))
        told["distance"] = (says.distance_title(here, most), says.distance_sentence(layer, here, most))
    return [_card(name, words, state, layer, done, look) for name, words in told.items()]


def _card(name: str, words: tuple[str, str], state: State, layer: str, done: sweeps.Seeds, look: str) -> Card:
    picture = partial(sweeps.picture, name, state, layer, done)
    return Card.of_one(f"samples-{name}", *words, state, picture, look, copied_lines.RANK if name == "rank" else "")


def cards(link: Link, look: str) -> list[Card]:
    """With the sweeps made here and now, where they are not made yet."""
    state = link.state()
    layer, seeds = choose_layer(link), tuple(seeds_from(state.seed, link.number(COMPARED)))
    return curves(state, layer, seeds, look)
