"""Several people at their desks in one app, in a small version of the benchmark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from benchmarks.many_browsers import measure, report

pytestmark = pytest.mark.browser


def test_no_press_is_lost_and_a_new_category_is_seen_untouched(browser: Browser) -> None:
    run = measure(browser, coders=5, sessions=3, presses=12, answers=60, news=1)
    assert (run.presses, run.lost, run.gaps) == (36, 0, 0)
    assert len(run.seen) == 1  # how soon is for the benchmark: this machine may have other work
    assert "| 3 | 36 |" in report([run], "x")
