# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The encoder of photographs: points, and what can be read from them."""

import numpy as np
import pytest
import yaml
from photo_maker import LATENT_SIZE, OF_BRIGHTNESS, PROPORTION, write_photo_encoder

from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS
from emotion_models.runtime import ArtefactError
from emotion_models.runtime.photo_encoder import PhotoEncoder

NAN, INFINITY = float('nan'), float('inf')


@pytest.fixture
def encoder(tmp_path):
    return PhotoEncoder(write_photo_encoder(tmp_path / 'photo', size_px=16))


def grey(value, size_px=16):
    return np.full((size_px, size_px), value, np.uint8)


def test_grey_values_reach_the_network_in_0_to_1(encoder):
    latent, confidence = encoder([grey(0), grey(51), grey(255)])

    assert latent.shape == (3, LATENT_SIZE)
    assert latent[:, 0] == pytest.approx([0.0, 0.2, 1.0], abs=1e-5)
    assert confidence == pytest.approx([0.0, 0.8, 1.0], abs=1e-5)
    assert encoder.space_id == 'made for a test'


def test_units_come_in_the_order_of_messages_and_stay_in_their_range(encoder):
    latent, _ = encoder([grey(51), grey(255)])

    units = encoder.action_units(np.concatenate([latent, 9 * latent[1:]]))

    assert units.shape == (3, len(FACIAL_UNITS))
    for name, factor in OF_BRIGHTNESS.items():
        column = units[:, FACIAL_UNITS.index(name)]
        assert column == pytest.approx([0.2 * factor, factor, min(1.0, 9 * factor)], abs=1e-5)
    others = [i for i, name in enumerate(FACIAL_UNITS) if name not in OF_BRIGHTNESS]
    assert not units[:, others].any()


def test_proportions_are_six(encoder):
    proportions = encoder.proportions(encoder([grey(9)]).latent)

    assert proportions.shape == (1, len(PROPORTIONS))
    assert proportions == pytest.approx(PROPORTION)


def test_nothing_in_is_nothing_out(encoder):
    latent, confidence = encoder([])

    assert latent.shape == (0, LATENT_SIZE)
    assert confidence.shape == (0,)


@pytest.mark.parametrize(
    'square', [grey(9, 15), np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.float32)]
)
def test_squares_of_another_kind_are_refused(encoder, square):
    with pytest.raises(ValueError, match='expected grey squares of 16 px as uint8'):
        encoder([grey(9), square])


@pytest.mark.parametrize(
    ('change', 'problem'),
    [
        (lambda card: card['inputs'][0].update(name='picture'), 'one input faces'),
        (lambda card: card['inputs'][0].update(colour='bgr'), 'one input faces of grey'),
        (lambda card: card['outputs'].reverse(), 'outputs latent and confidence'),
        (lambda card: card['inputs'][0].update(shape=[1, 0]), 'shape of the input must end'),
        (lambda card: card['inputs'][0].update(shape=[1, 1, 17, 17]), 'does not take the input'),
        (lambda card: card['inputs'][0].update(scale=0), 'scale of the input must be a number'),
        (lambda card: card['inputs'][0].update(mean=INFINITY), 'mean of the input must be'),
        (lambda card: card.update(space=3), 'space lacks id, units, proportions'),
        (lambda card: card['space'].pop('units'), 'space lacks units'),
        (lambda card: card['space'].update(id=7), r'space\.id must be a text'),
        (lambda card: card['space'].update(units=7), r'space\.units\.names must be a list'),
        (lambda card: card['space']['units'].update(names=[3]), r'units\.names must be a list'),
        (lambda card: card['space']['units']['names'].remove('jaw_drop'), 'names lacks jaw_drop'),
        (lambda card: card['space']['units'].update(weight=NAN), r'units\.weight must be 21'),
        (lambda card: card['space']['units'].update(weight=[[]] * 21), r'units\.weight must be'),
        (lambda card: card['space']['units']['weight'].pop(), r'units\.weight must be 21'),
        (lambda card: card['space']['units']['weight'][0].pop(), r'units\.weight must be 21'),
        (lambda card: card['space']['units']['weight'][3].__setitem__(5, NAN), r'units\.weight'),
        (lambda card: card['space']['units']['weight'].__setitem__(3, 'x'), r'units\.weight'),
        (lambda card: card['space']['units'].update(bias=[10**400] * 21), r'units\.bias must'),
        (lambda card: card['space'].update(proportions=[]), r'proportions\.weight must be 6'),
        (lambda card: card['space']['proportions'].update(bias=[0.0]), r'proportions\.bias must'),
        (
            lambda card: card['space']['proportions'].update(weight=[[0.0]] * 6),
            'reads units from 48 numbers and proportions from 1',
        ),
    ],
)
def test_what_does_not_fit_is_one_line_that_names_it(tmp_path, change, problem):
    folder = write_photo_encoder(tmp_path / 'photo', 16, change)

    with pytest.raises(ArtefactError, match=problem) as refusal:
        PhotoEncoder(folder)

    assert '\n' not in str(refusal.value)
    assert len(str(refusal.value)) < 1000


@pytest.mark.parametrize('name', ['id', 'units', 'proportions'])
def test_what_stands_in_a_card_is_not_repeated_at_any_length(tmp_path, name):
    value = {'id': ['x' * 9999], 'units': {'names': 'x' * 9999}}.get(name, {'weight': 'x' * 9999})
    folder = write_photo_encoder(
        tmp_path / 'p', 16, lambda card: card['space'].update({name: value})
    )

    with pytest.raises(ArtefactError, match=r'xxxx.*…') as refusal:
        PhotoEncoder(folder)

    assert len(str(refusal.value)) < 1000


def test_a_damaged_file_is_named(tmp_path):
    folder = write_photo_encoder(tmp_path / 'photo', 16)
    with (folder / 'model.onnx').open('ab') as file:
        file.write(b'x')

    with pytest.raises(ArtefactError, match='the file is damaged'):
        PhotoEncoder(folder)


def test_another_kind_of_model_is_named():
    with pytest.raises(ArtefactError, match='affect is no encoder of photographs'):
        PhotoEncoder('affect')


@pytest.mark.filterwarnings('ignore:overflow')
def test_a_network_that_answers_nan_is_named(tmp_path):
    folder = write_photo_encoder(tmp_path / 'photo', 16)
    card = yaml.safe_load((folder / 'card.yaml').read_text())
    card['inputs'][0].update(scale=1e-38, mean=1e38, std=1e-30)
    (folder / 'card.yaml').write_text(yaml.safe_dump(card))

    with pytest.raises(ArtefactError, match='numbers that are not finite'):
        PhotoEncoder(folder)
