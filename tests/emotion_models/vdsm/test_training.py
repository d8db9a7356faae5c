# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Both phases as they are trained, and checks V20 to V24 and V27."""

import json
import re
import shutil

import numpy as np
import pytest
import yaml
from PIL import Image

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import Trainer  # noqa: E402

from emotion_models.cli import main  # noqa: E402
from emotion_models.data.data_module import DataModule, to_tensors  # noqa: E402
from emotion_models.data.shape_clips import ShapeClips  # noqa: E402
from emotion_models.runtime.artefact import ArtefactError  # noqa: E402
from emotion_models.runtime.video_model import VideoModel  # noqa: E402
from emotion_models.training.finite import StopWhenNotFinite, TrainingDiverged  # noqa: E402
from emotion_models.training.loading import load_data, load_module  # noqa: E402
from emotion_models.vdsm.module import FramesModule, SequenceModule  # noqa: E402
from emotion_models.vdsm.windows import (  # noqa: E402
    draw_windows,
    first_windows,
    mirror,
    take_frames,
)

SIZES = {'side': 32, 'pose': 3, 'experts': 4, 'base_width': 2, 'encoder_width': 4, 'window': 4}
DATA = {'clips': 80, 'frames': 5, 'side': 32}


def read(checkpoint):
    return torch.load(checkpoint, weights_only=True)


def test_the_second_phase_changes_only_what_is_not_frozen(runs):
    first = read(runs / 'frames' / 'best.ckpt')['state_dict']
    second = read(runs / 'sequences' / 'last.ckpt')['state_dict']

    for name, weight in first.items():
        is_frozen = not name.startswith('frame_model.refinement')
        assert torch.equal(weight, second[name]) == is_frozen, name
    torch.manual_seed(5230)
    fresh = load_module(runs / 'sequences' / 'last.ckpt')
    fresh = SequenceModule(**{k: v for k, v in fresh.hparams.items() if not k.startswith('_')})
    for part in ('encoder.lstm', 'decoder.lstm', 'combiner', 'transition'):
        names = [name for name in second if name.startswith(f'sequence_model.{part}')]
        assert any(not torch.equal(second[n], fresh.state_dict()[n]) for n in names), part


@pytest.mark.parametrize(
    ('setting', 'words'),
    [
        ({'window': 0}, 'window must be >= 1, got 0'),
        ({'pieces': 0}, 'pieces must be >= 1, got 0'),
        ({'flip': 2.0}, 'flip must be >= 0 and <= 1, got 2.0'),
        ({'encoder_slope': float('nan')}, 'encoder_slope must be >= 0 and <= 1, got nan'),
        ({'test_temperature': float('nan')}, 'test_temperature must be .*, got nan'),
        ({'temperature': (1.0, float('nan'), 1)}, 'temperature must go between finite numbers'),
        ({'temperature': (1.0, 10.0, 1.9)}, 'the divisor of temperature, .* got 1.9'),
        ({'temperature': (1.0, 10.0)}, 'temperature needs first and last value and a divisor'),
        ({'static_weight': (-500.0, -500.0, 1)}, 'static_weight must go between finite numbers'),
        (
            {'pose_weight': (200.0, 1.0, 1.0, 1.0)},
            'pose_weight must be four numbers from 0.005 to',
        ),
        ({'nan_factor': 5.0}, 'nan_factor must be >= 1e-06 and <= 1, got 5.0'),
        ({'clip_norm': 0.0}, 'clip_norm must be'),
        (
            {'release_initialisation': True, 'expert_spread': 0.3},
            'release_initialisation is of independent experts',
        ),
    ],
)
def test_settings_out_of_range_are_refused_by_name(setting, words):
    with pytest.raises(ValueError, match=words):
        FramesModule(**SIZES | setting)


def test_dropout_is_a_share():
    with pytest.raises(ValueError, match='dropout must be >= 0 and <= 0.99, got 1.5'):
        SequenceModule(**SIZES, dropout=1.5)


@pytest.mark.parametrize(
    ('first', 'second', 'words'),
    [
        ({'encoder_slope': 0.2}, {'encoder_slope': 0.9}, 'encoder_slope was 0.2 .* and is 0.9'),
        ({'linear_trunk': True}, {}, 'linear_trunk was 1 in the first phase and is 0'),
        ({}, {'static_activation': 'none'}, 'static_activation: leaky was 1 .* and is 0'),
        ({'has_static': False}, {}, 'has_static was 0 .* needs a first phase with a static code'),
    ],
)
def test_a_first_phase_with_other_settings_is_refused(first, second, words):
    frames, sequences = FramesModule(**SIZES, **first), SequenceModule(**SIZES, **second)
    frames.frame_model.steps += 1
    sequences.frame_model.load_state_dict(frames.frame_model.state_dict())

    with pytest.raises(ValueError, match=words):
        sequences.check_weights()


