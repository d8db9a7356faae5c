# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The layouts of rqt, PlotJuggler and Foxglove show topics and fields that exist."""

import ast
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

pytest.importorskip('rclpy')

from geometry_msgs.msg import Point
from std_msgs.msg import Float32

from emotion_agent.rqt_emotion.main import perspective
from emotion_msgs.msg import EmotionState, FaceAffect, Stimulus

ALL = ('emotion_agent', 'rqt_plot', 'rqt_image_view')
FIELDS = {
    '/emotion/state': EmotionState.get_fields_and_field_types(),
    '/emotion/human_affect/faces[0]': FaceAffect.get_fields_and_field_types(),
    '/emotion/emotion_state/causes': Stimulus.get_fields_and_field_types(),
    '/emotion/mouth': Float32.get_fields_and_field_types(),
    '/emotion/gaze': Point.get_fields_and_field_types(),
}
IMAGES = {'/emotion/face_image', '/emotion/annotated_image/compressed'}


def check_field(path: str) -> None:
    topic, _, field = path.rpartition('/')
    assert field in FIELDS[topic], path


def plugins(text: str) -> dict:
    """Settings of each plugin in a perspective, by its name."""
    groups = json.loads(text)['groups']['pluginmanager']['groups']
    return {
        name: {key: value['repr'] for key, value in group['groups']['plugin']['keys'].items()
               if 'repr' in value}
        for name, group in groups.items()
    }  # fmt: skip


def running(text: str) -> dict[str, list[int]]:
    keys = json.loads(text)['groups']['pluginmanager']['keys']
    return ast.literal_eval(keys['running-plugins']['repr'])


def test_perspective_plots_fields_that_exist():
    settings = plugins(perspective('/emotion', ALL))
    plotted = [
        topic
        for name, keys in settings.items()
        if 'rqt_plot' in name
        for topic in ast.literal_eval(keys['topics'])
    ]

    assert len(plotted) == 7 + 7 + 3
    for path in plotted:
        check_field(path)
    shown = {
        ast.literal_eval(keys['topic']) for name, keys in settings.items() if 'image_view' in name
    }
    assert shown == IMAGES


def test_perspective_follows_the_namespace():
    text = perspective('/robot1/mind', ALL)

    assert ast.literal_eval(plugins(text)['plugin__emotion_agent__Emotion__1']['namespace']) == (
        '/robot1/mind'
    )
    assert "'/robot1/mind/state/joy'" in text
    assert "'/emotion" not in text


def test_perspective_asks_only_for_what_is_installed():
    assert set(running(perspective('/emotion', ALL))) == {
        'emotion_agent/Emotion',
        'rqt_plot/Plot',
        'rqt_image_view/ImageView',
    }
    assert running(perspective('/emotion', ('emotion_agent', 'rqt_plot'))) == {
        'emotion_agent/Emotion': [1],
        'rqt_plot/Plot': [1, 2, 3],
    }


def test_plotjuggler_plots_fields_that_exist(repository):
    tree = ElementTree.parse(repository / 'config' / 'plotjuggler_emotion.xml')
    curves = list(tree.iter('curve'))

    assert len(curves) > 20
    for curve in curves:
        axes = [curve.get(axis) for axis in ('curve_x', 'curve_y') if curve.get(axis)]
        for path in axes or [curve.get('name')]:
            check_field(path)
    for splitter in tree.iter('DockSplitter'):
        parts = [part for part in splitter if part.tag in ('DockArea', 'DockSplitter')]
        assert len(parts) == int(splitter.get('count')) == len(splitter.get('sizes').split(';'))
    (topics,) = tree.iter('selected_topics')
    assert topics.get('value').split(';') == [
        f'/emotion/{name}' for name in ('state', 'human_affect', 'mouth', 'gaze')
    ]


def test_foxglove_shows_what_exists(repository):
    layout = json.loads((repository / 'config' / 'foxglove_emotion.json').read_text())
    panels = layout['configById']

    paths = [path['value'] for panel in panels.values() for path in panel.get('paths', ())]
    assert len(paths) > 18
    for path in paths:
        check_field(path.replace('.', '/'))
    images = {
        panel['imageMode']['imageTopic'] for panel in panels.values() if 'imageMode' in panel
    }
    assert images == IMAGES
    published = panels['Publish!stimulus']
    assert published['datatype'] == 'emotion_msgs/msg/Stimulus'
    assert set(json.loads(published['value'])) <= set(Stimulus.get_fields_and_field_types())
    placed = re.findall(r'"(\w+!\w+)"', json.dumps(layout['layout']))
    assert sorted(placed) == sorted(panels)
