"""The one door: a study, everything one can ask of it, and every way to change it.

``Study`` is one class, written in parts of which each knows the one before: what a study holds
(``core``), what was decided (``lookback``), what the machine offers (``offers``), what it adds up
to (``results``), several coders (``team``), files for other programs (``exchange``) and from them
(``incoming``), and how far
it is (``study``). As somebody sees it, or by a layer, it is in ``seen``. Others import it
from here.
"""

from coder.coding.agreement import Agreement
from coder.coding.genealogy import Event
from coder.coding.relook import Relook
from coder.coding.rounds import RoundProgress
from coder.coding.settling import Disagreement
from coder.report.qdpx import Profile
from coder.results.compare import Battery, Comparison
from coder.results.groups import Groups
from coder.results.response import Response
from coder.results.weighting import Weights
from coder.study.core import Changes
from coder.study.exchange import Exported, Format
from coder.study.incoming import Taken
from coder.study.results import Merges
from coder.study.study import Step, Study, check_study, read_questionnaire, read_text
from coder.study.team import Beside

__all__ = [
    "Agreement",
    "Battery",
    "Beside",
    "Changes",
    "Comparison",
    "Disagreement",
    "Event",
    "Exported",
    "Format",
    "Groups",
    "Merges",
    "Profile",
    "Relook",
    "Response",
    "RoundProgress",
    "Step",
    "Study",
    "Taken",
    "Weights",
    "check_study",
    "read_questionnaire",
    "read_text",
]
