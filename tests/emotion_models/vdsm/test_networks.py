# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Checks V1 to V11 of the specification."""

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from emotion_models.vdsm.frames import (  # noqa: E402
    BlurPool,
    FrameEncoder,
    FrameModel,
    FrameSizes,
    blend_of,
)
from emotion_models.vdsm.sequences import (  # noqa: E402
    Combiner,
    SequenceModel,
    SequenceSizes,
    Transition,
)

SMALL = FrameSizes(side=32, pose=5, experts=4, base_width=2, encoder_width=4)


def count(*parts):
    return sum(
        weight.numel()
        for part in parts
        for weight in ([part] if isinstance(part, nn.Parameter) else part.parameters())
    )


@pytest.fixture
def frame_model():
    torch.manual_seed(0)
    return FrameModel(SMALL).eval()


def test_the_sides_of_the_encoder():
    maps, sides = torch.zeros(1, 3, 64, 64), [64]
    for part in FrameEncoder(FrameSizes(experts=2)).trunk:
        maps = part(maps)
        if isinstance(part, nn.Conv2d | BlurPool):
            sides.append(maps.shape[-1])

    assert sides == [64, 63, 32, 31, 16, 15, 8, 7, 4, 1]


@pytest.mark.parametrize(
    ('experts', 'static_head', 'refinement', 'decoder', 'whole'),
    [
        (15, 36_766, 480, 46_877_805, 47_309_287),
        (40, 43_216, 3_280, 133_199_480, 133_640_212),
    ],
)
def test_the_parameters_of_the_networks_of_frames(
    experts, static_head, refinement, decoder, whole
):
    with torch.device('meta'):
        model = FrameModel(FrameSizes(experts=experts))

    encoder = model.encoder
    assert count(encoder.trunk) == 378_816
    assert count(encoder.pose_head) == 15_420
    assert count(encoder.static_head) == static_head
    assert count(model.refinement) == refinement
    assert count(model.decoder) == decoder
    assert count(model) == whole


def test_the_parameters_of_the_networks_of_sequences():
    with torch.device('meta'):
        model = SequenceModel(SequenceSizes())

    assert count(model.encoder.lstm) == 14_827_520
    assert count(model.decoder.lstm) == 6_303_744
    assert count(model.encoder.head) == 307_300
    assert count(model.decoder.hidden, model.decoder.cell) == 156_672
    assert count(model.combiner) == 334_908
    assert count(model.transition) == 115_584


@pytest.mark.parametrize('side', [32, 64, 128])
def test_frames_of_each_size_go_there_and_back(side):
    model = FrameModel(FrameSizes(side, pose=3, experts=2, base_width=1, encoder_width=2))
    codes = model.encode(torch.rand(2, 3, 3, side, side))

    assert codes.pose_mean.shape == (2, 3, 3)
    assert codes.static_scale.shape == (2, 3, 2)
    static = model.refinement(codes.static_mean, codes.static_scale)
    assert model.decode(codes.pose_mean, static.mean, 1.0).shape == (2, 3, 3, side, side)


def decode_alone(decoder, pose, blend, expert=None):
    """One frame by layers of its own; of one expert, or of a blend."""
    maps = torch.cat([pose, blend]).reshape(1, -1, 1, 1)
    for place, layer in enumerate(decoder.layers):
        kernels, biases = decoder.kernels[place], decoder.biases[place]
        if expert is None:
            kernel, bias = torch.tensordot(blend, kernels, 1), blend @ biases
        else:
            kernel, bias = kernels[expert], biases[expert]
        padding = 0 if layer.stride == 1 else 1
        maps = F.conv_transpose2d(maps, kernel, bias, layer.stride, padding)
        if place < len(decoder.layers) - 1:
            maps = F.leaky_relu(maps, 0.01)
    return maps[0]


def test_one_expert_alone_is_a_plain_decoder(frame_model):
    poses = torch.randn(1, 2, SMALL.pose)
    blend = torch.eye(SMALL.experts)[2]

    whole = frame_model.decoder(poses, blend[None])

    for frame in range(2):
        alone = decode_alone(frame_model.decoder, poses[0, frame], blend, 2)
        assert torch.allclose(whole[0, frame], alone, rtol=0, atol=1e-5)


def test_the_grouped_decoder_is_that_of_each_frame(frame_model):
    poses, blend = torch.randn(3, 2, SMALL.pose), torch.rand(3, SMALL.experts).softmax(1)

    whole = frame_model.decoder(poses, blend)

    for clip in range(3):
        for frame in range(2):
            alone = decode_alone(frame_model.decoder, poses[clip, frame], blend[clip])
            assert torch.allclose(whole[clip, frame], alone, atol=1e-5)


def test_blended_kernels_are_blended_outputs_of_the_first_layer(frame_model):
    decoder = frame_model.decoder
    given, blend = (
        torch.randn(SMALL.pose + SMALL.experts, 1, 1),
        torch.tensor([0.1, 0.2, 0.3, 0.4]),
    )

    blended = F.conv_transpose2d(
        given[None], torch.tensordot(blend, decoder.kernels[0], 1), blend @ decoder.biases[0]
    )
    each = [
        F.conv_transpose2d(given[None], decoder.kernels[0][k], decoder.biases[0][k])
        for k in range(4)
    ]

    assert torch.allclose(blended, sum(b * e for b, e in zip(blend, each, strict=True)), atol=1e-5)


