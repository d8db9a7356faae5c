# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What each node may do on the network."""
