# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import copy

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from points_maker import write_photos  # noqa: E402

from emotion_models.data.data_module import DataModule, to_tensors  # noqa: E402
from emotion_models.data.photo_faces import SHOWN, PhotoFaces  # noqa: E402
from emotion_models.drawing.identity import Identity  # noqa: E402
from emotion_models.drawing.parts import (  # noqa: E402
    FACIAL_UNITS,
    PROPORTIONS,
    identity_columns,
    unit_columns,
)
from emotion_models.runtime.affect import AffectModel  # noqa: E402
from emotion_models.runtime.artefact import load_artefact  # noqa: E402
from emotion_models.runtime.photo_encoder import PhotoEncoder  # noqa: E402
from emotion_models.sketch.module import SketchModule  # noqa: E402
from emotion_models.sketch.network import OF_IDENTITY, LabelMaps  # noqa: E402
from emotion_models.sketch.non_faces import make_non_faces  # noqa: E402
from emotion_models.sketch.photo_module import PhotoModule  # noqa: E402
from emotion_models.sketch.photo_network import (  # noqa: E402
    READ_UNITS,
    LatentCritic,
    PhotoReading,
    Placement,
    Trunk,
    critic_hinge,
)
from emotion_models.training.warm_start import WarmStart  # noqa: E402

SMALL = {'widths': (4, 8, 8), 'depths': (1, 1), 'trunk': None}


@pytest.fixture(scope='module')
def batch(tmp_path_factory):
    path, points = map(str, write_photos(tmp_path_factory.mktemp('photos')))
    data = DataModule(PhotoFaces(path, points, path, points, drawings=6), batch_size=16)
    return to_tensors(data.part('training').take(np.arange(16)))


@pytest.fixture
def module():
    torch.manual_seed(0)
    return PhotoModule(**SMALL)


def reading(count=3, sure=9.0, **units):
    given = torch.zeros(count, len(READ_UNITS))
    for name, value in units.items():
        given[:, READ_UNITS.index(name)] = value
    middle = torch.full((count, len(PROPORTIONS)), 0.5)
    return PhotoReading(given, middle, torch.zeros(count, 2), torch.full((count,), sure))


def inverse_maps():
    """Maps of a face of which what is placed can be read again."""
    labels = LabelMaps()
    with torch.no_grad():
        for part, place in labels.chunks_of_units.items():
            read = labels.units_of_chunks[part]
            read.weight.copy_(torch.linalg.pinv(place.weight))
            read.bias.copy_(-read.weight @ place.bias)
        labels.identity_of_chunk.weight.copy_(torch.linalg.inv(labels.chunk_of_identity.weight))
        labels.identity_of_chunk.bias.copy_(
            -labels.identity_of_chunk.weight @ labels.chunk_of_identity.bias
        )
    return labels


def test_the_trunk_is_the_affect_network():
    trunk, model = Trunk(), AffectModel('affect')
    trunk.load('affect')
    face = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    with torch.no_grad():
        found = trunk(torch.from_numpy(face[None, None] / 255).float()).mean((2, 3))

    assert found.numpy() == pytest.approx(model.read([face])[0], abs=1e-4)


def test_a_shorter_trunk_takes_the_first_blocks_of_each_stage():
    short, whole = Trunk(depths=(1, 2, 1)), Trunk()
    short.load('affect')
    whole.load('affect')

    for place, source in enumerate((0, 2, 3, 4)):
        assert torch.equal(short.blocks[place].first.weight, whole.blocks[source].first.weight)


def test_a_trunk_of_other_widths_is_refused():
    with pytest.raises(ValueError, match=r'affect has stem.0.weight .* expected \(4, 1, 5, 5\)'):
        PhotoModule(**{**SMALL, 'trunk': 'affect'})


