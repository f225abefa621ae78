"""Answers that are no answers, and answers that came twice: proposed here, decided by a person.

Every rule is careful, since a wrong proposal hides an answer: phrases count only when they are all
that was written, and short texts are never duplicates, because two people may well say the same
in three words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

StatusKind = Literal[
    "answer", "empty", "dont_know", "none", "see_above", "noise", "duplicate", "near_duplicate"
]


@dataclass(frozen=True)
class Status:
    """What is proposed for a text; ``of`` is the position of the earlier text it repeats."""

    kind: StatusKind
    of: int | None = None


def propose_status(texts: Sequence[str | None]) -> list[Status]:
    """One status per text, in their order. A missing text is empty.

    Only answers are compared with each other. ``of`` always names a text whose own status is
    ``answer``, the earliest that is alike.
    """
    plain = [_plain(text or "") for text in texts]
    kinds = [_kind(text or "", words) for text, words in zip(texts, plain, strict=True)]
    statuses = [Status(kind) for kind in kinds]
    long = {
        at: words
        for at, (kind, words) in enumerate(zip(kinds, plain, strict=True))
        if kind == "answer" and len(words) >= _LEAST_CHARACTERS
    }
    same = _same(long)
    for at, of in same.items():
        statuses[at] = Status("duplicate", of)
    for at, of in _nearly_same({at: t for at, t in long.items() if at not in same}).items():
        statuses[at] = Status("near_duplicate", of)
    return _resolved(statuses)


def _resolved(statuses: Sequence[Status]) -> list[Status]:
    """Copies of what is itself nearly a copy point at the text that both are like."""
    result = list(statuses)
    for at, status in enumerate(statuses):
        of = statuses[status.of] if status.of is not None else None
        if of is not None and of.of is not None:
            result[at] = Status("near_duplicate", of.of)
    return result


# --- no answers --------------------------------------------------------------------------------

_MOST_WORDS = 8

_PHRASES: Mapping[StatusKind, str] = {
    "dont_know": """
        ved ikke | ved det ikke | ved jeg ikke | det ved jeg ikke | vedikke | vides ikke | aner ikke
        aner det ikke | det aner jeg ikke | ingen idé | ingen ide | har ingen idé | har ingen ide
        ingen anelse | har ingen anelse | husker ikke | kan ikke huske | kan ikke huske det
        kan ikke svare | kan ikke svare på det | usikker | ikke sikker | er ikke sikker
        don t know | dont know | do not know | no idea | have no idea | not sure | unsure | dunno
        idk | can t remember | can t say | vet ikke | vet inte | vet ej
        weiss nicht | weiss ich nicht | keine ahnung
    """,
    "none": """
        ingen | intet | nej | niks | nix | nul | ikke noget | ikke nogen | ingenting | ingen ting
        nej tak | nej ikke noget | nej ingen | nej intet | har ikke noget | har ingen | har intet
        ingen kommentarer | ingen kommentar | ingen bemærkninger | ingen bemærkning | intet svar
        intet at tilføje | ikke noget at tilføje | intet at bemærke | har ikke noget at tilføje
        har ingen kommentarer | har ingen bemærkninger | ikke relevant | irrelevant | ikke aktuelt
        none | nothing | no | nope | nil | na | n a | not applicable | not relevant | no comment
        no comments | no thanks | nothing to add | no answer | nei | nej inget | inget | inga
        inget att tillägga | ingenting å tilføye | nichts | nein | keine | keiner | kein kommentar
        keine angabe | entfällt
    """,
    "see_above": """
        se ovenfor | se ovenover | se oven over | se ovenstående | se oven for | som ovenfor
        som ovenstående | samme som ovenfor | det samme som ovenfor | samme | det samme | samme svar
        samme som før | som før | ditto | jf ovenfor | jf ovenstående | jfr ovenfor | jvf ovenfor
        se forrige | se forrige svar | se forrige spørgsmål | se foregående | se foregående svar
        se tidligere | se tidligere svar | se mit tidligere svar | se mit forrige svar
        se svar ovenfor | er beskrevet ovenfor | beskrevet ovenfor | nævnt ovenfor
        see above | same as above | as above | see previous | see previous answer | same
        same answer | as before | see earlier answer | already answered | allerede besvaret
        er besvaret | se over | som over | samma som ovan | se ovan | siehe oben | wie oben
    """,
}
_PHRASE_KINDS = {
    " ".join(phrase.split()): kind
    for kind, phrases in _PHRASES.items()
    for line in phrases.splitlines()
    for phrase in line.split("|")
    if phrase.strip()
}
# Words that change nothing: "det ved jeg desværre ikke lige" is "ved ikke".
_FILLERS = frozenset(
    """
    jeg vi det desværre lige umiddelbart nu pt her helt så øh øhm hmm altså faktisk overhovedet
    bare endnu tak i we sorry really just yet ich leider
    """.split()  # noqa: SIM905 - words read better as text
)
_SEE_QUESTION = re.compile(
    r"(?:se|jf|jfr|som|samme som|see|same as)(?: svar(?:et)? (?:på|til|i)| answer to)? "
    r"(?:spørgsmål|spm|spg|sp|punkt|question|q) ?[0-9]{1,3}"
)


def _plain(text: str) -> str:
    """The words of a text in lower case, with single spaces and nothing else."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def _kind(text: str, plain: str) -> StatusKind:
    """The status of a text by itself; ``plain`` is what ``_plain`` makes of it."""
    if not plain:
        return "answer" if _has_symbol(text) else "empty"
    if len(plain.split()) > _MOST_WORDS:
        return "answer"
    for phrase in (plain, _without_fillers(plain)):
        if phrase in _PHRASE_KINDS:
            return _PHRASE_KINDS[phrase]
    if _SEE_QUESTION.fullmatch(plain):
        return "see_above"
    return "noise" if _is_noise(text, plain) else "answer"


