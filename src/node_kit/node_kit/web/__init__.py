# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Pages for browsers, and what is sent to them as it happens. Knows no ROS.

`server` and `sockets` need aiohttp, which takes long to import: import them where they are used.
"""
