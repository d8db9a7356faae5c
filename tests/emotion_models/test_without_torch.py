# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What works where neither torch nor Lightning is installed."""

import subprocess
import sys

import numpy as np
import pytest

PROGRAM = """
import sys
sys.modules['torch'] = sys.modules['lightning'] = None
from emotion_models.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run_without_torch(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, '-c', PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=100,  # seconds; a tenth of it where nothing else runs
    )


def test_data_sets_are_listed(repository):
    answer = run_without_torch('list', cwd=repository)

    assert answer.returncode == 0, answer.stderr
    assert 'emotion_models.data.affect_faces.AffectFaces' in answer.stdout


def test_labelled_faces_are_drawn(tmp_path):
    photo = pytest.importorskip('skimage.data').astronaut()
    images = np.stack([photo[:300, 100:400]] * 2)
    faces = tmp_path / 'faces.npz'
    np.savez(faces, images=images, label=[0, 0], label_names=['happy'])

    answer = run_without_torch(
        'sketch', '--data', faces, '--out', tmp_path / 'drawn', '--detector', 'haar'
    )

    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / 'drawn' / 'drawings.csv').is_file()


def test_training_says_what_to_install():
    answer = run_without_torch('fit')

    assert answer.returncode == 2
    # In the environment of ./run, or in another.
    assert 'WITH=training' in answer.stderr or 'requirements/training.txt' in answer.stderr


def test_a_model_folder_is_evaluated(faces_archive):
    answer = run_without_torch('evaluate', 'affect', '--data', str(faces_archive))

    assert answer.returncode == 0, answer.stderr
    assert 'crop factor 1: 96 faces' in answer.stdout
