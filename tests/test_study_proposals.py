"""Proposals through the study: kept, cut, explained, by segment, and after coding."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from coder.cli import main
from coder.intake import take_in
from coder.model import ApplyCode, CreateCode, ProposalSet, Wordlist
from coder.study import Study
from tests.fixtures import refused


@pytest.fixture
def study(own_proposed: Study) -> Study:
    return own_proposed


def kept(study: Study, count: int | None = None) -> ProposalSet:
    made = study.proposals(count)
    assert made is not None
    return made


def members(proposals: ProposalSet) -> set[str]:
    return {answer for each in proposals for answer in each.answers}


def test_any_number_can_be_had_of_the_proposals_that_are_kept(study: Study) -> None:
    default = kept(study)
    assert 6 <= len(default) <= 13
    for count in (1, 2, 20, 100):
        assert len(kept(study, count)) == count
        assert members(kept(study, count)) == members(default)
    assert kept(study, len(default)) == kept(study) == kept(Study.open(study.path))


def test_every_proposal_has_all_that_is_shown(study: Study) -> None:
    everyone = ("borgeren", "borger", "kommunen", "kommune", "corona")
    for each in kept(study):
        assert each.name
        assert not set(each.name.split(", ")) & set(everyone)
        assert len(each.doubtful) == min(3, len(each.answers) - 3)
        assert each.stability is not None


def test_why_here_tells_of_the_proposal_that_is_shown(study: Study) -> None:
    for count in (None, 5):
        made = kept(study, count)
        answer = made.proposals[0].answers[0]
        (reason,) = study.why_here(answer, count)
        assert (reason.answer, reason.proposal) == (answer, made.proposals[0].id)
        assert set(reason.terms) <= set(made.proposals[0].terms)
        assert set(reason.near) <= members(made) - {answer}
    assert study.why_here("nobody") == ()


def test_why_here_knows_nothing_before_there_are_proposals(small_path: Path) -> None:
    small = Study.open(small_path)
    assert small.why_here(small.survey.answers.index[0]) == ()


def test_what_is_coded_stays_and_the_rest_is_grouped_again(study: Study) -> None:
    coder = study.coder("Anna")
    before = kept(study)
    done = before.proposals[0].answers
    study.decide(coder, CreateCode("c", "Først"))
    study.decide(coder, ApplyCode("c", done))
    codings = study.state.codings
    assert members(study.propose(encoder="fake")) == members(before) - set(done)
    assert members(kept(study)) == members(before) - set(done)
    assert study.state.codings == codings
    with refused("propose.bad_count", count=174, most=174 - len(done)):
        study.propose(174, "fake")


def test_when_all_is_coded_a_second_look_is_as_the_first(study: Study) -> None:
    before, coder = kept(study), study.coder("Anna")
    study.decide(coder, CreateCode("c", "Alt"))
    study.decide(coder, ApplyCode("c", tuple(sorted(members(before)))))
    assert study.propose(encoder="fake") == before


def test_by_segment_a_long_answer_stands_in_several_proposals(study: Study) -> None:
    made = study.propose(encoder="fake", by="segment")
    texts = study.survey.answers["text"]
    written: dict[str, str] = {}
    for each in made:
        for answer, spans in zip(each.answers, each.spans, strict=True):
            written[answer] = written.get(answer, "") + "".join(
                texts[answer][start:end] for start, end in spans
            )
    several = [sum(answer in each.answers for each in made) for answer in texts.index]
    assert sum(each > 1 for each in several) > 20
    for answer, text in written.items():
        assert sorted("".join(text.split())) == sorted("".join(texts[answer].split()))
    assert made == kept(Study.open(study.path))
    assert made.settings["by"] == "segment"


def test_the_list_of_words_is_kept_and_used_again(study: Study) -> None:
    made = study.propose(encoder="fake", words="seeds: [gåtur]\nstop: [skærm]\n")
    assert study.wordlist() == Wordlist(stop=("skærm",), seeds=("gåtur",))
    again = Study.open(study.path).propose(encoder="fake")
    for each in (made, again):
        assert sum(proposal.name == "gåtur" for proposal in each) == 1
        assert not any("skærm" in proposal.terms for proposal in each)
    assert made == again
    before = study.check().counts["entries"]
    with refused("words.alone", place="words.together[1]"):
        study.propose(encoder="fake", words="together: [[a]]")
    assert study.check().counts["entries"] == before
    assert kept(study) == made


def test_the_command_takes_words_and_segments(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "words.yaml").write_text("seeds: [gåtur]\n", "utf-8")
    command = ["propose", str(study.path), "--encoder", "fake", "--by", "segment"]
    assert main([*command, "--words", str(tmp_path / "words.yaml")]) == 0
    assert " gåtur " in capsys.readouterr().out
    assert kept(study).settings["by"] == "segment"
    (tmp_path / "words.yaml").write_text("seed: [gåtur]\n", "utf-8")
    assert main([*command, "--words", str(tmp_path / "words.yaml")]) == 1
    assert "seed" in capsys.readouterr().err


def test_answers_without_content_are_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["1;hest og gris", "2;hest og gris igen", "3;det er det", "4;12", "5;!!"]
    (tmp_path / "s.csv").write_text("nr;hvorfor\n" + "\n".join(rows) + "\n", "utf-8")
    form = take_in([tmp_path / "s.csv"], open_columns=["hvorfor"], id_column="nr").questionnaire
    study = Study.create(tmp_path / "s.db", tmp_path / "s.csv", form)
    assert main(["propose", str(study.path), "--encoder", "fake", "--count", "5"]) == 0
    out = unicodedata.normalize("NFC", capsys.readouterr().out)
    assert out.count("Svar uden indhold") == 3
    assert sum(each.name == "" for each in kept(study)) == 3
