# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""`emotion-models sketch`, `morph` and `swap` with a face and an encoder made for the test."""

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')
skimage_data = pytest.importorskip('skimage.data')

from photo_maker import PROPORTION, write_photo_encoder  # noqa: E402
from PIL import Image  # noqa: E402

from emotion_models.cli import main  # noqa: E402
from emotion_models.drawing.identity import Identity  # noqa: E402
from emotion_models.drawing.parts import PROPORTIONS, identity_columns  # noqa: E402
from emotion_models.drawing.view import N_LOOK  # noqa: E402
from emotion_models.runtime.detection import Detection, HaarDetector  # noqa: E402
from emotion_models.runtime.latent_points import read_point, write_point  # noqa: E402
from emotion_models.sketch.module import SketchModule  # noqa: E402
from emotion_models.sketch.morphs import morph  # noqa: E402
from emotion_models.sketch.network import N_LATENT  # noqa: E402
from emotion_models.sketch.robot_face import RobotFace  # noqa: E402
from emotion_models.training.export import export_network  # noqa: E402


@pytest.fixture(scope='module')
def photo():
    return cv2.cvtColor(skimage_data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.fixture(scope='module')
def models(tmp_path_factory):
    """Options that name an untrained face and an encoder that leads into its space."""
    torch.manual_seed(1)
    folder, module = tmp_path_factory.mktemp('models'), SketchModule()
    with torch.no_grad():
        module.decoder.pixels[-1].bias.zero_()
        for _ in range(20):  # normalised, even an untrained network draws shapes
            module.decoder(torch.randn(8, N_LATENT + N_LOOK))
    module.eval()
    for name, plan in module.export_plans().items():
        export_network(plan, folder / 'face' / name)

    def belongs(card):
        card['space']['id'] = module.space_id()

    write_photo_encoder(folder / 'photo', change=belongs)
    return {'model': str(folder / 'face'), 'photo_model': str(folder / 'photo')}


@pytest.fixture(scope='module')
def options(models):
    named = ['--model', models['model'], '--photo-model', models['photo_model']]
    return [*named, '--detector', 'haar']


@pytest.fixture(scope='module')
def face(models):
    return RobotFace(**models, detector=HaarDetector())


class Boxes(HaarDetector):
    """Finds faces where it is told."""

    def __init__(self, *boxes):
        super().__init__()
        self.boxes = boxes

    def __call__(self, image):
        return [Detection(np.array(box, float), 1.0) for box in self.boxes]


@pytest.fixture
def file(photo, tmp_path):
    path = tmp_path / 'astronaut.png'
    cv2.imwrite(str(path), photo)
    return path


def test_a_photograph_becomes_a_point_in_the_robots_own_style(face, photo):
    found = face.space.identity(face.locate(photo))

    # Of an untrained face the way to the chunk and back is none; a trained one keeps the style.
    assert found.shape == Identity.default().as_vector().shape
    assert face.draw(face.locate(photo)).shape == (64, 128)


def test_proportions_are_the_persons_and_style_is_the_robots(face, photo, monkeypatch):
    seen = []
    monkeypatch.setattr(
        face.space, 'with_identity', lambda latent, vector: seen.append(vector) or latent
    )
    monkeypatch.setattr(face.space, 'identity', lambda latent: np.full(16, PROPORTION))

    face.locate(photo)

    measured = identity_columns(PROPORTIONS)
    np.testing.assert_allclose(seen[0][measured], PROPORTION, atol=1e-9)
    style = np.setdiff1d(np.arange(16), measured)
    np.testing.assert_allclose(seen[0][style], Identity.default().as_vector()[style], atol=1e-9)


def test_command_draws_and_saves_the_point(face, file, options, tmp_path):
    z = tmp_path / 'z.json'

    assert main(['sketch', str(file), '--out', str(tmp_path), '--save-z', str(z), *options]) == 0

    drawn = cv2.imread(str(tmp_path / 'astronaut.sketch.png'), cv2.IMREAD_GRAYSCALE)
    np.testing.assert_array_equal(drawn, face.draw(read_point(z, face.space)))


def test_grey_transparent_and_turned_photographs(face, file, options, photo, tmp_path, capsys):
    grey, alpha, turned = (tmp_path / name for name in ('grey.png', 'alpha.png', 'turned.png'))
    cv2.imwrite(str(grey), cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY))
    cv2.imwrite(str(alpha), np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)]))
    cv2.imwrite(str(turned), cv2.rotate(photo, cv2.ROTATE_90_COUNTERCLOCKWISE))

    for path in (grey, alpha):
        assert main(['sketch', str(path), '--out', str(tmp_path), *options]) == 0
    assert main(['sketch', str(turned), '--out', str(tmp_path), *options]) == 2

    assert 'no upright face found; turn the picture clockwise by 90°' in capsys.readouterr().err


