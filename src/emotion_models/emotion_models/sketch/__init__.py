# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A face learned from drawings, and drawings of photographs."""
