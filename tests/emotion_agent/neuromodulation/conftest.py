# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from hypothesis import settings

# The same examples in every run, and no verdict on the speed of the machine.
settings.register_profile('repeatable', derandomize=True, deadline=None, max_examples=60)
settings.load_profile('repeatable')
