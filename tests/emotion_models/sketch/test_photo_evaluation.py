# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.data.labelled_faces import LabelledFaces  # noqa: E402
from emotion_models.data.photo_faces import SHOWN  # noqa: E402
from emotion_models.drawing.action_units import ActionUnits, blend_action_units  # noqa: E402
from emotion_models.drawing.identity import Identity  # noqa: E402
from emotion_models.labels.expressions import EXPRESSIONS  # noqa: E402
from emotion_models.sketch import drawing_readers, photo_evaluation  # noqa: E402
from emotion_models.sketch.drawing_readers import (  # noqa: E402
    Prototypes,
    answers,
    drawn_geometry,
    expressions_of,
    fit,
    people_in_style,
    render,
    tell_apart,
)
from emotion_models.sketch.photo_evaluation import (  # noqa: E402
    KEY_NAME,
    PAIRS_NAME,
    SHEET_NAME,
    Sources,
    choose_shown,
    draw_pages,
)
from emotion_models.sketch.photo_measures import (  # noqa: E402
    PhotoFace,
    area_of_persons,
    measure_morphs,
    measure_swaps,
    recall_report,
)
from emotion_models.sketch.photo_module import PhotoModule  # noqa: E402

OWN = Identity.default().as_vector()


def units(**values):
    return np.array(ActionUnits(**values))


@pytest.fixture(scope='module')
def face():
    torch.manual_seed(0)
    return PhotoFace(PhotoModule(widths=(4, 8, 8), depths=(1, 1), trunk=None))


@pytest.fixture(scope='module')
def faces():
    return np.random.default_rng(0).integers(0, 256, (8, 48, 48), dtype=np.uint8)


@pytest.fixture
def small_batches(monkeypatch):
    """Networks that read drawings learn as many steps, each from a quarter of the drawings."""
    monkeypatch.setattr(drawing_readers, '_BATCH', 16)


def test_geometry_of_drawings_follows_the_units():
    rows = [units(), units(jaw_drop=1.0), units(lip_corner_puller=1.0)]
    rows += [units(lip_corner_depressor=1.0), units(inner_brow_raiser=1.0)]
    gap, corners, brows = drawn_geometry(np.array(rows), np.tile(OWN, (5, 1))).T

    assert gap[1] > gap[0] + 4
    assert corners[2] > corners[0] > corners[3]
    assert brows[4] > brows[0] + 1


def test_prototypes_know_the_robots_own_expressions():
    shown = np.array([blend_action_units(row) for row in expressions_of(1.0)])
    found = Prototypes()(render(shown, np.tile(OWN, (8, 1))))

    assert found.tolist() == list(range(8))


def test_people_in_style_differ_in_proportions_alone():
    people = people_in_style(50, np.random.default_rng(1))
    varied = people.std(0) > 0.1

    assert varied.sum() == 6
    assert people[:, ~varied] == pytest.approx(np.tile(OWN[~varied], (50, 1)))


def test_a_reader_learns_what_drawings_show(small_batches):
    rows = np.array([units(jaw_drop=share) for share in np.linspace(0, 1, 96)])
    lit = render(rows, np.tile(OWN, (96, 1)))
    target = torch.linspace(0, 1, 96)[:, None]
    network = fit(lit, target, 1, torch.nn.functional.mse_loss, seed=0)

    assert np.corrcoef(answers(network, lit)[:, 0], target[:, 0])[0, 1] > 0.95


def test_a_critic_tells_apart_what_differs_and_only_that(small_batches):
    people = people_in_style(120, np.random.default_rng(2))
    rest, smile = (
        render(np.tile(row, (120, 1)), people) for row in (units(), units(lip_corner_puller=1.0))
    )

    assert tell_apart(rest, smile) > 0.9
    assert tell_apart(rest, rest[::-1].copy()) < 0.75


def test_mean_recall_weighs_expressions_alike():
    joy, fear = SHOWN.index('joy'), SHOWN.index('fear')
    true = np.array([joy] * 90 + [fear] * 10)
    report = recall_report('nearest', true, np.full(100, joy))

    assert report['nearest'] == pytest.approx(0.5)
    assert report['nearest_low'] <= 0.5 <= report['nearest_high']
    assert (report['nearest_joy'], report['nearest_fear']) == (1.0, 0.0)


@pytest.mark.parametrize(('spread', 'least', 'most'), [(0.01, 0.99, 1.0), (100.0, 0.3, 0.7)])
def test_the_area_says_how_alike_one_persons_sequences_are(spread, least, most):
    generator = np.random.default_rng(3)
    persons = np.repeat(np.arange(20), 6)
    sequences = np.tile(np.repeat(np.arange(3), 2), 20)
    own = generator.normal(size=(20, 4))[persons]
    numbers = own + spread * generator.normal(size=own.shape)

    assert least <= area_of_persons(numbers, persons, sequences) <= most


def test_swaps_and_morphs_of_photographs_are_measured(face, faces):
    swaps = measure_swaps(face, faces, pairs=10)
    morphs = measure_morphs(face, faces, pairs=2)

    assert all(0 <= value <= 1 for value in swaps.values())
    assert morphs['morph_most'] <= morphs['morph_worst']


def test_pages_show_twenty_faces_and_their_key(face, faces, tmp_path, monkeypatch):
    count = 120
    labels = np.arange(count) // 2 % len(EXPRESSIONS)
    source = LabelledFaces(
        [faces[k % 8] for k in range(count)],
        labels,
        np.zeros((count, 2)),
        keys=[f'{k:04}.jpg' for k in range(count)],
    )
    monkeypatch.setattr(photo_evaluation, 'load_labelled_faces', lambda data: source)
    draw_pages(face, tmp_path, Sources())
    with (tmp_path / KEY_NAME).open() as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 20
    assert all(int(row['file'][:4]) % 2 for row in rows)
    assert {row['expression'] for row in rows} <= set(EXPRESSIONS) - {'DISGUST', 'CONTEMPT'}
    for name in (SHEET_NAME, PAIRS_NAME):
        assert (tmp_path / name).stat().st_size > 0
    assert len(set(choose_shown(source))) == 20


def test_without_faces_that_may_be_shown_there_is_no_page(face, tmp_path):
    draw_pages(face, tmp_path, Sources(shown=str(tmp_path / 'none')))

    assert not list(tmp_path.iterdir())
