# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The generated interfaces can be imported and have the fields that others rely on."""

from emotion_msgs.msg import (
    EmotionState,
    Event,
    FaceAffect,
    FaceAffectArray,
    SessionStatus,
    Stimulus,
    StimulusInfo,
)
from emotion_msgs.srv import (
    ControlScript,
    ListStimuli,
    Mark,
    PlayScript,
    SetTemperament,
    StartSession,
)


def test_messages_nest():
    affect = FaceAffectArray(faces=[FaceAffect(valence=0.5, arousal=-0.5)])

    assert affect.faces[0].valence == 0.5
    assert Stimulus(name='praise').name == 'praise'
    assert ListStimuli.Response(stimuli=[StimulusInfo()]).stimuli


def test_a_state_has_every_emotion():
    fields = EmotionState.get_fields_and_field_types()

    assert {'fear', 'mad', 'joy', 'love', 'sad', 'surprise', 'power'} <= set(fields)


def test_a_session_can_be_started_and_told():
    assert StartSession.Request(participant='p01', keep_state=True).keep_state
    assert StartSession.Response(session='p01', folder='/tmp/p01').folder
    assert SessionStatus(session='p01', scripts=['day'], script_at_s=1.5).script_at_s == 1.5
    assert len({Event.SESSION, Event.MARKER, Event.SCRIPT, Event.KEY}) == 4


def test_what_a_study_asks_for_is_answered_in_words():
    for service in (Mark, SetTemperament, PlayScript, ControlScript):
        answer = service.Response()
        assert (answer.success, answer.message) == (False, '')
