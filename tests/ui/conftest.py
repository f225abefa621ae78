"""What the tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def _installed_packages_are_looked_through_once() -> Iterator[None]:
    """For each app that a test makes, Streamlit reads what every installed package says of itself.

    That takes longer than most of our pages, and they say the same every time.
    """
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield
