"""Would it train? The curves of a comparison, how each way ends at every rate, and what the first layer learned."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Fields, Link
from mnistgrad.app.controls import BATCH_SIZE, NETWORK, RATE, SEEDS, STEPS, TILES, TRAINED_IMAGES, WAYS, State
from mnistgrad.app.keeping import PICTURES
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.captions import training as says
from mnistgrad.captions import training_rates as of_rates
from mnistgrad.common.data_files import DataFileError
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.training import accuracy_chart, loss_chart
from mnistgrad.pictures.charts.training_rates import rates_chart
from mnistgrad.pictures.diagrams.units.training_tiles import training_tiles
from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.training.comparison import Comparison, Experiment
from mnistgrad.training.descent import TRAINING_METHODS, TrainingPlan
from mnistgrad.training.rates import RateStudy, stored_study
from mnistgrad.training.stored import START_RATES, stored_comparison

PICTURES_OF: Mapping[str, Callable[..., Picture]] = {"loss": loss_chart, "accuracy": accuracy_chart, "tiles": training_tiles}


def chosen_ways(fields: Fields, follow: Callable[[], None] | None = None) -> tuple[str, tuple[str, ...]]:
    """The network and the methods. follow: on a page, called when the network was changed."""
    network, methods = fields.choice(NETWORK, on_change=follow), fields.several(WAYS)
    return network, tuple(method for method in TRAINING_METHODS if method in methods)


def chosen_experiment(state: State, network: str, methods: tuple[str, ...], fields: Fields) -> Experiment:
    """Seed, preset, pixels and hidden units are the sidebar's."""
    rate = fields.slider(replace(RATE, start=START_RATES[network]))
    steps = fields.optional_number(STEPS, STEPS.high, TrainingPlan.steps) or TrainingPlan.steps
    source = image_set(state.images)
    most = min(len(source.images) - source.held_back, source.most)
    images = start = min(TrainingPlan.images, most)
    if most > TRAINED_IMAGES.low:
        images = fields.optional_number(TRAINED_IMAGES, most, start) or start
    batch_size = fields.optional_number(BATCH_SIZE, images, images)
    seeds = fields.optional_number(SEEDS, SEEDS.high, Experiment.seeds) or Experiment.seeds
    whole = batch_size is None or batch_size == images
    chosen = state.seed, state.preset, state.normalise, state.nh, source.trained
    plan = TrainingPlan(network, rate, steps, None if whole else batch_size, images, *chosen)
    return Experiment(plan, methods, seeds)


def main_curves(found: Comparison, look: str) -> Card:
    """What the network is after: its loss where that is what it is trained for."""
    return _curves(found, "loss" if found.experiment.plan.network == "mse" else "accuracy", look)


def other_curves(found: Comparison, look: str) -> Card:
    """For a specialist."""
    return _curves(found, "accuracy" if found.experiment.plan.network == "mse" else "loss", look)


def _curves(found: Comparison, kind: str, look: str) -> Card:
    state = state_of(found.experiment.plan)

    def picture(to: str) -> Picture:
        return _picture(kind, found, to)

    if kind == "loss":
        return Card.of_one("training-loss", says.loss_title(), says.loss_sentence(found), state, picture, look)
    return Card.of_one("training-accuracy", says.accuracy_title(found), says.accuracy_sentence(found), state, picture, look)


def _picture(kind: str, found: Comparison, look: str, *further: bool) -> Picture:
    """Of a stored result it is kept, of a reader's own drawn each time."""
    network = found.experiment.plan.network
    with suppress(DataFileError):
        if found is stored_comparison(network):
            return _of_stored(kind, network, look, *further)
    return PICTURES_OF[kind](found, *further, PALETTES[look])


@PICTURES.keep
def _of_stored(kind: str, network: str, look: str, *further: bool) -> Picture:
    return PICTURES_OF[kind](stored_comparison(network), *further, PALETTES[look])


@PICTURES.keep
def _rates_of_stored(network: str, rate: float, look: str) -> Chart:
    return rates_chart(stored_study(network), [], rate, PALETTES[look])


def _rates(study: RateStudy, own: Sequence[Comparison], rate: float, look: str) -> Chart:
    network = study.experiment.plan.network
    kept = not own and study is stored_study(network)
    return _rates_of_stored(network, rate, look) if kept else rates_chart(study, own, rate, PALETTES[look])


def rates(study: RateStudy, own: Sequence[Comparison], beside: TrainingPlan, rate: float, look: str) -> Card:
    """own: the reader's finished runs. beside: the plan of the curves on the same page. rate: the one that is chosen."""
    title, sentence = of_rates.rates_title(study), of_rates.rates_sentence(study, [run.experiment for run in own], beside)
    state = state_of(study.experiment.plan)
    return Card.of_one("training-rates", title, sentence, state, lambda to: _rates(study, own, rate, to), look)


def tiles(found: Comparison, fields: Fields, look: str) -> Card:
    after = fields.choice(TILES) == TILES.options[1]
    title, sentence, state = says.tiles_title(after), says.tiles_sentence(found), state_of(found.experiment.plan)
    return Card.of_one("training-tiles", title, sentence, state, lambda to: _picture("tiles", found, to, after), look)


def state_of(plan: TrainingPlan) -> State:
    """What pictures of its training are of."""
    return State(plan.images, plan.preset, plan.normalise, plan.seed, plan.nh, plan.source.key)


def cards(link: Link, look: str) -> list[Card]:
    """Those of the stored results of the network. Raises DataFileError."""
    network, methods = chosen_ways(link)
    chosen, found = chosen_experiment(link.state(), network, methods, link), stored_comparison(network)
    plan = found.experiment.plan
    return [
        main_curves(found, look),
        rates(stored_study(network), [], plan, chosen.plan.rate, look),
        tiles(found, link, look),
        other_curves(found, look),
    ]
