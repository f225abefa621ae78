"""The one door: a study, everything one can ask of it, and every way to change it.

``Study`` is one class, written in parts of which each knows the one before: what a study holds
(``core``), what was decided (``lookback``), what the machine offers (``offers``), what it adds up
to (``results``), how that looks (``pictures``), several coders (``team``), what may leave
(``permits``), files for other programs (``exchange``), the replication bundle (``bundles``), files
from other programs (``incoming``), what is written of categories (``sheets``), the report
(``report``), projects of other programs (``projects``), later surveys (``waves``), copies coded
apart (``joining``), and how far it is (``study``). As somebody sees it, or by a layer, it is in
``seen``; as a role may use it, in ``roles``; from a bundle, in ``rebuilt``. Others import it from
here.
"""

from coder.coding.agreement import Agreement
from coder.coding.genealogy import Event
from coder.coding.join import Clash, Joined
from coder.coding.relook import Relook
from coder.coding.rounds import RoundProgress
from coder.coding.settling import Disagreement
from coder.report.bundle import is_archive
from coder.report.figure import Figure
from coder.report.qdpx import Profile
from coder.report.table_file import table_file
from coder.results.compare import Battery, Comparison
from coder.results.frequencies import WhichCases
from coder.results.groups import Groups
from coder.results.response import Response
from coder.results.weighting import Weights
from coder.study.core import Changes
from coder.study.exchange import Exported, Format
from coder.study.incoming import Taken
from coder.study.moving import copy_study, join_studies
from coder.study.permits import Publishable
from coder.study.projects import TakenProject
from coder.study.rebuilt import BundleCheck, check_bundle
from coder.study.report import ReportEnding
from coder.study.results import Merges
from coder.study.roles import seen_as
from coder.study.sheets import SheetHelp
from coder.study.study import Step, Study, check_study, read_questionnaire, read_text
from coder.study.team import Beside
from coder.study.waves import UNUSUAL, Followed

__all__ = [
    "UNUSUAL",
    "Agreement",
    "Battery",
    "Beside",
    "BundleCheck",
    "Changes",
    "Clash",
    "Comparison",
    "Disagreement",
    "Event",
    "Exported",
    "Figure",
    "Followed",
    "Format",
    "Groups",
    "Joined",
    "Merges",
    "Profile",
    "Publishable",
    "Relook",
    "ReportEnding",
    "Response",
    "RoundProgress",
    "SheetHelp",
    "Step",
    "Study",
    "Taken",
    "TakenProject",
    "Weights",
    "WhichCases",
    "check_bundle",
    "check_study",
    "copy_study",
    "is_archive",
    "join_studies",
    "read_questionnaire",
    "read_text",
    "seen_as",
    "table_file",
]
