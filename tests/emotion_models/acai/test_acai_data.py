# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.acai.data import (  # noqa: E402
    GeneratedPosesModule,
    LinesModule,
    RecordedPosesModule,
)
from emotion_models.data.generated_poses import generate_poses  # noqa: E402


@pytest.fixture
def archive(tmp_path):
    generate_poses(1000, seed=0).save(tmp_path / 'poses.npz')
    return str(tmp_path / 'poses.npz')


def test_whole_subjects_are_held_out(archive):
    data = RecordedPosesModule(archive, ['G1', 'G4'])
    poses = generate_poses(1000, seed=0)
    is_held = np.isin(poses.subject, ['G1', 'G4'])

    assert np.array_equal(data.samples('validation'), poses.positions[is_held])
    assert np.array_equal(data.samples('training'), poses.positions[~is_held])


def test_without_names_the_last_poses_are_held_out(archive):
    data = RecordedPosesModule(archive, every=2)

    assert len(data.samples('training')) == 400
    assert np.array_equal(data.samples('validation'), generate_poses(1000, 0).positions[800::2])


@pytest.mark.parametrize(
    ('subjects', 'words'),
    [(['S8'], 'no poses of S8; subjects: G1, G2'), ([f'G{n}' for n in range(1, 7)], 'is left')],
)
def test_impossible_splits_are_refused(archive, subjects, words):
    with pytest.raises(ValueError, match=words):
        RecordedPosesModule(archive, subjects).samples('training')


def test_batches_are_whole_and_shuffled_by_seed_and_epoch(archive):
    data = RecordedPosesModule(archive, ['G1'], batch_size=64)
    data.setup()
    loader = data.train_dataloader()
    kept = len(data.samples('training'))

    loader.sampler.set_epoch(1)
    first, again = (torch.cat(list(loader)) for _ in range(2))
    loader.sampler.set_epoch(2)
    later = torch.cat(list(loader))

    assert first.shape == (kept // 64 * 64, 17, 3)
    assert first.dtype == torch.float32
    assert torch.equal(first, again)
    assert not torch.equal(first, later)
    assert len(torch.unique(first.flatten(1), dim=0)) == len(first)


def test_one_generated_person_is_held_out():
    data = GeneratedPosesModule(count=1200)

    assert len(data.samples('validation')) + len(data.samples('training')) == 1200
    assert 0 < len(data.samples('validation')) < 300


def test_lines_are_images_and_the_held_out_ones_are_others():
    data = LinesModule(count=50, held_out=20, side=16)
    kept, held = data.samples('training'), data.samples('validation')

    assert kept.shape == (50, 1, 16, 16)
    assert held.shape == (20, 1, 16, 16)
    assert kept.min() == -1
    assert kept.max() > 0.9
    assert not (kept[:, None] == held[None]).all((2, 3, 4)).any()
