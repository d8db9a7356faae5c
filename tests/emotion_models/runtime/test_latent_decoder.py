# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.data.drawings import REACH_PX  # noqa: E402
from emotion_models.drawing import Identity, ParametricFace, View, blend_action_units  # noqa: E402
from emotion_models.drawing.parts import unit_columns  # noqa: E402
from emotion_models.drawing.view import N_LOOK  # noqa: E402
from emotion_models.labels.emotions import emotion_vad  # noqa: E402
from emotion_models.runtime.artefact import ArtefactError, load_artefact, write_card  # noqa: E402
from emotion_models.runtime.drawing_encoder import DrawingEncoder  # noqa: E402
from emotion_models.runtime.latent_decoder import LatentDecoder  # noqa: E402
from emotion_models.sketch.module import SketchModule  # noqa: E402
from emotion_models.sketch.network import N_AFFECT, N_LATENT  # noqa: E402
from emotion_models.training.export import export_network  # noqa: E402


def export(module, folder):
    for name, plan in module.export_plans().items():
        export_network(plan, folder / name)
    return folder


@pytest.fixture(scope='module')
def module():
    torch.manual_seed(1)
    return SketchModule().eval()


@pytest.fixture(scope='module')
def folder(module, tmp_path_factory):
    return export(module, tmp_path_factory.mktemp('models') / 'untrained')


@pytest.fixture
def point(folder):
    return LatentDecoder(folder).encode([0, 0, 0.6, 0, 0, 0.3, 0])


def test_exported_face_draws_what_the_module_draws(module, folder):
    decoder = LatentDecoder(folder, Identity.random(np.random.default_rng(1)))
    emotions = np.array([0, 0, 0.6, 0, 0, 0.3, 0])
    point = decoder.encode(emotions)
    assert point.shape == (N_LATENT,)
    np.testing.assert_allclose(point[:N_AFFECT], emotion_vad(emotions)[0])
    view = View(gaze_x=0.5, blink=0.2, vergence=0.1, pupil_size=-0.3, tear_fall=0.4)

    field = decoder.field(point, view)

    look = torch.tensor([view[:N_LOOK]]).float()
    with torch.no_grad():
        expected = module.decode(torch.tensor(point[None]).float(), look)[0, 0] * REACH_PX
    np.testing.assert_allclose(field, expected, atol=0.02)  # weights are stored in half precision


def test_points_of_labels_are_those_of_the_module(module, folder):
    from emotion_models.data.data_module import to_tensors
    from emotion_models.data.drawings import draw

    drawings = draw(5, range(0, 256, 32))
    space = LatentDecoder(folder).space
    with torch.no_grad():
        expected = module.prior_mean(to_tensors(drawings)).numpy()

    for row, point in enumerate(expected):
        identity = Identity.from_vector(drawings.identity[row])
        if drawings.is_mixed[row]:
            found = space.from_action_units(drawings.action_units[row], identity)
        else:
            found = space.from_emotions(drawings.emotions[row], drawings.affect[row], identity)
        np.testing.assert_allclose(found, point, atol=1e-3)


