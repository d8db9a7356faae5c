# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.labels.prototypes import (
    AFFECTNET_PROTOTYPES,
    CLASS_OF_EXPRESSION,
    Prototypes,
)


def test_every_expression_but_contempt_has_a_class_at_its_mean():
    rows = dict(zip(AFFECTNET_PROTOTYPES.names, AFFECTNET_PROTOTYPES.mean, strict=True))

    assert set(EXPRESSIONS) - set(CLASS_OF_EXPRESSION) == {'CONTEMPT'}
    for expression, name in CLASS_OF_EXPRESSION.items():
        assert rows[name] == pytest.approx(VA_MEANS[expression])
    assert (AFFECTNET_PROTOTYPES.std > 0).all()


@pytest.mark.parametrize('shape', [(3, 2), (2, 3), (2,)])
def test_shapes_that_do_not_fit_the_names_are_refused(shape):
    with pytest.raises(ValueError, match=r'2 classes need mean and std of shape \(2, 2\), got'):
        Prototypes(('one', 'other'), np.zeros((2, 2)), np.ones(shape))
