# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the panels in rqt and in the browser share: the link to an agent, the plane, texts."""
