# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where tests of this folder find what they share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
