# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Sources of camera images where there is no camera driver."""