@pytest.mark.parametrize('is_trained', [True, False])
def test_the_refinement_is_trained_on_or_frozen_too(is_trained):
    module = SequenceModule(**SIZES, finetunes_refinement=is_trained)

    trained = {
        name for name, weight in module.frame_model.named_parameters() if weight.requires_grad
    }
    assert bool(trained) == is_trained
    assert all(name.startswith('refinement.') for name in trained)


def test_a_run_stores_its_split_its_terms_and_its_pictures(runs):
    for run in ('frames', 'sequences'):
        split = json.loads((runs / run / 'split.json').read_text())
        rows = [row for part in split.values() for row in part]
        assert sorted(rows) == list(range(80))
        header = (runs / run / 'metrics.csv').read_text().splitlines()[0]
        for name in ('reconstruction', 'static', 'dynamics', 'pose', 'bits_per_dimension'):
            assert f'train_{name}' in header
            assert f'val_{name}' in header
        for name in ('temperature', 'weight_static', 'weight_dynamics', 'weight_pose'):
            assert name in header
        swap = np.asarray(Image.open(runs / run / 'pictures' / 'epoch_0002_swap.png'))
        assert swap.shape == (7 * 32, 7 * 32, 3)
        assert not swap[:32, :32].any()
        moving = Image.open(runs / run / 'pictures' / 'epoch_0001_swap.gif')
        assert (moving.n_frames, moving.size) == (4, (6 * 32, 6 * 32))
    assert not (runs / 'frames' / 'pictures' / 'epoch_0002_swap_next.png').exists()
    expected = Image.open(runs / 'sequences' / 'pictures' / 'epoch_0002_swap_next.png')
    assert expected.size == (7 * 32, 7 * 32)


def test_what_is_expected_after_a_frame_follows_from_that_frame_alone(runs):
    module = load_module(runs / 'sequences' / 'last.ckpt').eval()
    frames = torch.rand(2, 1, 3, 32, 32)

    both, first = module.predict(frames), module.predict(frames[:1])

    assert [part.shape for part in both] == [(2, 4), (2, 3), (2, 1, 3)]
    for part, alone in zip(both, first, strict=True):
        assert torch.allclose(part[:1], alone, atol=1e-6)
    seen = module.read(frames)
    assert torch.equal(both.dynamics, seen.dynamics)
    assert not torch.allclose(both.poses, seen.poses)


def test_a_sequence_run_without_networks_of_frames_is_refused(fit_small, tmp_path, capsys):
    assert fit_small('sequence', tmp_path / 'run', '--init_from=null') == 2

    said = capsys.readouterr().err.splitlines()[-1]
    assert 'the networks of frames are untrained' in said
    assert '--init_from.run' in said
    assert not (tmp_path / 'run').exists()


def test_networks_of_other_sizes_are_refused(fit_small, runs, tmp_path, capsys):
    from_run = f'--init_from.run={runs}/frames'
    assert fit_small('sequence', tmp_path / 'run', from_run, pose=4) == 2

    said = capsys.readouterr().err.splitlines()[-1]
    assert re.search(r'init_from: frame_model\.\S+ is \(.*\) in .*best.ckpt and', said), said


@pytest.mark.parametrize(
    ('data', 'model', 'words'),
    [
        ({'side': 64}, {}, 'frames of 32 pixels, the data has 64'),
        ({}, {'window': 9}, 'window is 9 frames, the shortest clip has 5'),
        ({}, {'pieces': 3}, 'pieces is 3; the data needs partners: 2 or more'),
    ],
)
def test_data_that_the_model_is_not_for(data, model, words):
    module = FramesModule(**{**SIZES, **model})

    with pytest.raises(ValueError, match=words):
        module.check_data(DataModule(ShapeClips(**{**DATA, **data})))


def test_sequences_take_no_partners():
    with pytest.raises(ValueError, match='partners are for the first phase'):
        SequenceModule(**SIZES, layers=1).check_data(DataModule(ShapeClips(**DATA, partners=1)))


