# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import copy

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from lightning.pytorch import Trainer  # noqa: E402
from lightning.pytorch.callbacks import ModelCheckpoint  # noqa: E402

from emotion_models.acai.module import (  # noqa: E402
    ImageAutoencoder,
    ImageVariationalAutoencoder,
    PoseAutoencoder,
)
from emotion_models.acai.procedure import frozen_statistics  # noqa: E402
from emotion_models.data.data_module import DataModule  # noqa: E402
from emotion_models.data.drawn_lines import DrawnLines  # noqa: E402
from emotion_models.data.generated_poses import GeneratedPoses  # noqa: E402
from emotion_models.runtime.artefact import load_artefact  # noqa: E402
from emotion_models.training.export import export_network  # noqa: E402

SMALL = {'latent': 8, 'hidden': 32, 'critic_hidden': 32}


def fit(module, data, epochs=1, callbacks=(), resume=None, **options):
    trainer = Trainer(
        max_epochs=epochs,
        accelerator='cpu',
        logger=False,
        enable_checkpointing=bool(callbacks),
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=list(callbacks),
        num_sanity_val_steps=0,
        **options,
    )
    trainer.fit(module, data, ckpt_path=resume)
    return trainer.callback_metrics


def small_module(weight, **arguments):
    torch.manual_seed(0)
    return PoseAutoencoder(weight=weight, **{**SMALL, **arguments})


def learned(module):
    """Parameters of the autoencoder and what its norms remember."""
    return {
        name: value
        for name, value in module.state_dict().items()
        if not name.startswith('critic') and not name.endswith('num_batches_tracked')
    }


def assert_equal(first, second):
    assert first.keys() == second.keys()
    for name, value in first.items():
        assert torch.equal(value, second[name]), name


@pytest.fixture
def data():
    return DataModule(GeneratedPoses(count=1536), seed=1234)


def test_a_critic_of_weight_0_only_watches(data):
    plain, watched, regularised = (small_module(weight) for weight in (None, 0.0, 0.5))

    for module in (plain, watched, regularised):
        fit(module, data, epochs=2, limit_train_batches=8)

    assert_equal(learned(plain), learned(watched))
    assert plain.critic is None
    assert not torch.equal(plain.decoder.layers[0].weight, regularised.decoder.layers[0].weight)


def test_each_step_changes_its_own_network_only(data):
    module = small_module(0.5)
    before = copy.deepcopy(module.state_dict())
    seen = []

    def watch(optimizer, *_):
        seen.append({name: value.clone() for name, value in module.state_dict().items()})

    configure = module.configure_optimizers

    def configure_watched():
        optimizers = configure()
        for optimizer in optimizers:
            optimizer.register_step_post_hook(watch)
        return optimizers

    module.configure_optimizers = configure_watched
    fit(module, data, limit_train_batches=1)

    after_autoencoder, after_critic = seen
    for name in before:
        if name.startswith('critic'):
            assert torch.equal(after_autoencoder[name], before[name]), name
        elif name.endswith(('weight', 'bias')):
            assert torch.equal(after_critic[name], after_autoencoder[name]), name
    assert not torch.equal(
        after_critic['critic.layers.0.weight'], before['critic.layers.0.weight']
    )
    last = 'decoder.layers.6.weight'
    assert not torch.equal(after_autoencoder[last], before[last])
    assert all(parameter.requires_grad for parameter in module.parameters())


def test_the_critic_steers_the_autoencoder_by_its_weight():
    poses = torch.randn(8, 17, 3)
    gradients = {}
    for weight in (None, 0.0, 0.5):
        module = small_module(weight, normalisation='layer')
        losses, _ = module.autoencoder_losses(poses, torch.Generator().manual_seed(0))
        losses['loss'].backward()
        gradients[weight] = module.encoder.layers[0].weight.grad
        if weight is not None:
            expected = losses['reconstruction_loss'] + weight * losses['adversarial_loss']
            assert losses['loss'].item() == pytest.approx(expected.item())

    assert torch.equal(gradients[None], gradients[0.0])
    assert not torch.allclose(gradients[0.0], gradients[0.5])


def test_mixtures_hold_at_most_half_of_the_other_pose():
    module = small_module(0.5).eval()
    poses = torch.randn(9, 17, 3)

    _, critic_batch = module.autoencoder_losses(poses, torch.Generator().manual_seed(0))

    codes = module.encode(poses)
    first, second = codes[:4], codes[4:8]
    assert critic_batch.mixtures.shape == (4, 17, 3)
    assert critic_batch.reconstructed.shape == poses.shape
    middle = module.decode(module.mix(first, second, torch.full((4,), 0.5)))
    swapped = module.decode(module.mix(second, first, torch.full((4,), 0.5)))
    assert torch.allclose(middle, swapped, atol=1e-6)
    unmixed = module.decode(module.mix(first, second, torch.zeros(4)))
    assert torch.allclose(unmixed, critic_batch.reconstructed[:4], atol=1e-5)


