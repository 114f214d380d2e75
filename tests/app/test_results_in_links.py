"""A reader's own results in links: a measurement travels, a training is run again, and what is damaged is refused."""

from dataclasses import replace

from app.opening import headline, opened
from streamlit.testing.v1 import AppTest
from waiting import SETTLED_WITHIN, until

from mnistgrad.app.kept.cost_runs import COSTS
from mnistgrad.app.kept.training_runs import SESSION_KEY
from mnistgrad.cost.carried import carried
from mnistgrad.cost.measurement import stored_measurement

STORED = stored_measurement()
OTHERS = replace(STORED, machine=replace(STORED.machine, processor="A slower one", date="2026-01-02"))


def captions(app: AppTest) -> str:
    assert headline(app)
    return "\n".join(part.value for part in app.caption)


def trained(app: AppTest) -> AppTest:
    until(lambda: app.session_state[SESSION_KEY].running is None, SETTLED_WITHIN, lambda: "the run did not end")
    return app.run()


def asked(app: AppTest, key: str) -> str:
    value = app.query_params[key]
    return value[-1] if isinstance(value, list) else value


def test_own_measurement_is_in_the_link_which_opens_it_and_is_refused_when_damaged() -> None:
    app = opened("cost")
    assert "A stored measurement" in captions(app) and "result" not in app.query_params
    app.session_state[COSTS.found] = OTHERS
    app.run()
    assert "Your measurement" in captions(app)
    text = asked(app, "result")
    there = opened("cost", result=text)
    assert "A result from a link, up to 50,000 images: 2026-01-02, A slower one." in captions(there)
    assert asked(there, "result") == text == carried(OTHERS)
    for damaged in (text[:-20], "x"):
        refused = opened("cost", result=damaged)
        assert "A stored measurement" in captions(refused) and "result" not in refused.query_params
        assert [toast.value for toast in refused.toast if "no result can be read there" in toast.value]


def test_own_training_is_run_again_from_its_link_once() -> None:
    small: dict[str, object] = dict(steps=2, trained=20, seeds=1, rate="0.05")
    app = trained(opened("training", **small).button(key="run").click().run())
    assert "Your run" in captions(app) and asked(app, "again") == "yes"
    there = trained(opened("training", **small, again="yes"))
    assert "The run of your link, run again here" in captions(there) and headline(there) == headline(app)
    there.number_input(key="steps").set_value(3).run()
    assert "again" not in there.query_params, "of other settings nothing was run"
    assert not opened("training", **small).query_params.get("again")
