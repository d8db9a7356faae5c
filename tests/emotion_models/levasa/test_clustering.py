# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pytest

pytest.importorskip('sklearn')
pytest.importorskip('matplotlib')

from emotion_models.cli import main
from emotion_models.levasa.clustering import cluster_va

CENTRES = np.array([[-9, 0], [-6, 6], [-3, -6], [0, 3], [3, -3], [6, 8], [9, -9]], float)


@pytest.fixture(scope='module')
def steps():
    """Seven round heaps of one hundred."""
    generator = np.random.default_rng(0)
    return np.repeat(CENTRES, 100, 0) + 0.4 * generator.standard_normal((700, 2))


def test_heaps_are_found(steps):
    found = cluster_va(steps)

    for name in ('mixture', 'means'):
        assert found[name].centres == pytest.approx(CENTRES, abs=0.2)
        assert found[name].deviation == pytest.approx(np.full(7, 0.4), abs=0.06)
        assert (found[name].assigned == np.repeat(range(7), 100)).all()
    assert found['valence'].centres[:, 0] == pytest.approx(CENTRES[:, 0], abs=0.2)
    assert found['arousal'].centres[:, 0] == pytest.approx(np.sort(CENTRES[:, 1]), abs=0.2)


def test_the_command_writes_centres_assignments_and_a_picture(steps, tmp_path):
    source = tmp_path / 'AFEW_va.json'
    source.write_text(
        json.dumps({f'{k:05}': row.tolist() for k, row in enumerate(steps.clip(-10, 10))})
    )

    assert main(['cluster-annotations', str(source), '--to', str(tmp_path)]) == 0

    clusters = json.loads((tmp_path / 'AFEW_clusters.json').read_text())
    assigned = json.loads((tmp_path / 'AFEW_assignments.json').read_text())
    assert [sum(found['images']) for found in clusters.values()] == [700] * 4
    assert len(assigned) == 700
    assert assigned['00000'][:2] == [0, 0]
    assert (tmp_path / 'AFEW_clusters.png').stat().st_size > 10_000


def test_too_few_values_are_reported():
    with pytest.raises(ValueError, match='7 clusters need as many different values'):
        cluster_va(np.tile([[0, 1], [1, 0]], (20, 1)).astype(float))
