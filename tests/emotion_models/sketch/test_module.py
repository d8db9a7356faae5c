# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import copy

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import Trainer  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from emotion_models.data.data_module import to_tensors  # noqa: E402
from emotion_models.data.drawings import draw, make_batch  # noqa: E402
from emotion_models.sketch.module import (  # noqa: E402
    SketchModule,
    expression_shares,
    lit_loss,
    mirror_loss,
)
from emotion_models.sketch.network import N_AFFECT, N_LATENT, OF_PARTS  # noqa: E402
from emotion_models.training.export import export_network  # noqa: E402

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
    return to_tensors(draw(5, range(0, 64, 8)))


@pytest.fixture
def loader(drawings):
    return DataLoader([drawings], batch_size=None)


def test_networks_are_small(module, tmp_path):
    for name, plan in module.export_plans().items():
        export_network(plan, tmp_path / name)

        assert (tmp_path / name / 'model.onnx').stat().st_size <= 2_000_000


def test_another_output_is_refused_with_the_choice():
    with pytest.raises(ValueError, match="one of field, grey; got 'colour'"):
        SketchModule(output='colour')


@pytest.mark.parametrize('name', ['lit_weight', 'mirror_weight'])
def test_losses_of_fields_are_refused_for_grey(name):
    with pytest.raises(ValueError, match='lit_weight and mirror_weight are for fields'):
        SketchModule(output='grey', **{name: 1.0})


def test_pairs_that_the_target_mirrors_are_pulled_together_and_others_are_not():
    target = torch.full((1, 1, 64, 128), -1.0)
    target[..., 10, 20] = target[..., 10, 107] = 1.0  # a pair that is lit
    target[..., 30, 20] = 1.0  # one side alone
    assert mirror_loss(target, target) == 0

    drawing = target.clone()
    drawing[..., 30, 20] = 0.1
    assert mirror_loss(drawing, target) == 0

    drawing = target.clone()
    drawing[..., 10, 20] = 0.05
    drawing.requires_grad_()
    mirror_loss(drawing, target).backward()
    assert drawing.grad[0, 0, 10, 20] < 0 < drawing.grad[0, 0, 10, 107]
    assert len(drawing.grad.nonzero()) == 2


def test_a_pixel_on_the_wrong_side_of_an_edge_costs_more_than_one_that_is_farther_inside():
    target = torch.full((1, 1, 64, 128), -1.0)
    target[..., 10, 20] = 0.1
    wrong, farther = target.clone(), target.clone()
    wrong[..., 10, 20], farther[..., 10, 20] = -0.1, 0.3

    assert lit_loss(farther, target) < lit_loss(target, target) < lit_loss(wrong, target)


def test_what_is_frozen_keeps_its_weights_and_so_does_the_space(loader):
    torch.manual_seed(1)
    module = SketchModule(critic_weight=0, frozen=['encoder', 'labels'])
    before, space = copy.deepcopy(module.state_dict()), module.space_id()

    Trainer(**QUIET, max_steps=2).fit(module, loader)

    changed = {name.split('.')[0] for name, value in module.state_dict().items()
               if not torch.equal(value, before[name])}  # fmt: skip
    assert changed == {'decoder'}
    assert module.space_id() == space


def test_only_parts_can_be_frozen():
    with pytest.raises(ValueError, match='frozen names critic; expected of encoder, labels, dec'):
        SketchModule(frozen=['critic'])


def test_the_prior_lays_valence_and_arousal_into_their_chunks(module, drawings):
    point = module.prior_mean(drawings)

    assert point.shape == (8, N_LATENT)
    valence, arousal = point[:, : 2 * N_AFFECT].split(N_AFFECT, 1)
    torch.testing.assert_close(valence, drawings.affect[:, :1].expand(-1, N_AFFECT))
    torch.testing.assert_close(arousal, drawings.affect[:, 1:].expand(-1, N_AFFECT))


def test_without_alignment_the_prior_of_valence_and_arousal_is_0(drawings):
    point = SketchModule(affect_weight=0.0).prior_mean(drawings)

    assert not point[:, : 2 * N_AFFECT].any()
    assert point[:, 2 * N_AFFECT :].any()


def test_each_unit_has_its_place_in_the_chunk_of_its_part(module, drawings):
    moved = drawings.action_units.clone()
    moved[:, 0] += 0.5  # the inner brows

    change = module.prior_mean(drawings._replace(action_units=moved)) - module.prior_mean(drawings)

    columns = change.abs().sum(0).nonzero().flatten().tolist()
    assert set(columns) <= set(range(OF_PARTS.start, OF_PARTS.start + 6))
    assert columns


