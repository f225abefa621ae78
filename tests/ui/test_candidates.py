"""The candidate categories: coarse to fine, what is said of each, and why an answer is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.demo import make_demo
from coder.i18n import Language, load_texts
from coder.model import ConfirmProposal, ProposalSet
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from coder.ui.candidate_answers import pieces

DA = load_texts("da")
QUESTIONS = "questions: [{name: id, kind: id}, {name: tekst, kind: open}]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The demo study with proposals, by answer and by segment, to be copied."""
    folder = tmp_path_factory.mktemp("candidates")
    study = make_demo(folder)
    study.propose(encoder="fake")
    paths = {"answer": study.path, "segment": folder / "segment.db"}
    shutil.copy(study.path, paths["segment"])
    Study.open(paths["segment"]).propose(encoder="fake", by="segment")
    return paths


@pytest.fixture
def study(
    request: pytest.FixtureRequest,
    made: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Study:
    path = Path(shutil.copy(made[getattr(request, "param", "answer")], tmp_path / "study.db"))
    monkeypatch.setenv("CODER_STUDY", str(path))
    return Study.open(path)


def open_page(language: Language = "da", **address: str) -> AppTest:
    app = AppTest.from_string(
        "from coder.ui import candidates\ncandidates.show()", default_timeout=60
    )
    for name, value in {"lang": language, "coder": "Anna", **address}.items():
        app.query_params[name] = value
    return app.run()


def proposals(study: Study, count: int | None = None) -> ProposalSet:
    made = study.proposals(count)
    assert made is not None
    return made


def shown(app: AppTest) -> set[str]:
    return set(app.radio[0].proto.options)


def captions(app: AppTest) -> list[str]:
    return list(app.radio[0].proto.captions)


def confirm(study: Study, place: int = 0, count: int | None = None) -> ConfirmProposal:
    """The proposal at this place of a cut, confirmed by somebody else."""
    made = proposals(study, count)
    each = made.proposals[place]
    decision = ConfirmProposal(f"c{place}", "Første", each.answers, each.id, made.encoder)
    study.decide(study.coder("Bo"), decision)
    return decision


# --- from coarse to fine -----------------------------------------------------------------------


def test_the_slider_splits_and_one_click_goes_back(study: Study) -> None:
    default = len(proposals(study))
    app = open_page()
    assert app.select_slider(key="cut").value == default
    assert app.button(key="default_cut").disabled
    before = len(shown(app))
    app.select_slider(key="cut").set_value(default + 1).run()
    assert len(shown(app)) == before + 1
    app.button(key="default_cut").click().run()
    assert app.select_slider(key="cut").value == default
    assert len(shown(app)) == before


def test_the_address_keeps_how_fine(study: Study) -> None:
    assert len(open_page(cut="5").radio[0].options) == len(proposals(study, 5)) == 5


def test_an_address_that_says_nonsense_is_as_if_it_said_nothing(study: Study) -> None:
    app = open_page(cut="-1")
    assert not app.exception
    assert len(app.radio[0].options) == len(proposals(study))


def test_the_open_proposal_stays_open_in_the_part_with_its_most_typical_answer(
    study: Study,
) -> None:
    app = open_page(cut="2")
    coarse = proposals(study, 2).proposals[1]
    app.radio[0].set_value(coarse.id).run()
    app.select_slider(key="cut").set_value(20).run()
    opened = {each.id: each for each in proposals(study, 20)}[str(app.radio[0].value)]
    assert coarse.answers[0] in opened.answers
    app.select_slider(key="cut").set_value(2).run()
    assert app.radio[0].value == coarse.id


def test_new_proposals_begin_where_they_were_made(study: Study) -> None:
    app = open_page(cut="5")
    study.propose(9, encoder="fake")
    assert app.run().select_slider(key="cut").value == 9
    assert len(app.radio[0].options) == 9


# --- what has been confirmed -------------------------------------------------------------------


def test_what_is_confirmed_is_marked_in_coarser_and_finer_proposals(study: Study) -> None:
    done = set(confirm(study, count=8).answers)
    for count in (2, 8, 40):
        app = open_page(cut=str(count))
        for each, line, caption in zip(
            proposals(study, count), app.radio[0].options, captions(app), strict=True
        ):
            of_it = len(done & set(each.answers))
            assert line.startswith(":material/check_circle:") == (of_it == len(each.answers))
            told = DA("candidates.coded", count=of_it)
            assert caption.endswith(f" · {told}") == (0 < of_it < len(each.answers))


def test_a_coarser_proposal_leaves_what_is_confirmed_as_it_is(study: Study) -> None:
    done = set(confirm(study, count=20).answers)
    coarse = next(each for each in proposals(study, 3) if done < set(each.answers))
    app = open_page(cut="3")
    app.radio[0].set_value(coarse.id).run()
    told = DA("candidates.coded_about", count=len(done), total=len(coarse.answers))
    assert told in [each.value for each in app.caption]
    app.button(key="confirm").click().run()
    decision = study.state.log[-1].decision
    assert isinstance(decision, ConfirmProposal)
    assert set(decision.answers) == set(coarse.answers) - done
    assert all(len(codes) == 1 for codes in study.state.codings.values())


def test_answers_that_are_not_drawn_are_confirmed_too(study: Study) -> None:
    app = open_page(cut="1")
    everything = proposals(study, 1).proposals[0]
    drawn = len(app.checkbox)
    assert drawn < len(everything.answers)
    app.button(key="more").click().run()
    assert len(app.checkbox) == drawn + 30
    app.checkbox[0].uncheck().run()
    app.button(key="confirm").click().run()
    decision = study.state.log[-1].decision
    assert isinstance(decision, ConfirmProposal)
    assert decision.answers == everything.answers[1:]


# --- what is said of each ----------------------------------------------------------------------


@pytest.mark.parametrize(("language", "first"), [("da", "svar · "), ("en", "answers · ")])
def test_every_proposal_tells_its_size_and_how_alike_and_firm_it_is(
    study: Study, language: Language, first: str
) -> None:
    texts = load_texts(language)
    app = open_page(language)
    for each, caption in zip(proposals(study), captions(app), strict=True):
        assert caption.startswith(f"{len(each.answers)} {first}")
        assert each.stability is not None
        for number in (each.coherence, each.stability):
            assert texts.number(number, 2) in caption


def test_the_most_typical_and_the_most_doubtful_are_set_apart(study: Study) -> None:
    proposal = proposals(study).proposals[0]
    app = open_page()
    sections = [DA(f"candidates.section.{each}") for each in ("typical", "doubtful", "others")]
    assert [each.value for each in app.subheader] == sections
    drawn = [str(box.key).split(".", 2)[2].rsplit(".", 1)[0] for box in app.checkbox]
    assert drawn[:6] == [*proposal.answers[:3], *proposal.doubtful]
    assert sorted(drawn) == sorted(proposal.answers)


def test_why_an_answer_is_here_is_told_when_one_asks(study: Study) -> None:
    proposal = proposals(study).proposals[0]
    reasons = [why for each in proposal.answers for why in study.why_here(each)]
    reason = next(each for each in reasons if each.terms)
    app = open_page()
    told = DA("candidates.why_near")
    assert told not in [each.value for each in app.caption]
    app.session_state[f"why.{proposal.id}.{reason.answer}"] = True
    app.run()
    assert [each.value for each in app.caption].count(told) == 1
    texts = [each.value for each in app.text]
    assert DA("candidates.why_terms", terms=", ".join(reason.terms)) in texts
    for near in reason.near:
        assert study.survey.answers.at[near, "text"] in texts


def test_answers_without_content_are_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but function words: there is nothing to name the group by."""
    rows = ["det er det", "vi har det", "og så er der det", "det var der ikke"]
    survey = "id;tekst\n" + "\n".join(f"R{no};{text}" for no, text in enumerate(rows))
    (tmp_path / "survey.csv").write_text(survey, "utf-8")
    questions = parse_questionnaire(QUESTIONS)
    study = Study.create(tmp_path / "study.db", tmp_path / "survey.csv", questions)
    study.propose(1, encoder="fake")
    monkeypatch.setenv("CODER_STUDY", str(study.path))
    app = open_page()
    assert app.header[0].value == DA("candidates.contentless")
    assert app.info[0].value == DA("candidates.contentless_about")


# --- by segment --------------------------------------------------------------------------------


@pytest.mark.parametrize("study", ["segment"], indirect=True)
def test_by_segment_the_answer_is_shown_whole_in_pieces(study: Study) -> None:
    made = proposals(study)
    standing = [answer for each in made for answer in each.answers]
    one = next(each for each in made if any(standing.count(a) > 1 for a in each.answers[:3]))
    answer = next(each for each in one.answers[:3] if standing.count(each) > 1)
    app = open_page()
    app.radio[0].set_value(one.id).run()
    text = study.survey.answers.at[answer, "text"]
    spans = one.spans[one.answers.index(answer)]
    texts = [each.value for each in app.text]
    assert {piece for piece, _ in pieces(text, spans)} <= set(texts)
    assert text not in texts


@pytest.mark.parametrize("study", ["segment"], indirect=True)
def test_by_segment_an_answer_may_get_a_second_category(study: Study) -> None:
    done = set(confirm(study).answers)
    other = next(each for each in proposals(study).proposals[1:] if done & set(each.answers))
    app = open_page()
    app.radio[0].set_value(other.id).run()
    app.button(key="confirm").click().run()
    decision = study.state.log[-1].decision
    assert isinstance(decision, ConfirmProposal)
    assert decision.answers == other.answers


def test_a_text_is_cut_at_its_spans() -> None:
    text = "Først dette. Så det.\n\nTil sidst hint."
    assert pieces(text, [(13, 20)]) == [
        ("Først dette.", False), ("Så det.", True), ("Til sidst hint.", False),
    ]  # fmt: skip
    assert pieces(text, [(22, 37), (0, 12)]) == [
        ("Først dette.", True), ("Så det.", False), ("Til sidst hint.", True),
    ]  # fmt: skip
    assert pieces(text, [(0, len(text))]) == [(text, True)]
