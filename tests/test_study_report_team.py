"""What the report of a study with several coders tells of them: the numbers are worked by hand.

Anna and Bo have coded six answers in a blind round. Of the first four Anna gives all the first
code and Bo two; of the others both give the second. So they agree on four of six; chance would
give (4/6 · 2/6 + 2/6 · 4/6) = 4/9, and Conger's kappa, which is Cohen's of two, is (6/9 – 4/9) /
(5/9) = 0.4. One of the two disagreements is settled, and then they agree on five of six.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.intake import take_in
from coder.model import (
    AddCoder,
    ApplyCode,
    CloseRound,
    CreateCode,
    MarkAnswers,
    Settle,
)
from coder.report.document import Block, Heading, Paragraph, Table, flat
from coder.report.web import html_text
from coder.report.word import docx_bytes
from coder.study import Study


def study_of(folder: Path, answers: int) -> Study:
    """A study of so many answers, with nothing decided."""
    rows = [f"{no};Vi gjorde noget nyt nummer {no}" for no in range(1, answers + 1)]
    file = folder / "few.csv"
    file.write_text("\n".join(["nr;hvad", *rows]), "utf-8")
    form = take_in([file], open_columns=["hvad"], id_column="nr").questionnaire
    return Study.create(folder / "few.db", file, form)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    made = study_of(tmp_path_factory.mktemp("team"), 6)
    for coder, name in (("eva", "Eva Leder"), ("anna", "Anna Koderske"), ("bo", "Bo Koder")):
        made.decide(coder, AddCoder(coder, name))
    for code in ("x", "y"):
        made.decide("eva", CreateCode(code, f"Kategori {code}"))
    made.decide("eva", made.plan_round("r", "Anna Koderskes runde", ["anna", "bo"]))
    answers = tuple(made.survey.answers.index)
    for coder, own in (("anna", answers[:4]), ("bo", answers[:2])):
        made.decide(coder, ApplyCode("x", own))
        made.decide(coder, ApplyCode("y", tuple(each for each in answers if each not in own)))
        made.decide(coder, MarkAnswers(answers, "done"))
    made.decide("eva", CloseRound("r"))
    made.decide("eva", Settle(answers[2:3], ("x",), "unclear_definition", "Bo Koder tog fejl"))
    return made


def told(study: Study, language: Language = "da", *, unpublished: bool = False) -> list[Block]:
    return list(flat(study.report(load_texts(language), unpublished=unpublished).blocks))


def tables(blocks: list[Block]) -> dict[str, Table]:
    return {each.caption: each for each in blocks if isinstance(each, Table)}


def test_agreement_is_told_with_intervals_as_worked_by_hand(study: Study) -> None:
    blocks = told(study)
    rows = {row[0]: row[1:] for row in tables(blocks)["Enighed mellem koderne"].rows}
    assert rows["Procentvis enighed"][0] == "0,667"
    assert rows["Cohens kappa"][0] == "0,400"
    for _, interval, answers in rows.values():
        assert interval == "–" or (interval.startswith("[") and "; " in interval)
        assert answers == "6"
    texts = [each.text for each in blocks if isinstance(each, Paragraph)]
    (about,) = [each for each in texts if "meldt færdige af mindst to" in each]
    assert about.startswith("2 kodere")
    assert "6 svar er meldt færdige af mindst to af dem. 6 af dem var med i en blind" in about
    (meaning,) = [each for each in texts if each.startswith("Krippendorffs alfa: ")]
    assert "Krippendorff (2004) kræver 0,800" in meaning


def test_each_category_has_its_uses_and_what_is_to_be_doubted(study: Study) -> None:
    by_code = tables(told(study))["Enighed om hver kategori"]
    assert [row[:2] for row in by_code.rows] == [("Kategori x", "6"), ("Kategori y", "6")]
    assert [row[5] for row in by_code.rows] == ["67 %", "67 %"]  # 2 · 2 of 4 + 2
    assert [row[-1] for row in by_code.rows] == ["a", "a"]
    assert by_code.note.startswith("a: Ingen koder har brugt koden 5 gange")


def test_rounds_are_told_of_without_the_names_of_people(study: Study) -> None:
    found = tables(told(study))
    assert found["Runderne"].rows == (("1 (blind)", "Alle koder alt", "6", "6", "2"),)
    assert found["Kodernes arbejde"].rows == (("Koder 2", "6", "6"), ("Koder 3", "6", "6"))


def test_what_settling_changed_stands_beside_what_was(study: Study) -> None:
    blocks = told(study)
    rows = {row[0]: row[1:] for row in tables(blocks)["Enighed før og efter afklaring"].rows}
    assert rows["Procentvis enighed"] == ("0,667", "0,833")
    texts = [each.text for each in blocks if isinstance(each, Paragraph)]
    assert any("er 2 kodet forskelligt, og 1 af dem er afklaret" in each for each in texts)
    assert any(each.endswith("afklaret: uklar definition (1).") for each in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_name_nobody_unless_they_are_for_own_use(
    study: Study, language: Language
) -> None:
    document = study.report(load_texts(language))
    with zipfile.ZipFile(io.BytesIO(docx_bytes(document))) as packed:
        parts = [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    for content in (html_text(document), *parts):
        assert "Koderske" not in content
        assert "Bo Koder" not in content
    own = html_text(study.report(load_texts(language), unpublished=True))
    assert "Anna Koderske" in own


def test_a_study_of_one_coder_says_that_there_is_nobody_to_agree_with(demo: Study) -> None:
    from coder.study.report_team import agreed

    heading, only = agreed(demo, load_texts("da"), False)
    assert isinstance(heading, Heading)
    assert only == Paragraph(load_texts("da")("agreement.reason.one_coder"))


def test_many_categories_beside_each_other_are_called_by_number(tmp_path: Path) -> None:
    study = study_of(tmp_path, 8)
    study.decide("eva", AddCoder("eva", "Eva"))
    answers = tuple(study.survey.answers.index)
    for no in range(7):
        study.decide("eva", CreateCode(f"c{no}", f"Kategorien med nummer {no}"))
        study.decide("eva", ApplyCode(f"c{no}", (*answers[:4], answers[no])))
    crossed = tables(told(study))["Hvor ofte kategorierne er givet til de samme svar"]
    assert [each.label for each in crossed.columns] == ["Kategori", *"1234567"]
    assert {row[0][:2] for row in crossed.rows} == {f"{no} " for no in range(1, 8)}
    assert {row[0][2:] for row in crossed.rows} == {f"Kategorien med nummer {n}" for n in range(7)}


def test_agreement_over_time_is_told_of_who_coded_again(tmp_path: Path) -> None:
    """One of six answers gets the other code: 1 – (2/12) / (2 · 5 · 7 / (12 · 11)) = 0.686."""
    study = study_of(tmp_path, 6)
    study.decide("anna", AddCoder("anna", "Anna Koderske"))
    for code in ("x", "y"):
        study.decide("anna", CreateCode(code, f"Kategori {code}"))
    answers = tuple(study.survey.answers.index)
    for times, count in enumerate((3, 2)):
        if times:
            study.decide("anna", study.plan_round("r", "Igen", ["anna"], "again", 6))
        study.decide("anna", ApplyCode("x", answers[:count]))
        study.decide("anna", ApplyCode("y", answers[count:]))
        study.decide("anna", MarkAnswers(answers, "done"))
    caption = "Enighed med sig selv over tid"
    assert caption not in tables(told(study))  # as long as the round is open
    study.decide("anna", CloseRound("r"))
    (row,) = tables(told(study))[caption].rows
    assert (row[0], row[1], row[3]) == ("Koder 1", "0,686", "6")
