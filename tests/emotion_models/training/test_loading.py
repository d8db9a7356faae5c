# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of other versions are refused in one line."""

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')
pytest.importorskip('onnx')

from emotion_models.acai.module import PoseAutoencoder  # noqa: E402
from emotion_models.cli import main  # noqa: E402
from emotion_models.data.generated_poses import GeneratedPoses  # noqa: E402
from emotion_models.training.loading import load_data, load_module  # noqa: E402

MODULE, DATA = 'hyper_parameters', 'datamodule_hyper_parameters'
LIGHTNING = 'pytorch-lightning_version'


@pytest.fixture
def saved():
    """What a checkpoint of an untrained module holds."""
    module = PoseAutoencoder(hidden=8, critic_hidden=8)
    return {
        'state_dict': module.state_dict(),
        LIGHTNING: '2.6.0',
        MODULE: {
            **module.hparams,
            '_instantiator': 'lightning.pytorch.cli.instantiate_module',
            '_class_path': 'emotion_models.acai.module.PoseAutoencoder',
        },
        DATA: {'data_set': GeneratedPoses(64).settings(), 'batch_size': 8},
        'generators': {name: state.get_state() for name, state in module.generators.items()},
        'training_data': GeneratedPoses.ORIGIN,
        'made_by': {'command': 'test'},
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'run' / 'best.ckpt'


@pytest.fixture
def save(path):
    def write(saved):
        path.parent.mkdir()
        torch.save(saved, path)

    return write


def test_a_checkpoint_of_this_version_is_loaded_and_exported(saved, save, path, tmp_path):
    save(saved)

    assert load_module(path).hparams.hidden == 8
    assert load_data(path).data_set == GeneratedPoses(64)
    assert main(['export', str(path), '--to', str(tmp_path / 'model')]) == 0


def with_class(saved, name):
    return saved | {MODULE: saved[MODULE] | {'_class_path': name}}


def without(saved, key):
    return {name: value for name, value in saved.items() if name != key}


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        (
            lambda saved: with_class(saved, 'emotion_models.poses.module.PoseAutoencoder'),
            'names emotion_models.poses.module.PoseAutoencoder',
        ),
        (
            lambda saved: with_class(saved, 'emotion_models.acai.module.PoseNetwork'),
            'names emotion_models.acai.module.PoseNetwork',
        ),
        (lambda saved: without(saved, LIGHTNING), f'has no {LIGHTNING}'),
        (lambda saved: without(saved, 'made_by'), 'has no made_by'),
        (
            lambda saved: saved | {MODULE: saved[MODULE] | {'stabiliser': 0.1}},
            'names stabiliser of PoseAutoencoder',
        ),
        (
            lambda saved: saved | {'state_dict': {'coder.weight': torch.zeros(1)}},
            'names other weights than those of PoseAutoencoder',
        ),
    ],
    ids=['module', 'class', 'Lightning', 'entry', 'argument', 'weights'],
)
def test_what_another_version_wrote_is_named_in_one_line(
    change, words, saved, save, path, tmp_path, capsys
):
    save(change(saved))

    assert main(['export', str(path), '--to', str(tmp_path / 'model')]) == 2

    error = capsys.readouterr().err
    assert error.endswith(
        f'{path} was written by another version of emotion_models (it {words}); '
        'train or export it with that version\n'
    )
    assert error.count('\n') == 1


@pytest.mark.parametrize(
    ('noted', 'words'),
    [
        ({'poses': 64}, 'names poses of GeneratedPoses'),
        ({}, 'names rare_boost of DataModule'),
    ],
)
def test_data_of_another_version_is_named_too(noted, words, saved, save, path):
    data = {'data_set': GeneratedPoses(64).settings() | {'init_args': noted}, 'batch_size': 8}
    save(saved | {DATA: data if noted else data | {'rare_boost': 0.5}})

    with pytest.raises(ValueError, match=words):
        load_data(path)


def test_a_missing_library_is_not_mistaken_for_another_version(saved, monkeypatch):
    from emotion_models.training import loading

    def lacks(name):
        raise ModuleNotFoundError("No module named 'torchmetrics'", name='torchmetrics')

    monkeypatch.setattr(loading.importlib, 'import_module', lacks)
    with pytest.raises(ModuleNotFoundError, match='torchmetrics'):
        loading.noted_class(saved, loading.MODULE_KEY, 'best.ckpt')
