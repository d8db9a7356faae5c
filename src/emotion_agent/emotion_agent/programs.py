# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The executables of this package; each imports what it runs when it is called."""

from node_kit.programs import node, program

affect_estimator = node('affect_estimator', 'emotion_agent.nodes.affect_estimator:main')
emotion_state = node('emotion_state', 'emotion_agent.nodes.emotion_state:main')
face_sketcher = node('face_sketcher', 'emotion_agent.nodes.face_sketcher:main')
camera = node('camera', 'emotion_agent.nodes.camera:main')
recorder = node('recorder', 'emotion_agent.nodes.recorder:main')
session = node('session', 'emotion_agent.nodes.session:main')
emotion_web = node('emotion_web', 'emotion_agent.nodes.web:main')
agent = node('agent', 'emotion_agent.agent:main')

demo = program('demo', 'emotion_agent.commands.demo:main')
emotion_agent = program('emotion-agent', 'emotion_agent.commands.cli:main')
gallery = program('gallery', 'emotion_agent.commands.gallery:main')
play_bag = program('play_bag', 'emotion_agent.commands.play_bag:main', ended=0)
rqt_emotion = program('rqt_emotion', 'emotion_agent.rqt_emotion.main:main')
stimulate = program('stimulate', 'emotion_agent.commands.stimulate:main')
