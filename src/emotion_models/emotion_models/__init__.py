# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The models behind the emotional face."""

import os

# From 1.29 on onnxruntime reports its use to its maker, and makes an identifier for that as it is
# imported: told before any module of this package can import it. See docs/privacy.md.
os.environ['ORT_DISABLE_TELEMETRY'] = '1'
