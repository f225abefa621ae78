"""The demo survey holds every published count and figure, and the traps of the founding case.

Everything is computed here from the files, with pandas and scipy, so that a mistake in the product
cannot hide one in the data.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest
import yaml
from scipy.stats import chi2_contingency, mannwhitneyu

from benchmarks import demo_survey
from benchmarks.demo.files import write_csv

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"


def read_csv(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, sep=";", encoding="utf-8-sig", dtype=object)


def read_codes() -> pd.DataFrame:
    """The survey with coded columns as numbers (NaN where empty) and texts as they are."""
    survey = read_csv("demo.csv")
    texts = {"id", "kommune", "q19", "q19_uddybning", "n2_q19"}
    coded = [name for name in survey.columns if name not in texts]
    survey[coded] = survey[coded].astype(float)
    return survey.set_index("id", drop=False)


def read_questions() -> dict[str, dict[str, Any]]:
    text = (DATA / "questionnaire.yaml").read_text(encoding="utf-8")
    return {question["name"]: question for question in yaml.safe_load(text)["questions"]}


SURVEY = read_codes()
EXPERT = read_csv("expert.csv")
QUESTIONS = read_questions()
RECIPE = yaml.safe_load((DATA / "recipe.yaml").read_text(encoding="utf-8"))
COUNTS = pd.read_csv(DATA / "published" / "counts.csv")
ANSWERS = yaml.safe_load((ROOT / "benchmarks/demo/answers.yaml").read_text(encoding="utf-8"))
FIGURES = pd.read_csv(DATA / "published" / "figures.csv").set_index("id")
RESPONDENTS = SURVEY[SURVEY["status"] == 1]
LARGE, SMALL = RESPONDENTS["stoerrelse"] == 1, RESPONDENTS["stoerrelse"] == 2
DESCRIBED = RESPONDENTS["q19"].notna()

CATEGORIES = {  # answers, municipalities (None: not stated)
    "online_paaroerende": (26, 12),
    "online_bostoette": (20, 9),
    "digital_genoptraening": (18, 8),
    "digitale_jobsamtaler": (16, 7),
    "fysisk_aktivitet_online": (15, 7),
    "online_familiebehandling": (11, 5),
    "kompenserende_kontakt": (8, 3),
    "online_hjemmepleje": (5, None),
    "virtuel_jobtraening": (4, None),
    "online_undervisning": (4, None),
    "oevrige": (33, None),
}


# The counts


def items_of(question: dict[str, Any]) -> list[str]:
    return [item["name"] for item in question.get("items", [question])]


def closed_questions() -> list[dict[str, Any]]:
    kinds = ("single", "multiple", "matrix")
    return [question for question in QUESTIONS.values() if question["kind"] in kinds]


def code_of(question: dict[str, Any], label: str) -> int:
    return next(int(o["code"]) for o in question["options"] if o["label"] == label)


def ticks(name: str) -> pd.DataFrame:
    codes = [option["code"] for option in QUESTIONS[name]["options"]]
    return RESPONDENTS[[f"{name}_{code}" for code in codes]]


def test_there_are_366_counts_and_41_figures() -> None:
    assert (len(COUNTS), len(FIGURES)) == (366, 41)


@pytest.mark.parametrize(
    "row", COUNTS.to_dict("records"), ids=lambda row: f"{row['item']}: {row['option_da'][:20]}"
)
def test_published_count(row: dict[str, Any]) -> None:
    question = QUESTIONS[row["question"]]
    code = code_of(question, row["option_da"])
    several = row["kind"] == "multiple"
    answers = RESPONDENTS[f"{row['item']}_{code}" if several else row["item"]]
    count = (answers == (1 if several else code)).sum()
    base = asked(question) if question.get("base") == "asked" else answers.notna()
    assert row["option_code"] == code or math.isnan(row["option_code"])
    assert (count, base.sum()) == (row["count"], row["n"])
    assert percent(count, row["n"]) == row["percent"]


@pytest.mark.parametrize("question", closed_questions(), ids=lambda q: q["name"])
def test_labels_are_the_published_ones(question: dict[str, Any]) -> None:
    rows = COUNTS[COUNTS["question"] == question["name"]]
    assert items_of(question) == list(rows["item"].unique())
    for item in question.get("items", []):
        labels = rows.loc[rows["item"] == item["name"], "item_label"].dropna().unique()
        assert list(labels) in ([item["label"]], [])
    first = rows[rows["item"] == rows["item"].iloc[0]]
    assert [o["label"] for o in question["options"]] == list(first["option_da"])


def asked(question: dict[str, Any]) -> pd.Series:
    meets = pd.Series(True, index=RESPONDENTS.index)
    for rule in question.get("asked_if", []):
        if rule["item"] in RESPONDENTS:
            meets &= RESPONDENTS[rule["item"]].isin(rule["any_of"])
        else:
            columns = [f"{rule['item']}_{code}" for code in rule["any_of"]]
            meets &= (RESPONDENTS[columns] == 1).any(axis=1)
    return meets


FILTERED = {"q02": 5, "q05": 68, "q06": 52, "q07": 88, "q10": 78, "q14": 239, "q18": 218}


def test_the_filters_are_all_stated() -> None:
    assert {name for name, question in QUESTIONS.items() if "asked_if" in question} == {*FILTERED}


@pytest.mark.parametrize("name", FILTERED)
def test_nobody_outside_a_filter_answers(name: str) -> None:
    question = QUESTIONS[name]
    columns = ticks(name) if question["kind"] == "multiple" else RESPONDENTS[[name]]
    answered = columns.notna().any(axis=1)
    assert not (answered & ~asked(question)).any()
    assert asked(question).sum() == FILTERED[name]


@pytest.mark.parametrize(
    "name", [question["name"] for question in closed_questions() if question["kind"] == "multiple"]
)
def test_whoever_answers_a_multiple_question_ticks_something(name: str) -> None:
    answered = ticks(name).notna()
    assert (answered.all(axis=1) == answered.any(axis=1)).all()
    assert (ticks(name)[answered.all(axis=1)].sum(axis=1) >= 1).all()


@pytest.mark.parametrize("alone", ["q04_6", "q04_8", "q08_6", "q12_13", "q13_16"])
def test_options_that_exclude_the_others_stand_alone(alone: str) -> None:
    chosen = ticks(alone.split("_")[0])[RESPONDENTS[alone] == 1]
    assert (chosen.sum(axis=1) == 1).all()


def test_codes_are_those_of_the_questionnaire() -> None:
    for name, question in QUESTIONS.items():
        if "options" in question:
            codes = {option["code"] for option in question["options"]}
            several = question["kind"] == "multiple"
            columns = ticks(name) if several else SURVEY[items_of(question)]
            allowed = {0, 1} if several else codes
            assert set(columns.stack().dropna()) <= allowed, name


# The people


def test_invited_and_answered_by_size() -> None:
    table = pd.crosstab(SURVEY["stoerrelse"], SURVEY["status"])
    assert table.loc[1].to_dict() == {0: 136, 1: 141}
    assert table.loc[2].to_dict() == {0: 124, 1: 155}
    assert list(SURVEY["id"]) == [f"R{number:03}" for number in range(1, 557)]
    assert SURVEY["kommune"].nunique() == 98
    assert (SURVEY.groupby("kommune")["stoerrelse"].nunique() == 1).all()


def test_those_who_did_not_answer_have_only_background() -> None:
    background = ["id", "kommune", "stoerrelse", "afdeling", "stilling", "status"]
    others = SURVEY.loc[SURVEY["status"] == 0]
    assert others[background].notna().all(axis=None)
    assert others.drop(columns=background).isna().all(axis=None)


# Differences by size


def p_values(values: pd.Series, question: dict[str, Any]) -> dict[str, float]:
    """Chi-square with and without don't-knows, and rank sums on a scale, by size."""
    unknown = [o["code"] for o in question["options"] if o.get("role") == "dont_know"]
    several = question["kind"] == "multiple"
    answers = values.dropna()
    ordinary = answers if several else answers[~answers.isin(unknown)]
    tests = {"chi-square": chi_square_p(answers), "of ordinary answers": chi_square_p(ordinary)}
    if "scale" in question:
        by_size = [ordinary[group[ordinary.index]] for group in (LARGE, SMALL)]
        tests["rank sums"] = mannwhitneyu(*by_size).pvalue
    return tests


