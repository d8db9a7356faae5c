# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Every experiment fits, validates, tests, exports, and resumes within an epoch."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')
pytest.importorskip('onnx')

from points_maker import write_photos  # noqa: E402

from emotion_models.cli import main  # noqa: E402
from emotion_models.data.generated_poses import FRAMES, SUBJECTS, generate_poses  # noqa: E402
from emotion_models.runtime.artefact import load_artefact  # noqa: E402
from emotion_models.sketch.module import SketchModule  # noqa: E402
from emotion_models.training.loading import load_data  # noqa: E402
from emotion_models.vdsm.module import FramesModule  # noqa: E402

EXPERIMENTS = sorted((Path(__file__).parents[3] / 'config' / 'experiments').glob('*.yaml'))
BATCH = 4
QUICK = {
    '--trainer.max_epochs': 1,
    '--trainer.limit_train_batches': 3,
    '--trainer.limit_val_batches': 2,
    '--trainer.limit_test_batches': 2,
    '--trainer.accelerator': 'cpu',
    '--trainer.enable_progress_bar': 'false',
    '--trainer.enable_model_summary': 'false',
    '--trainer.log_every_n_steps': 1,
    '--trainer.num_sanity_val_steps': 0,
    '--trainer.callbacks+': 'middle.KeepMiddle',
    '--last.every_n_train_steps': 2,
    '--data.batch_size': BATCH,
}
SMALL_FRAMES = {'side': 32, 'experts': 3, 'base_width': 1, 'encoder_width': 2, 'window': 4}
SMALL_MODELS = {
    'AffectModule': {'widths': '[4,8,8]', 'depths': '[1,1]'},
    'PoseAutoencoder': {'hidden': 16, 'critic_hidden': 16},
    'ImageAutoencoder': {'depth': 2},
    'TemporalModule': {
        **{'hidden': 8, 'heads': 2, 'layers': 1, 'inner': 8, 'head': '[8]', 'segment': 20},
    },
    'FramesModule': SMALL_FRAMES,
    'PhotoModule': {'widths': '[4,8,8]', 'depths': '[1,1]', 'trunk': 'null'},
    'SequenceModule': {**SMALL_FRAMES, 'dynamics': 3, 'hidden': 8, 'layers': 1},
}
"""Arguments that make networks small; `narrow_levasa` does it for the autoencoders of faces."""

LOOK_AHEAD = {
    f'temporal_{name}' for name in ('transformer', 'transformer_lstm', 'transformer_attention')
}
"""Experiments whose models cannot answer frame by frame, and so are not exported."""


def write_poses(folder):
    generate_poses(SUBJECTS * FRAMES, seed=0).save(folder / 'poses.npz')
    return folder / 'poses.npz'


def write_drawings(folder):
    rows = [('file', 'valence', 'arousal', 'joy')]
    for number in range(20):
        picture = np.zeros((64, 128), np.uint8)
        cv2.circle(picture, (64, 32), 8 + number, 255, 2)
        cv2.imwrite(str(folder / f'{number}.png'), picture)
        rows.append((f'{number}.png', number / 20, 0.1, 1))
    with (folder / 'drawings.csv').open('w', newline='') as table:
        csv.writer(table).writerows(rows)
    return folder


def write_sheets(folder):
    for layer, kinds in (
        ('body', 6),
        ('bottomwear', 6),
        ('topwear', 6),
        ('hair', 6),
        ('shoes', 2),
    ):
        (folder / layer).mkdir()
        for kind in range(kinds):
            sheet = np.full((1344, 832, 4), 40 * kind, np.uint8)
            cv2.imwrite(str(folder / layer / f'{kind}.png'), sheet)
    return folder


def write_frames(folder, pose, static_activation, **_):
    """A run of the first phase of VDSM, as far as a second phase looks at it."""
    module = FramesModule(pose=pose, static_activation=static_activation, **SMALL_FRAMES)
    module.frame_model.steps += 1
    folder.mkdir()
    torch.save({'state_dict': module.state_dict()}, folder / 'best.ckpt')
    return folder


def write_face(folder):
    """A run of the learned face, as far as an encoder of photographs looks at it."""
    module = SketchModule().train()
    module.decode(torch.rand(4, 48), torch.zeros(4, 6))
    folder.mkdir()
    torch.save({'state_dict': module.state_dict()}, folder / 'best.ckpt')
    return folder


