# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import shutil

import numpy as np
import pytest

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import ArtefactError, load_artefact, write_card
from emotion_models.runtime.affect import AffectModel

onnx = pytest.importorskip('onnx', reason='onnx (requirements/training.txt) builds the networks')

SHUFFLED = ['valence', 'arousal', *reversed(EXPRESSIONS)]


def build_folder(folder, columns, values='logits', colour='rgb', channels=3, features=True):
    """A network that answers with the means of its channels, which are its features, too."""
    folder.mkdir()
    weights = np.zeros((channels, len(columns)), np.float32)
    weights[0] = 1
    weights[0, columns.index('HAPPY')] = 3
    outputs = [{'name': 'answer', 'shape': ['N', len(columns)], 'columns': columns}]
    outputs += [{'name': 'features', 'shape': ['N', channels]}] if features else []
    graph = onnx.helper.make_graph(
        [
            onnx.helper.make_node('ReduceMean', ['faces'], ['features'], axes=[2, 3], keepdims=0),
            onnx.helper.make_node('MatMul', ['features', 'weights'], ['answer']),
        ],
        'means',
        [onnx.helper.make_tensor_value_info('faces', 1, ['N', channels, 16, 16])],
        [
            onnx.helper.make_tensor_value_info(output['name'], 1, output['shape'])
            for output in outputs
        ],
        [onnx.numpy_helper.from_array(weights, 'weights')],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid('', 13)])
    model.ir_version = 8
    onnx.save(model, folder / 'model.onnx')
    entry = {'name': 'faces', 'shape': ['N', channels, 16, 16], 'colour': colour}
    entry |= {'scale': 1 / 255, 'mean': [0.5] * channels, 'std': [0.25] * channels}
    card = {
        'inputs': [entry],
        'outputs': outputs,
        'expression_values': values,
    }
    write_card(folder, card)
    return folder


def test_a_foreign_network_is_read_by_its_card(tmp_path):
    model = AffectModel(build_folder(tmp_path / 'foreign', SHUFFLED))
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 2] = 191  # (191 / 255 - 0.5) / 0.25 = 0.996

    expression, affect = model([red])

    logits = np.where(np.array(EXPRESSIONS) == 'HAPPY', 3 * 0.996, 0.996)
    assert expression[0] == pytest.approx(np.exp(logits) / np.exp(logits).sum(), abs=1e-3)
    assert affect[0] == pytest.approx([0.996, 0.996], abs=1e-3)


def test_features_are_what_the_heads_read(tmp_path):
    model = AffectModel(build_folder(tmp_path / 'foreign', SHUFFLED))
    crops = [np.full((16, 16, 3), value, np.uint8) for value in (0, 255)]

    features = model.features(crops)

    assert features.dtype == np.float32
    assert features == pytest.approx(np.array([[-2.0] * 3, [2.0] * 3]), abs=1e-5)
    assert model.features([]).shape == (0, 3)


def test_all_that_a_network_says_is_had_in_one_run(tmp_path):
    model = AffectModel(build_folder(tmp_path / 'foreign', SHUFFLED))
    crops = [np.full((16, 16, 3), shade, np.uint8) for shade in (0, 90, 255)]

    answer = model.read(crops)

    expression, affect = model(crops)
    assert np.array_equal(answer.features, model.features(crops))
    assert np.array_equal(answer.expression, expression)
    assert np.array_equal(answer.affect, affect)


def test_a_network_without_features_says_what_is_missing(tmp_path):
    model = AffectModel(build_folder(tmp_path / 'older', SHUFFLED, features=False))

    with pytest.raises(ArtefactError, match=r"older has no output 'features' .* export") as caught:
        model.features([np.zeros((16, 16), np.uint8)])
    with pytest.raises(ArtefactError, match="no output 'features'"):
        model.read([np.zeros((16, 16), np.uint8)])
    assert '\n' not in str(caught.value)


def test_features_of_another_size_than_on_the_card_are_refused(tmp_path):
    folder = build_folder(tmp_path / 'foreign', SHUFFLED)
    card = load_artefact(folder).card
    card['outputs'][1]['shape'] = ['N', 160]
    write_card(folder, card)

    with pytest.raises(ArtefactError, match='gives 3 features, its card says 160'):
        AffectModel(folder)


def test_affect_stays_in_its_range(tmp_path):
    model = AffectModel(build_folder(tmp_path / 'foreign', SHUFFLED))

    _, affect = model([np.full((16, 16), 255, np.uint8)])

    assert affect.tolist() == [[1, 1]]


def test_no_faces_give_no_answers():
    expression, affect = AffectModel()([])

    assert expression.shape == (0, 8)
    assert affect.shape == (0, 2)


def test_faces_are_read_alike_alone_and_together():
    model = AffectModel()
    shape = (5, model.size_px, model.size_px)
    faces = list(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))

    together = model(faces)
    alone = [np.concatenate(parts) for parts in zip(*(model([f]) for f in faces), strict=True)]

    for first, second in zip(together, alone, strict=True):
        assert first == pytest.approx(second, abs=1e-5)
    assert together[0].sum(1) == pytest.approx(np.ones(5), abs=1e-5)


def test_the_light_of_the_camera_does_not_matter():
    model = AffectModel()
    shape = (model.size_px, model.size_px)
    face = np.random.default_rng(0).integers(60, 180, shape, dtype=np.uint8)

    bright, dark = model([face]), model([face // 2])

    for first, second in zip(bright, dark, strict=True):
        assert first == pytest.approx(second, abs=0.05)


def test_a_card_without_a_needed_column_is_refused(tmp_path):
    columns = ['joy' if name == 'SAD' else name for name in SHUFFLED]

    with pytest.raises(ArtefactError, match='its outputs have no column SAD; name the columns'):
        AffectModel(build_folder(tmp_path / 'foreign', columns))


def test_a_card_that_names_too_few_columns_is_refused(tmp_path):
    folder = build_folder(tmp_path / 'foreign', [*SHUFFLED, 'spare'])
    card = load_artefact(folder).card
    card['outputs'][0]['columns'].pop()
    write_card(folder, card)

    with pytest.raises(ArtefactError, match='answers with 11 columns, its card names 10'):
        AffectModel(folder)


def test_an_input_of_another_shape_than_on_the_card_is_refused(tmp_path):
    folder = build_folder(tmp_path / 'foreign', SHUFFLED)
    card = load_artefact(folder).card
    card['inputs'][0]['colour'] = 'grey'
    card['inputs'][0] |= {'mean': [0.5], 'std': [0.25]}
    write_card(folder, card)

    with pytest.raises(ArtefactError, match='does not take the input that its card') as caught:
        AffectModel(folder)
    assert '\n' not in str(caught.value)


def test_a_network_of_another_kind_is_refused(tmp_path):
    shutil.copytree(load_artefact('affect').folder, tmp_path / 'other')
    card = load_artefact(tmp_path / 'other').card
    del card['inputs'][0]['colour']
    write_card(tmp_path / 'other', card)

    with pytest.raises(ArtefactError, match='is not an affect network: its card must'):
        AffectModel(tmp_path / 'other')