def chi_square_p(values: pd.Series) -> float:
    table = pd.crosstab(values, LARGE[values.index])
    return float(chi2_contingency(table, correction=False).pvalue) if min(table.shape) > 1 else 1.0


def columns_of(question: dict[str, Any]) -> list[str]:
    several = question["kind"] == "multiple"
    return list(ticks(question["name"]).columns) if several else items_of(question)


def columns_by_size() -> list[tuple[str, dict[str, Any]]]:
    questions = [*closed_questions(), QUESTIONS["samtykke"]]
    return [(column, question) for question in questions for column in columns_of(question)]


def test_extent_of_innovation_is_the_only_difference_by_size() -> None:
    smallest = {c: min(p_values(RESPONDENTS[c], q).values()) for c, q in columns_by_size()}
    assert {column for column, p in smallest.items() if p < 0.05} == {"q01"}


def test_extent_by_size() -> None:
    tests = p_values(RESPONDENTS["q01"], QUESTIONS["q01"])
    assert tests["chi-square"] == pytest.approx(0.045, abs=0.0006)
    assert tests["rank sums"] == pytest.approx(0.034, abs=0.0006)
    high = RESPONDENTS["q01"].dropna().isin([1, 2])
    assert chi_square_p(high) == pytest.approx(0.126, abs=0.0006), "the share alone differs not"


