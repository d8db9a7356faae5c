# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.metrics.coverage import cover, decode_random_codes


def joints_at(places):
    poses = np.zeros((len(places), 17, 3))
    poses[..., 0] = np.array(places)[:, None]
    return poses


REAL, GENERATED = joints_at([0, 1, 3]), joints_at([0, 0.5])


def test_recall():
    recall = cover(REAL, GENERATED)
    report = recall.report(thresholds=(0.4, 0.5, 3.0))

    np.testing.assert_allclose(recall.distances, [0, 0.5, 2.5], atol=1e-12)
    assert (report['mean'], report['variance'], report['median']) == pytest.approx((1, 1.75, 0.5))
    assert report['within'] == pytest.approx({0.4: 1 / 3, 0.5: 2 / 3, 3.0: 1})
    assert (report['targets'], report['poses'], report['distance']) == (3, 2, 'per_joint')


def test_precision():
    report = cover(GENERATED, REAL).report()
    expected = (0.25, 0.125, 0.25)
    assert (report['mean'], report['variance'], report['median']) == pytest.approx(expected)


def test_flat_distances_are_those_of_the_report():
    recall = cover(REAL, GENERATED, 'flat')
    np.testing.assert_allclose(recall.distances, np.sqrt(17) * np.array([0, 0.5, 2.5]))


def test_real_poses_cover_themselves():
    np.testing.assert_array_equal(cover(REAL, REAL).distances, 0)


def decode(codes):
    return np.tile(codes[:, None], (1, 17, 1))


def test_codes_are_fresh_in_every_batch_whatever_its_size():
    drawn = decode_random_codes(decode, 1000, 3, seed=5, batch=400)

    assert drawn.shape == (1000, 17, 3)
    np.testing.assert_allclose(np.linalg.norm(drawn[:, 0], axis=-1), 1, atol=1e-6)
    assert not (drawn[:400] == drawn[400:800]).any()
    np.testing.assert_array_equal(drawn, decode_random_codes(decode, 1000, 3, seed=5, batch=77))
    assert (drawn != decode_random_codes(decode, 1000, 3, seed=6)).any()


def test_legacy_reseeding_repeats_one_batch():
    drawn = decode_random_codes(decode, 1000, 3, seed=5, batch=400, legacy_reseeding=True)
    np.testing.assert_array_equal(drawn[:400], drawn[400:800])
    np.testing.assert_array_equal(drawn[:200], drawn[800:])