def test_norms_forget_what_they_need_not_remember():
    decoder = small_module(0.5).decoder
    norm = decoder.layers[1]
    before = norm.running_mean.clone()

    with frozen_statistics(decoder):
        decoder(torch.randn(16, 8) + 3)
    assert torch.equal(norm.running_mean, before)

    decoder(torch.randn(16, 8) + 3)
    assert not torch.equal(norm.running_mean, before)


def test_training_halves_the_error_and_the_critic_learns():
    module = small_module(0.1, latent=16, hidden=64, critic_hidden=64, learning_rate=4e-3)
    data = DataModule(GeneratedPoses(count=3072), seed=1234)
    before = module.eval().measures(torch.from_numpy(data.samples('validation')))['mpjpe_mm']

    figures = fit(module.train(), data, epochs=6)

    assert figures['val_mpjpe_mm'] < before / 2
    assert figures['train_critic_loss'] < 0.052
    assert figures['val_critic_loss_baseline'] == pytest.approx(0.052083, abs=1e-6)


def test_the_same_seed_gives_the_same_parameters(data):
    first, again = (small_module(0.5) for _ in range(2))

    for module in (first, again):
        fit(module, data, limit_train_batches=8)

    assert_equal(first.state_dict(), again.state_dict())


@pytest.mark.parametrize(
    ('when', 'name'),
    [({'every_n_epochs': 1}, 'epoch=0-step=16'), ({'every_n_train_steps': 10}, 'epoch=1-step=20')],
    ids=['after an epoch', 'within an epoch'],
)
def test_resumed_is_the_same_as_not_interrupted(data, when, name, tmp_path):
    whole = small_module(0.5)
    few = {'limit_train_batches': 8}  # of which each is a step of both optimizers
    figures = fit(whole, data, 2, [ModelCheckpoint(tmp_path, save_top_k=-1, **when)], **few)
    torch.manual_seed(99)
    resumed = PoseAutoencoder(weight=0.5, **SMALL)
    data = DataModule(GeneratedPoses(count=1536), seed=1234)

    begun = tmp_path / f'{name}.ckpt'
    again = fit(resumed, data, 2, [ModelCheckpoint(tmp_path / 'x')], begun, **few)

    assert_equal(whole.state_dict(), resumed.state_dict())
    assert 'train_reconstruction_loss' in figures
    assert figures == again


def test_validation_is_the_same_every_time(data):
    module = small_module(0.5)
    fit(module, data, limit_train_batches=1)
    trainer = Trainer(accelerator='cpu', logger=False, enable_progress_bar=False)

    first, again = (trainer.validate(module, data, verbose=False)[0] for _ in range(2))

    assert first == again
    assert 'val_adversarial_loss' in first


@pytest.mark.parametrize('make', [ImageAutoencoder, ImageVariationalAutoencoder])
def test_lines_are_learned(make):
    torch.manual_seed(0)
    data = DataModule(DrawnLines(count=256, held_out=32), batch_size=16, seed=1234)
    module = make(depth=2, learning_rate=4e-3)
    with torch.no_grad():
        before = module.eval().autoencoder_losses(
            torch.from_numpy(data.samples('validation')), torch.Generator()
        )[0]

    figures = fit(module.train(), data, epochs=2)

    assert figures['val_reconstruction_loss'] < before['reconstruction_loss'] / 2


@pytest.mark.parametrize('kind', [ImageAutoencoder, ImageVariationalAutoencoder])
def test_an_exported_image_autoencoder_answers_like_the_module(kind, tmp_path):
    torch.manual_seed(0)
    module = kind(depth=4, latent=3).eval()
    plans = module.export_plans()

    for (name, plan), network in zip(plans.items(), (module.encode, module.decode), strict=True):
        export_network(plan, tmp_path / name)
        artefact = load_artefact(tmp_path / name)
        (entry,), (inputs,) = artefact.card['outputs'], artefact.card['inputs']
        (answer,) = artefact.open_session().run(None, {inputs['name']: plan.example.numpy()})
        with torch.no_grad():
            expected = network(plan.example).numpy()
        assert answer.shape[1:] == tuple(entry['shape'][1:])
        assert answer == pytest.approx(expected, abs=0.02)  # the weights were rounded