def test_reasons_for_no_innovation_do_not_separate_the_sizes() -> None:
    table = pd.crosstab(RESPONDENTS["q02"], LARGE)
    assert ((table > 0).sum() > 1).any()


# The score


def scale_points(question: dict[str, Any], part: dict[str, Any]) -> dict[int, float]:
    codes = [o["code"] for o in question["options"] if o.get("role") != "dont_know"]
    points = {code: 1 - place / (len(codes) - 1) for place, code in enumerate(codes)}
    return {code: 1 - value if part.get("reversed") else value for code, value in points.items()}


PARTS = {part["item"]: part for d in RECIPE["dimensions"] for part in d["items"]}
DIMENSIONS = [[part["item"] for part in d["items"]] for d in RECIPE["dimensions"]]
QUESTION_OF = {item: question for question in QUESTIONS.values() for item in items_of(question)}
REVERSED = [item for item, part in PARTS.items() if part.get("reversed")]
REPLACED = [item for item, part in PARTS.items() if "dont_know" in part]


def unknown(prefix: str = "") -> pd.DataFrame:
    """Whether each rating is a don't-know."""
    columns = {}
    for item in PARTS:
        codes = [o["code"] for o in QUESTION_OF[item]["options"] if o.get("role") == "dont_know"]
        columns[item] = RESPONDENTS[prefix + item].isin(codes)
    return pd.DataFrame(columns)


def points(prefix: str = "") -> pd.DataFrame:
    columns = {}
    for item, part in PARTS.items():
        values = RESPONDENTS[prefix + item].map(scale_points(QUESTION_OF[item], part))
        columns[item] = values.mask(unknown(prefix)[item], part.get("dont_know", math.nan))
    return pd.DataFrame(columns)


MANY_UNKNOWN = unknown().sum(axis=1) > RECIPE["most_dont_know"]
SCORE = points().mean(axis=1)
SCORED = DESCRIBED & ~MANY_UNKNOWN & SCORE.notna()
HIGH_SCORE = SCORE.gt(RECIPE["threshold"])
PROMISING = SCORED & HIGH_SCORE


def passing(table: pd.DataFrame) -> int:
    """How many of the scored innovations would pass with other points."""
    return int((table.mean(axis=1)[SCORED] > RECIPE["threshold"] + 1e-9).sum())


def test_recipe_has_13_items_in_five_dimensions() -> None:
    assert [len(items) for items in DIMENSIONS] == [4, 4, 2, 1, 2]
    assert (REVERSED, len(REPLACED)) == (["q22_saerlige_forhold"], 2)


def test_sixty_are_most_promising_and_49_of_them_may_be_published() -> None:
    assert PROMISING.sum() == 60
    assert (RESPONDENTS.loc[PROMISING, "samtykke"] == 1).sum() == 49


def test_without_the_reversal_15_to_29_pass() -> None:
    table = points()
    table[REVERSED] = 1 - table[REVERSED]
    assert 15 <= passing(table) <= 29


def test_with_dont_know_as_half_37_to_44_pass() -> None:
    assert 37 <= passing(points().mask(unknown(), 0.5)) <= 44


