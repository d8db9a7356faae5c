# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pytest
import yaml

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import LightningModule, Trainer  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from emotion_models.data.clips import collate  # noqa: E402
from emotion_models.data.data_module import DataModule, to_tensors  # noqa: E402
from emotion_models.data.generated_courses import GeneratedCourses  # noqa: E402
from emotion_models.temporal.checkpoints import KeepBestOf  # noqa: E402
from emotion_models.temporal.module import TemporalModule  # noqa: E402
from emotion_models.training.loading import load_module  # noqa: E402

EXPERIMENTS = Path(__file__).parents[3] / 'config' / 'experiments'


def read(checkpoint):
    return torch.load(checkpoint, weights_only=True)


def equal(first, second, part=''):
    return all(
        torch.equal(weight, second['state_dict'][name])
        for name, weight in first['state_dict'].items()
        if name.startswith(part)
    )


def test_the_optimiser_steps_once_for_each_segment(fit):
    assert fit('fclstm_xl', 'run', '--trainer.max_epochs=1') == 0

    saved = read('run/last.ckpt')
    assert saved['global_step'] == 3 * 3  # the last batch has one clip; 50 frames of 20 each


def test_one_number_of_a_run_is_one_training(fit):
    for run, seed in (('first', 100), ('again', 100), ('other', 101)):
        assert fit('fclstm_xl', run, f'--seed_everything={seed}') == 0

    first, again, other = (read(f'{run}/last.ckpt') for run in ('first', 'again', 'other'))
    assert equal(first, again)
    assert not equal(first, other)


@pytest.mark.parametrize(
    'path',
    # temporal_semi_real is of a size of its own
    sorted(path for path in EXPERIMENTS.glob('temporal_*') if path.stem != 'temporal_semi_real'),
    ids=lambda path: path.stem,
)
def test_presets_are_those_of_the_table(path):
    preset = yaml.safe_load(path.read_text())
    module = TemporalModule(**preset['model']['init_args'])
    causal = preset['model']['init_args']['network'] == 'fclstm_xl'

    assert preset['seed_everything'] == 99 + 1
    assert preset['data']['batch_size'] == 16
    assert module.hparams['learning_rate'] == (3e-5 if causal else 2e-5)
    assert module.network.sizes.segment == (100 if causal else 250)
    assert module.network.sizes.hidden == (512 if causal else 256)
    epochs = module.hparams['constant_epochs'], module.hparams['decaying_epochs']
    assert epochs == ((3, 27) if causal else (10, 20))
    assert preset['trainer']['max_epochs'] == sum(epochs)
    (group,) = module.configure_optimizers().param_groups
    assert (group['betas'], group['weight_decay']) == ((0.5, 0.999), 0)


def test_frozen_parts_begin_with_the_weights_of_another_run_and_keep_them(fit):
    assert fit('transformer_lstm', 'first') == 0
    parts = '--init_from.parts=[network.projection,network.encoder]'
    frozen = '[projection,encoder]'

    assert fit('transformer_lstm', 'second', '--init_from.run=first', parts, frozen=frozen) == 0

    first, second = read('first/best.ckpt'), read('second/last.ckpt')
    for part in ('network.projection', 'network.encoder'):
        assert equal(first, second, part)
    for part in ('network.lstm', 'network.head'):
        assert not equal(first, second, part)
    module = load_module('second/last.ckpt').train()
    assert not any(part.training for part in module.network.encoder.modules())
    assert module.network.lstm.training


def test_statistics_and_the_rate_of_the_frames_are_in_the_checkpoint(fit, small_model):
    assert fit('fclstm_xl', 'run', normed_features='[mixture]') == 0

    module = load_module('run/last.ckpt')
    training = GeneratedCourses(**small_model[1]).load_parts(5230)['training']
    pooled = np.concatenate([clip.features for clip in training.clips])
    assert module.normalisation.mean.numpy() == pytest.approx(pooled.mean(0), abs=1e-5)
    assert module.normalisation.std.numpy() == pytest.approx(pooled.std(0), abs=1e-5)
    assert float(module.rate_hz) == pytest.approx(30)


def test_data_with_other_features_is_refused_before_anything_is_moved(fit, capsys):
    assert fit('fclstm_xl', 'run') == 0
    capsys.readouterr()

    assert fit('fclstm_xl', 'run', features='{face: 40}') == 2

    error = capsys.readouterr().err
    assert 'the model is for the features face (40); the data has mixture (40)' in error
    assert not Path('run.1').exists()


def test_a_loss_that_is_not_known_is_one_line(fit, capsys):
    assert fit('fclstm_xl', 'run', losses='{m: 1.0}') == 2

    assert 'losses must be of batch_ccc' in capsys.readouterr().err