@pytest.mark.parametrize(
    ('settings', 'words'),
    [
        ({'temperature': [1, 2]}, 'temperature needs first and last value and a divisor'),
        ({'schedule_epochs': 3}, 'in order'),
        ({'side': 33}, 'side must be one of'),
    ],
)
def test_settings_that_there_are_not(settings, words):
    with pytest.raises(ValueError, match=words):
        FramesModule(**{**SIZES, **settings})


def train(module, folder, epochs=1):
    trainer = Trainer(
        max_epochs=epochs,
        accelerator='cpu',
        logger=False,
        callbacks=[StopWhenNotFinite('emotion-models fit')],
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        limit_val_batches=0,
        default_root_dir=folder,
    )
    trainer.fit(module, datamodule=DataModule(ShapeClips(**DATA), batch_size=15))


class Poisoned(FramesModule):
    """Its terms are not finite in some steps; notes weights and rate after each."""

    bad = ()

    def terms(self, batch, temperature):
        terms = super().terms(batch, temperature)
        number = len(self.notes) if hasattr(self, 'notes') else 0
        factor = float('nan') if number in self.bad else 1.0
        return terms._replace(pose=terms.pose * factor)

    def training_step(self, batch, batch_index):
        if not hasattr(self, 'notes'):
            self.notes = []
        if not self.notes:
            self.begin = self.frame_model.encoder.pose_head.weight.detach().clone()
        super().training_step(batch, batch_index)
        rate = self.optimizers().param_groups[0]['lr']
        self.notes.append((self.frame_model.encoder.pose_head.weight.detach().clone(), rate))


def test_what_is_not_finite_goes_back_with_a_smaller_rate(tmp_path):
    module = Poisoned(**SIZES, pictures_every=0, learning_rate=0.01)
    module.bad = (1, 2)

    with pytest.warns(UserWarning, match='went back to the beginning of the epoch'):
        train(module, tmp_path)

    weights, rates = zip(*module.notes, strict=True)
    assert not torch.equal(weights[0], module.begin)
    assert torch.equal(weights[1], module.begin)
    assert torch.equal(weights[2], module.begin)
    assert not torch.equal(weights[3], module.begin)
    assert rates[:4] == pytest.approx([0.01, 0.008, 0.0064, 0.0064])
    assert module.roll_back.done == 2


@pytest.mark.parametrize(('settings', 'times'), [({'nan_retries': 1}, 1), ({'on_nan': 'stop'}, 0)])
def test_it_goes_back_only_so_often(tmp_path, settings, times):
    module = Poisoned(**SIZES, pictures_every=0, **settings)
    module.bad = (1, 2)

    with pytest.raises(TrainingDiverged, match=rf'the loss is nan .* \(went back {times} times\)'):
        train(module, tmp_path)

    assert all(weight.isfinite().all() for weight in module.parameters())


def test_how_often_it_went_back_and_the_rate_are_in_the_checkpoint(runs):
    saved = read(runs / 'frames' / 'last.ckpt')

    assert saved['went_back'] == 0
    assert saved['optimizer_states'][0]['param_groups'][0]['lr'] == 4e-3


def test_the_objective_falls_in_both_phases():
    """Check V27, without the trainer: of the same clips and draws before and after some steps."""
    torch.manual_seed(0)
    sizes = SIZES | {'base_width': 4, 'learning_rate': 0.003}
    part = ShapeClips(**DATA).load_parts(0)['training']
    batch = to_tensors(part.take(np.arange(8)))

    def objective(module):
        torch.manual_seed(1)
        return module.terms(batch, 2.0).negative_elbo.mean().item()

    def fall(module, steps=30):
        optimizer = module.train().configure_optimizers()
        before = objective(module)
        for _ in range(steps):
            loss = module.terms(batch, 2.0).negative_elbo.mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return before - objective(module)

    frames = FramesModule(**sizes)
    assert fall(frames) > 100
    sequences = SequenceModule(**sizes, dynamics=3, hidden=16, layers=1)
    sequences.frame_model.load_state_dict(frames.frame_model.state_dict())
    assert fall(sequences) > 50