def test_of_two_faces_the_largest_is_drawn_or_the_one_asked_for(models):
    grey = np.zeros((300, 600), np.uint8)
    grey[:, :300], grey[:, 300:] = 100, 200
    face = RobotFace(**models, detector=Boxes((400, 100, 60, 60), (100, 100, 90, 90)))

    largest, other = (face.locate(grey, number) for number in (1, 2))

    np.testing.assert_allclose([largest[0], other[0]], [100 / 255, 200 / 255], atol=0.01)
    with pytest.raises(ValueError, match='face 3 was asked for, 2 found; the largest is 1'):
        face.locate(grey, 3)


def test_what_shows_no_face_is_refused_in_one_line(face, models):
    with pytest.raises(ValueError, match='no face found; give a picture'):
        face.locate(np.zeros((200, 200, 3), np.uint8))

    dark = RobotFace(**models, detector=Boxes((50, 50, 90, 90)))
    with pytest.raises(ValueError, match=r'hardly a face \(confidence 0\.1\d, least 0\.3\)'):
        dark.locate(np.full((200, 200, 3), 9, np.uint8))


def test_a_face_that_fills_its_photograph_is_found(face, photo):
    x, y, width, height = HaarDetector()(photo)[0].box.astype(int)
    cut = photo[y + 8 : y + height - 8, x + 8 : x + width - 8]
    tight = cv2.resize(cut, None, fx=2.0, fy=2.0)
    assert not HaarDetector()(tight)

    np.testing.assert_allclose(face.locate(tight)[0], face.locate(photo)[0], atol=0.1)


def test_a_tiny_face_is_refused_with_its_size(models, photo):
    tiny = RobotFace(**models, detector=Boxes((50, 50, 12, 12)))

    with pytest.raises(ValueError, match='the face is 12 px wide, expected at least 24'):
        tiny.locate(photo)


def test_an_encoder_of_another_face_is_refused(models, tmp_path):
    other = write_photo_encoder(tmp_path / 'photo')

    with pytest.raises(ValueError, match='leads into the space of another face .* --photo-model'):
        RobotFace(models['model'], other, HaarDetector())


def test_a_morph_leads_from_face_to_face_and_back(face, file, options, tmp_path):
    gif, strip, far = (tmp_path / name for name in ('way.gif', 'way.png', 'far.json'))
    write_point(far, 5 * np.random.default_rng(1).normal(size=face.space.size), face.space)
    faces = ['robot', str(far), str(file)]

    assert main(['morph', *faces, '--to', str(gif), '--steps', '4', *options]) == 0
    assert main(['morph', *faces, '--to', str(strip), '--steps', '4', *options]) == 0

    with Image.open(gif) as animation:
        assert animation.size == (512, 256)
        assert animation.n_frames > 4
    assert cv2.imread(str(strip)).any()


def test_the_way_of_a_morph_is_straight_and_has_its_ends():
    points = [np.zeros(3), np.ones(3), np.full(3, 3.0)]

    way = morph(points, 4)

    assert len(way) == 9
    np.testing.assert_array_equal(way[0], points[0])
    np.testing.assert_array_equal(way[4], points[1])
    np.testing.assert_array_equal(way[-1], points[2])
    np.testing.assert_allclose(np.diff(way[:5], axis=0), 0.25)


def test_a_swap_takes_identity_and_expression_from_where_it_is_told(face, file, options, tmp_path):
    target = tmp_path / 'swap.png'
    ends = ['--identity', str(file), '--expression', 'robot']

    assert main(['swap', *ends, '--to', str(target), *options]) == 0

    point = face.space.with_identity(
        face.point_of('robot'), face.space.identity(face.point_of(file))
    )
    drawn = cv2.imread(str(target), cv2.IMREAD_GRAYSCALE)
    np.testing.assert_array_equal(drawn, face.draw(point))


def test_a_drawing_is_taken_as_one(face, tmp_path):
    path = tmp_path / 'drawing.png'
    cv2.imwrite(str(path), face.draw(face.point_of('robot')))

    np.testing.assert_allclose(
        face.point_of(path), face.point_of_drawing(cv2.imread(str(path))), atol=1e-6
    )


@pytest.mark.parametrize(
    ('arguments', 'said'),
    [
        (['sketch', '--data', 'x', '--drawer', 'learned'], '--data is drawn in lines'),
        (['sketch', '--data', 'x', '--save-z', 'z.json'], '--save-z is for one photograph'),
        (['sketch', 'x.png', '--drawer', 'lines', '--face', '2'], 'are for the learned face'),
        (['sketch', 'no.png'], 'no file or folder no.png'),
        (['morph', 'robot', '--to', 'x.gif'], 'a morph needs two faces or more'),
        (['morph', 'robot', 'robot', '--to', 'x.mp4'], "must end in .gif or .png, got 'x.mp4'"),
        (['morph', 'robot', 'robot', '--to', 'x.gif', '--steps', '0'], 'must lie in 1..1000'),
        (['swap', '--identity', 'robot', '--expression', 'robot', '--to', 'x'], 'end in .png'),
        (['morph', 'robot', 'no.png', '--to', 'x.gif'], 'no.png'),
    ],
)
def test_contradictions_and_missing_files_are_one_line(
    arguments, said, options, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)

    assert main([*arguments, *options]) == 2

    problem = capsys.readouterr().err
    assert said in problem
    assert problem.count('\n') == 1
    assert not list(tmp_path.iterdir())
