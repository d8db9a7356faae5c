# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""docs/limits.md has every limit with its number, and no other."""

import re

import pytest
from written import ROOT, text_of

from emotion_agent.export import pictures
from emotion_agent.logic import emotion_state, hri
from emotion_agent.neuromodulation import outcome, sections, snapshot_file
from emotion_agent.replay import bag_files, chunks, gaps
from emotion_agent.scripts import reading
from emotion_agent.speaking import envelope, wav
from emotion_agent.web import protocol
from emotion_models import limits as of_models
from emotion_models.data import clips
from emotion_models.drawing import parts
from emotion_models.imaging import limits as of_pictures
from emotion_models.runtime import latent_points
from node_kit import limits as of_nodes
from node_kit import time
from node_kit.web import outbox, server, sockets
from oled_face import pictures as of_panels
from oled_face.views import web as panel_page

PAGE = text_of(ROOT / 'docs' / 'limits.md')
LIMITS = {
    'a text in a message': (of_nodes.NAME_CHARACTERS,),
    'a list in a message': (of_nodes.LIST_ITEMS,),
    'the id of a face': (hri.ID_CHARACTERS,),
    '`action_units` and `proportions`': (len(parts.FACIAL_UNITS), len(parts.PROPORTIONS)),
    '`gaze` and `mouth`': (),
    '`show_expression`': (),
    'the value of a parameter': (of_nodes.VALUE_CHARACTERS,),
    'parameters that one request sets': (of_nodes.SET_PARAMETERS,),
    'a name, and a list of names': (of_nodes.NAME_CHARACTERS, of_nodes.LIST_ITEMS),
    'a transition that': (),
    'pixels of an image': (of_nodes.PIXELS,),
    'formats of a compressed image': of_pictures.JPEG_AND_PNG,
    'the duration of a stimulus': (sections.SPAN_S.high,),
    'stimuli and observations of the last': (outcome.MOST_EVENTS,),
    'stimuli that flow': (outcome.MOST_EFFECTS,),
    'states that late events': (outcome.LATE_STEPS_HZ,),
    'the time on': (time.LATEST_S,),
    'a span of a bag': (gaps.GAP_S,),
    'a message that is recorded': (of_nodes.MESSAGE_BYTES,),
    'lines of one kind': (of_nodes.LINES_EVERY_S,),
    'a line, and each text': (of_nodes.LINE_CHARACTERS,),
    'what came from outside': (of_nodes.SHOWN_CHARACTERS,),
    'YAML:': (of_nodes.YAML_BYTES,),
    'values in YAML': (of_nodes.YAML_NODES,),
    'lists and mappings': (of_nodes.YAML_LEVELS,),
    'entries of each list in a script': (
        reading.MOST_ENTRIES,
        reading.MOST_SPEECH,
        reading.MOST_AT_ONCE,
    ),
    'a text in a script': (of_nodes.NAME_CHARACTERS, reading.KEY_CHARACTERS),
    'speech without a file': (envelope.LONGEST_BABBLE_S,),
    'the file of the state': (snapshot_file.SNAPSHOT_BYTES,),
    'the point of a face': (latent_points.MOST_BYTES,),
    'a picture': (of_models.PICTURE_BYTES, of_pictures.PIXELS),
    'scans of a JPEG': (of_pictures.SCANS,),
    'the header of a PNM': (of_pictures.PNM_HEADER_BYTES,),
    'a WAV file': (wav.WAV_BYTES,),
    'formats of pictures': (*of_pictures.SIZES, *{'GIF'} & set(of_panels.FORMATS)),
    'pixels of a video': (of_pictures.PIXELS,),
    'a CSV or JSON file': (of_models.TABLE_BYTES,),
    'an array of an HDF5 file': (of_models.ARCHIVE_BYTES,),
    'clips that stay in memory': (clips.KEPT_BYTES,),
    'the arrays of a NumPy file': (of_models.ARCHIVE_BYTES,),
    'a chunk of a bag': (chunks.CHUNK_BYTES,),
    'a compressed message of a bag': (bag_files.LARGEST_MESSAGE,),
    'a compressed file of a bag': (bag_files.MOST_TIMES,),
    'the `metadata.yaml` of a bag': (chunks.METADATA_BYTES,),
    'the JSON of an event': (chunks.EVENT_CHARACTERS,),
    'pictures of an export': (pictures.MOST_PICTURES,),
    'browsers of the panel': (sockets.MAX_CLIENTS, panel_page.MAX_VIEWERS),
    'connections beside them': (server.MAX_CONNECTIONS,),
    'from a connection': (server.REQUEST_S,),
    'without taking': (server.SEND_S,),
    'causes, events and answers': (outbox.QUEUED,),
    'a message of a page': (sockets.MAX_MESSAGE,),
    'messages of a page': (sockets.RATE_HZ, sockets.BURST),
    'notes of a session': (of_nodes.NOTE_CHARACTERS, of_nodes.NAME_CHARACTERS),
    'a drawn face that is shown': (protocol.FACE_PIXELS, protocol.JPEG_BYTES),
    'the value of an event': (protocol.EVENT_VALUE,),
}
ROWS = [
    tuple(cell.strip() for cell in line.strip('|').split('|'))
    for line in PAGE.splitlines()
    if line.startswith('| ') and not line.startswith(('| what |', '| --- |'))
]


@pytest.mark.parametrize('what', LIMITS)
def test_the_page_has_the_number_of_the_code(what):
    (row,) = (row for row in ROWS if row[0].startswith(what))

    for limit in LIMITS[what]:
        shown = limit if isinstance(limit, str) else f'{limit:.0f}'
        assert re.search(rf'\b{shown}\b', row[1]), f'{row[0]}: expected {shown}, got {row[1]}'


def test_every_row_of_the_page_is_of_the_code():
    strange = [row[0] for row in ROWS if not row[0].startswith(tuple(LIMITS))]

    assert not strange


def test_packages_that_do_not_know_each_other_have_the_same_limits():
    assert of_nodes.PIXELS == of_pictures.PIXELS == of_panels.PIXELS
    for name in ('YAML_BYTES', 'YAML_NODES', 'YAML_LEVELS'):
        assert getattr(of_nodes, name) == getattr(of_models, name)


def test_the_words_about_late_events_are_those_of_the_code():
    assert f'{outcome.MOST_EVENTS / outcome.LATE_STEPS_HZ:g} s later' in PAGE
    assert f'of the last {outcome.HISTORY_S:g} s' in PAGE
    words = re.search(r'at (\d+) Hz that is (\d+) s\s+late makes (\d+)', PAGE)
    hz, late_s, steps_hz = map(int, words.groups())
    assert steps_hz == hz * late_s * hz < outcome.LATE_STEPS_HZ
    assert f'more than {emotion_state.LATE_S:g} s late sends no state' in PAGE
