# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well interpolations go and how well a latent space covers its data: NumPy only."""