def test_with_a_mean_of_dimension_means_31_to_37_pass() -> None:
    means = {number: points()[items].mean(axis=1) for number, items in enumerate(DIMENSIONS)}
    assert 31 <= passing(pd.DataFrame(means)) <= 37


def test_profitability_dont_knows_without_value_change_the_number() -> None:
    assert passing(points().mask(unknown())) not in (59, 60, 61)


def test_the_dont_know_rule_leaves_out_a_handful() -> None:
    assert 4 <= (DESCRIBED & MANY_UNKNOWN).sum() <= 9
    assert (DESCRIBED & MANY_UNKNOWN & HIGH_SCORE).any()


def test_raters_without_a_description_do_not_count() -> None:
    assert (~DESCRIBED & ~MANY_UNKNOWN & HIGH_SCORE).sum() >= 3


@pytest.mark.parametrize("with_replaced", [True, False])
@pytest.mark.parametrize("with_skipped", [True, False])
def test_what_counts_as_dont_know_does_not_change_the_sixty(
    with_replaced: bool, with_skipped: bool
) -> None:
    counted = unknown()
    if not with_replaced:
        counted[REPLACED] = False
    if with_skipped:
        counted |= RESPONDENTS[list(PARTS)].isna()
    few = counted.sum(axis=1) <= RECIPE["most_dont_know"]
    assert (DESCRIBED & few & HIGH_SCORE).equals(PROMISING)


@pytest.mark.parametrize("prefix", ["", "n2_"])
def test_no_score_lies_at_the_threshold(prefix: str) -> None:
    distance = (points(prefix).mean(axis=1) - RECIPE["threshold"]).abs()
    assert distance.min() > 1e-6


def test_category_explains_5_to_20_percent_of_the_score() -> None:
    groups = SCORE[SCORED].groupby(first_category()[SCORED])
    between = (groups.size() * (groups.mean() - SCORE[SCORED].mean()) ** 2).sum()
    assert groups.ngroups == 11
    assert 0.05 <= between / ((SCORE[SCORED] - SCORE[SCORED].mean()) ** 2).sum() <= 0.20


# The answers


def first_category() -> pd.Series:
    return EXPERT.set_index("answer")["category"].reindex(RESPONDENTS.index)


def test_every_answer_has_a_category() -> None:
    second = RESPONDENTS.index[RESPONDENTS["n2_q19"].notna()] + ".2"
    assert set(EXPERT["answer"]) == {*RESPONDENTS.index[DESCRIBED], *second}
    assert EXPERT["answer"].is_unique
    assert EXPERT.groupby("category")["category_label"].nunique().eq(1).all()


@pytest.mark.parametrize("category", CATEGORIES)
def test_answers_and_municipalities_of_a_category(category: str) -> None:
    answers, municipalities = CATEGORIES[category]
    leaders = RESPONDENTS[first_category() == category]
    assert len(leaders) == answers
    if municipalities:
        assert leaders["kommune"].nunique() == municipalities
        second = EXPERT.loc[EXPERT["category"] == category, "answer"].str.extract(r"(.*)\.2$")[0]
        both = {*leaders["kommune"], *RESPONDENTS.loc[second.dropna(), "kommune"]}
        assert len(both) == municipalities, "second innovations add no municipality"


def test_the_small_categories_are_smaller_than_the_described_ones() -> None:
    small = [name for name, (_, municipalities) in CATEGORIES.items() if municipalities is None]
    counts = RESPONDENTS.groupby(first_category())["kommune"].nunique()
    assert counts[[name for name in small if name != "oevrige"]].max() < 3


def test_second_innovations_are_of_describers_who_said_yes() -> None:
    second = RESPONDENTS["n2_q19"].notna()
    assert second.equals(RESPONDENTS["q25"] == 1)
    assert not (second & ~DESCRIBED).any()
    rated = RESPONDENTS[[f"n2_{item}" for item in PARTS]].notna()
    assert rated[second].any(axis=1).all()
    assert not rated[~second].any(axis=None)


def test_twenty_answers_are_elaborated_later() -> None:
    elaborated = RESPONDENTS["q19_uddybning"].notna()
    assert elaborated.sum() == 20
    assert not (elaborated & ~DESCRIBED).any()


def test_answers_differ() -> None:
    texts = pd.concat([RESPONDENTS["q19"], RESPONDENTS["n2_q19"]]).dropna()
    assert len(texts) == 174
    assert texts.str.strip().is_unique


