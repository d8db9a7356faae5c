# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import Trainer  # noqa: E402
from lightning.pytorch.callbacks import EMAWeightAveraging, ModelCheckpoint  # noqa: E402

from emotion_models.affect.module import (  # noqa: E402
    ACCURACY_COST,
    AffectModule,
    affect_loss,
    decided,
    fit_balance,
    fit_temperature,
    mean_recall,
    soft_cross_entropy,
)
from emotion_models.data.affect_faces import AffectFaces  # noqa: E402
from emotion_models.data.data_module import DataModule  # noqa: E402
from emotion_models.nn.augmentation import FaceAugmentation  # noqa: E402
from emotion_models.training.random_state import KeepRandomState  # noqa: E402


@pytest.fixture
def data(faces_archive):
    return DataModule(AffectFaces(str(faces_archive), held_out=0.25), batch_size=16)


def small_module(learning_rate=0.1):
    torch.manual_seed(0)
    gentle = FaceAugmentation(max_turn_deg=5, crop_factors=(0.9, 1.1), occlusion_probability=0)
    return AffectModule(
        widths=(8, 8, 16),
        depths=(1, 1),
        dropout=0.1,
        augmentation=gentle,
        learning_rate=learning_rate,
    )


def fit(module, data, folder, epochs, resume=None):
    keep_all = ModelCheckpoint(folder, '{epoch}', save_top_k=-1)
    trainer = Trainer(
        max_epochs=epochs,
        accelerator='cpu',
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[keep_all, KeepRandomState(), EMAWeightAveraging(decay=0.9)],
    )
    trainer.fit(module, data, ckpt_path=resume)
    return module


def test_the_temperature_of_overconfident_logits_is_found():
    torch.manual_seed(0)
    fair = torch.randn(4000, 8)
    target = torch.nn.functional.one_hot(torch.multinomial(fair.softmax(1), 1).squeeze(1), 8)

    assert fit_temperature(2.5 * fair, target.float()).item() == pytest.approx(2.5, rel=0.1)


def test_the_temperature_looks_at_what_most_have_voted():
    votes = torch.tensor([[0.6, 0.4, 0.0], [0.5, 0.5, 0.0], [0.1, 0.2, 0.7]])
    logits = torch.arange(9.0).reshape(3, 3)

    kept, target = decided(logits, votes)

    assert torch.equal(kept, logits[[0, 2]])
    assert target.tolist() == [[1, 0, 0], [0, 0, 1]]


@pytest.fixture
def rare_and_frequent():
    """Logits of equally frequent classes, one-hot targets, and the classes' shares in the wild."""
    torch.manual_seed(0)
    shares = torch.tensor([0.8, 0.17, 0.03])
    target = torch.nn.functional.one_hot(torch.multinomial(shares, 6000, True), 3).float()
    return 2.5 * (target + torch.randn(6000, 3)), target, shares


def test_balanced_probabilities_cost_little_accuracy_and_see_more_of_what_is_rare(
    rare_and_frequent,
):
    logits, target, shares = rare_and_frequent

    heat, part = fit_balance(logits, target, shares.log())

    def accuracy(adjustment):
        answers = (logits + (1 - adjustment) * shares.log()).argmax(1)
        return (answers == target.argmax(1)).float().mean()

    assert 0 < part < 1
    assert accuracy(part) >= accuracy(0) - ACCURACY_COST > accuracy(part + 0.05)
    balanced = logits + (1 - part) * shares.log()
    assert mean_recall(balanced, target) > mean_recall(logits + shares.log(), target) + 0.02
    assert 0.25 < heat < 4


def test_where_the_prior_costs_nothing_it_is_removed_and_the_temperature_is_right(
    rare_and_frequent,
):
    logits, target, shares = rare_and_frequent

    heat, part = fit_balance(logits, target, torch.zeros(len(shares)))

    # Normal noise of spread s about a shift of m: the right logits are m / s² = 0.4 of those.
    assert part == 1
    assert heat == pytest.approx(2.5, rel=0.1)


def test_images_without_weight_do_not_count():
    logits, target = torch.randn(4, 8), torch.softmax(torch.randn(4, 8), 1)
    weight = torch.tensor([1.0, 0.5, 0.0, 0.0])

    found = soft_cross_entropy(logits, target, weight)

    assert found.item() == pytest.approx(
        soft_cross_entropy(logits[:2], target[:2], weight[:2]).item()
    )


def test_affect_loss_is_zero_for_the_truth_and_harmless_without_ratings():
    truth = torch.rand(8, 2) - 0.5

    assert affect_loss(truth, truth, torch.ones(8)).item() == pytest.approx(0, abs=1e-5)
    assert affect_loss(truth, truth, torch.zeros(8)).item() == 0


def test_training_learns_what_a_mouth_says(data, tmp_path):
    module = fit(small_module(learning_rate=0.03), data, tmp_path, 20)

    assert module.held_out['accuracy'] > 0.8
    assert module.held_out['ccc_valence'] > 0.6


def test_resumed_is_the_same_as_not_interrupted(data, tmp_path):
    whole = fit(small_module(), data, tmp_path / 'whole', 2)

    resumed = fit(
        small_module(), data, tmp_path / 'resumed', 2, resume=tmp_path / 'whole' / 'epoch=0.ckpt'
    )

    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), name
    assert np.isfinite(whole.held_out['loss'])
    assert whole.held_out == resumed.held_out


def test_the_test_has_the_measures_of_the_validation(data):
    data.setup()
    module, held_out = small_module(), data.val_dataloader()
    trainer = Trainer(accelerator='cpu', logger=False, enable_progress_bar=False)
    (validated,) = trainer.validate(module, held_out, verbose=False)
    noted = dict(module.held_out)

    (tested,) = trainer.test(module, held_out, verbose=False)

    assert tested == {name.replace('val_', 'test_'): value for name, value in validated.items()}
    assert module.held_out == noted
