# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import LightningModule, Trainer  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from emotion_models.nn.optimisation import (  # noqa: E402
    constant_then_linear,
    cosine,
    descend,
    one_cycle,
    warmup_cosine,
)

STEPS = 100


@pytest.fixture
def trainer(tmp_path):
    """trainer(steps): one that leaves nothing behind."""
    return lambda steps: Trainer(
        max_steps=steps,
        accelerator='cpu',
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        default_root_dir=tmp_path,
    )


def rates(make, *arguments):
    """The learning rate of every step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1e-3, momentum=0.9)
    plan = make(optimizer, SimpleNamespace(estimated_stepping_batches=STEPS), *arguments)
    assert plan['interval'] == 'step'
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        plan['scheduler'].step()
    return found


def test_one_cycle_rises_and_falls_once():
    found = rates(one_cycle)

    top = found.index(max(found))
    assert max(found) == pytest.approx(1e-3)
    assert 20 < top < 40
    assert found[: top + 1] == sorted(found[: top + 1])
    assert found[top:] == sorted(found[top:], reverse=True)
    assert found[0] < 1e-4
    assert found[-1] < 1e-6


def test_warm_up_is_linear_and_a_cosine_follows():
    found = rates(warmup_cosine, 0.2)

    assert found[:20] == pytest.approx([1e-3 * (step + 1) / 20 for step in range(20)])
    assert found[20:] == pytest.approx([1e-3 * cosine(step / 80) for step in range(80)])


def test_half_a_cosine_ends_at_0_and_stays_there():
    assert [cosine(progress) for progress in (0, 0.5, 1, 1.5)] == pytest.approx([1, 0.5, 0, 0])


@pytest.mark.parametrize(
    ('rate', 'constant', 'decaying', 'expected'),
    [
        (2e-5, 10, 20, {1: 2e-5, 10: 2e-5, 11: 1.904762e-5, 20: 1.047619e-5, 30: 9.523810e-7}),
        (3e-5, 3, 27, {1: 3e-5, 3: 3e-5, 4: 2.892857e-5, 30: 1.071429e-6}),
    ],
)
def test_a_rate_that_is_constant_and_then_falls_on_a_line(rate, constant, decaying, expected):
    found = {
        number: rate * constant_then_linear(number - 1, constant, decaying) for number in expected
    }

    assert found == pytest.approx(expected, rel=1e-6)
    assert constant_then_linear(constant + decaying, constant, decaying) == 0
    assert constant_then_linear(99, constant, decaying) == 0


class Parts(LightningModule):
    """Two weights with gradients of 30 and 0.1."""

    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.steep, self.flat = (torch.nn.Linear(1, 1, bias=False) for _ in range(2))

    def training_step(self, batch, batch_index):
        loss = 30 * self.steep.weight.sum() + 0.1 * self.flat.weight.sum()
        descend(self, self.optimizers(), loss, 5.0, [self.steep, self.flat])

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 1.0)


def test_parts_of_a_network_are_clipped_each_by_itself(trainer):
    module = Parts()
    before = module.steep.weight.item(), module.flat.weight.item()

    trainer(1).fit(module, DataLoader(torch.zeros(1, 1)))

    after = module.steep.weight.item(), module.flat.weight.item()
    assert before[0] - after[0] == pytest.approx(5, rel=1e-4)
    assert before[1] - after[1] == pytest.approx(0.1, rel=1e-4)


class Line(LightningModule):
    """One weight with a gradient of 30, descended by hand."""

    def __init__(self, clip_norm):
        super().__init__()
        self.automatic_optimization = False
        self.clip_norm = clip_norm
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def training_step(self, batch, batch_index):
        descend(self, self.optimizers(), 30 * self.weight.sum(), self.clip_norm)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 1.0)


@pytest.mark.parametrize(('clip_norm', 'weight'), [(None, -60.0), (1.0, -2.0)])
def test_a_step_descends_along_the_gradient_or_a_clipped_one(clip_norm, weight, trainer):
    module = Line(clip_norm)

    trainer(2).fit(module, DataLoader(torch.zeros(2, 1)))

    assert module.weight.item() == pytest.approx(weight, rel=1e-5)