def test_consent_is_asked_of_those_who_described() -> None:
    assert RESPONDENTS["samtykke"].notna().equals(DESCRIBED)


def test_the_two_private_answers_lack_consent() -> None:
    private = [entry["text"] for entry in ANSWERS if entry.get("private")]
    found = RESPONDENTS[RESPONDENTS["q19"].isin(private)]
    assert list(found["samtykke"]) == [2, 2]


def test_answers_come_from_the_department_they_speak_of() -> None:
    department = {entry["text"]: entry["department"] for entry in ANSWERS}
    pairs = set()
    for column in ("q19", "n2_q19"):
        written = RESPONDENTS[RESPONDENTS[column].notna()]
        pairs |= {*zip(written[column].map(department), written["afdeling"], strict=True)}
    assert len(pairs) == 8, "one code for each department"


# The published figures


def percent(part: Any, whole: Any) -> int:
    return math.floor(100 * int(part) / int(whole) + 0.5)


def share(item: str, *codes: int, of: pd.Series | None = None) -> int:
    """The percentage with one of these codes, of those who answered the item."""
    answers = RESPONDENTS.loc[slice(None) if of is None else of, item].dropna()
    return percent(answers.isin(codes).sum(), len(answers))


def response(test: str) -> float:
    table = pd.crosstab(SURVEY["stoerrelse"], SURVEY["status"])
    return round(float(getattr(chi2_contingency(table, correction=False), test)), 2)


def only_extent_differs() -> int:
    singles = [(c, q) for c, q in columns_by_size() if q["kind"] in ("single", "matrix")]
    significant = {c for c, q in singles if min(p_values(RESPONDENTS[c], q).values()) < 0.05}
    return int(significant == {"q01"})


def video() -> int:
    return percent((RESPONDENTS["q18_2"] == 1).sum(), RESPONDENTS["q18_2"].notna().sum())


HIGH = (1, 2)
COMPUTED: dict[str, Callable[[], float]] = {
    "response_rate": lambda: percent(len(RESPONDENTS), len(SURVEY)),
    "response_rate_large": lambda: percent(LARGE.sum(), (SURVEY["stoerrelse"] == 1).sum()),
    "response_rate_small": lambda: percent(SMALL.sum(), (SURVEY["stoerrelse"] == 2).sum()),
    "response_chi2": lambda: response("statistic"),
    "response_chi2_p": lambda: response("pvalue"),
    "municipalities": lambda: RESPONDENTS["kommune"].nunique(),
    "q01_high": lambda: share("q01", *HIGH),
    "q01_neither": lambda: share("q01", 3),
    "q01_low": lambda: share("q01", 4, 5),
    "q01_none": lambda: share("q01", 6),
    "q01_low_or_none": lambda: share("q01", 4, 5, 6),
    "q01_high_large": lambda: share("q01", *HIGH, of=LARGE),
    "q01_high_small": lambda: share("q01", *HIGH, of=SMALL),
    "q01_size_test": only_extent_differs,
    "q11_during": lambda: share("q11", 2),
    "q14_more_support": lambda: share("q14", *HIGH),
    "q15_citizens": lambda: share("q15_borgerne", *HIGH),
    "q15_other_departments": lambda: share("q15_andre_af_kommunens_forvaltninger", *HIGH),
    "q16_readiness": lambda: share("q16_stoerre_omstillingsparathed_blandt_medarbejderne", *HIGH),
    "q16_risk": lambda: share("q16_stoerre_risikovillighed_blandt_ledelsen", *HIGH),
    "q17_digital": lambda: share("q17_oeget_digitalisering", *HIGH),
    "q17_faster_help": lambda: share("q17_hurtigere_hjaelp_og_raadgivning", *HIGH),
    "q17_wellbeing": lambda: share("q17_borgernes_trivsel", *HIGH),
    "q18_video": video,
    "q20_permanent": lambda: share("q20_drift", *HIGH),
    "q21_wellbeing_positive": lambda: share("q21_trivsel", 1),
    "q21_wellbeing_negative": lambda: share("q21_trivsel", 3),
    "q21_motivation_positive": lambda: share("q21_motivation", 1),
    "q21_autonomy_positive": lambda: share("q21_raaderum", 1),
    "q21_agility_positive": lambda: share("q21_agilitet", 1),
    "q22_transferable": lambda: share("q22_overfoerbar", *HIGH),
    "q22_special": lambda: share("q22_saerlige_forhold", *HIGH),
    "q23_fundamental": lambda: share("q23_hoejde", 1),
    "q23_incremental": lambda: share("q23_hoejde", 2),
    "q24_costs_known": lambda: share("q24_kendte_omkostninger", 1),
    "q24_worth": lambda: share("q24_staar_maal", 1),
    "q24_worth_given_unknown": lambda: share(
        "q24_staar_maal", 1, of=RESPONDENTS["q24_kendte_omkostninger"] == 2
    ),
    "open_answers": lambda: DESCRIBED.sum(),
    "second_innovation": lambda: (RESPONDENTS["q25"] == 1).sum(),
    "most_promising": lambda: PROMISING.sum(),
    "published": lambda: (RESPONDENTS.loc[PROMISING, "samtykke"] == 1).sum(),
}


