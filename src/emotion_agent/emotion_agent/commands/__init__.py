# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The programs that users start, one module each: command line and main function."""
