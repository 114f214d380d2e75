"""What is said about the rates, against studies in which something else is so."""

import re
from dataclasses import replace

from comparisons import studied
from loops import over

from mnistgrad.captions import training_rates as says
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import TrainingPlan
from mnistgrad.training.rates import stored_study

FOUND = {network: stored_study(network) for network in ("cross-entropy", "mse")}


@over(("copied", "no"), [(0.5, True), (0.8, True), (0.895, False), (0.95, False)])
def test_title_says_no_only_where_no_rate_helps_a_copy(copied: float, no: bool) -> None:
    found = studied({"true": {0.1: 0.7, 0.2: 0.9}, "mean-row": {0.1: copied, 0.2: 0.3}, "printed-row": {0.1: 0.2, 0.2: 0.2}})
    title = says.rates_title(found)
    assert title.startswith("Not the rate") == no
    assert not no or re.findall(r"[\d.]+%", title) == [f"{copied:.1%}", "90.0%"]


def test_a_lower_loss_is_the_better() -> None:
    lower = {"true": {0.1: 1.0, 0.2: 3.0}, "mean-row": {0.1: 4.0, 0.2: 2.0}}
    assert says.rates_title(studied(lower, "mse")).endswith("a copied row ends at 2.00, the true gradient 1.00")
    assert says.rates_title(studied(dict(zip(lower, reversed(lower.values()), strict=True)), "mse")).startswith("Where")


def test_where_every_rate_diverged_nothing_is_compared() -> None:
    assert says.rates_title(studied({"true": {0.1: None}, "mean-row": {0.1: 0.5}})) == "Where each way ends, at each rate"


def test_stored_results_answer_that_it_is_not_the_rate() -> None:
    assert all(says.rates_title(found).startswith("Not the rate") for found in FOUND.values())


def test_own_runs_are_told_with_what_else_was_other() -> None:
    found = FOUND["cross-entropy"]
    same = replace(found.experiment, plan=replace(found.experiment.plan, rate=0.5), methods=("true",))
    other = Experiment(TrainingPlan(rate=0.2, steps=3, preset="lesson-2022"), seeds=3)
    text = says.rates_sentence(found, [same, other], found.experiment.plan)
    assert "your runs, rate 0.5; rate 0.2 (3 steps, Lesson 2022, raw pixels)." in text
    again = replace(other, plan=replace(other.plan, rate=1.0))
    assert "rate 0.2 and 1 (3 steps, " in says.rates_sentence(found, [same, other, again], found.experiment.plan)
    assert "Diamonds" not in says.rates_sentence(found, [], found.experiment.plan)
    assert "your run, rate 0.5." in says.rates_sentence(found, [same], found.experiment.plan)


def test_study_of_another_network_than_the_chosen_one_says_so() -> None:
    found = FOUND["mse"]
    text = says.rates_sentence(found, [], TrainingPlan(preset="lesson-2022"))
    assert text.endswith("Measured with Lesson 2019 and normalised pixels, not Lesson 2022 and raw pixels.")
    assert "Measured" not in says.rates_sentence(found, [], TrainingPlan("cross-entropy", 0.5, seed=7))


def test_plan_stands_below_the_picture() -> None:
    assert (
        says.plan_note(FOUND["mse"]) == "150 steps, 2,000 images, seeds 0, 1, 2, Lesson 2019, normalised pixels, 50 hidden units"
    )


FROZEN = {"frozen": {0.1: 0.7}}


def test_why_tells_what_was_measured_of_a_way_below_a_frozen_layer() -> None:
    ends = {"rank-1": {0.1: 0.4}} | FROZEN
    assert says.why(studied(ends, uphill=0.75), 0.1).endswith("75.0% of the steps looked at go against the true gradient.")
    text = says.why(studied(ends, on=0.05, dead=0.2), 0.1)
    assert "with its best outer product it ends below the frozen layer" in text
    assert re.findall(r"[\d.]+%", text) == ["5.0%", "50.0%", "20.0%"]
    assert "off for all" not in says.why(studied(ends, on=0.05), 0.1)
    assert says.why(studied(ends, moved=1.25), 0.1).endswith("w1 moved by 1.2 times its length.")
    assert says.why(studied({"rank-1": {0.1: 0.695}} | FROZEN), 0.1) == "", "as good as the frozen layer"
    assert says.why(studied(ends), 0.2) == "", "a rate that was not studied"


def test_why_tells_who_diverged_when_and_how_far_w1_had_gone() -> None:
    text = says.why(studied({"true": {0.1: None}} | FROZEN, moved=0.5), 0.1)
    assert text == (
        "At rate 0.1 the loss passed 10 times the first within 3 steps with the true gradient (all 2 seeds): "
        "steps that moved w1 by up to 50.0% of its length."
    )
    assert "with every way" in says.why(studied({"true": {0.1: None}, "frozen": {0.1: None}}), 0.1)
    assert "moved" not in says.why(studied({"frozen": {0.1: None}}, moved=0.0), 0.1), "only the second layer's steps"


def test_ways_that_diverged_for_as_many_seeds_are_told_together() -> None:
    text = says.why(FOUND["mse"], 0.1)
    assert "with the true gradient, with its best outer product, with the mean row copied and with the printed row copied" in text
    assert "printed row copied (all 3 seeds), with the first layer frozen (2 of 3 seeds)" in text and text.count("seeds") == 2


@over("found", FOUND.values())
def test_every_rate_has_a_sentence_where_a_way_diverged_or_fell_below_frozen(found: says.RateStudy) -> None:
    for rate in found.rates:
        diverged = any(found.diverged(method, rate) for method in found.experiment.methods)
        text = says.why(found, rate)
        assert not diverged or "the loss passed" in text
        assert not text or (text.startswith(f"At rate {rate:g} ") and text.count(". ") == 0)
    assert FOUND["cross-entropy"].end("rank-1", 0.5) < 0.5
    assert "best outer product it ends below" in says.why(FOUND["cross-entropy"], 0.5)
