# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from torch.nn import functional as F  # noqa: E402

from emotion_models.acai.losses import joint_loss, mpjpe_mm  # noqa: E402


def test_errors_of_joints_that_are_all_off_by_3_and_4_m():
    poses = torch.randn(2, 17, 3)
    off = poses + torch.tensor([3.0, 4.0, 0.0])

    assert joint_loss(off, poses).item() == pytest.approx(25)
    assert mpjpe_mm(off, poses).tolist() == pytest.approx([5000, 5000])
    assert F.mse_loss(off, poses).item() == pytest.approx(8.333333)