def test_drawings_without_units_need_a_model_without_parts(module, drawings):
    own = to_tensors(
        make_batch(
            [field[0] for field in drawings.field.numpy() / 32.0 - 4.0],
            *(part.numpy() for part in drawings[1:5]),
        )
    )
    with pytest.raises(ValueError, match='set parts: false in the model'):
        module.prior_mean(own)

    changed = own._replace(emotions=own.emotions.flip(0))
    without = SketchModule(parts=False)
    assert not without.prior_mean(own).equal(without.prior_mean(changed))
    assert 'parts' not in without.describe_space()


def test_withheld_parts_are_what_affect_leads_to_expect(module, drawings):
    latent = torch.randn(8, N_LATENT)
    is_withheld = torch.zeros(8, 4, dtype=torch.bool)
    is_withheld[:, 0] = True  # the brows

    withheld = module.withhold(latent, drawings.affect, is_withheld)

    expected = module.labels.parts_of_affect(drawings.affect)
    brows = slice(OF_PARTS.start, OF_PARTS.start + 6)
    torch.testing.assert_close(withheld[:, brows], expected[:, :6])
    others = [column for column in range(N_LATENT) if not brows.start <= column < brows.stop]
    assert withheld[:, others].equal(latent[:, others])


def test_shares_of_expressions_sum_to_1():
    emotions = torch.tensor([[0.0] * 7, [1.0, *[0.0] * 6], [0.5, 0.5, *[0.0] * 5]])

    shares = expression_shares(emotions)

    torch.testing.assert_close(shares.sum(1), torch.ones(3))
    assert shares[0, 0] == 1
    assert shares[1, 1] == 1
    torch.testing.assert_close(shares[2, :3], torch.full((3,), 1 / 3))


def test_mixed_drawings_say_nothing_of_expressions(module, drawings):
    latent = torch.randn(8, N_LATENT)
    mixed = drawings._replace(is_mixed=torch.ones(8, 1, dtype=torch.bool))

    assert module._expression_loss(latent, mixed) == 0
    plain = mixed._replace(is_mixed=~mixed.is_mixed)
    assert module._expression_loss(latent, plain) > 0


def test_mixtures_hold_at_most_half_of_the_second_drawing(module, drawings):
    mixed, share = module.mix(torch.randn(8, N_LATENT), drawings.look)

    assert mixed.shape == (4, 1, 64, 128)
    assert 0 <= share.min() <= share.max() <= 0.5


def test_the_critics_loss_teaches_the_critic_alone(drawings):
    torch.manual_seed(2)
    module = SketchModule()
    mixed, share = module.mix(torch.randn(8, N_LATENT), drawings.look)

    module.critic_loss(mixed.detach(), share, mixed.detach(), drawings.distances()[:4]).backward()

    assert all(weight.grad is None for weight in module.decoder.parameters())
    assert any(weight.grad is not None for weight in module.critic.parameters())


@pytest.mark.parametrize('critic_weight', [0.0, 0.02])
def test_training_logs_every_loss_and_moves_what_it_trains(critic_weight, loader):
    torch.manual_seed(3)
    further = {} if critic_weight else {'lit_weight': 0.1, 'mirror_weight': 0.1}
    module = SketchModule(critic_weight=critic_weight, **further)
    before = {name: value.clone() for name, value in module.named_parameters()}
    trainer = Trainer(max_epochs=1, **QUIET)

    trainer.fit(module, loader)

    moved = {name for name, value in module.named_parameters() if not value.equal(before[name])}
    assert any(name.startswith('critic') for name in moved) == (critic_weight > 0)
    assert any(name.startswith('decoder') for name in moved)
    logged = {'reconstruction_loss', 'affect_loss', 'kl_loss', 'label_loss', 'loss'}
    logged.add('expression_loss')
    logged |= {'adversarial_loss', 'critic_loss'} if critic_weight else {'lit_loss', 'mirror_loss'}
    assert {f'train_{name}' for name in logged} == set(trainer.callback_metrics)


def test_the_test_has_the_measures_of_the_validation(module, loader):
    trainer = Trainer(**QUIET)

    (validated,) = trainer.validate(module, loader, verbose=False)
    (tested,) = trainer.test(module, loader, verbose=False)

    assert set(validated) == {
        'val_prior_flips',
        'val_reconstruction_flips',
        'val_withheld_flips',
        'val_label_loss',
        'val_loss',
    }
    assert tested == {name.replace('val_', 'test_'): value for name, value in validated.items()}
