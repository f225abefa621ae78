"""Faster ways to compute: nearly the same vectors, and never taken for the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from coder.errors import UserError
from coder.text import backends
from coder.text.backends import Backend, check_backend, with_backend
from coder.text.encode import Encoder, fetch_encoder, load_encoder

TEXTS = [
    "Borgerne får nu bostøtte på video i stedet for hjemmebesøg.",
    "Medarbejder og borger mødes til en gåtur i det fri. " * 6,
    "Job seekers have their follow-up talks by telephone.",
    "",
    "Ved ikke",
    "Vi har lært, at nogle borgere har bedre af at tale i telefon, end vi troede. " * 30,
    *(f"Svar nummer {number} om digital rehabilitering" for number in range(20)),
]
FASTER: tuple[Backend, ...] = ("bf16", "int8")


def test_no_such_backend_is_a_programmers_mistake() -> None:
    with pytest.raises(ValueError, match="float8"):
        check_backend("float8")  # type: ignore[arg-type]


def test_without_openvino_it_is_said_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"encoder\.no_openvino"):
        load_encoder("no/such-model", backend="int8")


@pytest.mark.parametrize(
    ("able", "refused"),
    [
        ({"avx512_bf16": True}, False),
        ({"amx_bf16": True, "avx512_bf16": False}, False),
        ({"avx512_f": True, "avx512_bf16": False}, True),
        ({}, True),
    ],
)
def test_bf16_is_for_processors_that_gain(
    able: dict[str, bool], refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: able)
    if refused:
        with pytest.raises(UserError, match=r"encoder\.no_bf16"):
            check_backend("bf16")
    else:
        check_backend("bf16")


@pytest.mark.parametrize("backend", FASTER)
def test_what_is_no_transformer_is_refused(backend: Backend) -> None:
    with pytest.raises(UserError) as refusal:
        with_backend([object()], backend, "odd")  # type: ignore[arg-type]
    assert refusal.value.key == "encoder.backend_unfit"
    assert refusal.value.params == {"name": "odd", "backend": backend}


def test_weights_are_rounded_row_by_row() -> None:
    pytest.importorskip("openvino")
    # Greatest of the row 127, so the scale is 1; of the second row 254, so it is 2: 3 becomes
    # 1.5, which rounds to the even 2 and stands for 4. A row of zeros stays zero.
    weights = np.array([[127, -3.4, 0], [-254, 3, 254], [0, 0, 0]], np.float32)
    assert computed(backends._shrunk(weights)).tolist() == [[127, -3, 0], [-254, 4, 254], [0, 0, 0]]


def computed(node: object) -> np.ndarray:
    import openvino

    graph = openvino.Model([node], [])
    return openvino.Core().compile_model(graph, "CPU")([])[0]


# --- the default encoder -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def exact() -> Encoder:
    fetch_encoder("multilingual-e5-small")
    return load_encoder()


Load = Callable[[Backend], Encoder]


@pytest.fixture(scope="module")
def load() -> Load:
    """An encoder by backend, loaded once; skips what this machine can't do."""
    loaded: dict[str, Encoder] = {}

    def get(backend: Backend) -> Encoder:
        try:
            check_backend(backend)
        except UserError as error:
            pytest.skip(error.key)
        if backend not in loaded:
            loaded[backend] = load_encoder(backend=backend)
        return loaded[backend]

    return get


@pytest.mark.encoder
@pytest.mark.parametrize("backend", FASTER)
def test_the_vectors_are_nearly_the_defaults(exact: Encoder, load: Load, backend: Backend) -> None:
    vectors, expected = load(backend).encode(TEXTS), exact.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == (expected.shape, np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)
    assert (vectors * expected).sum(axis=1).min() > 0.999
    assert not np.array_equal(vectors, expected)


@pytest.mark.encoder
@pytest.mark.parametrize(
    ("backend", "said"), [("bf16", ("torch", "bfloat16")), ("int8", ("openvino", "int8-64"))]
)
def test_the_record_tells(
    exact: Encoder, load: Load, backend: Backend, said: tuple[str, str]
) -> None:
    record = load(backend).record
    assert (record.backend, record.precision) == said
    assert (record.name, record.weights) == (exact.record.name, exact.record.weights)
    assert record.key() != exact.record.key()


@pytest.mark.encoder
@pytest.mark.parametrize("backend", FASTER)
def test_the_same_texts_give_the_same_vectors(load: Load, backend: Backend) -> None:
    encoder = load(backend)
    assert encoder.encode(TEXTS[::-1])[::-1].tolist() == encoder.encode(TEXTS).tolist()


@pytest.mark.encoder
def test_in_int8_a_vector_depends_on_its_text_alone(load: Load) -> None:
    encoder = load("int8")
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert encoder.encode(TEXTS).tolist() == alone.tolist()


@pytest.mark.encoder
def test_openvino_reports_to_nobody_and_nothing_is_printed(load: Load) -> None:
    load("int8")
    program = (
        "import socket, sys\n"
        "def no_network(*_, **__): raise SystemExit('the network was asked')\n"
        "socket.getaddrinfo = socket.socket.connect = no_network\n"
        "from coder.text.encode import load_encoder\n"
        "load_encoder(backend='int8').encode(['hej'])\n"
        "if sys.modules.get('openvino_telemetry'): raise SystemExit('it can report')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
