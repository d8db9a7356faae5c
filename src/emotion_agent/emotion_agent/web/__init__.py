# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The panel in the browser: its page, and what page and server say to each other."""
