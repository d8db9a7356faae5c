# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Names and tables: expressions, emotions, and where they lie in the valence-arousal plane."""
