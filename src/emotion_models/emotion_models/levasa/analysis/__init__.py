# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How valence and arousal lie in the latents of trained autoencoders."""
