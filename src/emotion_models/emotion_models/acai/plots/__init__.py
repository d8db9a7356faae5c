# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolations, latent spaces, trainings and sweeps in pictures: matplotlib figures."""