def test_one_target_alone(fit):
    assert fit('fclstm_xl', 'run', target='arousal') == 0

    names = {path.name for path in Path('run').glob('*.ckpt')}
    assert names == {'best.ckpt', 'best_arousal.ckpt', 'last.ckpt'}
    assert load_module('run/last.ckpt').network.sizes.targets == 1


def test_segments_without_annotation_are_passed_through(small_model, monkeypatch):
    clips = GeneratedCourses(training=1, frames=60).load_parts(0)['training'].clips
    clips[0].affect[20:40] = np.nan
    module = TemporalModule({'mixture': 40}, **small_model[0])
    batch = to_tensors(collate(clips))
    steps = []
    module.optimizers = lambda: None
    module.log = lambda *arguments, **options: None
    monkeypatch.setattr(
        'emotion_models.temporal.module.descend',
        lambda module, optimizer, loss, *rest: steps.append(loss.item()),
    )

    module.training_step(batch, 0)

    assert len(steps) == 2
    assert np.isfinite(steps).all()


def test_a_delay_shifts_what_is_learned_and_what_is_said_back(small_model, monkeypatch):
    clips = GeneratedCourses(training=2, frames=30).load_parts(0)['training'].clips
    batch = to_tensors(collate([clips[0], clips[1].cut(0, 25)]))
    torch.manual_seed(0)
    now = TemporalModule({'mixture': 40}, **small_model[0]).eval()
    later = TemporalModule({'mixture': 40}, delay_frames=4, **small_model[0]).eval()
    later.load_state_dict(now.state_dict())

    said, shifted = (module(batch.features, batch.lengths) for module in (now, later))
    assert torch.equal(shifted[0, :26], said[0, 4:])
    assert torch.equal(shifted[0, 26:], said[0, -1].expand(4, 2))
    assert torch.equal(shifted[1, 21:25], said[1, 24].expand(4, 2))
    assert not shifted[1, 25:].any()

    heard = []
    monkeypatch.setattr('emotion_models.temporal.module.descend', lambda *arguments: None)
    later.optimizers = lambda: None
    later.log = lambda *arguments, **options: None
    later.loss.forward = lambda outputs, affect, valid: (
        heard.append((affect, valid)) or outputs.sum()
    )
    later.training_step(batch, 0)
    affect, valid = (torch.cat([part[k][0] for part in heard]) for k in range(2))
    assert torch.equal(affect[4:], batch.affect[0, :-4])
    assert valid.tolist() == [False] * 4 + [True] * 26
    with pytest.raises(ValueError, match='delay_frames must be >= 0, got -1'):
        TemporalModule({'mixture': 40}, delay_frames=-1)


class Scripted(LightningModule):
    """Its concordances are given for each epoch."""

    scores = {'valence': (0.1, 0.3, 0.2, 0.3), 'arousal': (0.2, 0.1, 0.4, 0.4)}  # noqa: RUF012

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def training_step(self, batch, batch_index):
        return self.weight.sum()

    def validation_step(self, batch, batch_index):
        for name, scores in self.scores.items():
            self.log(f'val_ccc_{name}', scores[self.current_epoch])

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 1.0)


def train_scripted(module, folder):
    data = DataLoader(torch.zeros(1, 1))
    Trainer(
        max_epochs=4,
        accelerator='cpu',
        logger=False,
        callbacks=[KeepBestOf('valence'), KeepBestOf('arousal')],
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        default_root_dir=folder,
    ).fit(module, data, data)


def test_the_best_epoch_of_each_target_is_kept_and_of_equal_ones_the_earlier(tmp_path):
    train_scripted(Scripted(), tmp_path)

    epochs = {path.stem: read(path)['epoch'] + 1 for path in tmp_path.glob('*.ckpt')}
    assert epochs == {'best_valence': 2, 'best_arousal': 3}


def test_where_nothing_is_learned_the_best_is_kept_with_a_warning(tmp_path):
    module = Scripted()
    module.scores = {'valence': (-0.3, -0.1, -0.2, -0.4), 'arousal': (0.2, 0.1, 0.4, 0.4)}

    with pytest.warns(UserWarning, match='val_ccc_valence was never above 0'):
        train_scripted(module, tmp_path)

    assert read(tmp_path / 'best_valence.ckpt')['epoch'] == 1


def test_the_checkpoint_holds_the_model_and_what_it_was_measured_to_be(fit, small_model):
    assert fit('transformer_attention', 'run') == 0

    module = load_module('run/last.ckpt')
    data = DataModule(GeneratedCourses(**small_model[1]))
    features, _, _, lengths, names = to_tensors(data.samples('test'))
    assert names == ('test_0000', 'test_0001', 'test_0002')
    assert module(features, lengths).shape == (3, 50, 2)
    assert module.held_out.keys() >= {'ccc_valence', 'ccc_arousal', 'rmse_valence'}
