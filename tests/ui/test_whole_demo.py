"""All of the demo coded through the page, with no more acts than the simulated coder needs."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.model import Act, Turn
from coder.store import EmbeddingCache
from coder.study import Study
from coder.text.embed import embed
from coder.text.encode import load_encoder
from coder.text.simulate import PRICES, Played, simulate
from coder.text.suggest import make_space

KEYS = 9  # with so many codes or fewer each has a button of its own


@pytest.fixture
def labels(checkout: Path) -> dict[str, str]:
    """The expert's category of every answer."""
    with (checkout / "data" / "expert.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return {row["answer"]: row["category_label"] for row in rows}


def simulated(study: Study, labels: Mapping[str, str]) -> list[Played]:
    """What `coder simulate` does with the answers as they are shown: every act, in order."""
    ids, texts = study.survey.answers.index.tolist(), study.survey.answers["text"].tolist()
    vectors = embed(texts, load_encoder("fake"), EmbeddingCache(None))
    return list(simulate(make_space(ids, texts, vectors), labels))


class Hands:
    """What is done on the page with its widgets, and what that costs."""

    def __init__(self) -> None:
        app = AppTest.from_string("from coder.ui import coding\ncoding.show()", default_timeout=60)
        app.query_params["coder"], app.query_params["by"] = "Anna", "groups"
        self.app, self.cost = app.run(), 0

    @property
    def turn(self) -> Turn | None:
        found = self.app.session_state["turn"].turn
        assert found is None or isinstance(found, Turn)
        return found

    def key(self, name: str) -> str:
        return f"{name}.{self.app.session_state['turn'].no}"

    def press(self, name: str, kind: str | None = None) -> None:
        self.app.button(key=self.key(name)).click().run()
        assert not self.app.exception
        self.cost += PRICES[kind] if kind else 0

    def play(self, act: Act) -> None:
        """The act, with the widgets that stand on the page."""
        if act.code is None:
            return self.press("reject", "reject")
        if len(act.turn.shown) > 1:
            self.cost += PRICES["accept"]
            self.take_out(act)
        return self.give(act, str(act.code))

    def take_out(self, act: Act) -> None:
        for answer in act.excluded:
            self.app.checkbox(key=f"{self.key('in')}.{answer}").uncheck()
            self.cost += PRICES["exclude"]
        shown = act.turn.shown
        line = 1 + max(shown.index(each) for each in (*act.accepted, *act.excluded))
        if line < len(shown):
            self.press(f"cut.{line}")
        elif act.excluded:
            self.app.run()

    def give(self, act: Act, label: str) -> None:
        """The code by the button that gives it, by its number, by searching, or as a new one."""
        study = Study.open(self.app.session_state["turn"].study)
        codes = {code.label: code.id for code in study.state.codes.values()}
        if label not in codes:
            self.app.text_input(key=self.key("new")).set_value(label)
            return self.press("create", "new")
        assert self.turn is not None
        if len(act.turn.shown) > 1 and self.turn.code == codes[label]:
            return self.press("accept")
        every = [*dict.fromkeys((*self.turn.offered, *codes.values()))]
        numbered = every if len(every) <= KEYS else list(self.turn.offered)
        if codes[label] in numbered:
            return self.press(f"offer.{1 + numbered.index(codes[label])}", "key")
        self.app.selectbox(key=self.key("search")).set_value(codes[label]).run()
        return self.press("use", "search")


def test_the_demo_is_coded_with_no_more_acts_than_the_simulation_counts(
    shown: Study, labels: dict[str, str]
) -> None:
    plan, hands = simulated(shown, labels), Hands()
    for played in plan:
        assert hands.turn is not None
        assert hands.turn.shown == played.act.turn.shown
        hands.play(played.act)
    assert hands.turn is None
    state = shown.state
    assert {
        answer: state.codes[code].label for (_, answer), (code,) in state.codings.items()
    } == labels
    assert hands.cost <= sum(played.cost for played in plan)


def test_a_wrong_category_would_be_seen(shown: Study, labels: dict[str, str]) -> None:
    """Else the comparison above could hold whatever is pressed."""
    hands = Hands()
    assert hands.turn is not None
    first = hands.turn.shown
    hands.play(Act(hands.turn, "Alt", first))
    assert shown.state.coded_answers() == set(first)
    assert {labels[each] for each in first} != {"Alt"}
    assert hands.cost == PRICES["accept"] + PRICES["new"]
