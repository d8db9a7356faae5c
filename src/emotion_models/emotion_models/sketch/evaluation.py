# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well a learned face draws people that it was not trained on, and how evenly it moves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from emotion_models.data.data_module import to_tensors
from emotion_models.data.drawings import REACH_PX, DrawingBatch, make_batch
from emotion_models.drawing.action_units import blend_action_units
from emotion_models.drawing.face import THRESHOLD, ParametricFace
from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH
from emotion_models.labels.emotions import EMOTIONS, emotion_vad
from emotion_models.metrics.coverage import cover
from emotion_models.metrics.transitions import measure_transitions
from emotion_models.nn.batches import in_batches
from emotion_models.sketch.module import SketchModule, condition

STRENGTH = 0.8
INTERVALS = 20
BATCH = 256
_SEED = 77
_RECOGNITION_BLUR = 1.5  # σ in pixels
_MOTION_BLURS = (1.0, 2.0, 3.0)
_BLUR = 2.0


@dataclass(frozen=True)
class Protocol:
    """
    How much is drawn to measure a face.

    Args:
        strangers: people whose eight expressions are recognised.
        people: others whose face is walked between drawings.
        pairs: walks for each of them.
        drawings: of one person, to cover with as many pictures between codes.
    """

    strangers: int = 50
    people: int = 10
    pairs: int = 10
    drawings: int = 512


class Face:
    """
    A trained module, with arrays in and out.

    Args:
        module: in evaluation mode, on the CPU.
    """

    def __init__(self, module: SketchModule) -> None:
        self._module = module

    @torch.no_grad()
    def encode(self, drawings: DrawingBatch) -> np.ndarray:
        """Means of the codes, (B, N_LATENT)."""
        return self._module.encode(drawings.distances()).mean.numpy()

    @torch.no_grad()
    def prior_mean(self, drawings: DrawingBatch) -> np.ndarray:
        """Means of the prior, given the emotions and the affect of drawings, (B, N_LATENT)."""
        return self._module.prior_mean(drawings.emotions, drawings.affect).numpy()

    @torch.no_grad()
    def draw(
        self,
        latent: np.ndarray,
        drawings: DrawingBatch,
        emotions: np.ndarray | None = None,
        drop_condition: bool = False,
    ) -> np.ndarray:
        """
        Grey pictures of latent points.

        Args:
            latent: (B, N_LATENT).
            drawings: give identity and look, and the emotions where there are no others.
            emotions: (B, 7) in [0, 1].
            drop_condition: the decoder is not given the emotions.

        Returns:
            float32 (B, 64, 128) in [0, 1].
        """
        given = drawings.emotions if emotions is None else torch.as_tensor(emotions).float()
        conditions = condition(drawings, given, torch.full((len(given), 1), drop_condition))
        points = torch.as_tensor(latent).float()
        answer = in_batches(self._module.decode, points, conditions, size=BATCH)[:, 0].numpy()
        if self._module.hparams.output == 'grey':
            return answer
        return field_to_grey(answer * np.float32(REACH_PX))


def evaluate(
    module: SketchModule, held_out: Iterable[DrawingBatch], protocol: Protocol | None = None
) -> dict[str, float]:
    """
    All figures of one learned face.

    Args:
        module: what was trained.
        held_out: drawings of people that it was not trained on.
        protocol: how much is drawn.

    Returns:
        `reconstruction_flips`, `prior_flips`, `unconditioned_flips`: pixels of 8192 that differ
        from the target, the drawing of the parametric face, when it is decoded from its code, from
        the mean of the prior, and from its code without the emotions;
        `recognised`: share of strangers' expressions whose nearest prototype is the right one;
        `identity_distance`: how far strangers differ, relative to the parametric face;
        `flips`, `most_flips`: pixels that change between two of 21 black-and-white pictures on
        the way between the codes of two drawings of one person;
        `anci_2px`, `ratio_2px` and for other widths: see `measure_transitions`, of those
        pictures blurred as by an eye with this σ in pixels: 1 px is 0.6 minutes of arc at 1 m;
        `faded_…`: the same for cross-fading the two drawings;
        `precision`, `recall`: mean Euclidean distance, blurred with 2 px, of pictures half way
        between two codes to the nearest drawing of the person, and the other way.
    """
    face, protocol = Face(module.eval()), protocol or Protocol()
    report = _measure_drawings(face, held_out)
    report.update(_measure_strangers(face, protocol.strangers))
    report.update(_measure_motion(face, protocol.people, protocol.pairs))
    report.update(_measure_coverage(face, protocol.drawings))
    return report


def draw_person(person: Identity, emotions: np.ndarray) -> DrawingBatch:
    """
    Drawings of one person looking straight ahead.

    Args:
        person: whose face.
        emotions: (B, 7) in [0, 1].
    """
    face, count = ParametricFace(person), len(emotions)
    drawings = make_batch(
        [face.render_field(blend_action_units(row)) for row in emotions],
        [emotion_vad(row)[:2] for row in emotions],
        emotions,
        [person.as_vector()] * count,
        np.zeros((count, N_LOOK)),
    )
    return to_tensors(drawings)


def random_emotions(count: int, generator: np.random.Generator) -> np.ndarray:
    """One emotion in each row, or two, at any strength, (count, 7)."""
    emotions = np.zeros((count, len(EMOTIONS)))
    for row in emotions:
        chosen = generator.choice(len(EMOTIONS), generator.integers(1, 3), replace=False)
        row[chosen] = generator.random(len(chosen))
    return emotions


