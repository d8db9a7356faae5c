# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What sequence models are compared with, estimates with a delay, and the tables of all that."""

from itertools import pairwise

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402
from emotion_models.data.clips import Clip  # noqa: E402
from emotion_models.runtime.smoothing import OneEuroFilter  # noqa: E402
from emotion_models.runtime.stages import FaceStages, Reading  # noqa: E402
from emotion_models.temporal.baselines import averaged, one_euro  # noqa: E402
from emotion_models.temporal.costs import measure_cost  # noqa: E402
from emotion_models.temporal.delays import EVERY, by_windows, later  # noqa: E402
from emotion_models.temporal.evaluation import (  # noqa: E402
    WHOLE,
    agreement,
    gains,
    methods,
    over_delay,
    worth_of_features,
)
from emotion_models.temporal.module import TemporalModule  # noqa: E402
from emotion_models.temporal.runs import Run, Runs  # noqa: E402
from emotion_models.temporal.smoothing import causal_average, centred_average  # noqa: E402

FEATURES = {'embedding': 3, 'expression': 8, 'va': 2}
SIZES = {'segment': 20, 'hidden': 8, 'layers': 1, 'heads': 2, 'inner': 8, 'head': [8]}
LENGTHS = (57, 133, 3)
RATE_HZ = 5.0


def make_clips(features=FEATURES):
    rng = np.random.default_rng(1)
    clips = []
    for number, length in enumerate(LENGTHS):
        affect = np.sin(np.arange(length)[:, None] / 9 + [0, 1]).astype(np.float32) * 0.5
        rows = rng.random((length, 13), np.float32)
        rows[:, -2:] = affect + rng.normal(0, 0.3, affect.shape)
        width = sum(features.values())
        stamps_s = np.arange(length) / RATE_HZ
        padded = np.zeros(length, bool)
        clips.append(Clip(f'ceap_{number}', stamps_s, rows[:, -width:], padded, affect))
    return clips


def make_run(network, seed=0, delay=0, features=FEATURES, said=None):
    """A model with first weights that are large enough to see, or one that says what is given."""
    torch.manual_seed(seed)
    module = TemporalModule(features, network, delay_frames=delay, **SIZES).eval()
    module.rate_hz.fill_(RATE_HZ)
    for weight in module.parameters():
        if weight.ndim > 1:
            torch.nn.init.normal_(weight, 0, 0.4)
    run = Run(f'{network}_{seed}', module, make_clips(features))
    if said is not None:
        run.__dict__['said'] = said
    return run


def noisy(amount, seed=0):
    rng = np.random.default_rng(seed)
    return {c.name: c.affect + amount * rng.normal(size=c.affect.shape) for c in make_clips()}


