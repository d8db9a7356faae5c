# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest
import torch
from lightning.pytorch import Trainer
from torch.utils.data import DataLoader

from emotion_models.data.data_module import to_tensors
from emotion_models.data.drawings import draw
from emotion_models.sketch.module import SketchModule, condition
from emotion_models.sketch.network import N_AFFECT, N_LATENT
from emotion_models.training.export import export_network

QUIET = {
    'accelerator': 'cpu',
    'logger': False,
    'enable_checkpointing': False,
    'enable_progress_bar': False,
    'enable_model_summary': False,
}


@pytest.fixture(scope='module')
def module():
    torch.manual_seed(1)
    return SketchModule().eval()


@pytest.fixture(scope='module')
def drawings():
    return to_tensors(draw(5, range(0, 64, 8), 0.15))


@pytest.fixture
def loader(drawings):
    return DataLoader([drawings], batch_size=None)


def test_decoder_is_small(module, tmp_path):
    export_network(module.export_plan(), tmp_path)

    assert sum(weight.numel() for weight in module.decoder.parameters()) <= 1_000_000
    assert (tmp_path / 'model.onnx').stat().st_size <= 4_000_000


def test_another_output_is_refused_with_the_choice():
    with pytest.raises(ValueError, match="one of field, grey; got 'colour'"):
        SketchModule(output='colour')


def test_the_prior_lays_valence_and_arousal_into_their_dimensions(module, drawings):
    point = module.prior_mean(drawings.emotions, drawings.affect)
    assert point.shape == (8, N_LATENT)
    valence, arousal, rest = point.split([N_AFFECT, N_AFFECT, N_LATENT - 2 * N_AFFECT], 1)
    torch.testing.assert_close(valence, drawings.affect[:, :1].expand(-1, N_AFFECT))
    torch.testing.assert_close(arousal, drawings.affect[:, 1:].expand(-1, N_AFFECT))
    zero, one, both = (module.rest_of_emotions(torch.eye(7)[:1] * k) for k in (0, 1, 2))
    torch.testing.assert_close(both - one, one - zero)
    assert rest.shape[1] == 16


def test_without_alignment_the_prior_of_valence_and_arousal_is_0(drawings):
    point = SketchModule(affect_weight=0.0).prior_mean(drawings.emotions, drawings.affect)

    assert not point[:, : 2 * N_AFFECT].any()
    assert point[:, 2 * N_AFFECT :].any()


def test_dropped_emotions_do_not_reach_the_decoder(drawings):
    is_dropped = torch.ones(8, 1, dtype=torch.bool)

    dropped = condition(drawings, drawings.emotions, is_dropped)

    assert torch.equal(dropped, condition(drawings, drawings.emotions.flip(0), is_dropped))
    assert not torch.equal(dropped, condition(drawings, drawings.emotions, ~is_dropped))


def test_mixtures_hold_at_most_half_of_the_second_drawing(module, drawings):
    latent = torch.randn(8, N_LATENT)
    is_dropped = torch.zeros(8, 1, dtype=torch.bool)

    mixed, share = module.mix(latent, drawings, is_dropped)

    assert mixed.shape == (4, 1, 64, 128)
    assert 0 <= share.min() <= share.max() <= 0.5


def test_the_critics_loss_teaches_the_critic_alone(drawings):
    torch.manual_seed(2)
    module = SketchModule()
    mixed, share = module.mix(torch.randn(8, N_LATENT), drawings, torch.zeros(8, 1) > 0)

    module.critic_loss(mixed.detach(), share, mixed.detach(), drawings.distances()[:4]).backward()

    assert all(weight.grad is None for weight in module.decoder.parameters())
    assert any(weight.grad is not None for weight in module.critic.parameters())


@pytest.mark.parametrize('critic_weight', [0.0, 0.02])
def test_training_logs_every_loss_and_moves_what_it_trains(critic_weight, loader):
    torch.manual_seed(3)
    module = SketchModule(critic_weight=critic_weight)
    before = {name: value.clone() for name, value in module.named_parameters()}
    trainer = Trainer(max_epochs=1, **QUIET)

    trainer.fit(module, loader)

    moved = {name for name, value in module.named_parameters() if not value.equal(before[name])}
    assert any(name.startswith('critic') for name in moved) == (critic_weight > 0)
    assert any(name.startswith('decoder') for name in moved)
    logged = {'reconstruction_loss', 'affect_loss', 'kl_loss', 'loss'}
    logged |= {'adversarial_loss', 'critic_loss'} if critic_weight else set()
    assert {f'train_{name}' for name in logged} == set(trainer.callback_metrics)


def test_the_test_has_the_measures_of_the_validation(module, loader):
    trainer = Trainer(**QUIET)

    (validated,) = trainer.validate(module, loader, verbose=False)
    (tested,) = trainer.test(module, loader, verbose=False)

    assert set(validated) == {
        'val_prior_flips',
        'val_reconstruction_flips',
        'val_unconditioned_flips',
        'val_loss',
    }
    assert tested == {name.replace('val_', 'test_'): value for name, value in validated.items()}
