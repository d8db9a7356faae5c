# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.nn import augmentation  # noqa: E402
from emotion_models.nn.augmentation import FaceAugmentation  # noqa: E402

KINDS = ['change_resolution', 'blur', 'compress_jpeg', 'relight', 'add_noise', 'occlude']


@pytest.fixture
def faces():
    """Sixteen smooth random pictures."""
    torch.manual_seed(0)
    coarse = torch.rand(16, 1, 6, 6) * 200 + 20
    return torch.nn.functional.interpolate(coarse, size=(48, 48), mode='bicubic').clamp(0, 255)


def test_every_image_changes_and_stays_an_image(faces):
    torch.manual_seed(1)

    changed = FaceAugmentation(size_px=48)(faces, torch.ones(len(faces)))

    assert changed.shape == faces.shape
    assert changed.min() >= 0
    assert changed.max() <= 255
    assert ((changed - faces).abs().mean((1, 2, 3)) > 1).all()


def test_faces_are_enlarged_as_the_runtime_does_it(faces):
    cv2 = pytest.importorskip('cv2')
    expected = cv2.resize(faces[0, 0].numpy(), (64, 64), interpolation=cv2.INTER_LINEAR)

    assert np.abs(augmentation.resize(faces, 64)[0, 0].numpy() - expected).max() < 0.01
    assert FaceAugmentation(size_px=64)(faces, torch.ones(len(faces))).shape == (16, 1, 64, 64)


def test_the_same_seed_gives_the_same_images(faces):
    draws = []
    for _ in range(2):
        torch.manual_seed(2)
        draws.append(FaceAugmentation()(faces, torch.ones(len(faces))))

    assert torch.equal(*draws)


def test_a_framing_chooses_what_of_a_picture_is_seen(faces):
    wide = augmentation.resize(faces, 96)
    framed = augmentation.frame(wide, torch.full((16,), 0.5), 48)

    assert torch.allclose(framed, wide[:, :, 24:72, 24:72], atol=1e-3)
    assert augmentation.frame(faces, torch.ones(16), 48) is faces


def test_shrunk_pixels_are_means(faces):
    small = augmentation.shrink(faces, 24)

    assert small.shape == (16, 1, 24, 24)
    assert small.mean((1, 2, 3)) == pytest.approx(faces.mean((1, 2, 3)), abs=1)
    assert augmentation.shrink(faces, 48) is faces


@pytest.mark.parametrize('kind', KINDS)
def test_no_kind_touches_its_input(faces, kind):
    before = faces.clone()

    after = getattr(augmentation, kind)(faces)

    assert torch.equal(faces, before)
    assert after.shape == faces.shape
    assert not torch.equal(after, before)


@pytest.mark.parametrize('kind', ['change_resolution', 'blur'])
def test_blur_and_distance_take_detail_away(kind):
    torch.manual_seed(3)
    noise = torch.rand(8, 1, 48, 48) * 255

    after = getattr(augmentation, kind)(noise)

    assert after.std() < 0.9 * noise.std()
    assert after.mean() == pytest.approx(noise.mean().item(), rel=0.05)


def test_jpeg_is_the_jpeg_of_opencv(faces):
    cv2 = pytest.importorskip('cv2')
    face = faces[0, 0].round().numpy().astype(np.uint8)
    _, packed = cv2.imencode('.jpg', face, [cv2.IMWRITE_JPEG_QUALITY, 30])
    expected = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE).astype(float)

    found = augmentation.compress_jpeg(faces[:1].round(), torch.tensor([30.0]))[0, 0].numpy()

    assert np.abs(found - expected).mean() < 1


def test_a_hidden_rectangle_has_one_grey(faces):
    torch.manual_seed(4)

    hidden = augmentation.occlude(faces) != faces

    parts = hidden.float().mean((1, 2, 3))
    assert parts.min() > 0.01
    assert parts.max() < 0.3


def test_only_a_part_of_the_faces_is_degraded(faces):
    torch.manual_seed(5)
    many = faces.repeat(40, 1, 1, 1)

    changed = augmentation.apply_to_some(augmentation.blur, many, 0.3)

    is_changed = (changed != many).flatten(1).any(1)
    assert is_changed.float().mean() == pytest.approx(0.3, abs=0.06)


@pytest.mark.parametrize('probability', [0.0, 1.0])
def test_none_or_all_are_mirrored(faces, probability):
    still = FaceAugmentation(
        48, 0.0, 0.0, (1.0, 1.0), 0.0, 0.0, 0.0, mirror_probability=probability
    )
    expected = faces.flip(3) if probability else faces

    framed = still._reframe(faces, torch.ones(len(faces)))

    assert (framed - expected).abs().max() < 0.01
