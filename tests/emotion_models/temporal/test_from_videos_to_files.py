# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""`extract-features`, `fit`, `predict-temporal` and `ensemble-temporal`, one after the other."""

import numpy as np
import pytest

from emotion_models.cli import main

pytest.importorskip('h5py', reason='HDF5 files need h5py (requirements/training.txt)')

EXPERIMENT = """\
seed_everything: 100
trainer: {accelerator: cpu, devices: 1, max_epochs: 2, enable_progress_bar: false}
model:
  class_path: emotion_models.temporal.module.TemporalModule
  init_args:
    network: fclstm_xl
    features: {va: 2, geometry: 8}
    segment: 10
    hidden: 8
    head: [8]
    normed_features: [geometry]
data:
  data_set:
    class_path: emotion_models.data.clip_sets.ChallengeClips
    init_args: {path: tree, features: 'va,geometry'}
  batch_size: 2
"""


def test_from_videos_to_text_files(videos, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'labels').mkdir()
    for name, count in (('seen', 24), ('empty', 9)):
        course = np.linspace(-0.5, 0.5, count)
        rows = [f'{valence:.2f},{-valence:.2f}' for valence in course]
        rows[4] = '-5,-5'
        (tmp_path / 'labels' / f'{name}.txt').write_text('\n'.join(['valence,arousal', *rows]))
    files = [str(videos / 'seen.mp4'), str(videos / 'empty.mp4')]
    for part in ('train', 'val', 'test'):
        targets = f'tree/targets/{part}_valid_targets.h5'
        call = ['extract-features', *files, '--features', 'va,geometry', '--detector', 'haar']
        call += ['--to', f'tree/features/{part}_{{feature}}.h5', '--targets', targets]
        assert main(call if part == 'test' else [*call, '--annotations', 'labels']) == 0
    (tmp_path / 'videos.yaml').write_text(EXPERIMENT)

    assert main(['fit', '--config', 'videos.yaml']) == 0
    (run,) = (tmp_path / 'runs').iterdir()
    assert main(['predict-temporal', str(run / 'last.ckpt'), '--to', 'predicted']) == 0
    (predicted,) = (tmp_path / 'predicted').iterdir()
    assert main(['ensemble-temporal', str(predicted), '--to', 'submitted']) == 0

    merged = {
        path.stem: path.read_text().splitlines() for path in tmp_path.glob('submitted/*.txt')
    }
    assert {name: len(lines) - 1 for name, lines in merged.items()} == {'seen': 24, 'empty': 9}
    assert {lines[0] for lines in merged.values()} == {'valence,arousal'}
