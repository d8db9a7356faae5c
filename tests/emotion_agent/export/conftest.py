# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import sys
from pathlib import Path

import pytest

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[2]))

from bag_maker import BagMaker


@pytest.fixture(scope='session')
def maker() -> BagMaker:
    return BagMaker()
