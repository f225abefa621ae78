"""The map on the page of proposals: how answers look, what is told of them, what a ring does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import load_texts
from coder.model import AcceptGroup, ApplyCode, CreateCode, Proposal, ProposalSet, SetStatus, Turn
from coder.study import Study
from coder.ui.answer_map import _looks, figure, hover_text, labels
from coder.ui.candidate_answers import Decided, name

DA = load_texts("da")
NOTHING = Decided({}, {})


@pytest.fixture
def study(shown: Study) -> Study:
    return shown


def open_map(*ring: str) -> AppTest:
    """The page with its map, and a ring around these answers."""
    app = AppTest.from_string(
        "from coder.ui import candidates\ncandidates.show()", default_timeout=60
    )
    app.query_params["lang"] = "da"
    app.query_params["coder"] = "Anna"
    app.session_state["tabs.da"] = DA("candidates.on_map")
    return with_ring(app, ring)


def with_ring(app: AppTest, ring: Sequence[str]) -> AppTest:
    points = [{"customdata": [answer]} for answer in ring]
    app.session_state["map.0"] = {"selection": {"points": points}}
    return app.run()


def made(study: Study) -> ProposalSet:
    found = study.proposals()
    assert found is not None
    return found


def marks(study: Study, decided: Decided = NOTHING) -> dict[str, dict[str, Any]]:
    """How each answer is drawn, the first proposal being the one chosen."""
    proposals = made(study)
    drawn = figure(
        study, study.answer_map(), proposals, proposals.proposals[0], decided, DA
    ).to_dict()
    return {
        str(ids[0]): {
            "colour": trace["marker"]["color"][no],
            "shape": trace["marker"]["symbol"][no],
            "size": trace["marker"]["size"],
            "hover": trace["hovertext"][no],
        }
        for trace in drawn["data"]
        for no, ids in enumerate(trace["customdata"])
    }


# --- the figure --------------------------------------------------------------------------------


def test_every_answer_is_drawn_once_in_the_look_of_its_proposal(study: Study) -> None:
    seen = marks(study)
    assert set(seen) == set(study.survey.answers.index)
    looks = {
        tuple((seen[a]["colour"], seen[a]["shape"]) for a in each.answers) for each in made(study)
    }
    assert all(len(set(of_one)) == 1 for of_one in looks)
    assert len({of_one[0] for of_one in looks}) == len(made(study))


def test_proposals_differ_in_shape_where_the_colour_comes_again() -> None:
    many = ProposalSet(tuple(Proposal(f"p{i}", (f"a{i}",), (), (), 0) for i in range(56)), "fake")
    looks = _looks(many)
    assert len(set(looks.values())) == 56
    assert len({look.colour for look in looks.values()}) == 8
    assert len({look.shape for look in looks.values()}) == 7


def test_the_chosen_proposal_stands_out_by_size_too(study: Study) -> None:
    seen, chosen = marks(study), set(made(study).proposals[0].answers)
    sizes = {answer in chosen: mark["size"] for answer, mark in seen.items()}
    assert sizes[True] > sizes[False]


def test_what_is_coded_or_set_aside_is_hollow(study: Study) -> None:
    coded, aside, *_ = study.survey.answers.index
    seen = marks(study, Decided({coded: ("Hjælp",)}, {aside: "noise"}))
    hollow = {answer for answer, mark in seen.items() if mark["shape"].endswith("-open")}
    assert hollow == {coded, aside}


def test_what_is_told_under_the_mouse_is_text(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plotly makes bold what stands in <b>, and a link of what stands in <a>."""
    answer = made(study).proposals[0].answers[0]
    hostile = '<b>fed</b> &lt;i&gt; <a href="http://ond.dk">her</a>'
    study.survey.answers.loc[answer, "text"] = hostile
    told = hover_text(study, answer, None, NOTHING, DA)
    assert "&lt;b&gt;fed&lt;/b&gt; &amp;lt;i&amp;gt;" in told
    assert "<" not in told.replace("<br>", "")


def test_a_long_answer_is_cut_and_stands_in_lines(study: Study) -> None:
    answer = made(study).proposals[0].answers[0]
    study.survey.answers.loc[answer, "text"] = "ord " * 200
    lines = hover_text(study, answer, None, NOTHING, DA).split("<br>")
    assert max(map(len, lines)) <= 46
    assert lines[-1].endswith("…")
    assert sum(map(len, lines)) < 300


