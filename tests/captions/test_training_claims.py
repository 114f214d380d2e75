"""Every sentence of the page on training, against comparisons that say otherwise."""

import re
from dataclasses import fields, replace

from comparisons import made_up, measured
from loops import over

from mnistgrad.captions import training as says
from mnistgrad.network.sets.kinds import Trained
from mnistgrad.training.comparison import Comparison, Experiment
from mnistgrad.training.descent import TRAINING_METHODS, TrainingPlan
from mnistgrad.training.stored import stored_comparison

ALIKE = "Here the true gradient has not yet learned more than a copied row"


def ends(true: float | None, copied: float | None, frozen: float | None) -> Comparison:
    return made_up({"true": [true], "mean-row": [copied], "frozen": [frozen]})


@over(
    ("found", "claim"),
    [
        (ends(0.9, 0.72, 0.71), "No: with one row copied, the first layer learns next to nothing"),
        (ends(0.9, 0.76, 0.71), "No: with one row copied, the first layer learns little"),
        (ends(0.9, 0.85, 0.71), "With one row copied, the first layer learns less than with its own gradient"),
        (ends(0.9, 0.5, 0.71), "No: with one row copied it reads digits worse than with a first layer left untrained"),
        (ends(0.56, 0.56, 0.57), ALIKE),
        (ends(0.7, 0.9, 0.6), ALIKE),
        (ends(None, 0.2, 0.2), "At rate 0.1 even the true gradient diverges, so nothing can be compared"),
        (ends(0.9, None, 0.7), "The same start, trained in different ways"),
        (
            made_up({"true": [0.9, None], "mean-row": [0.7, 0.7], "frozen": [0.7, 0.7]}),
            "The same start, trained in different ways",
        ),
        (made_up({"rank-1": [0.9]}), "The same start, trained in different ways"),
    ],
)
def test_headline_is_what_the_numbers_say(found: Comparison, claim: str) -> None:
    assert says.headline(found) == claim


def test_a_run_that_was_stopped_draws_no_conclusion() -> None:
    found = ends(0.9, 0.72, 0.71)
    longer = replace(found.experiment, plan=replace(found.experiment.plan, steps=200))
    assert says.headline(replace(found, experiment=longer)) == "Stopped after 20 steps of 200: too early to compare"
    diverged = ends(None, None, None)
    assert "diverges" in says.headline(replace(diverged, experiment=replace(longer, methods=diverged.experiment.methods)))


def test_stored_results_answer_no() -> None:
    for network in says.NETWORK_LABELS:
        assert says.headline(stored_comparison(network)).startswith("No: with one row copied, the first layer learns")


def test_lede_says_what_a_copied_row_cannot_learn_only_where_one_was_copied() -> None:
    assert says.lede(made_up({"true": [0.9], "rank-1": [0.5], "frozen": [0.1]})) == ""
    assert "copied row moves all 784" in says.lede(made_up({"mean-row": [0.4]}))


def test_lede_of_runs_that_diverged_says_which_and_when() -> None:
    text = says.lede(made_up({"true": [None, None], "printed-row": [0.3, None], "frozen": [0.5, 0.6]}))
    assert "With the true gradient it diverged for both seeds (by step 3)" in text
    assert "with the printed row copied it diverged for 1 of 2 seeds (by step 3)" in text
    assert "Every run diverged" in says.lede(made_up({"true": [None]}))
    assert "it diverged (by step 3)" in says.lede(made_up({"true": [None], "frozen": [0.5]}))


def test_run_that_was_cancelled_before_its_first_step_says_so() -> None:
    found = measured()
    empty = Comparison(found.experiment, dict.fromkeys(found.curves, ()), found.before, {})
    assert says.lede(empty) == "The run was cancelled before its first step."
    assert says.headline(empty) == "The same start, trained in different ways"


def test_small_answer_gives_the_ends_and_whose_they_are_if_not_the_chosen() -> None:
    found = ends(0.9, 0.72, 0.71)
    own = found.experiment.plan
    text = says.small_sentence(found, own)
    assert re.findall(r"[\d.]+%", text) == ["90.0%", "72.0%", "71.0%"] and "20 steps" in text and "Measured with" not in text
    assert says.small_title(found).startswith("No: with a gradient for each weight it learns")
    assert "copied" not in says.small_title(ends(0.7, 0.7, 0.7))
    for other, told in (
        (dict(preset="lesson-2022"), "Measured with Lesson 2019, not Lesson 2022."),
        (dict(normalise=False, nh=7), "Measured with normalised pixels and 50 hidden units, not raw pixels and 7 hidden units."),
    ):
        assert says.small_sentence(found, replace(own, **other)).endswith(told)
    assert "Measured" not in says.small_sentence(found, replace(own, seed=9, rate=0.5, network="mse"))
    assert "diverged" in says.small_sentence(made_up({"true": [None]}), own)