@pytest.fixture
def small_data(tmp_path, faces_archive, write_acted):
    """small_data(name): settings that make a data set as small as can be, its files written."""
    voted = {'path': faces_archive, 'test_path': faces_archive, 'held_out': 0.25}
    settings = {
        'DrawnLines': lambda: {'count': 3 * BATCH, 'held_out': BATCH},
        'GeneratedPoses': lambda: {'count': SUBJECTS * FRAMES},
        'Digits': lambda: {'side': 16},
        'RecordedPoses': lambda: {
            'path': write_poses(tmp_path),
            'held_out_subjects': f'[G{SUBJECTS}]',
            'tested_subjects': f'[G{SUBJECTS - 1}]',
        },
        'DrawnVotes': lambda: {'count': 64, 'held_out': 0.25},
        'AffectFaces': lambda: voted | {'collections': '[]', 'teacher': 'null'},
        'DrawnVaFaces': lambda: {'training': 3 * BATCH, 'validation': BATCH, 'test': BATCH},
        'FerVaFaces': lambda: voted,
        'Drawings': lambda: {'training': 3 * BATCH, 'validation': BATCH, 'test': BATCH},
        'PhotoFaces': lambda: {
            **dict(zip(('path', 'points'), write_photos(tmp_path, 32), strict=True)),
            **dict(zip(('test_path', 'test_points'), write_photos(tmp_path, 32), strict=True)),
            **{'held_out': 0.25, 'drawings': BATCH},
        },
        'GeneratedCourses': lambda: {
            **{'training': 3 * BATCH, 'validation': BATCH, 'test': BATCH, 'frames': 50},
        },
        'ActedCourses': lambda: {'path': write_acted(tmp_path / 'acted.h5', 3 * BATCH, BATCH)},
        'ShapeClips': lambda: {'clips': 5 * BATCH, 'frames': 4, 'side': 32, 'tested': 0.2},
        'PendulumClips': lambda: {'clips': 5 * BATCH, 'frames': 4, 'side': 32, 'tested': 0.2},
        'FaceClips': lambda: {'identities': 3, 'clips_each': 1, 'frames': 4, 'side': 32},
        'SpriteClips': lambda: {
            **{'path': write_sheets(tmp_path), 'side': 32, 'characters': 4, 'test_characters': 1},
            'held_out': 0.25,
        },
        'OwnDrawings': lambda: {'folder': write_drawings(tmp_path), 'repeats': 2},
    }
    return lambda name: settings[name]()


def weights(checkpoint):
    """Those of the model, and where averages of them are kept those of both."""
    saved = torch.load(checkpoint, weights_only=True)
    current = saved.get('current_model_state', {})
    return saved['state_dict'] | {f'current.{name}': value for name, value in current.items()}


@pytest.mark.apart
@pytest.mark.parametrize('path', EXPERIMENTS, ids=lambda path: path.stem)
def test_an_experiment_runs_from_fit_to_export_and_resumes_within_an_epoch(
    path, small_data, narrow_levasa, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    experiment = yaml.safe_load(path.read_text())
    class_path = experiment['data']['data_set']['class_path']
    data = small_data(class_path.rpartition('.')[2])
    model = SMALL_MODELS.get(experiment['model']['class_path'].rpartition('.')[2], {})
    settings = QUICK | {f'--data.data_set.init_args.{name}': v for name, v in data.items()}
    settings |= {f'--model.init_args.{name}': value for name, value in model.items()}
    if path.stem.startswith('vdsm_sequence'):
        first = write_frames(tmp_path / 'first', **experiment['model']['init_args'])
        settings['--init_from.run'] = first
    elif path.stem == 'photo_face':
        settings['--init_from.run'] = write_face(tmp_path / 'face')
    elif 'init_from' in experiment:
        settings['--init_from'] = 'null'
    options = ['--config', str(path), *(f'{name}={value}' for name, value in settings.items())]
    whole, resumed = Path('whole'), Path('resumed')
    in_whole = [*options, '--trainer.default_root_dir', str(whole)]

    assert main(['fit', *in_whole]) == 0
    for command in ('validate', 'test'):
        assert main([command, *in_whole]) == 0
    can_be_exported = path.stem not in LOOK_AHEAD
    exported = main(['export', str(whole / 'best.ckpt'), '--to', 'model'])
    assert exported == (0 if can_be_exported else 2)
    go_on = ['--ckpt_path', str(whole / 'middle.ckpt'), '--trainer.default_root_dir', str(resumed)]
    assert main(['fit', *options, *go_on]) == 0

    expected, found = weights(whole / 'last.ckpt'), weights(resumed / 'last.ckpt')
    assert not all(torch.equal(v, expected[n]) for n, v in weights(whole / 'middle.ckpt').items())
    assert all(torch.equal(value, found[name]) for name, value in expected.items())
    metrics = [
        {
            name.partition('_')[2]: value
            for name, value in yaml.safe_load((whole / f'{command}.yaml').read_text())[
                'metrics'
            ].items()
        }
        for command in ('validate', 'test')
    ]
    assert metrics[0].keys() == metrics[1].keys()
    assert all(np.isfinite(value) for part in metrics for value in part.values())
    noted = load_data(whole / 'best.ckpt')
    assert noted.hparams.batch_size == BATCH
    if not can_be_exported:
        return
    folders = {file.parent for file in Path('model').rglob('card.yaml')}
    card = load_artefact(folders.pop()).card
    assert card['training_data'] == noted.data_set.origin
    assert card['made_by']['data']['data_set']['class_path'] == class_path
