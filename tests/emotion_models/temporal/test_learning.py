# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Check 23 of the specification: what each model learns from courses that need the past."""

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import Callback, Trainer, seed_everything  # noqa: E402

from emotion_models.data.data_module import DataModule  # noqa: E402
from emotion_models.data.generated_courses import GeneratedCourses  # noqa: E402
from emotion_models.temporal.module import TemporalModule  # noqa: E402

SIZES = {'segment': 100, 'hidden': 64, 'layers': 2, 'heads': 4, 'inner': 128, 'head': [64, 64]}


class NoteBest(Callback):
    """The greatest concordance of all epochs, the mean of both targets."""

    def __init__(self):
        self.best = -1.0

    def on_validation_end(self, trainer, pl_module):
        self.best = max(self.best, float(trainer.callback_metrics['val_ccc']))


@pytest.fixture
def learn(tmp_path):
    """learn(network, course, epochs, rate): the best CCC on clips that were not trained on."""

    def call(network, course, epochs, rate=1e-3):
        seed_everything(100)
        note = NoteBest()
        schedule = {'learning_rate': rate, 'constant_epochs': epochs, 'decaying_epochs': 0}
        module = TemporalModule({'mixture': 40}, network, **schedule, **SIZES)
        Trainer(
            max_epochs=epochs,
            accelerator='cpu',
            logger=False,
            callbacks=[note],
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            default_root_dir=tmp_path,
        ).fit(module, datamodule=DataModule(GeneratedCourses(course), batch_size=16))
        return note.best

    return call


def test_a_state_tells_the_mean_over_the_past_from_noise_better_than_a_frame_does(learn):
    assert learn('fclstm_xl', 'smooth', 5) > 0.1 + learn('frame_head', 'smooth', 5)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_all_learn_a_mean_over_the_past_and_a_frame_alone_does_not_tell_it(learn):
    models = ('transformer', 'transformer_lstm', 'transformer_attention', 'fclstm_xl')
    found = {name: learn(name, 'smooth', 25) for name in (*models, 'frame_head')}
    print(found)

    assert min(found[name] for name in models) >= 0.9
    assert found['frame_head'] <= min(found[name] for name in models) - 0.1


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_what_was_seen_long_ago_is_known_by_those_with_a_state(learn):
    # An LSTM finds out late that it can hold something, at 1e-3 perhaps not within 40 epochs.
    trainings = {
        'fclstm_xl': (40, 3e-3),
        'transformer_lstm': (40, 2e-3),
        'transformer_attention': (25,),
        'transformer': (25,),
        'frame_head': (25,),
    }
    found = {name: learn(name, 'latch', *training) for name, training in trainings.items()}
    print(found)

    assert found['fclstm_xl'] >= 0.95
    assert found['transformer_lstm'] >= 0.95
    assert found['transformer_attention'] >= 0.65
    assert found['transformer'] <= found['transformer_attention'] - 0.1
    assert found['frame_head'] <= found['transformer'] - 0.1