@pytest.mark.parametrize("figure", FIGURES.index)
def test_published_figure(figure: str) -> None:
    assert COMPUTED[figure]() == FIGURES["value"][figure]


def test_28_of_60_find_unknown_costs_worthwhile() -> None:
    answers = RESPONDENTS.loc[RESPONDENTS["q24_kendte_omkostninger"] == 2, "q24_staar_maal"]
    assert (len(answers), answers.count(), (answers == 1).sum()) == (61, 60, 28)


# The three files


def test_spss_file_holds_the_same_values_and_labels() -> None:
    frame, meta = pyreadstat.read_sav(DATA / "demo.sav")
    assert list(frame.columns) == list(SURVEY.columns)
    for name in SURVEY.columns:
        coded = pd.api.types.is_numeric_dtype(SURVEY[name])
        found = frame[name] if coded else frame[name].replace("", None)
        same = (found.isna() & SURVEY[name].isna().values) | (found == SURVEY[name].values)
        assert same.all(), name
    assert all(meta.column_labels)
    assert meta.variable_value_labels["q01"][0] == "Ved ikke"
    assert meta.variable_value_labels["q04_1"] == {0: "Ikke valgt", 1: "Valgt"}
    assert meta.variable_value_labels["n2_q20_drift"][6] == "Ved ikke"


def labels_of(column: str) -> dict[float, str]:
    name = column.removeprefix("n2_")
    question = QUESTION_OF.get(name)
    if question is None:
        return {1: "Valgt", 0: "Ikke valgt"}
    return {option["code"]: option["label"] for option in question.get("options", [])}


def test_excel_file_holds_the_same_values_as_labels() -> None:
    sheet = openpyxl.load_workbook(DATA / "demo.xlsx")["Besvarelser"]
    header, *rows = sheet.iter_rows()
    assert [cell.value for cell in header] == list(SURVEY.columns)
    assert len(rows) == len(SURVEY)
    assert sheet.freeze_panes == "B2"
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}, "no formulas"
    for column, name in enumerate(SURVEY.columns):
        coded = pd.api.types.is_numeric_dtype(SURVEY[name])
        expected = SURVEY[name].map(labels_of(name)) if coded else SURVEY[name]
        found = [row[column].value for row in rows]
        assert found == [None if pd.isna(value) else value for value in expected], name


def test_csv_is_what_excel_reads() -> None:
    raw = (DATA / "demo.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid;kommune;")
    assert b".0;" not in raw.splitlines()[1]


def test_the_generator_builds_these_files(tmp_path: Path) -> None:
    questionnaire = yaml.safe_load((DATA / "questionnaire.yaml").read_text(encoding="utf-8"))
    survey, expert = demo_survey.build(questionnaire, ANSWERS, demo_survey.SEED)
    for table, name in ((survey, "demo.csv"), (expert, "expert.csv")):
        write_csv(table, tmp_path / name)
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_columns_stand_in_the_order_of_the_survey() -> None:
    assert json.dumps(list(SURVEY.columns)) == json.dumps(expected_columns())


def expected_columns() -> list[str]:
    columns = []
    for question in QUESTIONS.values():
        columns += columns_of(question)
        columns += [question["elaboration"]] if "elaboration" in question else []
    return columns + [f"n2_{item}" for item in ("q19", *PARTS)]
