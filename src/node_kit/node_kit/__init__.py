# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What every node of this stack shares.

A node is a `ManagedNode`: it declares a table of `Setting`s, begins to work in `on_start`, ends in
`on_stop`, and says how it is in `diagnose`. `run` is the main function of its executable.
"""

from node_kit.diagnostics import Diagnosis
from node_kit.lifecycle import ManagedNode, Unavailable
from node_kit.main import run
from node_kit.settings import Setting
from node_kit.worker import LatestWorker

__all__ = ['Diagnosis', 'LatestWorker', 'ManagedNode', 'Setting', 'Unavailable', 'run']
