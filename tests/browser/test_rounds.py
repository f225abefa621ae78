"""Two coders in the browser: coded blind, closed, compared, settled, and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from coder.i18n import load_texts
from coder.intake import take_in
from coder.model import AddCoder, ApplyCode, CreateCode, MarkAnswers, SetRole, WriteMemo
from coder.study import Study
from tests.browser.desk import answer, is_saved, open_desk, press
from tests.browser.running import App, settle, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
SECRET = "Det stod jeg længe med"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eva leads; Anna and Bo are in a blind round on three of four answers, and Bo is done."""
    folder = tmp_path_factory.mktemp("rounds")
    rows = ["nr;hvad", *(f"{no};Vi gjorde noget nyt nummer {no}" for no in range(1, 5))]
    (folder / "few.csv").write_text("\n".join(rows), "utf-8")
    form = take_in([folder / "few.csv"], open_columns=["hvad"], id_column="nr").questionnaire
    study = Study.create(folder / "study.db", folder / "few.csv", form)
    for coder in ("eva", "anna", "bo"):
        study.decide(coder, AddCoder(coder, coder.title()))
    for code in ("Gåture", "Skærm"):
        study.decide("eva", CreateCode(code, code, f"Om {code}"))
    study.decide("eva", SetRole("anna", "coder"))
    study.decide("eva", study.plan_round("r", "Første", ["anna", "bo"], answers=["1", "2", "3"]))
    study.decide("bo", ApplyCode("Skærm", ("1",)))
    study.decide("bo", ApplyCode("Gåture", ("2", "3")))
    study.decide("bo", WriteMemo("1", SECRET))
    study.decide("bo", MarkAnswers(("1", "2", "3"), "done"))
    return study.path


def test_coded_blind_closed_compared_settled_and_undone(app: App) -> None:
    anna = open_desk(app, "Anna")
    seen = []
    for _ in range(3):
        seen.append(answer(anna))
        press(anna, "1", "Enter")
        is_saved(anna)
    assert seen == ["1", "2", "3"]
    study = Study.open(app.study_file.with_name(f"{app.address['study']}.db"))
    assert study.state.answers_of("Gåture", "anna") == ["1", "2", "3"]
    for page in ("coding", "grid", "codebook", "log", "settling", "agreement"):
        other = app.open(page, coder="Anna")
        settle(other)
        assert SECRET not in other.content()
        assert other.get_by_text("Skærm").count() == 0 or page in ("coding", "codebook", "log")
        other.close()
        app.pages.remove(other)

    lead = app.open("rounds", coder="Eva")
    lead.get_by_text("3 af 3 meldt færdige").first.wait_for()
    lead.get_by_role("button", name=TEXTS("rounds.close")).click()
    told(lead, TEXTS("rounds.closed", label="Første"))

    agreed = app.open("agreement", coder="Eva")
    expect(agreed.get_by_test_id("stMetricValue").first).to_have_text("67 %")

    settling = app.open("settling", coder="Eva")
    expect(settling.get_by_text(SECRET)).to_be_visible()
    settling.get_by_role("button", name="»Skærm«").first.click()
    told(settling, TEXTS("settling.done", answer="1"))
    assert study.state.settled["1"].codes == ("Skærm",)
    assert study.state.codings["anna", "1"] == ("Gåture",)
    settling.get_by_role("button", name=TEXTS("ui.undo")).click()
    told(settling, TEXTS("ui.undone"))
    expect(settling.get_by_text(SECRET)).to_be_visible()
    assert study.state.settled == {}
