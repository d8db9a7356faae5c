# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from emotion_models.cli import main
from emotion_models.runtime.artefact import ArtefactError
from emotion_models.runtime.detection import HaarDetector
from emotion_models.sketch.photo import OnnxDrawer, PhotoSketcher, draw_lines

skimage_data = pytest.importorskip('skimage.data')


@pytest.fixture(scope='module')
def photo():
    return cv2.cvtColor(skimage_data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.fixture
def inverting_network(tmp_path):
    """A network that takes the grey values themselves for dark lines on white."""
    shape = [1, 1, 256, 512]
    graph = helper.make_graph(
        [helper.make_node('Identity', ['photo'], ['lines'])],
        'identity',
        [helper.make_tensor_value_info('photo', TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info('lines', TensorProto.FLOAT, shape)],
    )
    path = tmp_path / 'drawer.onnx'
    opset = helper.make_opsetid('', 17)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=8), path)
    return path


def test_face_becomes_white_lines_on_black(photo):
    drawing = PhotoSketcher(HaarDetector())(photo)

    assert drawing.shape == (64, 128)
    assert drawing.dtype == np.uint8
    assert set(np.unique(drawing)) == {0, 255}
    assert 0.04 <= (drawing > 0).mean() <= 0.25
    # The face is in the middle; beside it nothing is drawn.
    assert not drawing[:, :20].any()
    assert not drawing[:, -20:].any()


def test_light_and_contrast_hardly_change_the_lines(photo):
    sketcher = PhotoSketcher(HaarDetector())
    box = HaarDetector()(photo)[0].box
    plain = sketcher.draw(photo, box)
    for gain, offset in ((0.5, 0), (0.6, 90), (1.0, -20)):
        changed = sketcher.draw(cv2.convertScaleAbs(photo, alpha=gain, beta=offset), box)
        both = np.logical_and(plain, changed).sum()
        assert both > 0.7 * np.logical_or(plain, changed).sum()


def test_grey_photos_and_faces_at_the_border_are_drawn(photo):
    grey = cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY)
    sketcher = PhotoSketcher(HaarDetector())
    assert sketcher(grey).any()
    box = HaarDetector()(photo)[0].box
    x, y, width, height = box.astype(int)
    cut = photo[y : y + height, x : x + width]
    alone = sketcher.draw(cut, np.array([0, 0, width, height]))
    # The edges of the photograph are not drawn as lines.
    assert alone[:, :27].sum() == alone[:, -27:].sum() == 0


def test_flat_image_has_no_lines():
    assert not draw_lines(np.full((256, 512, 3), 90, np.uint8)).any()


def test_no_face_is_reported():
    with pytest.raises(ValueError, match='no face found'):
        PhotoSketcher(HaarDetector())(np.zeros((200, 200, 3), np.uint8))


def test_network_of_the_user_draws(photo, inverting_network):
    drawing = PhotoSketcher(HaarDetector(), OnnxDrawer(inverting_network))(photo)
    assert drawing.any()


def test_unfit_network_is_refused(tmp_path):
    with pytest.raises(ArtefactError, match=r'cannot read .*nothing\.onnx'):
        OnnxDrawer(tmp_path / 'nothing.onnx')


def test_command_draws_what_it_can_and_names_the_rest(photo, tmp_path, capsys):
    photos, out = tmp_path / 'photos', tmp_path / 'out'
    photos.mkdir()
    cv2.imwrite(str(photos / 'astronaut.png'), photo)
    cv2.imwrite(str(photos / 'wall.png'), np.zeros((99, 99), np.uint8))
    (photos / 'note.txt').write_text('no image')

    arguments = [
        'sketch',
        str(photos),
        '--out',
        str(out),
        '--detector',
        'haar',
        '--drawer',
        'lines',
    ]
    assert main(arguments) == 0

    assert [path.name for path in out.iterdir()] == ['astronaut.sketch.png']
    assert cv2.imread(str(out / 'astronaut.sketch.png'), 0).shape == (64, 128)
    problems = capsys.readouterr().err
    assert 'wall.png: no face found' in problems
    assert 'photos: left out 1 that are no pictures' in problems
    assert main(['sketch', str(photos / 'wall.png'), *arguments[2:]]) == 2


def test_labelled_crops_become_training_data(photo, tmp_path, capsys):
    box = HaarDetector()(photo)[0].box.astype(int)
    crop = photo[box[1] : box[1] + box[3], box[0] : box[0] + box[2]]
    grey = cv2.resize(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), (48, 48))
    data, out = tmp_path / 'faces.npz', tmp_path / 'drawn'
    np.savez(data, images=[grey] * 3, label=[0, 1, 0], label_names=['happy', 'contempt'])

    assert main(['sketch', '--data', str(data), '--out', str(out), '--detector', 'haar']) == 0

    assert '2 drawings and their table' in capsys.readouterr().out  # contempt has no mean
    table = (out / 'drawings.csv').read_text().splitlines()
    assert table[0].startswith('file,valence,arousal,fear,mad,joy')
    assert table[1].startswith('000000.png,0.6643,0.0703,0.0,0.0,1.0')
    assert cv2.imread(str(out / '000000.png'), 0).any()


def test_nothing_to_draw_is_reported(capsys):
    assert main(['sketch']) == 2
    assert 'name photographs or --data' in capsys.readouterr().err
