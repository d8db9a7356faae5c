# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The three autoencoders learn what two features of simple faces say; figures in docs/results."""

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from sklearn.linear_model import RidgeCV  # noqa: E402

from emotion_models.levasa.module import LevasaModule  # noqa: E402
from emotion_models.levasa.network import AROUSAL, VALENCE  # noqa: E402
from emotion_models.metrics.concordance import concordance  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

TRAINING, HELD_OUT, BATCH, STEPS, RATE = 3_000, 500, 64, 140, 5e-4
CHUNKS = (VALENCE, AROUSAL)


def draw(count, seed):
    """Faces whose mouth bends with valence and whose eyes open with arousal; the rest varies."""
    generator = np.random.default_rng(seed)
    affect = generator.uniform(-1, 1, (count, 2)).astype(np.float32)
    images = np.stack([draw_face(*row, generator) for row in affect])
    return torch.from_numpy(images.transpose(0, 3, 1, 2).copy()), torch.from_numpy(affect)


def draw_face(valence, arousal, generator):
    background, skin = (generator.uniform(*ends, 3) for ends in ((0, 120), (140, 255)))
    x, y = 32 + generator.uniform(-4, 4, 2)
    radius = generator.uniform(18, 25)
    scale = 4  # drawn larger, for smooth edges
    image = np.full((64 * scale, 64 * scale, 3), background, np.uint8)

    def at(*point):
        return tuple(round(scale * value) for value in point)

    cv2.circle(image, at(x, y), int(scale * radius), skin.tolist(), -1)
    for side in (-1, 1):
        eye = at(x + side * 0.4 * radius, y - 0.25 * radius)
        opening = at(0.16 * radius, 0.13 * radius * (1.15 + arousal))
        cv2.ellipse(image, eye, opening, 0, 0, 360, (20, 20, 20), -1)
    across = np.linspace(-1, 1, 15)
    bend = 0.35 * radius * valence * (0.5 - across**2)
    mouth = np.stack((x + 0.5 * radius * across, y + 0.45 * radius + bend), 1)
    cv2.polylines(image, [np.rint(scale * mouth).astype(np.int32)], False, (60, 20, 20), scale * 3)
    image = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA).astype(float)
    return np.clip(image + generator.normal(0, 5, image.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope='module')
def training():
    return draw(TRAINING, seed=1)


@pytest.fixture(scope='module')
def held_out():
    return draw(HELD_OUT, seed=2)


def learn(training, **settings):
    """A model after some steps over batches of ever new orders of the faces."""
    torch.manual_seed(5230)
    module = LevasaModule(**settings)
    optimizer = torch.optim.Adam(module.parameters(), RATE)
    images, affect = training
    batches = len(images) // BATCH
    for step in range(STEPS):
        if step % batches == 0:
            order = torch.randperm(len(images))
        chosen = order[step % batches * BATCH :][:BATCH]
        with torch.autocast('cpu', torch.bfloat16):
            loss = module.losses(images[chosen], affect[chosen])[0]['loss']
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return module.eval()


def encode(module, images):
    with torch.no_grad():
        return torch.cat([module.encode(part).mean for part in images.split(BATCH)])


def skills(module, faces):
    """`1 - MSE / Var` of every dimension of a chunk against its value (specification, 7.1)."""
    z, affect = encode(module, faces[0]), faces[1]
    errors = [(z[:, chunk] - affect[:, [i]]).square().mean() for i, chunk in enumerate(CHUNKS)]
    return [1 - (error / affect[:, i].var()).item() for i, error in enumerate(errors)]


def concordances(module, faces):
    with torch.no_grad():
        reading = module.read_affect(encode(module, faces[0]))
    return [concordance(reading[:, i], faces[1][:, i]).item() for i in range(2)]


def ridge_r2(module, training, held_out, chunk, value):
    """How well a linear read-out of a chunk, fitted to the training part, tells a value."""
    (x, y), (x_new, y_new) = (
        (encode(module, images)[:, chunk].numpy(), affect[:, value].numpy())
        for images, affect in (training, held_out)
    )
    return RidgeCV(np.logspace(-3, 3, 7)).fit(x, y).score(x_new, y_new)


def reconstruction_error(module, faces):
    batches = zip(faces[0].split(BATCH), faces[1].split(BATCH), strict=True)
    with torch.no_grad():
        return np.mean(
            [module.losses(*batch)[0]['reconstruction_loss'].item() for batch in batches]
        )


@pytest.fixture(scope='module')
def vanilla(training):
    return learn(training, variant='vanilla')


@pytest.fixture(scope='module')
def continuous(training):
    return learn(training, variant='continuous')


def test_continuous_chunks_equal_what_they_are_tied_to(continuous, training, held_out):
    agreement, skill = concordances(continuous, held_out), skills(continuous, held_out)
    forward, inverse = (
        [ridge_r2(continuous, training, held_out, chunk, i) for i, chunk in enumerate(chunks)]
        for chunks in (CHUNKS, CHUNKS[::-1])
    )
    print('\ncontinuous: CCC', agreement, 'skill', skill, 'R2', forward, 'inverse R2', inverse)

    assert min(agreement) >= 0.8
    assert min(skill) >= 0.5
    assert forward[0] > inverse[0]
    assert forward[1] > inverse[1]


def test_vanilla_chunks_equal_nothing(vanilla, held_out):
    skill = skills(vanilla, held_out)
    print('\nvanilla: skill', skill)

    assert max(skill) < 0.1


def test_discrete_heads_tell_the_tenths(training, held_out):
    agreement = concordances(learn(training, variant='discrete'), held_out)
    print('\ndiscrete: CCC of the heads', agreement)

    assert min(agreement) >= 0.7


def test_supervision_is_paid_for_with_the_pictures(vanilla, continuous, training, held_out):
    modules = {0.0: vanilla, 0.3: continuous}
    for weight in (0.1, 1.0):
        modules[weight] = learn(training, variant='continuous', supervision_weight=weight)

    errors = {
        weight: reconstruction_error(modules[weight], held_out) for weight in sorted(modules)
    }
    print('\nreconstruction error by the weight of supervision:', errors)

    assert errors[1.0] >= 0.95 * errors[0.0]
