"""The demo: the made-up survey as files, and as a study that is ready to work in."""

from __future__ import annotations

import csv
import filecmp
import shutil
import uuid
from pathlib import Path

from coder.errors import UserError
from coder.model import ApplyCode, CreateCode, Progress
from coder.place import Place
from coder.resources import data_folder
from coder.study import Study, read_questionnaire, read_text

EXPERT = "ekspert"
_FILES = ("demo.sav", "demo.xlsx", "demo.csv", "questionnaire.yaml", "recipe.yaml", "expert.csv")
_STUDY = "demo.db"


def make_demo(folder: Path, coded: bool = False, progress: Progress | None = None) -> Study:
    """Write the demo survey's files and its study ``demo.db`` into a folder.

    coded : also apply the expert's categories, as the coder ``ekspert``. Raises ``UserError``
    when the folder has a demo study, or other files of these names; then nothing is written.
    """
    study = folder / _STUDY
    if study.exists():
        raise UserError("study.exists", path=study)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("file.no_folder", path=folder) from error
    for name in _FILES:
        mine, ours = folder / name, data_folder() / name
        if mine.exists() and not filecmp.cmp(mine, ours, shallow=False):
            raise UserError("demo.other_file", path=mine)
    for name in _FILES:
        shutil.copyfile(data_folder() / name, folder / name)
    questionnaire = read_questionnaire(folder / "questionnaire.yaml")
    recipe = read_text(folder / "recipe.yaml")
    made = Study.create(study, folder / "demo.sav", questionnaire, recipe, progress)
    if coded:
        apply_expert(made, folder / "expert.csv")
    return made


def is_demo(study: Place) -> bool:
    """Whether this is the file of a demo study, as ``make_demo`` calls it."""
    return isinstance(study, Path) and study.name == _STUDY


def apply_expert(study: Study, file: Path) -> None:
    """Code a study as an expert file says (``answer;category;category_label`` per line)."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    coder = study.coder(EXPERT)
    for label in dict.fromkeys(row["category_label"] for row in rows):
        answers = tuple(row["answer"] for row in rows if row["category_label"] == label)
        code = str(uuid.uuid4())
        study.decide(coder, CreateCode(code, label))
        study.decide(coder, ApplyCode(code, answers))
