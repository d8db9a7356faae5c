# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Torch parts that several systems share."""
