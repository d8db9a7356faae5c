# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The nodes of an agent, as `module:class`, so that each is loaded where it is used."""

NODES = {
    'camera': 'emotion_agent.nodes.camera:Camera',
    'affect_estimator': 'emotion_agent.nodes.affect_estimator:AffectEstimatorNode',
    'emotion_state': 'emotion_agent.nodes.emotion_state:EmotionStateNode',
    'face_sketcher': 'emotion_agent.nodes.face_sketcher:FaceSketcherNode',
    # By name, as this package does not depend on the display.
    'oled_face': 'oled_face.node:OledFaceNode',
    'recorder': 'emotion_agent.nodes.recorder:Recorder',
    'session': 'emotion_agent.nodes.session:SessionNode',
    'emotion_web': 'emotion_agent.nodes.web:EmotionWeb',
}
