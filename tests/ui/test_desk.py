"""The desk's Python half: what it tells the browser, and what becomes of what the browser says."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    MarkAnswers,
    MoveCode,
    ReviseCode,
    SetStatus,
    Turn,
    WriteMemo,
)
from coder.study import Study
from coder.ui.desk_data import Moment, window

DA = load_texts("da")
CODES = ("x", "y", "z")


@pytest.fixture
def study(shown: Study) -> Study:
    """The demo; Anna has made three codes."""
    for code in CODES:
        shown.decide(shown.coder("Anna"), CreateCode(code, code.upper(), f"Om {code}."))
    return shown


def open_page(coder: str = "Anna", language: Language = "da", **query: str) -> AppTest:
    app = AppTest.from_string("from coder.ui import coding\ncoding.show()", default_timeout=60)
    for name, value in {"lang": language, "coder": coder, **query}.items():
        app.query_params[name] = value
    return app.run()


def data(app: AppTest) -> dict[str, Any]:
    """What the browser is told."""
    assert not app.exception
    found = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    return next(each for each in found if "words" in each)


def say(app: AppTest, attempt: str, posts: Sequence[dict[str, Any]] = (), **said: Any) -> Any:
    """The browser says something, having all that it was given; what it is told then."""
    before = data(app)
    said_before = dict(app.session_state["desk"]).get("message") or {}
    kept = said_before.get("have", {})
    have = {
        "list": before["list"]["key"] if before["list"] else kept.get("list"),
        "codebook": before["codebook"]["id"] if before["codebook"] else kept.get("codebook"),
    }
    message = {"attempt": attempt, "name": before["name"], "have": have, "posts": list(posts)}
    app.session_state["desk"] = {"message": {**message, **said}}
    return data(app.run())


def ids(told: dict[str, Any]) -> list[str]:
    return [card["id"] for card in told["list"]["cards"]]


def give(uid: str, answer: str, code: str = "x") -> dict[str, Any]:
    return {"uid": uid, "act": "give", "answer": answer, "code": code, "offered": []}


# --- what the browser is given -----------------------------------------------------------------


def test_at_first_everything_is_sent_then_only_what_is_new(study: Study) -> None:
    app = open_page()
    first = data(app)
    assert ids(first) == study.order()
    assert [code["label"] for code in first["codebook"]["codes"]] == ["X", "Y", "Z"]
    assert first["list"]["start"] == study.order()[0]
    assert first["list"]["ends"] == {"before": True, "after": True}
    then = say(app, "1")
    assert (then["list"], then["codebook"], then["attempt"]) == (None, None, "1")
    study.decide(study.coder("Bo"), ReviseCode("x", label="Xx"))
    later = say(app, "2")
    assert later["list"] is None
    assert [code["label"] for code in later["codebook"]["codes"]] == ["Xx", "Y", "Z"]


def test_a_card_has_all_that_is_shown_of_an_answer(study: Study) -> None:
    app, survey = open_page(), study.survey
    added = survey.answers.index[survey.answers["elaboration"].notna()][0]
    card = next(card for card in data(app)["list"]["cards"] if card["id"] == added)
    row = survey.answers.loc[added]
    assert (card["text"], card["added"]) == (row["text"], row["elaboration"])
    place = survey.respondents.at[row["respondent"], "kommune"]
    assert card["who"] == f"{added} · {place}"
    assert card["question"] == study.questionnaire.question(row["question"]).label
    items = study.context_items()
    assert data(app)["context"] == [study.closed_items()[item] for item in items]
    assert card["context"] == study.labelled(items).loc[added].fillna("–").tolist()
    assert card["told"] == {"codes": [], "marks": [], "memo": "", "aside": False}


def test_another_choice_of_background_sends_the_cards_anew_around_the_same(study: Study) -> None:
    app = open_page()
    at = study.order()[50]
    say(app, "1", at=at)
    app.multiselect(key="desk_context").set_value(["stoerrelse"]).run()
    assert study.context_items() == ("stoerrelse",)
    told = data(app)
    assert told["context"] == [study.closed_items()["stoerrelse"]]
    assert told["list"]["start"] == at
    assert len(told["list"]["cards"][0]["context"]) == 1


def test_the_codebook_goes_from_the_top_down(study: Study) -> None:
    anna = study.coder("Anna")
    study.decide(anna, MoveCode("x", parent="z"))
    study.decide(anna, CreateCode("head", "Head", codable=False))
    codes = data(open_page())["codebook"]["codes"]
    assert [(code["label"], code["path"], code["depth"]) for code in codes] == [
        ("Y", "", 0),
        ("Z", "", 0),
        ("X", "Z", 1),
        ("Head", "", 0),
    ]
    assert [code["codable"] for code in codes] == [True, True, True, False]


def test_suggestions_come_for_the_answers_that_are_next(study: Study) -> None:
    anna, order = study.coder("Anna"), study.order()
    for no, answer in enumerate(order[:30]):
        study.decide(anna, ApplyCode(CODES[no % 3], (answer,)))
    app = open_page()
    assert data(app)["offers"] == {}  # the desk is drawn first, since they may take seconds
    told = say(app, "0", ahead=order[30:39])
    assert list(told["offers"]) == order[30:39]
    (offer,) = study.suggestions(order[30:31], anna)
    first = told["offers"][order[30]]
    assert (first["codes"], first["by"]) == (list(offer.codes), "fake")
    assert first["chances"] == pytest.approx(offer.chances)
    study.hold_out(0.99)
    later = say(app, "1", ahead=order[60:64])
    assert list(later["offers"]) == order[60:64]
    held = [answer for answer in order[60:64] if answer in study.held_out()]
    assert held
    assert all(later["offers"][each] | {"new": False} == {"codes": [], "chances": [], "by": "",
                                                          "new": False, "blind": True}
               for each in held)  # fmt: skip


def test_before_anything_is_coded_nothing_is_suggested(study: Study) -> None:
    offers = say(open_page(), "1", ahead=study.order()[:3])["offers"].values()
    assert [offer["codes"] for offer in offers] == [[], [], []]


# --- what the browser says ---------------------------------------------------------------------


def test_posts_are_written_in_order_and_once(study: Study) -> None:
    app, (first, second) = open_page(), study.order()[:2]
    before = study.state.no
    done = {"uid": "2", "act": "mark", "answer": first, "mark": "done", "on": True}
    posts = [give("1", first), done, give("3", second, "y")]
    told = say(app, "a", posts, at=second, ahead=[second])
    assert [each.decision for each in study.state.log[before:]] == [
        AcceptGroup(Turn((first,)), "x", (first,)),
        MarkAnswers((first,), "done"),
        AcceptGroup(Turn((second,)), "y", (second,)),
    ]
    assert told["acks"] == [{"uid": "1"}, {"uid": "2"}, {"uid": "3"}]
    assert told["told"][first] == {
        "codes": [{"code": "x", "spans": []}], "marks": ["done"], "memo": "", "aside": False
    }  # fmt: skip
    assert told["counts"] == {"x": 1, "y": 1}
    assert told["recent"] == ["y", "x", "z"]
    assert told["progress"] | {"text": ""} == {"done": 2, "total": 174, "text": ""}
    assert told["undo"] == f"Godkendte {second} som »Y«"
    # The page is run again for another reason; then the browser says it all once more.
    assert data(app.run())["acks"] == told["acks"]
    assert say(app, "b", posts)["acks"] == told["acks"]
    assert study.state.no == before + 3


def test_a_server_that_is_new_knows_what_was_posted_before(study: Study) -> None:
    first = study.order()[0]
    say(open_page(), "a", [give("1", first)])
    no = study.state.no
    assert say(open_page(), "a", [give("1", first)])["acks"] == [{"uid": "1"}]
    assert study.state.no == no


def test_what_cannot_be_done_is_refused_in_words_and_the_rest_goes_on(study: Study) -> None:
    app, (first, second) = open_page(), study.order()[:2]
    posts = [give("1", first, "gone"), {"uid": "2", "act": "burn"}, give("3", second)]
    acks = say(app, "a", posts)["acks"]
    assert [ack.get("refused") for ack in acks] == [
        DA("log.no_code", code="gone"),
        DA("desk.not_understood"),
        None,
    ]
    assert study.state.coded_answers() == {second}
    # It stays refused when it is said again, though by now it could be done.
    study.decide(study.coder("Anna"), CreateCode("gone", "Back"))
    assert "refused" in say(app, "a", posts)["acks"][0]
    assert study.state.coded_answers() == {second}


def test_undo_and_redo_tell_where_they_lead(study: Study) -> None:
    app, answer = open_page(), study.order()[7]
    say(app, "a", [give("1", answer)])
    told = say(app, "b", [{"uid": "2", "act": "undo", "answer": None}])
    (ack,) = told["acks"]
    assert (ack["goto"], ack["card"]["id"], ack["what"]) == (answer, answer, DA("desk.undo_done"))
    assert told["told"][answer]["codes"] == []
    assert told["redo"]
    (ack,) = say(app, "c", [{"uid": "3", "act": "redo", "answer": None}])["acks"]
    assert (ack["goto"], ack["what"]) == (answer, DA("desk.redo_done"))
    (ack,) = say(app, "d", [{"uid": "4", "act": "redo", "answer": None}])["acks"]
    assert ack["nothing"] == DA("desk.nothing_to_redo")


def test_what_was_posted_by_another_coder_waits_for_that_coder(study: Study) -> None:
    app, answer = open_page(), study.order()[0]
    before = study.state.no
    say(app, "a", [give("1", answer)], name="somebody else")
    assert study.state.no == before
    nobody = open_page(coder="")
    say(nobody, "a", [give("1", answer)])
    assert study.state.no == before


def test_a_new_coder_joins_with_the_first_decision(study: Study) -> None:
    app, answer = open_page(coder="Ny koder"), study.order()[0]
    assert "Ny koder" not in study.state.coders.values()
    say(app, "a", [give("1", answer)])
    assert study.state.answers_of("x", study.coder("Ny koder")) == [answer]


def test_nobody_sees_the_codes_of_another_coder(study: Study) -> None:
    first = study.order()[0]
    study.decide(study.coder("Bo"), ApplyCode("x", (first,)))
    told = data(open_page())
    assert told["list"]["cards"][0]["told"]["codes"] == []
    assert told["counts"] == {}


# --- which answers, in which order -------------------------------------------------------------


def test_filters_show_what_they_say(study: Study) -> None:
    anna, order = study.coder("Anna"), study.order()
    study.decide(anna, ApplyCode("x", (order[0],)))
    study.decide(anna, MarkAnswers((order[1],), "done"))
    study.decide(anna, MarkAnswers((order[2],), "discuss"))
    study.decide(anna, MarkAnswers((order[3],), "quote"))
    study.decide(anna, WriteMemo(order[4], "Husk"))
    study.decide(anna, SetStatus((order[5],), "none"))
    study.decide(study.coder("Bo"), MarkAnswers((order[6],), "discuss"))
    study.decide(anna, ReviseCode("x", definition="Noget andet."))
    assert ids(data(open_page(show="open"))) == [*order[2:5], *order[6:]]
    assert ids(data(open_page(show="all"))) == [*order[:5], *order[6:]]
    assert ids(data(open_page(show="discuss"))) == [order[2]]
    assert ids(data(open_page(show="quote"))) == [order[3]]
    assert ids(data(open_page(show="memo"))) == [order[4]]
    assert ids(data(open_page(show="aside"))) == [order[5]]
    (card,) = data(open_page(show="again"))["list"]["cards"]
    why = DA("relook.definition", no=study.state.no)
    assert (card["id"], card["again"]) == (order[0], DA("desk.again", label="X", why=why))


def test_a_filter_that_finds_nothing_is_an_empty_list(study: Study) -> None:
    told = data(open_page(show="quote"))
    assert (ids(told), told["list"]["start"]) == ([], None)


def test_orders_are_those_of_the_study(study: Study) -> None:
    anna = study.coder("Anna")
    members = study.order()[:3]
    study.decide(anna, ApplyCode("x", tuple(members)))
    for query, order in (
        ({"order": "doubtful"}, study.order("doubtful", anna)),
        ({"order": "typical"}, study.order("typical", anna)),
        ({"order": "random", "seed": "7"}, study.order("random", seed=7)),
        ({"order": "similar", "code": "x"}, study.order("similar", anna, "x")),
        ({"order": "similar"}, study.order()),
    ):
        assert ids(data(open_page(show="all", **query))) == order


def test_an_order_that_cannot_be_made_yet_is_said_and_the_desk_is_there(study: Study) -> None:
    app = open_page(order="similar", code="y")
    assert app.warning[0].value == DA("order.no_answers", label="Y")
    assert ids(data(app)) == study.order()


def test_choices_go_into_the_address(study: Study) -> None:
    app = open_page()
    app.selectbox(key="desk_show").set_value("all").run()
    app.selectbox(key="desk_order").set_value("random").run()
    app.number_input(key="desk_seed").set_value(5).run()
    kept = {name: app.query_params[name] for name in ("show", "order", "seed")}
    assert kept == {"show": "all", "order": "random", "seed": "5"}
    assert ids(data(app)) == study.order("random", seed=5)


def test_one_begins_after_the_last_decision(study: Study) -> None:
    anna, order = study.coder("Anna"), study.order()
    study.decide(anna, ApplyCode("x", (order[10],)))
    study.decide(anna, ApplyCode("x", (order[11],)))
    study.decide(anna, ApplyCode("x", (order[10],)))
    assert data(open_page())["list"]["start"] == order[12]
    assert data(open_page(show="all"))["list"]["start"] == order[12]
    study.decide(anna, ApplyCode("x", (order[-1],)))
    assert data(open_page())["list"]["start"] == order[0]


def test_the_answer_that_the_browser_was_at_is_there_though_it_is_done(study: Study) -> None:
    anna, order = study.coder("Anna"), study.order()
    study.decide(anna, ApplyCode("x", (order[4],)))
    app = open_page()
    assert order[4] not in ids(data(app))
    told = say(app, "1", ask={"side": "all", "answer": order[4]})
    assert told["list"]["start"] == order[4]
    assert ids(told) == order


def test_of_a_long_list_the_browser_gets_a_piece_and_asks_for_more() -> None:
    answers = [str(no) for no in range(1200)]
    assert window(answers, "all", "0") == (answers[:500], True, False)
    assert window(answers, "all", "600") == (answers[500:1000], False, False)
    assert window(answers, "all", "1199") == (answers[700:], False, True)
    assert window(answers[:200], "all", "150") == (answers[:200], True, True)
    assert window(answers, "after", "999") == (answers[1000:], False, True)
    assert window(answers, "before", "500") == (answers[:500], True, False)
    assert window(answers, "before", "30") == (answers[:30], True, False)
    assert window(answers, "before", "0") == ([], True, False)
    assert window([], "all", None) == ([], True, True)


def test_a_segment_stands_where_it_does_in_the_text_as_it_is_shown(study: Study) -> None:
    changed = study.survey.answers["text"] != study.original.answers["text"]
    answer = str(study.survey.answers.index[changed][0])
    text = study.survey.answers.at[answer, "text"]
    span = len(text) - 6, len(text)
    anna = study.coder("Anna")
    study.decide(anna, CodeSegment("x", answer, *study.span_as_written(answer, *span)))
    assert Moment(study, anna).standing(answer)["codes"] == [{"code": "x", "spans": [list(span)]}]


# --- words and keys ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_the_browser_uses_is_sent_and_used(
    study: Study, language: Language, checkout: Path
) -> None:
    told = data(open_page(language=language))
    pages = checkout / "coder" / "ui"
    code = "".join(path.read_text("utf-8") for path in sorted(pages.glob("desk*.[jh]*")))
    used = set(re.findall(r"(?<![.\w])(?:this\.|desk\.)?words\.(\w+)", code))
    used |= set(re.findall(r'data-(?:word|label|act)="(\w+)"', code))
    used |= {f"mark_{mark}" for mark in ("done", "nothing", "discuss", "quote")}
    printed = {*told["keys"]["actions"].values(), "codes_first", "codes_more"}
    assert used - set(told["words"]) == set()
    assert set(told["words"]) - used - printed == set()


def test_keys_of_ones_own_are_printed_and_trouble_is_said(
    study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "keys.toml"
    monkeypatch.setenv("CODER_KEYS", str(own))
    own.write_text('done = "j"\n', "utf-8")
    keys = data(open_page())["keys"]
    assert (keys["labels"]["done"], keys["actions"]["j"]) == ("J", "done")
    assert "Enter" not in keys["actions"]
    own.write_text('done = "jj"\n', "utf-8")
    app = open_page()
    assert "linje 1" in app.warning[0].value
    assert data(app)["keys"]["actions"]["Enter"] == "done"


# --- the widgets that stand in -----------------------------------------------------------------


def native(app: AppTest, key: str) -> AppTest:
    app = app.button(key=f"native.{key}").click().run()
    assert not app.exception
    return app


def test_the_widgets_stand_there_until_the_component_has_reported(study: Study) -> None:
    app = open_page()
    key = f"native.done.{study.order()[0]}"
    assert key in {button.key for button in app.button}
    say(app, "1")
    assert key not in {button.key for button in app.button}


def test_an_answer_is_coded_with_the_widgets(study: Study) -> None:
    app, (first, second, third) = open_page(native="1"), study.order()[:3]
    assert not [each for each in app.get("bidi_component") if "words" in each.proto.json]
    before = study.state.no
    app.text_input(key=f"native.phrase.{first}").set_value("xyzzy").run()
    native(app, f"code.x.{first}")
    assert app.error[0].value == DA("desk.native.no_phrase", words="xyzzy")
    words = study.survey.answers.at[first, "text"][3:12]
    app.text_input(key=f"native.phrase.{first}").set_value(words).run()
    native(app, f"code.x.{first}")
    app.text_area(key=f"native.memo.{first}").set_value("Husk")
    native(app, f"memo_save.{first}")
    assert study.state.memos == {(study.coder("Anna"), first): "Husk"}
    native(app, f"take.x.3.{3 + len(words.strip())}.{first}")
    native(app, f"done.{first}")
    app.text_input(key=f"native.label.{second}").set_value("Ny")
    native(app, f"create.{second}")
    native(app, f"next.{second}")
    native(app, f"aside.{third}")
    made = [type(each.decision).__name__ for each in study.state.log[before:]]
    assert made == [
        "CodeSegment", "WriteMemo", "UncodeSegment", "MarkAnswers", "AcceptGroup", "SetStatus"
    ]  # fmt: skip
    assert study.state.set_aside() == {third}
    assert study.state.answers_of(list(study.state.codes)[-1]) == [second]


def test_with_the_widgets_too_nothing_is_decided_without_a_name(study: Study) -> None:
    app, before = open_page(coder="", native="1"), study.state.no
    native(app, f"done.{study.order()[0]}")
    assert app.error[0].value == DA("ui.name_first")
    assert study.state.no == before


def test_groups_are_one_switch_away(study: Study) -> None:
    anna, made = study.coder("Anna"), study.proposals()
    assert made is not None
    group = made.proposals[0]
    study.decide(anna, ConfirmProposal("p", group.name, group.answers, group.id, "fake"))
    app = open_page()
    app.segmented_control(key="coding_by").set_value("groups").run()
    assert not app.exception
    assert app.query_params["by"] == "groups"
    assert app.get("progress")


# --- links, and when there is nothing left -----------------------------------------------------


def test_a_link_leads_to_its_answer_once_though_it_is_done(study: Study) -> None:
    anna, linked = study.coder("Anna"), study.order()[7]
    study.decide(anna, MarkAnswers((linked,), "done"))
    app = open_page(answer=linked)
    assert linked not in ids(data(app))
    link = data(app)["link"]
    assert (link["goto"], link["card"]["id"]) == (linked, linked)
    assert "answer" not in app.query_params
    assert say(app, "a1")["link"] == link
    assert say(app, "a2", at=linked)["link"] is None


def test_a_link_to_no_answer_leads_nowhere(study: Study) -> None:
    assert data(open_page(answer="R999"))["link"] is None


def test_with_the_widgets_too_a_link_leads_to_its_answer(study: Study) -> None:
    linked = study.order()[7]
    app = open_page(native="1", answer=linked)
    assert app.button(key=f"native.done.{linked}")


def test_when_all_is_done_the_results_are_one_press_away(study: Study) -> None:
    anna, order = study.coder("Anna"), tuple(study.order())
    study.decide(anna, MarkAnswers(order[1:], "done"))
    app = open_page()
    assert "go.joint" not in [each.key for each in app.button]
    study.decide(anna, MarkAnswers(order[:1], "nothing"))
    app = app.run()
    assert app.button(key="go.joint").label == DA("page.joint.title")
