# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Check V28: what a training on shapes takes apart, as the experiments have it."""

import json

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_who_and_what_are_told_apart(repository, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    experiments = repository / 'config' / 'experiments'
    for phase in ('encdec', 'sequence'):
        config = experiments / f'vdsm_{phase}_shapes.yaml'
        assert main(['fit', '--config', str(config), '--trainer.accelerator', 'cpu']) == 0
    checkpoint = 'runs/vdsm_sequence_shapes/last.ckpt'
    assert main(['evaluate', checkpoint, '--to', 'out']) == 0

    models = json.loads((tmp_path / 'out' / 'figures.json').read_text())['models']
    found = models['vdsm_sequence_shapes']
    assert found['judge_action'] > 0.9
    assert found['judge_identity'] > 0.95
    assert found['found_identity_in_static'] >= 0.9
    assert found['found_action_in_dynamics'] >= 0.7
    assert found['leak_identity_from_dynamics'] <= 0.2
    assert found['swap_identity'] >= 0.8
    assert found['swap_action'] >= 0.8
    assert models['untrained']['swap_joint'] < 0.1
