# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Cards whose numbers cannot be right: one line that names the entry, never NaN as an answer."""

import shutil
from copy import deepcopy
from functools import cache

import pytest
import yaml

from emotion_models.runtime import ArtefactError
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import WEIGHTS_FOLDER
from emotion_models.runtime.latent_decoder import LatentDecoder

NAN, INFINITY = float('nan'), float('inf')
ODD = (NAN, INFINITY, -INFINITY, 'x', None, True, {}, 10**400)


@cache
def shipped(name):
    """The card of a shipped model, without its figures, which take longest to read."""
    card = yaml.safe_load((WEIGHTS_FOLDER / name / 'card.yaml').read_text())
    return {key: value for key, value in card.items() if key not in ('metrics', 'made_by')}


@pytest.fixture
def with_card(tmp_path):
    """A copy of a shipped model whose card is changed by a function."""

    def make(name, change):
        folder = tmp_path / 'mine'
        shutil.copytree(WEIGHTS_FOLDER / name, folder)
        card = deepcopy(shipped(name))
        change(card)
        (folder / 'card.yaml').write_text(yaml.safe_dump(card))
        return folder

    return make


@pytest.mark.parametrize('name', ['scale', 'mean', 'std'])
@pytest.mark.parametrize(
    'value', [*ODD, [], [1, 2], [1, NAN, 1]], ids=lambda value: str(value)[:9]
)
def test_an_odd_number_of_the_input_is_named(with_card, name, value):
    folder = with_card('affect', lambda card: card['inputs'][0].update({name: value}))

    with pytest.raises(ArtefactError, match=rf'card\.yaml: {name} of the input must be a number'):
        AffectModel(folder)


@pytest.mark.parametrize(
    ('name', 'value'), [('std', 0), ('std', -1), ('scale', 0), ('std', [1, 0, 1])]
)
def test_what_makes_every_face_the_same_is_named(with_card, name, value):
    folder = with_card('affect', lambda card: card['inputs'][0].update({name: value}))

    with pytest.raises(ArtefactError, match=f'{name} of the input must be a number above 0'):
        AffectModel(folder)


@pytest.mark.parametrize('shape', [*ODD, [], [1, 'N'], [1, 1, 64, 0], [1, 1, 64, 10**9], [1, 1.5]])
def test_an_odd_shape_is_named(with_card, shape):
    folder = with_card('affect', lambda card: card['inputs'][0].update(shape=shape))

    with pytest.raises(ArtefactError, match='shape of the input must end in the sides of a face'):
        AffectModel(folder)


@pytest.mark.parametrize('kind', ['inputs', 'outputs'])
@pytest.mark.parametrize(
    'entries',
    [3, 'x', [], {}, None, [3], [{}], [{'name': 3}], [{'name': 'x', 'columns': 'VALENCE'}]],
)
def test_odd_inputs_and_outputs_are_named(with_card, kind, entries):
    folder = with_card('affect', lambda card: card.update({kind: entries}))

    with pytest.raises(ArtefactError, match=rf'card\.yaml: (each of the )?{kind}'):
        AffectModel(folder)


@pytest.mark.parametrize('text', ['[' * 5000, '\0', 'a: !!python/object:os.system {}', '&a [*a]'])
def test_a_card_that_is_no_card_is_one_line(with_card, text):
    folder = with_card('affect', lambda card: None)
    (folder / 'card.yaml').write_text(text)

    with pytest.raises(ArtefactError, match=r'card\.yaml') as refusal:
        AffectModel(folder)

    assert '\n' not in str(refusal.value)


@pytest.mark.parametrize('value', [*ODD, 0, -1])
def test_an_odd_reach_of_the_space_is_named(with_card, value):
    folder = with_card('sketch', lambda card: card['space'].update(reach_px=value))

    with pytest.raises(ArtefactError, match=r'card\.yaml: space\.reach_px must be a number > 0'):
        LatentDecoder(folder)


@pytest.mark.parametrize('value', [*ODD, 0, -1, 1.5])
def test_an_odd_size_of_a_chunk_is_named(with_card, value):
    folder = with_card('sketch', lambda card: card['space']['chunks'].update(mouth=value))

    with pytest.raises(ArtefactError, match=r'card\.yaml: space\.chunks\.mouth must be a whole'):
        LatentDecoder(folder)


@pytest.mark.parametrize('chunks', [3, [], {}, {'mouth': 3}])
def test_a_space_of_other_chunks_is_named(with_card, chunks):
    folder = with_card('sketch', lambda card: card['space'].update(chunks=chunks))

    with pytest.raises(
        ArtefactError, match=r'space\.chunks must be the sizes of valence, arousal'
    ):
        LatentDecoder(folder)


@pytest.mark.parametrize('value', [*ODD, [NAN], ['x'], [[1.0]]], ids=lambda value: str(value)[:9])
@pytest.mark.parametrize('kind', ['weight', 'bias'])
def test_an_odd_map_of_the_space_is_named(with_card, kind, value):
    folder = with_card(
        'sketch', lambda card: card['space']['parts']['brows']['place'].update({kind: value})
    )

    with pytest.raises(ArtefactError, match=r'space\.parts\.brows\.place must have a weight of 6'):
        LatentDecoder(folder)


@pytest.mark.parametrize('value', [None, 3, '', []])
def test_a_space_without_a_name_is_named(with_card, value):
    folder = with_card('sketch', lambda card: card['space'].update(id=value))

    with pytest.raises(ArtefactError, match=r'space\.id must be a text'):
        LatentDecoder(folder)


def test_a_face_of_an_earlier_version_is_named(with_card):
    folder = with_card('sketch', lambda card: card.update(space={'affect_copies': 4}))

    with pytest.raises(ArtefactError, match='of an earlier version; train and export it again'):
        LatentDecoder(folder)


LONG = 'x' * 10_000


@pytest.mark.parametrize(
    ('name', 'change'),
    [
        ('affect', lambda card: card['inputs'][0].update(mean=LONG)),
        ('affect', lambda card: card['inputs'][0].update(shape=[LONG])),
        ('affect', lambda card: card['inputs'][0].update(name=LONG)),
        ('affect', lambda card: card.update(inputs=LONG)),
        ('affect', lambda card: card.update(outputs=[[LONG]])),
        ('affect', lambda card: card.update(sha256=LONG)),
        ('sketch', lambda card: card['space'].update(chunks=LONG)),
        ('sketch', lambda card: card['space'].update(reach_px=LONG)),
        ('sketch', lambda card: card['space']['chunks'].update(mouth=LONG)),
    ],
)
def test_what_stands_in_a_card_is_not_repeated_at_any_length(with_card, name, change):
    folder = with_card(name, change)

    with pytest.raises(ArtefactError, match=r'xxxx.*…') as refusal:
        {'affect': AffectModel, 'sketch': LatentDecoder}[name](folder)

    assert len(str(refusal.value)) < 1000
