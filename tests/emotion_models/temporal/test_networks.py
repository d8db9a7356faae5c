# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.temporal.encoder import Encoder, positions  # noqa: E402
from emotion_models.temporal.networks import Sizes, make_network  # noqa: E402
from emotion_models.temporal.walk import predict, walk  # noqa: E402

FOUR = ['transformer', 'transformer_lstm', 'transformer_attention', 'fclstm_xl']
ENCODERS = FOUR[:3]


def count(module):
    return sum(weight.numel() for weight in module.parameters())


@pytest.mark.parametrize(
    ('name', 'wide', 'narrow'),
    [
        ('transformer', 3_608_322, 3_575_554),
        ('transformer_lstm', 4_134_658, 4_101_890),
        ('transformer_attention', 3_871_490, 3_838_722),
        ('fclstm_xl', 3_130_114, 3_064_578),
    ],
)
def test_parameter_counts(name, wide, narrow):
    large = {'segment': 100, 'hidden': 512, 'head': (512, 256)} if name == 'fclstm_xl' else {}

    assert count(make_network(name, Sizes(width=1238, **large))) == wide
    assert count(make_network(name, Sizes(width=1110, **large))) == narrow


def test_parameter_counts_of_the_parts():
    assert count(Encoder(256, 1, 4, 1024)) == 789_760
    assert count(make_network('transformer_lstm', Sizes(width=9)).lstm) == 526_336
    assert count(make_network('fclstm_xl', Sizes(width=9, hidden=512)).lstm) == 2_101_248


def test_positions_begin_with_zeros():
    table = positions(256)

    assert table.shape == (512, 256)
    assert not table[0].any()
    assert table[1, :4].tolist() == pytest.approx(
        [0.841471, 0.540302, 0.801962, 0.597374], abs=2e-6
    )
    assert table[249, :2].tolist() == pytest.approx([-0.727163, -0.686465], abs=1e-6)


@pytest.mark.parametrize('name', FOUR)
def test_first_weights(name):
    torch.manual_seed(0)
    network = make_network(name, Sizes(width=300))

    linear = [part for part in network.modules() if isinstance(part, torch.nn.Linear)]
    for part in linear:
        assert not part.bias.any()
        assert part.weight.std().item() == pytest.approx(0.02, rel=0.2)
        assert abs(part.weight.mean().item()) < 0.004
    if name in ENCODERS:
        first, second, *_ = network.encoder.layers.layers
        assert torch.equal(first.self_attn.in_proj_weight, second.self_attn.in_proj_weight)
        assert not torch.equal(first.linear1.weight, second.linear1.weight)


