"""Clusterings that took time to make, kept so that a run that was stopped goes on."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from benchmarks.acts.peers import Clusterings, Encode, Method, clusterings
from benchmarks.acts.sets import Answers
from coder.files import replacing


def kept_clusterings(
    method: Method, answers: Answers, seed: int, encode: Encode, folder: Path
) -> Clusterings:
    """As ``clusterings``, but taken from the folder when the same was asked before.

    The same: method, versions of its libraries, texts, vectors, right codes, and seed.
    """
    path = folder / f"{_key(method, answers, seed)}.json"
    if path.exists():
        found: Clusterings = json.loads(path.read_text("utf-8"))
        return found
    made = clusterings(method, answers, seed, encode)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        draft.write_text(json.dumps(made), "utf-8")
    return made


def _key(method: Method, answers: Answers, seed: int) -> str:
    versions = [f"{name} {version(name)}" for name in method.distributions]
    codes = str(len(set(answers.labels)))  # how many topics the topic models are asked for
    parts = [method.name, *versions, answers.fingerprint(), codes, str(seed)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
