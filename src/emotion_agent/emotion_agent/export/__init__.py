# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What bags hold, for people who look at it and count: tables, courses, messages at a time."""

PICTURES = 'events', 'causes', 'none'
"""At which moments faces become pictures: those of events, also those of causes, or none."""
