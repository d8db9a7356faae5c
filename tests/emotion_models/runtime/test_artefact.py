# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import os
import shutil

import pytest
import yaml

from emotion_models.runtime import ArtefactError, list_artefacts, load_artefact, write_card
from emotion_models.runtime.artefact import WEIGHTS_FOLDER


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(WEIGHTS_FOLDER / 'affect', tmp_path / 'mine')
    return tmp_path / 'mine'


def test_every_shipped_model_is_sound_and_small():
    artefacts = list_artefacts()

    assert 'affect' in [artefact.name for artefact in artefacts]
    for artefact in artefacts:
        artefact.open_session()
        assert artefact.model_path.stat().st_size < 5e6
        assert {'description', 'inputs', 'outputs', 'training_data', 'metrics', 'made_by'} <= set(
            artefact.card
        )


def test_onnxruntime_is_silenced_also_where_others_imported_it_first(monkeypatch):
    silenced = []
    monkeypatch.setattr('onnxruntime.disable_telemetry_events', lambda: silenced.append(True))

    load_artefact('affect').open_session()

    assert silenced
    assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'


def test_the_affect_network_is_below_three_megabytes():
    assert load_artefact('affect').model_path.stat().st_size < 3e6


def test_a_folder_is_found_by_its_path(folder):
    assert load_artefact(folder).card == load_artefact('affect').card


def test_an_unknown_name_is_told_the_shipped_ones():
    with pytest.raises(ArtefactError, match=r"no model 'affekt'.*shipped names \(.*affect"):
        load_artefact('affekt')


def test_a_damaged_file_is_noticed(folder):
    path = folder / 'model.onnx'
    path.write_bytes(path.read_bytes()[:-1] + b'x')

    with pytest.raises(ArtefactError, match='the file is damaged or not the one of this card'):
        load_artefact(folder)


def test_a_missing_file_is_noticed(folder):
    (folder / 'model.onnx').unlink()

    with pytest.raises(ArtefactError, match=r'has a card but no model\.onnx'):
        load_artefact(folder)


@pytest.mark.parametrize('text', ['', 'inputs: []', '- a list', '"'])
def test_a_card_that_is_none_is_refused(folder, text):
    (folder / 'card.yaml').write_text(text)

    with pytest.raises(ArtefactError, match=r'card\.yaml (lacks|is not YAML)'):
        load_artefact(folder)


@pytest.mark.parametrize(
    ('text', 'name', 'lines'),
    [
        ('inputs: []\noutputs: []\ninputs: [x]\n', 'inputs', '1 and 3'),
        ('inputs: [{name: a, name: b}]\n', 'name', '1 and 1'),
    ],
)
def test_a_key_that_is_written_twice_is_refused_with_its_lines(folder, text, name, lines):
    (folder / 'card.yaml').write_text(text)

    with pytest.raises(ArtefactError) as caught:
        load_artefact(folder)

    assert str(caught.value) == (
        f'{folder / "card.yaml"}: {name} is written twice, in lines {lines}; keep one of them'
    )


def test_a_file_that_is_no_network_is_refused_in_one_line(folder):
    (folder / 'model.onnx').write_bytes(b'not a network')
    write_card(folder, yaml.safe_load((folder / 'card.yaml').read_text()))

    with pytest.raises(ArtefactError, match='onnxruntime cannot read') as caught:
        load_artefact(folder).open_session()
    assert '\n' not in str(caught.value)


def test_names_that_differ_from_the_card_are_refused(folder):
    card = load_artefact(folder).card
    card['outputs'].reverse()
    write_card(folder, card)

    with pytest.raises(
        ArtefactError, match=r"has the outputs \['expression', 'affect', .*card says"
    ):
        load_artefact(folder).open_session()