@pytest.mark.parametrize('network', ['transformer', 'transformer_lstm', 'transformer_attention'])
def test_a_window_ends_where_the_delay_ends_and_knows_only_what_is_before(network):
    delays = [0, 2, 12]
    run = make_run(network)
    size = SIZES['segment']

    found = by_windows(run.module, run.clips, delays)

    for clip in run.clips:
        features = torch.from_numpy(clip.features)[None]
        for delay in delays:
            said = found[delay][clip.name]
            assert said.shape == (-(-len(clip) // EVERY), 2)
            for frame in range(0, len(clip), 7 * EVERY):
                end = min(frame + delay + 1, len(clip))
                bounds = [0, *range((end - 1) % size + 1, end + 1, size)]
                state = None
                for first, last in pairwise(bounds):
                    with torch.no_grad():
                        outputs, state = run.module.network(features[:, first:last], None, state)
                    begin = first
                expected = outputs[0, frame - begin].numpy()
                assert said[frame // EVERY] == pytest.approx(expected, abs=1e-5)


def test_delays_are_shorter_than_a_segment():
    run = make_run('transformer')

    with pytest.raises(ValueError, match='expected delays below 20 frames, got 20'):
        by_windows(run.module, run.clips, [0, 20])


def test_the_filter_is_that_of_the_robot_and_starts_again_after_a_gap():
    rng = np.random.default_rng(0)
    affect, expression = rng.uniform(-1, 1, (30, 2)), rng.dirichlet(np.ones(8), 30)
    stamps_s = np.arange(30) / 25
    stamps_s[20:] += 5
    stages = FaceStages(OneEuroFilter)

    found = one_euro(affect, expression, stamps_s)

    rows = np.concatenate((affect, expression), 1)
    expected = [
        stages('a', Reading(row, 1.0, stamp_s))[:2]
        for row, stamp_s in zip(rows, stamps_s.tolist(), strict=True)
    ]
    assert found == pytest.approx(np.array(expected), abs=1e-12)
    assert found[20] == pytest.approx(affect[20])


def test_means_may_know_all_that_follows_some_of_it_or_nothing():
    affect = np.random.default_rng(0).normal(size=(40, 2))

    whole, none, some = (averaged(affect, (9, 4), ahead) for ahead in (None, 0, 4))

    assert whole[:, 0] == pytest.approx(centred_average(affect[:, 0], 9))
    assert none[:, 1] == pytest.approx(causal_average(affect[:, 1], 4))
    assert some[:, 1] == pytest.approx(whole[:, 1])
    assert some[20, 0] == pytest.approx(affect[11:25, 0].mean())


def test_what_is_known_later_is_said_of_earlier_frames():
    assert later(np.arange(6), 2).tolist() == [2, 3, 4, 5, 5, 5]


def test_methods_are_scored_over_all_frames_and_seeds():
    true = noisy(0)
    runs = Runs(
        [make_run('fclstm_xl', seed, said=noisy(0.1, seed)) for seed in (1, 2)]
        + [make_run('transformer', seed, said=true) for seed in (1, 2)]
        + [make_run('frame_head', 1, said=noisy(0.5))]
    )

    found = {(m.name, m.smoothing): agreement(m.said, true) for m in methods(runs)}

    assert found['transformer', ''][0].mean == pytest.approx(1)
    assert found['transformer', ''][0].seeds == 2
    assert 0.9 < found['fclstm_xl', ''][1].mean < 1
    assert found['frame_head', ''][0].seeds == 1
    assert list(found) == [
        ('affect network', ''),
        ('', 'one-euro'),
        *[('transformer', ''), ('', 'centred mean'), ('fclstm_xl', ''), ('frame_head', '')],
        ('mean of the 2 sequence models', ''),
    ]
    ensemble = found['mean of the 2 sequence models', ''][0]
    assert found['fclstm_xl', ''][0].mean < ensemble.mean < 1


def test_gains_are_over_the_filtered_head_of_the_same_seed():
    runs = Runs(
        [make_run('fclstm_xl', seed, said=noisy(0.05, seed)) for seed in (1, 2)]
        + [make_run('frame_head', seed, said=noisy(0.6, seed)) for seed in (1, 2)]
        + [make_run('transformer', 1, said=noisy(0))]
    )

    found = gains(runs)

    assert list(found) == ['fclstm_xl']
    assert found['fclstm_xl'][0].mean > 0.03
    assert found['fclstm_xl'][0].seeds == 2


def test_features_are_compared_where_one_network_reads_several_lists():
    runs = Runs(
        [
            make_run('fclstm_xl'),
            make_run('fclstm_xl', features={'va': 2}),
            make_run('transformer'),
        ]
    )

    assert list(worth_of_features(runs)) == [
        ('fclstm_xl', ('va',)),
        ('fclstm_xl', ('embedding', 'expression', 'va')),
    ]


def test_over_the_delay_causal_models_are_those_trained_with_it():
    runs = Runs(
        [
            make_run('transformer'),
            make_run('fclstm_xl'),
            make_run('fclstm_xl', delay=5, said=noisy(0)),
            make_run('frame_head', said=noisy(0.3)),
        ]
    )

    curves = over_delay(runs)

    assert list(curves['transformer']) == [0, 0.1, 0.2, 0.5, 1, 2, WHOLE]
    assert list(curves['fclstm_xl']) == [0, 0.1, 1]
    assert curves['fclstm_xl'][1.0][0].mean == pytest.approx(1)
    known = curves['frame_head, mean of what is known']
    assert known[0.0][0].mean != known[WHOLE][0].mean


def test_models_of_one_target_and_of_other_clips_are_refused():
    one = make_run('fclstm_xl')
    alone = Run('alone.ckpt', TemporalModule(FEATURES, target='arousal', **SIZES), one.clips)
    other = Run('other.ckpt', one.module, one.clips[:1])

    with pytest.raises(ValueError, match=r'alone\.ckpt says arousal only'):
        Runs([one, alone])
    with pytest.raises(ValueError, match=r'other\.ckpt are tested on different clips'):
        Runs([one, other])


def test_costs_are_those_of_the_network():
    cost = measure_cost(make_run('fclstm_xl').module)

    assert cost.parameters == sum(w.numel() for w in make_run('fclstm_xl').module.parameters())
    assert cost.state_kb == pytest.approx(2 * 8 * 4 / 1000)
    assert cost.ms_in_segments > 0
    assert cost.ms_on_line > 0


def test_a_trained_model_is_put_into_tables_and_a_plot(tmp_path, write_acted, fit_acted, capsys):
    assert fit_acted('frame_head', write_acted(tmp_path / 'acted.h5', 4, 2)) == 0
    capsys.readouterr()

    assert main(['evaluate', 'frame_head/best.ckpt', '--to', 'report']) == 0

    printed = capsys.readouterr().out
    report = (tmp_path / 'report' / 'report.md').read_text()
    assert report in printed
    for words in ('| CEAP valence | CEAP arousal |', '| perfect reading of the faces |', '1.000'):
        assert words in report
    assert (tmp_path / 'report' / 'delays.png').stat().st_size > 0
