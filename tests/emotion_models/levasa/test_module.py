# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from torch.nn import functional as F  # noqa: E402

from emotion_models.levasa.module import VARIANTS, LevasaModule  # noqa: E402
from emotion_models.levasa.network import AROUSAL, LATENT, REST, VALENCE  # noqa: E402

EXTRA_PARAMETERS = {
    ('vanilla', 21): 0,
    ('discrete', 21): 1_386,
    ('discrete', 19): 1_254,
    ('continuous', 21): 0,
    ('continuous_head', 21): 66,
}


@pytest.fixture(scope='module')
def batch():
    generator = torch.Generator().manual_seed(1)
    images = torch.randint(0, 256, (4, 3, 64, 64), dtype=torch.uint8, generator=generator)
    return images, 2 * torch.rand(4, 2, generator=generator) - 1


def make(variant, **settings):
    torch.manual_seed(0)
    return LevasaModule(variant, **settings)


@pytest.mark.parametrize(('variant', 'bins'), EXTRA_PARAMETERS)
def test_the_variants_have_the_published_sizes(variant, bins):
    size = sum(parameter.numel() for parameter in make(variant, bins=bins).parameters())

    assert size == 8_009_737 + EXTRA_PARAMETERS[variant, bins]


def test_another_variant_is_refused_with_the_choice():
    with pytest.raises(ValueError, match="vanilla, discrete, .*; got 'plain'"):
        LevasaModule('plain')


def test_bytes_and_unit_values_are_the_same_picture(batch):
    module = make('vanilla').eval()

    assert torch.allclose(
        module.encode(batch[0]).mean, module.encode(batch[0].float() / 255).mean, atol=1e-6
    )


@pytest.mark.parametrize('variant', VARIANTS)
def test_every_tied_variant_reads_valence_and_arousal(variant, batch):
    reading = make(variant).eval().read_affect(torch.randn(3, LATENT))

    assert reading is None if variant == 'vanilla' else reading.shape == (3, 2)


def test_in_evaluation_a_face_does_not_depend_on_its_neighbours(batch):
    module = make('continuous')
    module(batch[0])  # the batch norms learn something
    module.eval()

    together = module.encode(batch[0]).mean
    alone = module.encode(batch[0][:1]).mean

    assert torch.allclose(together[:1], alone, atol=1e-5)
    assert torch.equal(module(batch[0])[1], module(batch[0])[1])


def test_in_training_two_passes_differ(batch):
    module = make('continuous')

    assert module.losses(*batch)[0]['loss'] != module.losses(*batch)[0]['loss']


def test_the_loss_is_the_weighted_sum_of_its_terms(batch):
    module = make('discrete', reconstruction_weight=2.0, kl_weight=0.7, supervision_weight=0.1)

    terms, _ = module.eval().losses(*batch)

    assert set(terms) == {'loss', 'reconstruction_loss', 'kl_loss', 'supervision_loss'}
    expected = (
        2 * terms['reconstruction_loss'] + 0.7 * terms['kl_loss'] + 0.1 * terms['supervision_loss']
    )
    assert terms['loss'].item() == pytest.approx(expected.item(), rel=1e-6)


def test_without_the_other_weights_the_loss_is_the_error_of_the_pictures(batch):
    module = make('continuous', kl_weight=0.0, supervision_weight=0.0).eval()
    images = batch[0].float() / 255

    terms, z = module.losses(*batch)

    assert terms['loss'].item() == pytest.approx(F.mse_loss(module.decode(z), images).item())


def test_the_variant_changes_the_supervision_alone(batch):
    terms = {variant: make(variant).eval().losses(*batch)[0] for variant in VARIANTS}

    assert 'supervision_loss' not in terms['vanilla']
    assert len({terms[variant]['supervision_loss'].item() for variant in VARIANTS[1:]}) == 3
    for variant in VARIANTS[1:]:
        for name in ('reconstruction_loss', 'kl_loss'):
            assert terms[variant][name] == terms['vanilla'][name]


@pytest.mark.parametrize('variant', VARIANTS[1:])
def test_the_tie_to_valence_touches_neither_the_other_chunks_nor_the_decoder(variant, batch):
    module = make(variant)
    z = module.encode(batch[0]).sample()

    (module.read_affect(z)[:, 0] - batch[1][:, 0]).square().sum().backward()

    for head in (module.encoder.mean, module.encoder.log_variance):
        assert (head.weight.grad[VALENCE] != 0).any()
        assert (head.weight.grad[AROUSAL] == 0).all()
        assert (head.weight.grad[REST] == 0).all()
    assert all(parameter.grad is None for parameter in module.decoder.parameters())


def test_the_pictures_reach_all_chunks(batch):
    module = make('continuous')

    module.losses(*batch)[0]['reconstruction_loss'].backward()

    for chunk in (VALENCE, AROUSAL, REST):
        assert (module.encoder.mean.weight.grad[chunk] != 0).any()


def test_a_value_outside_the_bins_stops_the_training_with_its_reason(batch):
    with pytest.raises(ValueError, match='21 bins hold .* divide labels of -10..10 by 10'):
        make('discrete').losses(batch[0], 10 * batch[1])