def test_the_blend_of_experts_is_a_stable_softmax():
    static = torch.tensor([[1.0, 0, 0]])

    sharp = [0.999909, 0.000045, 0.000045]
    assert blend_of(static, 10).tolist()[0] == pytest.approx(sharp, abs=1e-6)
    even = [0.576117, 0.211942, 0.211942]
    assert blend_of(static, 1).tolist()[0] == pytest.approx(even, abs=1e-6)
    assert blend_of(torch.tensor([[1e4, -1e4, 0]]), 10).isfinite().all()


ONES = SequenceSizes(pose=1, dynamics=1, hidden=1, layers=1)


def all_ones(module):
    with torch.no_grad():
        for name, weight in module.named_parameters():
            weight.fill_(0.0 if name.endswith('bias') else 1.0)
    return module


def test_the_transition_has_its_known_values():
    transition = all_ones(Transition(ONES))
    one = torch.ones(1, 1)

    assert torch.sigmoid(transition.gate(torch.ones(1, 2))).item() == pytest.approx(0.880797)
    after = transition(one, one)
    assert after.mean.item() == pytest.approx(1.880797, abs=1e-5)
    assert after.scale.item() == pytest.approx(2.126928, abs=1e-5)


def test_the_combiner_has_its_known_values():
    said = all_ones(Combiner(ONES))(torch.ones(1, 1), torch.tensor([[0.5, 1.0]]))

    assert said.mean.item() == pytest.approx(1.130797, abs=1e-5)
    assert said.scale.item() == pytest.approx(1.410530, abs=1e-5)


def test_a_new_transition_with_its_gate_shut_keeps_the_pose():
    transition = Transition(SequenceSizes(pose=4, dynamics=3, hidden=8))
    nn.init.zeros_(transition.gate[2].weight)
    nn.init.constant_(transition.gate[2].bias, -1e4)
    pose = torch.randn(2, 4)

    assert torch.allclose(transition(pose, torch.randn(2, 3)).mean, pose, atol=1e-6)


@pytest.mark.parametrize('linear', [False, True])
def test_the_trunk_is_linear_only_where_that_is_asked_for(linear):
    torch.manual_seed(1)
    encoder = FrameEncoder(SMALL._replace(linear_trunk=linear))
    frames = torch.randn(2, 3, 32, 32)

    def poses(given):
        return encoder(given).pose_mean

    bend = (poses(frames) + poses(-frames) - 2 * poses(torch.zeros_like(frames))).abs().max()
    assert (bend < 1e-5) if linear else (bend > 1e-3)


def test_a_new_decoder_says_something_and_that_of_the_release_does_not():
    def spread(**variant):
        torch.manual_seed(0)
        sizes = FrameSizes(pose=30, experts=6, base_width=8, **variant)
        logits = FrameModel(sizes).decode(torch.randn(3, 2, 30), torch.randn(3, 6) / 6, 1.0)
        return logits.std().item()

    assert 0.01 < spread() < 10
    assert spread(release_initialisation=True) < 0.02


def test_experts_near_their_mean_are_the_same_network_where_they_are_blended_evenly():
    poses, even = torch.randn(1, 2, SMALL.pose), torch.full((1, SMALL.experts), 1 / SMALL.experts)
    sharp = torch.eye(SMALL.experts)[:1]
    said = {}
    for spread in (1.0, 0.1):
        torch.manual_seed(0)
        decoder = FrameModel(SMALL._replace(expert_spread=spread)).decoder
        said[spread] = decoder(poses, even), decoder(poses, sharp)

    assert torch.allclose(said[1.0][0], said[0.1][0], atol=1e-5)
    apart = [(one - other).abs().mean() for one, other in said.values()]
    assert apart[1] < apart[0] / 4


def test_the_posterior_sees_frames_one_by_one_only_where_that_is_asked_for():
    for posterior in ('global', 'framewise'):
        model = SequenceModel(SequenceSizes(3, 2, 4, 1, posterior=posterior))
        states = torch.randn(2, 5, 8)
        changed = states + torch.eye(5)[3, None, :, None]
        said = [
            model.posterior(model.course(torch.ones(2, 2), s), False)[1] for s in (states, changed)
        ]
        same = (said[0] == said[1]).all(-1).all(0)

        assert said[0].shape == (2, 5, 3)
        assert same.tolist() == [posterior == 'global' or frame < 3 for frame in range(5)]


@pytest.mark.parametrize(
    ('sizes', 'words'),
    [({'side': 48}, 'side must be one of 32, 64, 128; got 48'), ({'experts': 0}, 'experts must')],
)
def test_sizes_that_no_network_can_have(sizes, words):
    with pytest.raises(ValueError, match=words):
        FrameModel(FrameSizes(**sizes))
