# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Emulated panels: in a terminal, a GIF, pictures, a window, a web page."""
