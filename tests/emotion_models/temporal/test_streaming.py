# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')
pytest.importorskip('onnx')

from emotion_models.data.generated_courses import GeneratedCourses  # noqa: E402
from emotion_models.runtime.artefact import load_artefact  # noqa: E402
from emotion_models.temporal.module import TemporalModule  # noqa: E402
from emotion_models.training.export import export_network, round_weights  # noqa: E402

SIZES = {'hidden': 64, 'head': [32], 'normed_features': ['mixture']}


@pytest.fixture
def clips():
    return GeneratedCourses(training=2, validation=1, test=1, frames=70).load_parts(0)['training']


def test_the_exported_model_frame_by_frame_says_what_the_trained_one_says(clips, tmp_path):
    module = TemporalModule({'mixture': 40}, **SIZES).eval()
    module.learn_statistics(clips)

    assert export_network(module.export_plan(), tmp_path / 'model') < 1e-5

    artefact = load_artefact(tmp_path / 'model')
    session = artefact.open_session()
    batch = clips.take(np.arange(2))
    states = {
        state['input']: np.full((2, 64), state['begins_with'], np.float32)
        for state in artefact.card['states']
    }
    outputs = []
    for frame in range(70):
        names = [entry['name'] for entry in artefact.card['outputs']]
        answers = dict(
            zip(
                names,
                session.run(None, {'features': batch.features[:, frame], **states}),
                strict=True,
            )
        )
        outputs.append(answers['affect'])
        states = {s['input']: answers[s['output']] for s in artefact.card['states']}
    round_weights(module)
    expected = module(torch.from_numpy(batch.features), torch.from_numpy(batch.lengths))
    assert np.stack(outputs, 1) == pytest.approx(expected.numpy(), abs=1e-4)
    assert artefact.card['rate_hz'] == pytest.approx(30)
    assert artefact.card['inputs'][0]['features'] == {'mixture': 40}


@pytest.mark.parametrize(
    ('settings', 'message'),
    [
        ({'network': 'transformer'}, 'transformer cannot answer frame by frame; only fclstm_xl'),
        ({'normalisation': 'batch', **SIZES}, '"batch" takes the whole clip'),
    ],
)
def test_what_looks_ahead_is_not_exported(settings, message):
    with pytest.raises(ValueError, match=message):
        TemporalModule({'mixture': 40}, **settings).export_plan()
