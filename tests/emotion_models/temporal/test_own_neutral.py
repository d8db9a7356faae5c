# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What models that read features from a person's own neutral are compared with, and by what."""

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.data.clips import Clip, FeatureList  # noqa: E402
from emotion_models.data.own_neutral import from_own_neutral  # noqa: E402
from emotion_models.data.smile_clips import Phase  # noqa: E402
from emotion_models.temporal.module import TemporalModule  # noqa: E402
from emotion_models.temporal.own_neutral import hold, long_smiles, neutral_gains  # noqa: E402
from emotion_models.temporal.report import long_smiles_table, neutral_table  # noqa: E402
from emotion_models.temporal.runs import Run, Runs  # noqa: E402
from emotion_models.temporal.smiles import Scene  # noqa: E402

RATE_HZ = 5.0
PLAIN, OWN = {'embedding': 2, 'va': 2}, {'embedding_from_neutral': 2, 'va': 2}


def make_clip(name, length):
    affect = 0.6 * np.sin(np.arange(length)[:, None] / 9 + [0, 1]).astype(np.float32)
    return Clip(
        name, np.arange(length) / RATE_HZ, np.zeros((length, 4), np.float32),
        np.zeros(length, bool), affect,
    )  # fmt: skip


CLIPS = [make_clip('long', 200), make_clip('short', 40)]


def make_run(features, seed, early, late):
    """A model that is off by so much, until 20 s and after."""
    module = TemporalModule(features, 'frame_head', head=[4]).eval()
    module.rate_hz.fill_(RATE_HZ)
    run = Run(f'{seed}.ckpt', module, CLIPS)
    rng = np.random.default_rng(seed)
    run.__dict__['said'] = {
        clip.name: clip.affect
        + np.where(clip.stamps_s < 20, early, late)[:, None]
        * rng.uniform(0.9, 1.1, clip.affect.shape)
        for clip in CLIPS
    }
    return run


def test_gains_are_over_the_same_seed_in_all_frames_and_after_the_neutral_is_known():
    runs = Runs(
        [make_run(OWN, seed, 0.4, 0.1) for seed in (1, 2)]
        + [make_run(PLAIN, seed, 0.4, 0.2) for seed in (1, 2)]
    )

    ((kind, gain),) = neutral_gains(runs).items()

    assert runs.features == tuple(PLAIN)
    assert kind.features == tuple(OWN)
    assert 0 < gain.scores[0].mean < gain.later[0].mean
    assert gain.later[1].seeds == 2
    assert (gain.persons.tolist(), gain.of) == ([1, 1], 1)  # the short clip has no neutral
    assert '| frame_head | embedding_from_neutral, va | 2 |' in neutral_table(runs)
    assert '1.0 of 1' in neutral_table(runs)


def test_without_a_pair_there_is_nothing_to_compare():
    runs = Runs([make_run(PLAIN, 1, 0, 0)])

    assert neutral_table(runs) == ''
    assert long_smiles_table(long_smiles(runs, None)) == ''


@pytest.fixture
def scene():
    """A second of rest, in which the embedding is 0.3, and one of a smile, in which it is 0.8."""
    rows = np.zeros((20, 4), np.float32)
    rows[:, :2] = np.where(np.arange(20) < 10, 0.3, 0.8)[:, None]
    phases = Phase(0, 9, 'neutral', '', ''), Phase(12, 19, 'smile', '', '')
    return Scene('smile', np.arange(20) / 10, rows, FeatureList(PLAIN), phases)


def test_a_rest_and_a_smile_are_held_as_long_as_wanted(scene):
    long = hold(scene, 3.0, 5.0)

    assert len(long.rows) == len(long.stamps_s) == 80
    assert long.stamps_s[-1] == pytest.approx(7.9)
    assert (long.rows[:30, 0] == np.float32(0.3)).all()
    assert (long.rows[30:, 0] == np.float32(0.8)).all()
    own = long.of(list(OWN))
    expected = from_own_neutral(long.rows[:, :2], long.stamps_s, np.zeros(80, bool))
    assert np.array_equal(own[:, :2], expected)


def test_a_smile_that_is_longer_than_the_rest_is_lost_and_a_shorter_one_is_not(scene, monkeypatch):
    monkeypatch.setattr(Run, 'predict', lambda run, rows: rows[:, :2])
    runs = Runs([make_run(OWN, 1, 0, 0), make_run(PLAIN, 1, 0, 0)])

    found = {(kind.features[0], rest): said for kind, rest, said in long_smiles(runs, scene)}

    for rest_s in (10, 30, 60, 120):
        plain = found['embedding', rest_s]
        assert [part.mean for part in plain] == pytest.approx([0.3, 0.8, 0.8])
    lost, kept = (found['embedding_from_neutral', rest_s] for rest_s in (30, 120))
    assert [part.mean for part in lost] == pytest.approx([0, 0.5, 0], abs=1e-6)
    assert [part.mean for part in kept] == pytest.approx([0, 0.5, 0.5], abs=1e-6)
    assert '| 120 s | 0.300 | 0.800 | 0.800 |' in long_smiles_table(long_smiles(runs, scene))
