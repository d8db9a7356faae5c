# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Ways through a latent space, whatever model it belongs to."""