def test_the_frozen_encoder_is_asked_once_for_each_clip(runs, monkeypatch):
    module = load_module(runs / 'sequences' / 'last.ckpt')
    part = load_data(runs / 'sequences' / 'last.ckpt').part('training')
    batch = to_tensors(part.take(np.arange(3)))
    seen = []
    encode = module.frame_model.encode
    monkeypatch.setattr(module.frame_model, 'encode', lambda f: seen.append(len(f)) or encode(f))

    places = first_windows(batch.lengths, 4, 1)
    codes = [module._codes(batch, places) for _ in range(2)]

    assert seen == [1, 1, 1]
    assert torch.equal(codes[0].pose_mean, codes[1].pose_mean)
    whole = encode(take_frames(batch.frames, places))
    assert torch.allclose(codes[0].pose_mean, whole.pose_mean, atol=1e-5)


def test_windows_lie_in_their_clips_and_come_from_different_ones():
    torch.manual_seed(0)
    lengths = torch.tensor([[5, 3, 8]] * 400)

    first = draw_windows(lengths, 3, 2).unflatten(1, (2, 3))

    assert (first.diff(dim=2) == 1).all()
    clip = torch.bucketize(first, torch.tensor([5, 8, 16]), right=True)
    assert (clip[..., 0] == clip[..., -1]).all()
    assert (clip[:, 0, 0] != clip[:, 1, 0]).all()
    begins = set(first[..., 0].flatten().tolist())
    assert begins == {0, 1, 2, 5, 8, 9, 10, 11, 12, 13}
    assert first_windows(lengths[:1], 3, 2).tolist() == [[0, 1, 2, 5, 6, 7]]


def test_mirrors_are_drawn_for_clips_or_for_frames():
    torch.manual_seed(0)
    frames = torch.rand(64, 4, 1, 2, 2)
    flipped = frames.flip(-1)

    def turned(found):
        return (found == flipped).flatten(2).all(2)

    assert mirror(frames, 0.0, False) is frames
    of_clips = turned(mirror(frames, 0.5, False))
    assert (of_clips.all(1) | ~of_clips.any(1)).all()
    assert 10 < of_clips.all(1).sum() < 54
    of_frames = turned(mirror(frames, 0.5, True))
    assert (of_frames.any(1) & ~of_frames.all(1)).any()


@pytest.fixture(scope='module')
def exported(runs, tmp_path_factory):
    """The folder of an exported model of videos."""
    folder = tmp_path_factory.mktemp('exported') / 'm'
    assert main(['export', str(runs / 'sequences' / 'last.ckpt'), '--to', str(folder)]) == 0
    return folder


def test_exported_networks_are_those_of_the_module(runs, exported):
    folders = {path.name: path for path in exported.iterdir()}
    assert folders.keys() == {'encoder', 'sequence_encoder', 'transition', 'decoder'}
    cards = {
        name: yaml.safe_load((path / 'card.yaml').read_text()) for name, path in folders.items()
    }
    assert {card['system'] for card in cards.values()} == {'vdsm'}
    (state,) = cards['transition']['states']
    assert (state['input'], state['output']) == ('pose', 'next_pose')
    module = load_module(runs / 'sequences' / 'last.ckpt')
    frames = torch.rand(1, 7, 3, 32, 32)
    codes = module.frame_model.encode(frames)
    static = module.frame_model.refinement(codes.static_mean, codes.static_scale)
    motion, _ = module.sequence_model.encoder(codes.pose_mean)

    model = VideoModel(exported)
    seen = model.read(frames[0].numpy())
    moved = model.move(seen.poses[0], seen.dynamics, 3)

    expected = [codes.pose_mean[0, :1]]
    for _ in range(2):
        expected.append(module.sequence_model.transition(expected[-1], motion.mean).mean)
    decoded = torch.sigmoid(
        module.frame_model.decode(codes.pose_mean, static.mean, module.test_temperature)
    )
    for ours, theirs in (
        (seen.static, static.mean[0]),
        (seen.dynamics, motion.mean[0]),
        (model.show(seen.poses, seen.static), decoded[0]),
        (moved, torch.cat(expected)),
    ):
        assert ours == pytest.approx(theirs.detach().numpy(), abs=2e-3)  # stored in half precision


@pytest.mark.parametrize(
    ('network', 'other', 'words'),
    [
        ('encoder', 'decoder', 'has 2 inputs, expected 1, those of the encoder'),
        ('transition', None, 'no model'),
    ],
)
def test_folders_that_are_no_model_of_videos(exported, tmp_path, network, other, words):
    folder = shutil.copytree(exported, tmp_path / 'm')
    shutil.rmtree(folder / network)
    if other:
        shutil.copytree(folder / other, folder / network)

    with pytest.raises(ArtefactError, match=words) as refusal:
        VideoModel(folder)
    assert network in str(refusal.value)