def test_labels_are_read_as_the_module_reads_them(module, folder, point):
    space = LatentDecoder(folder).space
    latent = torch.tensor(point[None]).float()
    with torch.no_grad():
        units, identity = module.labels.read_units(latent), module.labels.read_identity(latent)

    np.testing.assert_allclose(space.action_units(point), units[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(space.identity(point), identity[0].clamp(0, 1).numpy(), atol=1e-4)


def test_a_face_is_exchanged_and_nothing_else(folder, point):
    space = LatentDecoder(folder).space
    vector = Identity.random(np.random.default_rng(3)).as_vector()

    moved = space.with_identity(point, vector)

    chunk = space.chunks['identity']
    np.testing.assert_array_equal(moved[: chunk.start], point[: chunk.start])
    np.testing.assert_allclose(
        moved,
        LatentDecoder(folder, Identity.from_vector(vector)).encode([0, 0, 0.6, 0, 0, 0.3, 0]),
    )


def test_action_units_move_the_chunk_of_their_part_alone(folder):
    decoder = LatentDecoder(folder)
    identity, affect, units = Identity.default().as_vector(), np.array([0.2, -0.1]), np.zeros(21)
    point = decoder.place(units, affect, identity)
    units[unit_columns(['brow_lowerer'])] = 0.5

    moved = decoder.place(units, affect, identity)

    changed = np.flatnonzero(moved != point)
    brows = decoder.space.chunks['brows']
    assert set(changed) <= set(range(brows.start, brows.stop))
    assert len(changed)


def test_what_emotions_show_is_where_they_are_encoded(folder):
    decoder = LatentDecoder(folder)
    visible, affect = np.array([0, 0, 0.6, 0, 0, 0.3, 0]), np.array([0.3, 0.1])

    units = decoder.action_units_of(visible, affect)

    np.testing.assert_array_equal(
        decoder.place(units, affect, decoder.identity.as_vector()),
        decoder.encode(visible, affect),
    )


def test_valence_takes_the_parts_along(folder, point):
    space = LatentDecoder(folder).space

    moved = space.with_affect(point, [0.3, 0.0])

    np.testing.assert_allclose(
        moved[space.chunks['valence']], point[space.chunks['valence']] + 0.3
    )
    np.testing.assert_array_equal(moved[space.chunks['arousal']], point[space.chunks['arousal']])
    assert (moved[space.chunks['mouth']] != point[space.chunks['mouth']]).any()


def test_view_frames_the_field(folder):
    decoder = LatentDecoder(folder)
    point = decoder.encode(np.zeros(7))
    upright = decoder.decode(point, View())
    assert upright.shape == (64, 128)
    assert upright.dtype == np.float32
    moved = decoder.decode(point, View(shift_x=5.0))
    np.testing.assert_allclose(moved[:, 5:], upright[:, :-5], atol=1e-5)
    small = decoder.decode(point, View(zoom=0.5))
    assert not small[:12].any()
    assert not small[:, :24].any()


def test_a_drawing_is_encoded_as_the_module_does(module, folder):
    face = ParametricFace()
    units = blend_action_units([0, 0, 0.8, 0, 0, 0, 0])
    encoder = DrawingEncoder(folder)
    picture = np.where(face.render(units) > 0.5, np.uint8(255), np.uint8(0))

    found = encoder(picture)

    with torch.no_grad():
        field = torch.tensor(face.render_field(units))[None, None] / REACH_PX
        expected = module.encode(field.clamp(-1, 1)).mean[0].numpy()
    assert found.shape == (N_LATENT,)
    # The field of a finished drawing is a little rougher than that of its lines.
    assert np.corrcoef(found, expected)[0, 1] > 0.95


def test_an_encoder_of_another_face_is_refused(module, folder, tmp_path):
    torch.manual_seed(2)
    other = export(SketchModule().eval(), tmp_path / 'other')
    card = load_artefact(other).card
    own = {**card, 'space': load_artefact(folder).card['space']}
    write_card(other, own)

    with pytest.raises(ArtefactError, match='leads into the space .*; export the face again'):
        DrawingEncoder(other)


def test_a_face_of_ones_own_has_no_parts(tmp_path):
    torch.manual_seed(1)
    decoder = LatentDecoder(export(SketchModule(parts=False).eval(), tmp_path / 'own'))
    point = decoder.encode([0, 0, 1, 0, 0, 0, 0])

    assert decoder.decode(point, View()).shape == (64, 128)
    assert not decoder.space.has_parts
    with pytest.raises(ValueError, match='no parts that move by themselves'):
        decoder.place(np.zeros(21), np.zeros(2), np.zeros(16))


def test_model_that_is_no_face_is_refused():
    with pytest.raises(ArtefactError, match='affect is not a face'):
        LatentDecoder('affect')
