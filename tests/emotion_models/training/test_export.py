# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='export needs torch (requirements/training.txt)')
onnx = pytest.importorskip('onnx')

from torch import nn  # noqa: E402

from emotion_models.runtime import load_artefact  # noqa: E402
from emotion_models.training import export  # noqa: E402
from emotion_models.training.export import ExportPlan, export_network  # noqa: E402

CARD = {
    'inputs': [{'name': 'maps', 'shape': ['N', 3, 16, 16]}],
    'outputs': [{'name': 'answer', 'shape': ['N', 5]}],
}


@pytest.fixture
def plan():
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 64, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 5),
    )
    network.train()
    network(torch.randn(32, 3, 16, 16))  # gives the batch norm something to fold
    return ExportPlan(network, torch.randn(4, 3, 16, 16), CARD)


def test_the_file_answers_like_the_network(plan, tmp_path):
    difference = export_network(plan, tmp_path / 'model')

    session = load_artefact(tmp_path / 'model').open_session()
    found = session.run(None, {'maps': plan.example.numpy()})[0]
    expected = plan.network.eval()(plan.example).detach().numpy()
    assert difference <= export.TOLERANCE
    assert found == pytest.approx(expected, abs=2e-3)  # the weights were rounded


def test_it_takes_any_number_of_rows(plan, tmp_path):
    export_network(plan, tmp_path)

    session = load_artefact(tmp_path).open_session()

    for rows in (1, 7):
        maps = np.zeros((rows, 3, 16, 16), np.float32)
        assert session.run(None, {'maps': maps})[0].shape == (rows, 5)


def test_large_weights_take_two_bytes_each(plan, tmp_path):
    export_network(plan, tmp_path)

    types = {
        tuple(weight.dims): weight.data_type
        for weight in onnx.load(tmp_path / 'model.onnx').graph.initializer
    }
    assert types[(64, 3, 3, 3)] == onnx.TensorProto.FLOAT16
    assert types[(5, 64)] == onnx.TensorProto.FLOAT


def test_the_network_itself_is_left_alone(plan, tmp_path):
    before = {name: value.clone() for name, value in plan.network.state_dict().items()}

    export_network(plan, tmp_path)

    assert plan.network.training
    for name, value in plan.network.state_dict().items():
        assert torch.equal(value, before[name])


def test_a_file_that_differs_is_an_error(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(export, 'round_weights', lambda network: network)

    with pytest.raises(RuntimeError, match='differs from the network by'):
        export_network(replace(plan, tolerance=1e-7), tmp_path)
    assert not (tmp_path / 'card.yaml').exists()


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'no checkpoint .*; emotion-models fit writes'):
        export.export_checkpoint(tmp_path / 'none.ckpt', tmp_path)


def test_a_checkpoint_of_somebody_else_is_refused(tmp_path):
    content = {'state_dict': {}, 'hyper_parameters': {'_class_path': 'os.System'}}
    torch.save(content, tmp_path / 'other.ckpt')

    with pytest.raises(ValueError, match=r'notes os\.System .* expected a checkpoint of'):
        export.export_checkpoint(tmp_path / 'other.ckpt', tmp_path)
