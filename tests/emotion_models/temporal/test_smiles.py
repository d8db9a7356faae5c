# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How estimates follow a smile."""

import numpy as np
import pytest

from emotion_models.data.clips import FeatureList
from emotion_models.data.smile_clips import Phase
from emotion_models.temporal.smiles import Scene, at_rate, behaviour, read_scenes

PHASES = (
    Phase(0, 19, 'neutral', 'zero', 'zero'),
    Phase(20, 24, 'onset', 'rising', 'rising'),
    Phase(25, 49, 'smile (teeth shown)', 'positive', 'zero_or_positive'),
    Phase(50, 54, 'offset', 'falling', 'falling'),
    Phase(55, 79, 'neutral', 'zero', 'zero'),
)


@pytest.fixture
def scene():
    """Eighty frames at 10 Hz, whose only feature is their number."""
    rows = np.arange(80, dtype=np.float32)[:, None]
    return Scene('smile', np.arange(80) / 10, rows, FeatureList({'number': 1}), PHASES)


def smiling(late=0):
    """Valence that rises and falls within the changes, so many frames late; arousal of zero."""
    valence = np.interp(np.arange(80) - late, [19, 25, 49, 55], [0, 0.6, 0.6, 0])
    return np.stack((valence, 0 * valence), 1)


def test_a_reading_that_follows_the_face_has_all_phases(scene):
    found = behaviour(scene, smiling())

    assert found.phases.tolist() == [5, 5]
    assert found.as_expected.tolist() == [5, 3]  # arousal neither rises nor falls
    assert found.smiles_above == (2, 2)
    assert found.change.max() == pytest.approx(0, abs=1e-9)
    assert found.reactions_ms == pytest.approx([300, 300])


def test_one_that_comes_late_reacts_so_much_later_and_is_less_steady(scene):
    found = behaviour(scene, smiling(late=4))

    assert found.reactions_ms == pytest.approx([700, 700])
    assert found.change[0] > 0.01


def test_the_wrong_sign_is_seen(scene):
    found = behaviour(scene, -smiling())

    assert found.as_expected[0] == 2  # the neutral phases
    assert found.smiles_above == (0, 2)


@pytest.mark.parametrize('rate', [4.0, 10.0, 25.0])
def test_a_model_gets_frames_at_its_own_rate_as_in_the_robot(scene, rate):
    asked = []

    def predict(rows):
        asked.append(rows[:, 0])
        return np.repeat(rows, 2, axis=1)

    found = at_rate(scene, rate, ['number'], predict)[:, 0]

    (rows,) = asked
    assert len(rows) == int(7.9 * rate + 0.5) + 1
    assert np.all(np.diff(rows) >= 0)
    age = np.arange(80) - found
    assert age.min() == 0
    assert age.max() == (2 if rate < 10 else 0)


def test_scenes_are_a_clip_and_its_compositions(tmp_path, write_video, face):
    pytest.importorskip('av', reason='videos need av (requirements/training.txt)')
    write_video(tmp_path / 'a.mp4', [face] * 12, rate=10)
    (tmp_path / 'phases.csv').write_text(
        'clip,first_frame,last_frame,phase,expected_valence,expected_arousal\n'
        'a.mp4,0,4,neutral,zero,\na.mp4,7,11,smile,positive,\n'
    )

    alone, composed = read_scenes(tmp_path, rates_hz=[5], smiles=1)

    assert (alone.name, composed.name) == ('a', 'repeated at 5 Hz')
    assert len(alone.rows) == 12
    assert np.diff(composed.stamps_s) == pytest.approx(0.2)
    assert alone.of(['va', 'expression']).shape == (12, 10)


def test_a_table_without_a_smile_is_one_line(tmp_path):
    (tmp_path / 'phases.csv').write_text(
        'clip,first_frame,last_frame,phase,expected_valence,expected_arousal\n'
        'a.mp4,0,4,no face in any frame,,\n'
    )

    with pytest.raises(ValueError, match='names no clip with a phase neutral and a phase smile'):
        read_scenes(tmp_path)
