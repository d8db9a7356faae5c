# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from torch import nn  # noqa: E402

from emotion_models.acai.images import count_scales  # noqa: E402
from emotion_models.acai.module import (  # noqa: E402
    ImageAutoencoder,
    ImageVariationalAutoencoder,
    PoseAutoencoder,
)
from emotion_models.acai.networks import mlp  # noqa: E402


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize(
    ('latent', 'encoder', 'decoder', 'critic'),
    [(16, 84_240, 84_275, 84_240), (8, 82_184, 82_227, 82_184)],
)
def test_pose_networks_have_the_sizes_of_the_report(latent, encoder, decoder, critic):
    module = PoseAutoencoder(latent)

    assert count(module.encoder) == encoder
    assert count(module.decoder) == decoder
    assert count(module.critic) == critic


@pytest.mark.parametrize(
    ('sizes', 'encoder', 'decoder'),
    [
        ({'depth': 16, 'latent_width': 2}, 627_472, 313_985),
        ({'depth': 64, 'latent_width': 4, 'colours': 3}, 2_434_704, 1_219_203),
    ],
)
def test_image_networks_have_the_sizes_of_the_paper(sizes, encoder, decoder):
    module = ImageAutoencoder(latent=16, **sizes)

    assert count(module.encoder) == encoder
    assert count(module.decoder) == decoder
    assert count(module.critic) == encoder


@pytest.mark.parametrize('poses', [torch.randn(5, 17, 3), torch.zeros(5, 17, 3)])
@pytest.mark.parametrize('is_training', [True, False])
def test_codes_lie_on_the_sphere(poses, is_training):
    module = PoseAutoencoder(latent=8).train(is_training)

    codes, reconstructed = module(poses)

    assert torch.allclose(codes.norm(dim=1), torch.ones(5))
    assert reconstructed.shape == (5, 17, 3)
    assert reconstructed.isfinite().all()
    assert module.critic(poses).shape == (5,)


def test_codes_may_leave_the_sphere():
    codes, _ = PoseAutoencoder(latent=8, space='euclid')(torch.randn(50, 17, 3))

    assert codes.norm(dim=1).std() > 0.01


def test_the_perceptron_counts_layers_of_nodes():
    maps = [part for part in mlp(5, 7, 3, layers=3) if isinstance(part, nn.Linear)]

    assert [(part.in_features, part.out_features) for part in maps] == [(5, 7), (7, 3)]


@pytest.mark.parametrize(
    ('normalisation', 'norm'), [('batch', nn.BatchNorm1d), ('layer', nn.LayerNorm)]
)
def test_each_map_but_the_last_is_followed_by_norm_rectifier_dropout(normalisation, norm):
    kinds = [type(part) for part in mlp(5, 7, 3, 4, dropout=0.1, normalisation=normalisation)]

    assert kinds == [nn.Linear, norm, nn.LeakyReLU, nn.Dropout] * 2 + [nn.Linear]


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        ({'normalisation': 'group'}, 'normalisation must be one of batch, layer, none'),
        ({'layers': 1}, 'at least 2; got 1'),
        ({'space': 'torus'}, 'space must be one of sphere, euclid'),
    ],
)
def test_networks_that_cannot_be_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        PoseAutoencoder(**arguments)


def test_the_width_of_a_code_divides_the_side():
    assert count_scales(32, 2) == 4
    with pytest.raises(ValueError, match='latent_width must be 32 divided by'):
        count_scales(32, 3)


def test_images_come_back_in_their_shape_and_a_critic_sees_each_alone():
    module = ImageAutoencoder(depth=4)
    images = torch.rand(3, 1, 32, 32) * 2 - 1

    codes, reconstructed = module(images)

    assert codes.shape == (3, 16, 2, 2)
    assert reconstructed.shape == images.shape
    assert torch.allclose(module.critic(images)[1:], module.critic(images[1:]), atol=1e-6)


def test_convolutions_begin_with_the_spread_of_the_paper():
    torch.manual_seed(0)
    kernels = [
        part.weight
        for part in ImageAutoencoder(depth=16).encoder
        if isinstance(part, nn.Conv2d) and part.in_channels == 16
    ]

    for kernel in kernels:
        assert kernel.std().item() == pytest.approx(1 / math.sqrt(1.04 * 144), rel=0.05)


def test_the_variational_code_is_drawn_in_training_only():
    module = ImageVariationalAutoencoder(depth=4)
    images = torch.rand(3, 1, 32, 32)

    (first, cost), (second, _) = module.sample_codes(images), module.sample_codes(images)
    mean, _ = module.eval().sample_codes(images)

    assert module.critic is None
    assert not torch.equal(first, second)
    assert torch.equal(mean, module.encode(images))
    assert cost > 0
