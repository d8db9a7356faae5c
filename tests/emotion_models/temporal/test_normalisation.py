# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.data.clips import Clip, ClipPart, FeatureList  # noqa: E402
from emotion_models.temporal.normalisation import Normalisation  # noqa: E402

FEATURES = FeatureList({'face': 2, 'sound': 2})


def make_clip(length, seed):
    generator = np.random.default_rng(seed)
    features = generator.normal(seed, 3, (length, 4)).astype(np.float32)
    features[:, 3] = 5  # constant
    return Clip(f'clip{seed}', np.arange(length) / 25, features, np.zeros(length, bool))


CLIPS = [make_clip(10, 1), make_clip(30, 2)]


def test_listed_features_are_scaled_by_all_training_frames():
    pooled = np.concatenate([clip.features for clip in CLIPS])
    normalisation = Normalisation(FEATURES, ['sound'])
    normalisation.learn(ClipPart(CLIPS, FEATURES))

    other = make_clip(6, 7).features
    found = normalisation(torch.from_numpy(other)).numpy()

    expected = (other[:, 2] - pooled[:, 2].mean()) / pooled[:, 2].std()  # ddof 0
    assert found[:, 2] == pytest.approx(expected, abs=1e-5)
    assert not found[:, 3].any()
    assert np.array_equal(found[:, :2], other[:, :2])


def test_each_clip_by_itself_over_its_own_frames():
    batch = torch.zeros(2, 30, 4)
    for row, clip in enumerate(CLIPS):
        batch[row, : len(clip)] = torch.from_numpy(clip.features)
    normalisation = Normalisation(FEATURES, ['sound'], 'batch')

    found = normalisation(batch, torch.tensor([10, 30]))

    for row, clip in enumerate(CLIPS):
        own = found[row, : len(clip)].numpy()
        assert own[:, 2].mean() == pytest.approx(0, abs=1e-5)
        assert own[:, 2].std() == pytest.approx(1, abs=1e-5)
        assert own[:, 3] == pytest.approx(0, abs=1e-5)
        assert np.array_equal(own[:, :2], clip.features[:, :2])


def test_statistics_are_kept_with_the_weights():
    first, second = (Normalisation(FEATURES, ['sound']) for _ in range(2))
    first.learn(ClipPart(CLIPS, FEATURES))

    second.load_state_dict(first.state_dict())

    frame = torch.randn(3, 4)
    assert torch.equal(first(frame), second(frame))


def test_statistics_that_are_missing_stop_it():
    def missing(name):
        raise FileNotFoundError(f'no file {name}.h5; expected means and deviations')

    with pytest.raises(FileNotFoundError, match=r'no file sound\.h5; expected'):
        Normalisation(FEATURES, ['sound']).learn(ClipPart(CLIPS, FEATURES, missing))


def test_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r'normed_features names smell; there are face \(2\)'):
        Normalisation(FEATURES, ['smell'])
    with pytest.raises(ValueError, match="must be one of trn, batch; got 'z'"):
        Normalisation(FEATURES, [], 'z')