def test_a_point_has_the_style_of_the_robot_and_what_was_read():
    labels = inverse_maps()
    with torch.no_grad():
        latent = Placement()(reading(jaw_drop=0.7, brow_lowerer=0.2), labels)
        units, identity = labels.read_units(latent)[0], labels.read_identity(latent)[0]
    told = identity_columns(PROPORTIONS)

    assert units[unit_columns(['jaw_drop', 'brow_lowerer', 'heart'])].numpy() == pytest.approx(
        [0.7, 0.2, 0.0], abs=1e-3
    )
    own = Identity.default().as_vector()
    assert identity.numpy()[told] == pytest.approx([0.5] * 6, abs=1e-2)
    assert np.delete(identity, told) == pytest.approx(np.delete(own, told), abs=1e-2)


def test_what_is_no_face_is_drawn_as_the_robots_own_at_rest():
    labels, placement = LabelMaps(), Placement()
    with torch.no_grad():
        unsure = placement(reading(sure=-3.0, jaw_drop=1.0), labels)
        half_sure = placement(reading(sure=-0.2, jaw_drop=1.0), labels)
        trained = placement(reading(sure=-3.0, jaw_drop=1.0), labels, doubts=False)
        rest = placement.at_rest(labels)

    assert torch.allclose(unsure, rest.expand(3, -1), atol=1e-6)
    assert not torch.allclose(trained, rest.expand(3, -1), atol=1e-3)
    assert 0 < (half_sure - rest).norm() < (trained - rest).norm()


def test_non_faces_are_pictures_unlike_the_faces():
    torch.manual_seed(0)
    ramp = torch.linspace(0, 255, 64).expand(12, 1, 64, 64).clone()
    made = make_non_faces(ramp)

    assert made.shape == ramp.shape
    assert made.min() >= 0
    assert made.max() <= 255
    assert ((made - ramp).abs().mean((1, 2, 3)) > 1).all()


def test_units_of_mirrored_faces_change_sides(module, batch):
    left, right = (FACIAL_UNITS.index(f'dimpler_{side}') for side in ('left', 'right'))
    units = torch.zeros_like(batch.units)
    units[:, left] = 1.0
    module.hparams.non_faces = 0.0
    torch.manual_seed(1)
    _, prepared = module._prepare(batch._replace(units=units))

    sides = prepared.units[:, [left, right]]
    assert sides.sum(1).tolist() == [1.0] * 16
    assert 0 < sides[:, 1].sum() < 16


def test_non_faces_teach_the_confidence_alone(module, batch):
    module.hparams.non_faces = 1.0
    _, prepared = module._prepare(batch)

    assert prepared.is_face.sum() == 0
    assert prepared.is_face_weight.sum() == 16
    for weight in (prepared.has_points, prepared.emotions_weight, prepared.affect_weight):
        assert weight.sum() == 0


def test_a_weight_of_0_leaves_a_loss_out(module, batch):
    with torch.no_grad():
        read, latent = module.read(torch.rand(16, 1, 64, 64)), None
        latent = module.placement(read, module.labels)
        losses = module.losses(read, latent, batch)
    module.hparams.update({f'{name}_weight': 0.0 for name in losses})
    assert module.weigh(losses) == 0
    module.hparams.votes_weight = 2.0
    assert module.weigh(losses) == pytest.approx(2 * float(losses['votes']))
    module.hparams.latent_critic_weight = 0.0
    module.hparams.drawing_critic_weight = 0.5
    assert [name for name, *_ in module._critics(latent, batch)] == ['drawing']


def test_the_face_is_frozen_and_stays_the_same(module):
    trained = {name for name, value in module.named_parameters() if value.requires_grad}
    module.train()

    assert {name.partition('.')[0] for name in trained} == {
        *('photo', 'latent_critic', 'drawing_critic')
    }
    assert not any(part.training for part in module.decoder.modules())
    assert module.photo.training


def test_it_begins_with_a_face_or_not_at_all(module, tmp_path):
    with pytest.raises(ValueError, match='there is none; begin with init_from'):
        module.check_weights()
    face = SketchModule().train()
    face.decode(torch.rand(4, 48), torch.zeros(4, 6))
    torch.save({'state_dict': face.state_dict()}, tmp_path / 'best.ckpt')
    WarmStart(str(tmp_path), ('encoder', 'decoder', 'labels')).apply(module)
    module.check_weights()

    assert module.space_id() == face.space_id()


