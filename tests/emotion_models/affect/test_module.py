# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import Trainer  # noqa: E402
from lightning.pytorch.callbacks import EMAWeightAveraging, ModelCheckpoint  # noqa: E402

from emotion_models.affect.augmentation import FaceAugmentation  # noqa: E402
from emotion_models.affect.module import (  # noqa: E402
    AffectModule,
    affect_loss,
    decided,
    fit_temperature,
    soft_cross_entropy,
)
from emotion_models.data.drawn_faces import draw_voted_faces  # noqa: E402
from emotion_models.data.voted_faces import DrawnFacesModule, VotedFacesModule, ask  # noqa: E402
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS  # noqa: E402
from emotion_models.runtime.affect import AffectModel  # noqa: E402
from emotion_models.training.random_state import KeepRandomState  # noqa: E402


@pytest.fixture
def data(faces_archive):
    return VotedFacesModule(str(faces_archive), batch_size=16, held_out=0.25)


def small_module():
    torch.manual_seed(0)
    gentle = FaceAugmentation(max_turn_deg=5, crop_factors=(0.9, 1.1), occlusion_probability=0)
    return AffectModule(
        widths=(8, 8, 16), depths=(1, 1), dropout=0.1, augmentation=gentle, learning_rate=0.1
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


def test_the_split_is_fixed_and_its_parts_are_disjoint(data, faces_archive):
    data.setup()
    again = VotedFacesModule(str(faces_archive), batch_size=16, held_out=0.25)
    again.setup()
    held, kept = (part.tensors[0].flatten(1) for part in (data.validation, data.training))

    assert torch.equal(held, again.validation.tensors[0].flatten(1))
    assert len(held) + len(kept) == 96
    assert not (held[:, None] == kept[None]).all(2).any()


def test_a_teacher_has_its_share_in_what_is_trained_on_alone(data, faces_archive):
    pupils = VotedFacesModule(
        str(faces_archive), batch_size=16, held_out=0.25, teacher='affect', teacher_weight=0.4
    )
    data.setup()
    pupils.setup()
    voted, taught = data.training.tensors, pupils.training.tensors
    opinion = torch.from_numpy(ask(AffectModel('affect'), voted[0][:, 0].numpy()))

    torch.testing.assert_close(taught[1], 0.6 * voted[1] + 0.4 * opinion)
    means = torch.tensor([VA_MEANS.get(name, (0, 0)) for name in EXPRESSIONS])
    has_mean = torch.tensor([name in VA_MEANS for name in EXPRESSIONS]).float()
    torch.testing.assert_close(taught[3], taught[1] @ means / (taught[1] @ has_mean)[:, None])
    for one, other in zip(data.validation.tensors, pupils.validation.tensors, strict=True):
        assert torch.equal(one, other)


def test_an_opinion_is_of_both_sides_and_not_sharpened(data):
    data.setup()
    faces = data.training.tensors[0][:5, 0].numpy()
    teacher = AffectModel('affect')
    opinion = ask(teacher, faces)

    np.testing.assert_allclose(opinion.sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(ask(teacher, faces[:, :, ::-1]), opinion, atol=1e-5)
    teacher.card['metrics']['held_out']['temperature'] = 1.0
    assert (ask(teacher, faces).max(1) > opinion.max(1)).all()


def test_drawn_faces_held_out_are_of_other_identities():
    data = DrawnFacesModule(count=128, held_out=0.5)
    data.setup()
    held, kept = (part.tensors[0].squeeze(1) for part in (data.validation, data.training))
    drawn = torch.from_numpy(draw_voted_faces(128, data.hparams.seed).images)

    first, second = drawn[:64], drawn[64:]
    assert len(held) + len(kept) > 100
    assert (held[:, None] == first[None]).all((2, 3)).any(1).float().mean() > 0.95
    assert (kept[:, None] == second[None]).all((2, 3)).any(1).float().mean() > 0.95


def test_rare_expressions_are_drawn_more_often(data):
    data.setup()
    loader = data.train_dataloader()
    expression = data.training.tensors[1]
    rare = EXPRESSIONS.index('SAD')

    loader.sampler.set_epoch(1)
    order = list(loader.sampler)

    chances = loader.sampler.chances
    assert chances[expression[:, rare] > 0.5].mean() > chances.mean()
    assert order == list(loader.sampler)
    loader.sampler.set_epoch(2)
    assert order != list(loader.sampler)


def test_training_learns_what_a_mouth_says(data, tmp_path):
    module = fit(small_module(), data, tmp_path, 30)

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
