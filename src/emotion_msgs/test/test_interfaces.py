# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The generated interfaces can be imported and have the fields that others rely on."""

from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray, Stimulus, StimulusInfo
from emotion_msgs.srv import ListStimuli


def test_messages_nest():
    affect = FaceAffectArray(faces=[FaceAffect(valence=0.5, arousal=-0.5)])

    assert affect.faces[0].valence == 0.5
    assert Stimulus(name='praise').name == 'praise'
    assert ListStimuli.Response(stimuli=[StimulusInfo()]).stimuli


def test_a_state_has_every_emotion():
    fields = EmotionState.get_fields_and_field_types()

    assert {'fear', 'mad', 'joy', 'love', 'sad', 'surprise', 'power'} <= set(fields)