def test_tiles_sentence_tells_how_alike_the_copied_changes_are() -> None:
    found = measured()
    text = says.tiles_sentence(found)
    change = (found.after["mean-row"] - found.before).double()
    assert change.std(0).max() < 1e-6 and re.search(r"weight by the same number \((to 1?\d|exactly)", text)
    assert "copied" not in says.tiles_sentence(made_up({"true": [0.5]}))


def test_more_tells_the_experiment_and_the_spread_over_seeds() -> None:
    text = says.more(made_up({"true": [0.9, 0.8, None], "frozen": [0.1, 0.2, 0.3]}))
    assert "true gradient 80.0% to 90.0%; first layer frozen 10.0% to 30.0%" in text and "seeds 0, 1, 2" in text
    assert "From seed" not in says.more(made_up({"true": [0.9]})) and "seed to seed" not in says.more(made_up({"true": [0.9]}))


def test_cross_is_explained_only_where_there_is_one() -> None:
    assert "cross:" in says.loss_sentence(made_up({"true": [None]}))
    assert "cross:" not in says.loss_sentence(made_up({"true": [0.5]}))


def test_network_decides_how_digits_are_read() -> None:
    assert "nearest" not in says.accuracy_sentence(made_up({"true": [0.5]}))
    assert "nearest to the output" in says.accuracy_sentence(made_up({"true": [0.5]}, "mse"))
    assert "Mean squared error" in says.loss_sentence(made_up({"true": [0.5]}, "mse"))


@over(
    ("plan", "part"),
    [
        (TrainingPlan(images=1, steps=1), "1 step, 1 image, all in every step, seed 0"),
        (TrainingPlan(batch_size=100, images=1_000), "1,000 images, 100 a step"),
        (TrainingPlan(normalise=False, nh=1, preset="lesson-2022"), "Lesson 2022, raw pixels, 1 hidden unit"),
    ],
)
def test_experiment_is_described_whole(plan: TrainingPlan, part: str) -> None:
    assert part in says.described(Experiment(plan, seeds=1))


SETTINGS = [
    (dict(rate=0.5), "**rate 0.1**, now rate 0.5"),
    (dict(steps=7), "**150 steps**, now 7 steps"),
    (dict(images=1_000), "**2,000 images**, now 1,000 images"),
    (dict(batch_size=10), "**all in every step**, now 10 a step"),
    (dict(network="mse"), "**ten outputs, cross-entropy**, now the lesson's one output, mse"),
    (dict(preset="lesson-2022"), "**Lesson 2019**, now Lesson 2022"),
    (dict(normalise=False), "**normalised pixels**, now raw pixels"),
    (dict(nh=7), "**50 hidden units**, now 7 hidden units"),
    (dict(seed=3), "**seeds 0, 1, 2**, now seeds 3, 4, 5"),
    (dict(source=Trained("fashion", "Fashion-MNIST", "items")), "**MNIST**, now Fashion-MNIST"),
]


@over(("other", "told"), SETTINGS)
def test_notes_name_each_setting_that_is_another_now(other: dict[str, object], told: str) -> None:
    shown = Experiment()
    chosen = replace(shown, plan=replace(shown.plan, **other))
    for note in (says.stored_note(shown, "today", chosen), says.own_note(shown, 2.0, None, chosen)):
        assert note.endswith(f", **of other settings**: {told}. Press **Run** for those of now.")


def test_every_setting_of_a_plan_is_among_them() -> None:
    assert {name for other, _ in SETTINGS for name in other} == {field.name for field in fields(TrainingPlan)}


def test_notes_tell_a_stored_result_from_ones_own() -> None:
    shown = Experiment()
    assert says.stored_note(shown, "today", shown) == "A stored result, measured on today."
    assert says.own_note(shown, 2.0, 7, shown) == "Your run, 2.0 s, cancelled after 7 steps."
    assert "**all 5 ways**, now true gradient and first layer frozen" in says.stored_note(
        shown, "today", replace(shown, methods=("true", "frozen"))
    )
    assert "now seed 0" in says.stored_note(shown, "today", replace(shown, seeds=1))


def test_file_names_tell_experiments_apart_and_are_plain() -> None:
    plans = [TrainingPlan(), TrainingPlan("mse"), TrainingPlan(rate=0.01), TrainingPlan(steps=7), TrainingPlan(batch_size=10)]
    slugs = {says.plan_slug(Experiment(plan)) for plan in plans} | {says.plan_slug(Experiment(seeds=1))}
    assert len(slugs) == 6 and all(slug.replace("-", "").isalnum() for slug in slugs)


def test_every_method_has_its_words() -> None:
    assert set(says.LABELS) == set(says.SUBJECTS) == set(TRAINING_METHODS)