@pytest.mark.parametrize('name', FOUR)
@pytest.mark.parametrize('length', [1, 19, 20, 21, 80])
def test_outputs_have_the_length_of_the_clip(name, length, small_network, clip):
    network = small_network(name)
    pieces = list(walk(network, *clip(length)))

    assert len(pieces) == -(-length // 20)
    assert predict(network, *clip(length)).shape == (1, length, 2)


def influence(network, clip, length, frame, **options):
    """Whether each output of a clip changes when one frame does."""
    features, lengths = clip(length)
    changed = features.clone()
    changed[0, frame] += 1
    with torch.no_grad():
        before, after = (predict(network, f, lengths, **options) for f in (features, changed))
    return (before != after).any(2)[0]


def test_a_transformer_sees_its_segment_both_ways_and_nothing_else(small_network, clip):
    changed = influence(small_network('transformer'), clip, 60, 30)

    assert changed[20:40].all()
    assert not changed[:20].any()
    assert not changed[40:].any()


def test_an_lstm_over_encodings_passes_on_what_it_has_seen(small_network, clip):
    changed = influence(small_network('transformer_lstm'), clip, 60, 30)

    assert not changed[:20].any()
    assert changed[20:].all()


@pytest.mark.parametrize('frame', [10, 19, 20, 45])
def test_a_causal_model_knows_no_future(frame, small_network, clip):
    changed = influence(small_network('fclstm_xl'), clip, 60, frame)

    assert not changed[:frame].any()
    assert changed[frame : frame + 12].all()


def test_segments_do_not_change_what_a_causal_model_says(small_network, clip):
    network = small_network('fclstm_xl')
    whole = predict(network, *clip(150), size=150)

    for size in (7, 100):
        assert torch.allclose(predict(network, *clip(150), size=size), whole, atol=1e-6)


@pytest.mark.parametrize('name', ['fclstm_xl', 'transformer_lstm', 'transformer_attention'])
def test_values_pass_from_segment_to_segment_and_gradients_do_not(name, small_network, clip):
    network = small_network(name)
    features, lengths = clip(40)
    features.requires_grad_()

    first, second = walk(network, features, lengths)
    second.outputs.sum().backward()

    assert not features.grad[0, :20].any()
    assert features.grad[0, 20:].any()
    assert influence(network, clip, 40, 10)[20:].all()
    assert first.frames == slice(0, 20)


def test_step_by_step_is_the_same_and_clips_begin_anew(small_network, clip):
    network = small_network('fclstm_xl')
    features, lengths = clip(50)
    state, outputs = network.first_state(1), []
    for frame in features[0]:
        output, state = network.step(frame[None], state)
        outputs.append(output)

    assert torch.allclose(torch.cat(outputs), predict(network, features, lengths)[0], atol=1e-6)
    again = predict(network, features, lengths)
    assert torch.equal(again, predict(network, features, lengths))


def test_segment_by_segment_by_hand_is_the_same(small_network, clip):
    for name in FOUR:
        network, state, outputs = small_network(name), None, []
        features, lengths = clip(50)
        for segment in features.split(20, 1):
            output, state = network(segment, state=state)
            outputs.append(output)

        assert torch.allclose(
            torch.cat(outputs, 1), predict(network, features, lengths), atol=1e-6
        )


def test_the_residual_lets_the_features_through(small_network, clip):
    plain, residual = (small_network('transformer_lstm', residual=r) for r in (False, True))
    assert count(plain) == count(residual)

    for network, depends in ((plain, False), (residual, True)):
        network.encoder.forward = lambda frames, present: torch.zeros_like(frames)
        first, second = (predict(network, *clip(15, seed)) for seed in (1, 2))
        assert torch.equal(first, second) != depends


def memory_after(network, clip, length):
    state = None
    for piece in clip(length)[0].split(250, 1):
        _, state = network(piece, state=state)
    return state[0]


def test_memories_have_a_slot_for_ten_frames_and_keep_the_latest_hundred(small_network, clip):
    network = small_network('transformer_attention', segment=250)

    assert [memory_after(network, clip, 250 * n).shape[1] for n in range(1, 6)] == [
        25, 50, 75, 100, 100,
    ]  # fmt: skip
    assert not memory_after(network, clip, 250).requires_grad
    features, _ = clip(37)
    slots = memory_after(network, clip, 37)
    encoded = network.encoder(network.projection(features), torch.ones(1, 37, dtype=torch.bool))
    assert slots.shape[1] == 4
    assert torch.allclose(slots[0, 3], encoded[0, 30:37].mean(0), atol=1e-6)
    everything = small_network('transformer_attention', segment=250, slots=-1)
    assert memory_after(everything, clip, 1250).shape[1] == 125


def test_a_memory_reaches_four_segments_back(small_network, clip):
    network = small_network('transformer_attention', slots=8)  # 2 slots a segment of 20 frames

    changed = influence(network, clip, 120, 10)

    assert changed[:100].all()
    assert not changed[100:].any()


def test_without_what_it_remembers_it_is_a_transformer(small_network, clip):
    plain = small_network('transformer')
    for kind in ('multihead', 'single', 'none'):
        network = small_network('transformer_attention', memory=kind)
        network.load_state_dict(plain.state_dict(), strict=False)
        expected, found = (predict(n, *clip(60)) for n in (plain, network))

        assert torch.equal(found[:, :20], expected[:, :20])
        assert torch.equal(found[:, 20:], expected[:, 20:]) == (kind == 'none')

    network = small_network('transformer_attention')
    network.load_state_dict(plain.state_dict(), strict=False)
    for weight in network.memory.attention.out_proj.parameters():
        torch.nn.init.zeros_(weight)
    assert torch.equal(predict(network, *clip(60)), predict(plain, *clip(60)))


@pytest.mark.parametrize('name', [*FOUR, 'frame_head'])
def test_what_else_is_in_the_batch_changes_nothing(name, small_network, clip):
    network = small_network(name)
    lengths = torch.tensor([45, 20, 450, 7])
    features = torch.zeros(4, 450, 6)
    for row, length in enumerate(lengths.tolist()):
        features[row, :length] = clip(length, row)[0]

    together = predict(network, features, lengths)
    order = torch.tensor([2, 3, 0, 1])
    reordered = predict(network, features[order], lengths[order])

    for row, length in enumerate(lengths.tolist()):
        alone = predict(network, *clip(length, row))[0]
        assert torch.allclose(together[row, :length], alone, atol=1e-5)
        assert torch.allclose(reordered[order.tolist().index(row), :length], alone, atol=1e-5)
        assert not together[row, length:].any()


@pytest.mark.parametrize('name', FOUR)
def test_a_segment_that_is_all_padding_is_not_computed(name, small_network, clip):
    network = small_network(name)
    features = torch.full((2, 60, 6), float('nan'))
    features[0] = clip(60)[0]
    features[1, :20] = clip(20)[0]

    pieces = list(walk(network, features, torch.tensor([60, 20])))

    assert [piece.rows.tolist() for piece in pieces] == [[0, 1], [0], [0]]
    assert all(piece.outputs.isfinite().all() for piece in pieces)


def test_answers_are_not_bounded_and_there_is_a_column_for_each_target(small_network, clip):
    network = small_network('fclstm_xl', targets=1)
    with torch.no_grad():
        network.head[-1].bias.fill_(7)

    found = predict(network, *clip(30))

    assert found.shape == (1, 30, 1)
    assert found.max() > 1


@pytest.mark.parametrize(
    ('settings', 'message'),
    [
        ({'hidden': 10, 'heads': 4}, 'heads must divide hidden, got 4 and 10'),
        ({'segment': 0}, 'segment must be >= 1, got 0'),
        ({'segment': 513}, 'segment must be <= 512 for encoders, got 513'),
        ({'slots': 0}, 'slots must be >= 1, or -1 for all; got 0'),
        ({'memory': 'some'}, "memory must be one of multihead, single, none; got 'some'"),
    ],
)
def test_what_no_network_can_have_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        make_network('transformer_attention', Sizes(width=3, **settings))


def test_another_network_is_refused():
    with pytest.raises(ValueError, match="network must be one of transformer, .* got 'rnn'"):
        make_network('rnn', Sizes(width=3))