def _has_symbol(text: str) -> bool:
    """Whether there is a picture or other symbol: 👍 may be an answer, "---" is none."""
    return any(unicodedata.category(sign) == "So" for sign in text)


def _without_fillers(plain: str) -> str:
    return " ".join(word for word in plain.split() if word not in _FILLERS)


_VOWELS = frozenset("aeiouyæøåäöüéèàáóíúôê")
_ROWS = ("qwertyuiopå", "asdfghjklæø", "zxcvbnm", "yxcvbnm", "qwertzuiop")
_RUN = 4
_KEY_RUNS = frozenset(
    row[at : at + _RUN]
    for keys in _ROWS
    for row in (keys, keys[::-1])
    for at in range(len(row) - _RUN + 1)
)
_ONE_SIGN = re.compile(r"(\w)\1{2,}")
_REPEATED = re.compile(r"(\w{2,4})\1{2,}\w{0,3}")


def _is_noise(text: str, plain: str) -> bool:
    """Whether a text of one to three words looks like keys struck at random.

    Letters only: a number may be an answer, and so may Chinese or Arabic.
    """
    letters = plain.replace(" ", "")
    if plain.count(" ") > 2 or not re.fullmatch("[a-zæøåäöü]{3,60}", letters):
        return False
    if _ONE_SIGN.fullmatch(letters) or _REPEATED.fullmatch(letters):
        return True
    if _share_of_key_runs(letters) >= 0.5:
        return True
    vowels = sum(letter in _VOWELS for letter in letters)
    abbreviations = text.strip().isupper()
    return not abbreviations and len(letters) >= 5 and vowels / len(letters) < 0.15


def _share_of_key_runs(letters: str) -> float:
    """How much of the letters lies in runs of four neighbours on a keyboard, such as "asdf"."""
    inside: set[int] = set()
    for at in range(len(letters) - _RUN + 1):
        if letters[at : at + _RUN] in _KEY_RUNS:
            inside.update(range(at, at + _RUN))
    return len(inside) / len(letters)


# --- the same again ----------------------------------------------------------------------------
#
# Nearly the same: the sets of shingles (five characters in a row) have a Jaccard index of at least
# .75. Found exactly and without comparing all pairs: two such sets have a shingle in common among
# the rarest quarter of each, so only texts that do are compared (prefix filtering).

_LEAST_CHARACTERS = 20
_SHINGLE = 5
_ALIKE = 0.75


def _same(texts: Mapping[int, str]) -> dict[int, int]:
    """For every text that came before, the position of the first."""
    first: dict[str, int] = {}
    for at, text in texts.items():
        first.setdefault(text, at)
    return {at: first[text] for at, text in texts.items() if first[text] != at}


def _nearly_same(texts: Mapping[int, str]) -> dict[int, int]:
    """For every text that is nearly an earlier one, the position of the earliest."""
    found: dict[int, int] = {}
    sets = dict(zip(texts, _shingles(list(texts.values())), strict=True))
    by_shingle: defaultdict[int, list[int]] = defaultdict(list)
    for at, shingles in sets.items():
        rarest = shingles[: len(shingles) - ceil(_ALIKE * len(shingles)) + 1].tolist()
        candidates = {other for shingle in rarest for other in by_shingle[shingle]}
        alike = _earliest_alike(shingles, candidates, sets)
        if alike is not None:
            found[at] = alike
            continue
        for shingle in rarest:
            by_shingle[shingle].append(at)
    return found


def _earliest_alike(
    shingles: Numbers, candidates: Iterable[int], sets: Mapping[int, Numbers]
) -> int | None:
    own = set(shingles.tolist())
    fewest, most = _ALIKE * len(own), len(own) / _ALIKE
    for other in sorted(candidates):
        theirs = sets[other]
        if fewest <= len(theirs) <= most:
            shared = len(own.intersection(theirs.tolist()))
            if shared >= _ALIKE * (len(own) + len(theirs) - shared):
                return other
    return None


def _shingles(texts: Sequence[str]) -> list[Numbers]:
    """The shingles of each text as numbers, those that are rarest in all texts first."""
    if not texts:
        return []
    numbers: dict[str, int] = {}
    each = [
        np.array([numbers.setdefault(shingle, len(numbers)) for shingle in _shingles_of(text)])
        for text in texts
    ]
    flat = np.concatenate(each)
    order = np.argsort(np.bincount(flat), kind="stable")
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    return [np.sort(ranks[own]) for own in each]


def _shingles_of(text: str) -> set[str]:
    return {text[at : at + _SHINGLE] for at in range(len(text) - _SHINGLE + 1)}
