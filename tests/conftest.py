"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.fixtures", "tests.databases", "tests.waves"]

# No test may depend on a model hub, or pass only because some earlier download is in a cache.
os.environ["HF_HUB_OFFLINE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage leaves properties out: to trace them takes twice the time, and shows no more."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder of the checkout: where pyproject.toml, coder/, data/ and models/ are."""
    return Path(__file__).resolve().parents[1]
