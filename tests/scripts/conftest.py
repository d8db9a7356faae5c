# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The scripts are programs, not a package: their folder is on the path, as when they run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'scripts'))
