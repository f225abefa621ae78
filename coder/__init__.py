"""Coder: from open survey answers to coded categories, and back to the closed questions.

>>> from coder import Study
>>> study = Study.open(Path("demo/demo.db"))  # doctest: +SKIP
>>> study.frequencies()  # doctest: +SKIP
"""

from coder.demo import make_demo
from coder.errors import UserError
from coder.model import (
    Code,
    Coding,
    LogEntry,
    Proposal,
    ProposalSet,
    Questionnaire,
    Recipe,
    Survey,
)
from coder.study import Study, read_questionnaire

__all__ = [
    "Code",
    "Coding",
    "LogEntry",
    "Proposal",
    "ProposalSet",
    "Questionnaire",
    "Recipe",
    "Study",
    "Survey",
    "UserError",
    "make_demo",
    "read_questionnaire",
]