def test_names_never_lie_on_each_other_and_the_chosen_one_is_always_there() -> None:
    proposals = ProposalSet(
        tuple(Proposal(f"p{i}", (f"a{i}",), (), (), 0, f"navn {i}") for i in range(3)), "fake"
    )
    places = pd.DataFrame({"x": [0.0, 0.01, 0.0], "y": [0.0, 0.01, 0.5]}, index=["a0", "a1", "a2"])
    written = labels(places, proposals, proposals.proposals[1], DA)
    assert [each["text"] for each in written] == ["<b>Navn 1</b>", "Navn 2"]


def test_a_name_is_text() -> None:
    one = Proposal("p", ("a",), (), (), 0, "<b>x</b>")
    places = pd.DataFrame({"x": [0.0], "y": [0.0]}, index=["a"])
    (written,) = labels(places, ProposalSet((one,), "fake"), one, DA)
    assert written["text"] == "<b>&lt;b&gt;x&lt;/b&gt;</b>"


# --- the page ----------------------------------------------------------------------------------


def test_the_map_is_told_in_words_and_made_only_when_it_is_looked_at(study: Study) -> None:
    app = open_map()
    chart = app.get("plotly_chart")[0].proto
    first = made(study).proposals[0]
    values = {"count": 174, "proposals": len(made(study)), "name": name(first, DA)}
    assert chart.alt == DA("answer_map.alt", **values)
    assert json.loads(chart.config)["displayModeBar"] is False
    assert DA("answer_map.how") in [each.value for each in app.info]
    app.session_state["tabs.da"] = DA("candidates.one_by_one")
    assert not app.run().get("plotly_chart")


def test_the_proposal_chosen_on_the_map_is_open_in_the_list(study: Study) -> None:
    app = open_map()
    third = made(study).proposals[2]
    (box,) = (each for each in app.selectbox if str(each.key).startswith("highlight."))
    box.set_value(third.id).run()
    assert app.radio[0].value == third.id


def test_the_answers_in_the_ring_become_a_category_by_one_decision(study: Study) -> None:
    ids = list(study.survey.answers.index[:4])
    app = open_map(*reversed(ids))
    assert DA("answer_map.ringed", count=4) in [each.value for each in app.header]
    (field,) = (each for each in app.text_input if str(each.key).startswith("ring_label."))
    field.set_value("Fra kortet").run()
    app.button(key="ring_create").click().run()
    decision = study.state.log[-1].decision
    assert isinstance(decision, AcceptGroup)
    assert decision.answers == decision.turn.shown == tuple(ids)
    assert (decision.label, len(study.state.codes)) == ("Fra kortet", 1)
    study.undo(study.coder("Anna"))
    assert not study.state.codes
    assert not study.state.codings


def test_the_answers_in_the_ring_get_a_code_by_one_decision(study: Study) -> None:
    coder = study.coder("Bo")
    study.decide(coder, CreateCode("c", "Hjælp"))
    coded, aside, *rest = study.survey.answers.index[:5]
    study.decide(coder, ApplyCode("c", (coded,)))
    study.decide(coder, SetStatus((aside,), "noise"))
    app = open_map(coded, aside, *rest)
    # Set aside, it is not on the map any more; coded, it is not ticked.
    assert DA("answer_map.ringed_closed", count=1) in [each.value for each in app.caption]
    (box,) = (each for each in app.selectbox if str(each.key).startswith("ring_code."))
    box.set_value("c").run()
    unticked = next(
        b for b in app.checkbox if str(b.key).startswith("keep.ring.") and rest[0] in b.key
    )
    unticked.uncheck().run()
    app.button(key="ring_give").click().run()
    assert study.state.log[-1].decision == ApplyCode("c", tuple(rest[1:]))


def test_a_category_without_a_name_is_refused(study: Study) -> None:
    app = open_map(*study.survey.answers.index[:2])
    before = study.state.no
    app.button(key="ring_create").click().run()
    assert study.state.no - before <= 1  # at most that the coder has joined
    assert not study.state.codes


def test_an_empty_turn_is_never_decided(study: Study) -> None:
    app = open_map(study.survey.answers.index[0])
    (box,) = (b for b in app.checkbox if str(b.key).startswith("keep.ring."))
    box.uncheck().run()
    assert app.button(key="ring_create").disabled
    assert Turn(()) not in [act.turn for act in study.state.acts()]
