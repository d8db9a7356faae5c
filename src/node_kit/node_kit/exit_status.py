# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How a process says that it was given what it refuses."""

CANNOT_START = 78
"""Its exit status: EX_CONFIG of sysexits.h. To start it again would change nothing."""

REFUSAL = 'cannot start:'
"""How the line begins that it writes last, to standard error."""
