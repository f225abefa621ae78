"""A file of answers that people have coded, coded once more by the simulated coder.

There is no study: the file is only read, and vectors are kept in the user's cache folder, by
hashes of the texts.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import platformdirs

from coder.errors import UserError
from coder.model import Progress
from coder.store import EmbeddingCache
from coder.survey.raw import FIRST_ROW
from coder.survey.read import read_file

if TYPE_CHECKING:
    from coder.text.simulate import Played
    from coder.text.suggest import Space

_ID = "id"


@dataclass(frozen=True)
class Trial:
    """What the simulated coder did with ``answers`` answers of ``codes`` codes.

    ``turns`` are the turns in order, each as it stands in a log of acts: ``shown``, ``for``,
    ``offered``, ``code``, ``new``, ``accepted``, ``excluded``, ``returned`` and ``cost``. ``acts``
    is the cost of all of them by kind of act; ``by_hand`` what the same takes without any help.
    ``seconds`` is what the machine needed for all turns.
    """

    answers: int
    codes: int
    turns: tuple[Mapping[str, Any], ...]
    acts: Mapping[str, int]
    by_hand: int
    seconds: float

    @property
    def acts_per_100(self) -> float:
        """Acts per 100 answers."""
        return 100 * sum(self.acts.values()) / self.answers

    @property
    def by_hand_per_100(self) -> float:
        """Acts per 100 answers without help."""
        return 100 * self.by_hand / self.answers

    @property
    def seconds_per_act(self) -> float:
        """How long the machine thinks before it shows the next answer or group, on average."""
        return self.seconds / len(self.turns)

    def curve(self) -> list[tuple[int, float]]:
        """The acts so far and the share of the answers that is coded, from (0, 0) to the end."""
        points, acts, coded = [(0, 0.0)], 0, 0
        for turn in self.turns:
            acts, coded = acts + turn["cost"], coded + len(turn["accepted"])
            points.append((acts, coded / self.answers))
        return points


def play_trial(
    file: Path,
    text: str = "text",
    label: str = "label",
    encoder: str | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Let the simulated coder code a file whose right codes are known.

    text, label : the columns with the answers and their codes. A column ``id`` names the answers;
    without one they are numbered from 1. encoder : a name that ``load_encoder`` knows.
    Raises ``UserError`` (``file.*``, ``trial.*``, ``encoder.*``) for what can't be played.
    """
    # Imported here: what learns and what encodes take seconds to load, and nothing else needs them.
    from coder.text.embed import embed
    from coder.text.encode import load_encoder
    from coder.text.suggest import make_space

    table = _answers(file, text, label)
    if progress:
        progress("progress.loading", 0, 0)
    model = load_encoder(encoder, progress)
    vectors = embed(table["text"].tolist(), model, _cache(), progress)
    space = make_space(table["id"].tolist(), table["text"].tolist(), vectors)
    return _played(space, dict(zip(table["id"], table["label"], strict=True)), progress)


def _played(space: Space, labels: Mapping[str, str], progress: Progress | None) -> Trial:
    from coder.text.simulate import PRICES, by_hand, simulate

    turns: list[dict[str, Any]] = []
    acts: Counter[str] = Counter()
    coded, start = 0, time.perf_counter()
    for played in simulate(space, labels):
        turns.append(_turn(played))
        acts.update({kind: n * PRICES[kind] for kind, n in Counter(played.kinds).items()})
        coded += len(played.act.accepted)
        if progress:
            progress("progress.playing", coded, len(labels))
    seconds = time.perf_counter() - start
    known = list(labels.values())
    codes = len(set(known))
    return Trial(len(labels), codes, tuple(turns), dict(acts), by_hand(known), seconds)


def _turn(played: Played) -> dict[str, Any]:
    """A turn as it stands in the log of acts."""
    act, turn = played.act, played.act.turn
    decided = {*act.accepted, *act.excluded}
    return {
        "shown": list(turn.shown),
        "for": turn.code,
        "offered": list(turn.offered),
        "code": act.code,
        "new": act.new,
        "accepted": list(act.accepted),
        "excluded": list(act.excluded),
        "returned": [each for each in turn.shown if each not in decided],
        "cost": played.cost,
    }


# --- the file ----------------------------------------------------------------------------------


def _answers(file: Path, text: str, label: str) -> pd.DataFrame:
    """The columns ``id``, ``text`` and ``label``, none of them missing, ids unique."""
    table = read_file(file).table
    for column in (text, label):
        if column not in table.columns:
            raise UserError("trial.no_column", path=file, column=column, there=_listed(table))
    numbers = pd.Series([str(no) for no in range(1, len(table) + 1)], index=table.index)
    ids = table[_ID] if _ID in table.columns else numbers
    found = pd.DataFrame({"id": ids, "text": table[text].fillna(""), "label": table[label]})
    for column, name in (("id", _ID), ("label", label)):
        empty = found.index[found[column].fillna("").str.strip() == ""]
        if len(empty):
            raise UserError("trial.empty", path=file, row=empty[0] + FIRST_ROW, column=name)
    twice = found.index[found["id"].duplicated()]
    if len(twice):
        row, answer = twice[0] + FIRST_ROW, found.at[twice[0], "id"]
        raise UserError("trial.twice", path=file, row=row, id=answer)
    if len(found) < 2:
        raise UserError("trial.too_few", path=file, count=len(found))
    return found


def _listed(table: pd.DataFrame) -> str:
    return ", ".join(map(str, table.columns))


def _cache() -> EmbeddingCache:
    """In the user's cache folder; where nothing can be kept there, for this time only."""
    folder = platformdirs.user_cache_path("coder-open-answers", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return EmbeddingCache(None)
    file = folder / "simulate.embeddings"
    writable = os.access(folder, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
    return EmbeddingCache(file if writable else None)
