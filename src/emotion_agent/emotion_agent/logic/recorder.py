# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is recorded, by the node `recorder` and in sessions."""

from node_kit.settings import Setting

RECORD_UNITS = 'record_action_units'

TABLE = (
    Setting('record_images', False, 'record the camera images too; false = no picture of a '
            'person is stored', fixed=True),
    Setting(RECORD_UNITS, False, 'record what faces of people do in detail, as a '
            'replay of the mirror needs it; false = human_affect is recorded without',
            fixed=True),
    Setting('image_topic', 'camera/image_raw', 'camera topic; compressed images are taken '
            'from this name + /compressed', fixed=True),
)  # fmt: skip
"""The parameters of a node that records, besides the place of its bags."""
