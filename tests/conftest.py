"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.fixtures", "tests.databases", "tests.waves"]

# No test may depend on a model hub, or pass only because some earlier download is in a cache.
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder of the checkout: where pyproject.toml, coder/, data/ and models/ are."""
    return Path(__file__).resolve().parents[1]
