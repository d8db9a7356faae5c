# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import re

import numpy as np
import pytest

pytest.importorskip('matplotlib')


def test_examples_of_the_page_run_and_give_what_it_says(repository):
    page = (repository / 'docs' / 'interpolation.md').read_text(encoding='utf-8')
    names: dict = {}
    for block in re.findall(r'```python\n(.*?)```', page, re.S):
        exec(block, names)

    np.testing.assert_allclose(names['slerp'](names['start'], names['goal'], 0.25)[0], 0.924, 1e-3)
    assert names['walk'].shape == (200, 16)
    assert names['smooth'].report()['anci']['mean'] == pytest.approx(1)
    assert names['scores']['smoothness']['mean'] < 0.01
    assert len(names['figure'].axes) == 1
