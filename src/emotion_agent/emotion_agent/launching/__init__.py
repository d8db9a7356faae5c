# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the launch files decide, without `launch`: which nodes start, and what each is given."""