def _measure_drawings(face: Face, held_out: Iterable[DrawingBatch]) -> dict[str, float]:
    flips: dict[str, list[np.ndarray]] = defaultdict(list)
    for drawings in held_out:
        codes = face.encode(drawings)
        decoded = {
            'reconstruction': face.draw(codes, drawings),
            'prior': face.draw(face.prior_mean(drawings), drawings),
            'unconditioned': face.draw(codes, drawings, drop_condition=True),
        }
        target = _is_lit(picture_of(drawings))
        for name, picture in decoded.items():
            flips[name].append((_is_lit(picture) != target).sum((1, 2)))
    return {f'{name}_flips': float(np.concatenate(count).mean()) for name, count in flips.items()}


def _measure_strangers(face: Face, count: int) -> dict[str, float]:
    generator = np.random.default_rng(_SEED)
    expressions = np.vstack([np.zeros(len(EMOTIONS)), STRENGTH * np.eye(len(EMOTIONS))])
    prototypes = picture_of(draw_person(Identity.default(), expressions))
    known = _blur(_is_lit(prototypes), _RECOGNITION_BLUR)
    pictures, originals = [], []
    for _ in range(count):
        drawings = draw_person(Identity.random(generator), expressions)
        pictures.append(_is_lit(face.draw(face.prior_mean(drawings), drawings)))
        originals.append(_is_lit(picture_of(drawings)))
    hits = [
        np.argmin(((known - picture) ** 2).sum((1, 2))) == true
        for person in pictures
        for true, picture in enumerate(_blur(person, _RECOGNITION_BLUR))
    ]
    apart = _median_distance(np.array(pictures)) / _median_distance(np.array(originals))
    return {'recognised': float(np.mean(hits)), 'identity_distance': float(apart)}


def _median_distance(people: np.ndarray) -> float:
    """Median number of pixels in which two people with equal expressions differ."""
    first, second = np.triu_indices(len(people), 1)
    return float(np.median((people[first] != people[second]).sum((2, 3))))


def _measure_motion(face: Face, people: int, pairs: int) -> dict[str, float]:
    generator = np.random.default_rng(_SEED)
    walked, faded = [], []
    for _ in range(people):
        drawings = draw_person(Identity.random(generator), random_emotions(2 * pairs, generator))
        for first, second in np.arange(2 * pairs).reshape(pairs, 2):
            walked.append(_is_lit(walk(face, drawings, first, second)))
            faded.append(_is_lit(fade(drawings, first, second)))
    report = {}
    for prefix, paths in (('', walked), ('faded_', faded)):
        flips = np.array([(path[1:] != path[:-1]).sum((1, 2)) for path in paths])
        report[f'{prefix}flips'] = float(flips.mean())
        report[f'{prefix}most_flips'] = float(flips.max())
        for sigma in _MOTION_BLURS:
            seen = np.array([_seen(path, sigma) for path in paths])
            measured = measure_transitions(seen, distance='flat').report()
            report[f'{prefix}anci_{sigma:g}px'] = measured['anci']['mean']
            report[f'{prefix}ratio_{sigma:g}px'] = measured['ratio']['median']
    return report


def walk(face: Face, drawings: DrawingBatch, first: int, second: int) -> np.ndarray:
    """Grey pictures from one drawing to another, (INTERVALS + 1, 64, 128), by their codes."""
    shares = np.linspace(0.0, 1.0, INTERVALS + 1)[:, None]
    ends = DrawingBatch(*(part[[first, second]] for part in drawings))
    codes, emotions = face.encode(ends), ends.emotions.numpy()
    person = DrawingBatch(*(part[[0] * len(shares)] for part in ends))
    way = codes[0] + shares * (codes[1] - codes[0])
    return face.draw(way, person, emotions[0] + shares * (emotions[1] - emotions[0]))


def fade(drawings: DrawingBatch, first: int, second: int) -> np.ndarray:
    """The same number of pictures, cross-faded."""
    shares = np.linspace(0.0, 1.0, INTERVALS + 1)[:, None, None]
    start, end = picture_of(DrawingBatch(*(part[[first, second]] for part in drawings)))
    return start + shares * (end - start)


def _measure_coverage(face: Face, count: int) -> dict[str, float]:
    generator = np.random.default_rng(_SEED)
    drawings = draw_person(Identity.random(generator), random_emotions(count, generator))
    codes, emotions = face.encode(drawings), drawings.emotions.numpy()
    first, second = generator.integers(0, count, (2, count))
    person = DrawingBatch(*(part[[0] * count] for part in drawings))
    between = face.draw(
        (codes[first] + codes[second]) / 2, person, (emotions[first] + emotions[second]) / 2
    )
    known, generated = (_seen(_is_lit(grey), _BLUR) for grey in (picture_of(drawings), between))
    return {
        'precision': cover(generated, known, 'flat').report()['mean'],
        'recall': cover(known, generated, 'flat').report()['mean'],
    }


def picture_of(drawings: DrawingBatch) -> np.ndarray:
    """The drawings in grey, float32 (B, 64, 128) in [0, 1]."""
    return field_to_grey(drawings.distances()[:, 0].numpy() * np.float32(REACH_PX))


def _is_lit(grey: np.ndarray) -> np.ndarray:
    return grey > THRESHOLD


def _seen(lit: np.ndarray, sigma: float) -> np.ndarray:
    """What the panel shows, blurred as by an eye, as the points (N, 1, pixels) of the measures."""
    return _blur(lit, sigma).reshape(len(lit), 1, HEIGHT * WIDTH)


def _blur(lit: np.ndarray, sigma: float) -> np.ndarray:
    return np.array([cv2.GaussianBlur(row, (0, 0), sigma) for row in lit.astype(np.float32)])