def test_it_may_begin_with_the_readings_of_another_encoder(module, tmp_path):
    torch.manual_seed(5)
    other = PhotoModule(**SMALL)
    torch.save({'state_dict': other.state_dict()}, tmp_path / 'best.ckpt')
    module.hparams.begin_with = str(tmp_path)
    with pytest.raises(ValueError, match='there is none'):
        module.check_weights()

    faces = torch.rand(2, 1, 64, 64)
    assert torch.equal(module.photo(faces).units, other.photo(faces).units)
    assert not torch.equal(module.decoder.pixels[0].weight, other.decoder.pixels[0].weight)


def test_the_weaker_of_two_opposing_units_learns_too(module):
    smile, frown = (READ_UNITS.index(f'lip_corner_{name}') for name in ('puller', 'depressor'))
    network = copy.deepcopy(module.photo)
    with torch.no_grad():
        network.readings.weight[[smile, frown]] = 0.0
        network.readings.bias[smile], network.readings.bias[frown] = -2.0, 2.0

    units = network(torch.rand(2, 1, 64, 64)).units
    units[:, smile].sum().backward()

    assert not units[:, smile].any()
    assert network.readings.bias.grad[smile] > 0


def test_faint_tears_are_not_drawn():
    labels = inverse_maps()
    with torch.no_grad():
        tears = [
            float(labels.read_units(Placement()(reading(tear=tear), labels))[0, -1])
            for tear in (0.0, 0.15, 1.0)
        ]

    assert tears == pytest.approx([0.0, 0.0, 1.0], abs=0.02)


def test_the_critic_has_an_answer_for_each_chunk_and_for_all():
    critic, latent = LatentCritic().eval(), torch.rand(5, 48)
    answers = critic(latent)
    other = latent.clone()
    other[:, OF_IDENTITY] += 1
    changed = (critic(other) != answers).any(0)

    assert answers.shape == (5, 8)
    assert changed.tolist() == [False] * 6 + [True] * 2


def test_the_hinge_loss_is_0_where_both_are_told_by_more_than_1():
    assert critic_hinge(torch.tensor([1.5]), torch.tensor([-2.0])) == 0
    assert critic_hinge(torch.tensor([0.0]), torch.tensor([0.0])) == 2


def test_the_card_reads_units_and_proportions_off_a_point(module):
    card = module.export_plans()[''].card
    latent = torch.randn(1, 48)
    with torch.no_grad():
        units = module.labels.read_units(latent)[0, unit_columns(FACIAL_UNITS)].numpy()
        person = module.labels.read_identity(latent)[0, identity_columns(PROPORTIONS)].numpy()
    found = {
        name: np.array(card['space'][name]['weight']) @ latent[0].numpy()
        + card['space'][name]['bias']
        for name in ('units', 'proportions')
    }

    assert card['space']['id'] == module.space_id()
    assert card['space']['units']['names'] == list(FACIAL_UNITS)
    assert found['units'] == pytest.approx(units, abs=1e-3)
    assert found['proportions'] == pytest.approx(person, abs=1e-3)


def test_prototypes_do_not_say_how_far_a_smile_is_open(module, batch):
    opening = READ_UNITS.index('jaw_drop')

    def pull(emotion):
        emotions = torch.zeros_like(batch.emotions)
        emotions[:, SHOWN.index(emotion)] = 1.0
        units = torch.full((16, len(READ_UNITS)), 0.2, requires_grad=True)
        read = reading(16)._replace(units=units)
        latent = module.placement(read, module.labels)
        losses = module.losses(read, latent, batch._replace(emotions=emotions))
        return torch.autograd.grad(losses['prototype'], units)[0][:, opening].abs().max()

    assert pull('joy') < 1e-6
    assert pull('surprise') > 1e-4


def test_the_shipped_encoder_belongs_to_the_shipped_face():
    shipped = load_artefact('photo_face')

    assert shipped.card['space']['id'] == load_artefact('sketch').card['space']['id']
    assert shipped.model_path.stat().st_size <= 3_000_000
    assert PhotoEncoder('photo_face').size_px == 64
