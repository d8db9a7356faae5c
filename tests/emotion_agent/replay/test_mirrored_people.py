# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Action units in a bag: the replayed face mirrors them to the bit, and the table has them."""

import csv

import numpy as np
import pytest
from bag_maker import START_NS, Line
from photo_maker import write_photo_encoder

from emotion_agent.camera.sources import built_in_photo
from emotion_agent.logic import AFFECT, COMPRESSED_IMAGE, STIMULUS
from emotion_agent.logic.face_sketcher import TABLE, Sketcher
from emotion_models.drawing.parts import FACIAL_UNITS
from node_kit.settings import checked
from node_kit.time import to_nanoseconds

SMILE = FACIAL_UNITS.index('lip_corner_puller')
RATE_HZ = 20.0
SETTINGS = {'decoder': 'parametric', 'mirror': 1.0, 'rate_hz': RATE_HZ}


def affect_with(maker, at_s, units, proportions=()):
    affect = maker.affect(at_s, valence=0.0)
    (face,) = affect.faces
    face.action_units = np.float32(units)
    face.proportions = np.float32(proportions)
    return affect


def lines_of_a_smile(maker, seconds=3.0):
    """Somebody whose smile comes and goes, between the pictures of the robot."""
    lines = []
    for at_s in np.arange(0.007, seconds, 0.04):
        units = np.zeros(18)
        units[SMILE] = 0.5 - 0.5 * np.cos(2.0 * np.pi * at_s / seconds)
        affect = affect_with(maker, at_s, units)
        lines.append(Line('/emotion/human_affect', AFFECT, at_s, affect))
    return lines


@pytest.fixture
def params(tmp_path):
    file = tmp_path / 'params.yaml'
    file.write_text(
        '/**/face_sketcher:\n  ros__parameters:\n'
        + ''.join(f'    {name}: {value}\n' for name, value in SETTINGS.items())
    )
    return str(file)


def drawn_live(maker, lines, states, end_ns):
    """What a sketcher draws that gets the same messages at the same times."""
    now_ns, drawn = [0], []
    sketcher = Sketcher(
        checked(TABLE, SETTINGS),
        maker.messages.make,
        lambda: now_ns[0],
        lambda picture: drawn.append(bytes(picture.image.data)),
        lambda kind, line: None,
    )
    period_ns = int(1e9 / RATE_HZ)
    first = -(-(START_NS + round(lines[0].at_s * 1e9)) // period_ns)
    happens = [
        *(
            (number * period_ns, 0, sketcher.tick, ())
            for number in range(first, end_ns // period_ns + 1)
        ),
        *(
            (to_nanoseconds(state.header.stamp), 3, sketcher.take_state, (state,))
            for state in states
        ),
        *(
            (START_NS + round(line.at_s * 1e9), 2, sketcher.take_faces, (line.message,))
            for line in lines
        ),
    ]
    for time_ns, _, act, what in sorted(happens, key=lambda item: item[:2]):
        now_ns[0] = time_ns
        act(*what)
    return drawn


def test_a_replay_mirrors_to_the_bit(maker, replay, read, tmp_path, params):
    lines = lines_of_a_smile(maker)
    bag = maker.write(tmp_path / 'bag', lines)

    status, said, out = replay(bag, '--params', params)

    assert status == 0, said
    replayed = [bytes(face.data) for face in read(out, '/emotion/face_image')]
    live = drawn_live(
        maker, lines, read(out, '/emotion/state'), START_NS + round(lines[-1].at_s * 1e9)
    )
    assert len(set(replayed)) > 20
    assert replayed == live


def test_the_table_has_the_units_of_the_attended_person(maker, replay, tmp_path, params):
    bag = maker.write(tmp_path / 'bag', lines_of_a_smile(maker))

    _, _, out = replay(bag, '--params', params)

    with out.with_suffix('.csv').open(newline='') as file:
        rows = list(csv.DictReader(file))
    smiles = [float(row['unit_lip_corner_puller']) for row in rows if row['attended_face']]
    assert max(smiles) > 0.95
    assert min(smiles[-5:]) < 0.2
    assert all(row['unit_lip_corner_puller'] == '' for row in rows if not row['attended_face'])
    assert sum(name.startswith('unit_') for name in rows[0]) == len(FACIAL_UNITS)


def test_the_table_has_valence_and_arousal_of_the_attended_person(maker, replay, tmp_path, params):
    seen = maker.observations(3.0)  # then the camera has nothing to look at
    last = Line('/emotion/stimulus', STIMULUS, 9.0, maker.stimulus('praise', 9.0))
    bag = maker.write(tmp_path / 'bag', [*seen, last])

    _, _, out = replay(bag, '--params', params)

    with out.with_suffix('.csv').open(newline='') as file:
        rows = list(csv.DictReader(file))
    start_s = float(rows[0]['stamp_s'])
    valence = {float(row['stamp_s']) - start_s: row['person_valence'] for row in rows}
    early = [cell for at_s, cell in valence.items() if 0.2 < at_s < 3.0]
    late = [cell for at_s, cell in valence.items() if at_s > 5.2]
    assert set(early) == {'0.8'}
    assert set(late) == {''}
    assert any(row['attended_face'] for row in rows if float(row['stamp_s']) > start_s + 5.2)


def test_without_units_the_table_is_as_it_was(maker, replay, tmp_path, params):
    bag = maker.write(tmp_path / 'bag', maker.observations(2.0))

    _, _, out = replay(bag, '--params', params)

    header = out.with_suffix('.csv').read_text().partition('\n')[0]
    assert 'person_valence' in header
    assert 'unit_' not in header


@pytest.mark.parametrize('is_recorded', [False, True])
def test_what_is_found_in_images_is_written_only_if_units_were_recorded(
    maker, replay, read, tmp_path, params, is_recorded
):
    encoder = write_photo_encoder(tmp_path / 'photo')
    units = tmp_path / 'units.yaml'
    units.write_text(
        '/**/affect_estimator:\n  ros__parameters:\n'
        f'    {{action_units: true, share_proportions: true, photo_model: {encoder}}}\n'
    )
    photo = maker.camera(0.5, built_in_photo()[::2, ::2])
    lines = [Line('/emotion/camera/image_raw/compressed', COMPRESSED_IMAGE, 0.5, photo)]
    if is_recorded:
        lines.insert(0, recorder_parameters(maker, record_action_units=True))
    bag = maker.write(tmp_path / 'bag', lines)

    status, said, out = replay(bag, '--params', params, '--params', str(units))

    assert status == 0, said
    (affect,) = read(out, '/emotion/human_affect')
    (face,) = affect.faces
    assert len(face.action_units) == (18 if is_recorded else 0)
    assert len(face.proportions) == 0


def recorder_parameters(maker, **values):
    """What a recorder says of itself at its start."""
    make = maker.messages.make
    parameters = [
        make(
            'rcl_interfaces/msg/Parameter',
            name=name,
            value=make('rcl_interfaces/msg/ParameterValue', type=1, bool_value=value),
        )
        for name, value in values.items()
    ]
    kind = 'rcl_interfaces/msg/ParameterEvent'
    message = make(
        kind, stamp=maker.header(0.1).stamp, node='/emotion/recorder', new_parameters=parameters
    )
    return Line('/emotion/parameters', kind, 0.1, message)
