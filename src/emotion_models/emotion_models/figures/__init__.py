# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures for reports: tiles, animations, plots in one palette, and tables for readers."""
