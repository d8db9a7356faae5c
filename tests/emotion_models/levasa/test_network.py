# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from torch.nn import functional as F  # noqa: E402

from emotion_models.levasa.network import (  # noqa: E402
    AROUSAL,
    LATENT,
    REST,
    VALENCE,
    Decoder,
    Encoder,
    Upsampling,
)


def parameters(network):
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.fixture(scope='module')
def encoder():
    torch.manual_seed(0)
    return Encoder()


@pytest.fixture(scope='module')
def decoder():
    torch.manual_seed(0)
    return Decoder()


def test_the_encoder_narrows_the_maps_as_specified(encoder):
    maps, sides = torch.rand(2, 3, 64, 64), []
    for stage in encoder.maps:
        maps = stage(maps)
        sides.append(maps.shape[1:])

    assert sides == [(64, 31, 31), (128, 15, 15), (256, 7, 7), (512, 3, 3)]


def test_the_decoder_widens_the_maps_as_specified(decoder):
    maps, sides = decoder.features(torch.randn(2, LATENT)), []
    for stage in decoder.maps:
        maps = stage(maps)
        sides.append(maps.shape[1:])

    assert sides == [(256, 7, 7), (128, 15, 15), (64, 31, 31), (3, 64, 64)]


def test_the_chunks_share_the_latent_vector_out(encoder):
    latent = encoder(torch.rand(2, 3, 64, 64))

    assert latent.mean.shape == latent.log_variance.shape == (2, LATENT)
    chunks = [latent.mean[:, chunk] for chunk in (VALENCE, AROUSAL, REST)]
    assert [chunk.shape for chunk in chunks] == [(2, 32)] * 3
    assert torch.equal(torch.cat(chunks, 1), latent.mean)


def test_the_networks_have_the_published_sizes(encoder, decoder):
    assert parameters(encoder) == 4_004_416
    assert parameters(decoder) == 4_005_321


def test_initial_weights_are_those_of_the_paper(encoder, decoder):
    for weight in (encoder.maps[3][0].weight, encoder.features[0].weight, encoder.mean.weight):
        assert weight.std().item() == pytest.approx(0.05, rel=0.05)
    assert encoder.maps[3][1].weight.mean().item() == pytest.approx(1, abs=0.005)
    assert encoder.maps[3][1].weight.std().item() == pytest.approx(0.02, rel=0.2)
    assert (encoder.mean.bias == 0).all()
    assert decoder.maps[0][0].bias.abs().max() > 0  # torch's own


def test_the_sigmoid_bounds_pictures_on_both_sides_and_relu_on_one():
    torch.manual_seed(0)
    z = 5 * torch.randn(8, LATENT)

    bounded, open_above = Decoder('sigmoid')(z), Decoder('relu')(z)

    assert (bounded > 0).all()
    assert (bounded < 1).all()
    assert (open_above >= 0).all()
    assert (open_above == 0).any()
    assert open_above.max() > 1


def test_another_output_is_refused_with_the_choice():
    with pytest.raises(ValueError, match="one of sigmoid, relu; got 'tanh'"):
        Decoder('tanh')


def test_upsampling_is_torchs_own_transposed_convolution():
    torch.manual_seed(0)
    layer, maps = Upsampling(8, 4, 3, 2), torch.randn(2, 8, 7, 7)

    expected = F.conv_transpose2d(maps, layer.weight, layer.bias, 2)

    assert torch.allclose(layer(maps), expected, atol=1e-6)
