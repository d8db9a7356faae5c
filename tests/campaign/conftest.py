# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The campaign: each part short in `make test`, and at full count in `make soak`."""

import sys
from pathlib import Path

# What several rooms of tests share is no package of its own.
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]
