# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('torchmetrics')

from emotion_models.levasa.analysis.reconstruction import mean_image, similarity  # noqa: E402


@pytest.fixture
def images():
    torch.manual_seed(0)
    return torch.randint(0, 200, (5, 3, 64, 64), dtype=torch.uint8)


def test_the_image_itself_is_alike(images):
    found = similarity(images, images.float() / 255)

    assert found['mse'] == 0
    assert found['ssim'] == pytest.approx(1)


def test_a_shift_of_a_tenth_is_twenty_decibels(images):
    found = similarity(images, images.float() / 255 + 0.1)

    assert found['mse'] == pytest.approx(0.01, rel=1e-4)
    assert found['psnr'] == pytest.approx(20, abs=1e-3)


def test_batches_do_not_matter(images):
    torch.manual_seed(1)
    reconstructions = torch.rand(5, 3, 64, 64)

    whole, single = (similarity(images, reconstructions, batch) for batch in (5, 2))

    assert whole == pytest.approx(single, abs=1e-6)


def test_the_mean_image_has_the_variance_of_the_set_as_error(images):
    found = similarity(images, mean_image(images, len(images)))

    variance = (images.double() / 255).var(0, unbiased=False).mean().item()
    assert found['mse'] == pytest.approx(variance, rel=1e-5)
