# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import sys
from pathlib import Path

import pytest

# What these tests share is no package of its own, nor is what several rooms share.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from browser import Browser, find_browser  # noqa: E402


@pytest.fixture(scope='session')
def browser(tmp_path_factory):
    """One browser for all tests: starting it takes longer than most of them."""
    if find_browser() is None:
        pytest.skip('no browser: apt install chromium')
    browser = Browser(tmp_path_factory.mktemp('browser'))
    yield browser
    browser.close()
