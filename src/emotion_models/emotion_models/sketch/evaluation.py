# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well a learned face draws people that it was not trained on, and how evenly it moves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch

from emotion_models.data.data_module import to_tensors
from emotion_models.data.drawings import REACH_PX, DrawingBatch, make_batch
from emotion_models.drawing.action_units import blend_action_units
from emotion_models.drawing.face import THRESHOLD, ParametricFace
from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.nuance import shade_action_units
from emotion_models.drawing.parts import identity_columns
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH, View
from emotion_models.labels.emotions import EMOTIONS, emotion_vad
from emotion_models.metrics.coverage import cover
from emotion_models.metrics.transitions import measure_transitions
from emotion_models.nn.batches import in_batches
from emotion_models.sketch.faults import count_per_thousand, not_counted
from emotion_models.sketch.module import SketchModule

STRENGTH = 0.8
INTERVALS = 20
BATCH = 256
FILLS = (0.0, 0.5, 1.0)
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
        faulty: strangers, beside the robot's own face, whose faults of pixels are counted.
    """

    strangers: int = 50
    people: int = 10
    pairs: int = 10
    drawings: int = 512
    faulty: int = 5


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
    def place(self, drawings: DrawingBatch) -> np.ndarray:
        """Where the labels of drawings lie, (B, N_LATENT)."""
        return self._module.prior_mean(drawings).numpy()

    def draw_units(
        self, units: np.ndarray, affect: np.ndarray, identity: np.ndarray, look: np.ndarray
    ) -> np.ndarray:
        """
        Grey pictures of labels.

        Args:
            units: action units, (B, 21).
            affect: valence and arousal, (B, 2).
            identity: (B, 16) in [0, 1].
            look: (B, N_LOOK).

        Returns:
            float32 (B, 64, 128) in [0, 1].
        """
        undrawn = [np.zeros((HEIGHT, WIDTH))] * len(units)
        no_emotions = np.zeros((len(units), len(EMOTIONS)))
        drawings = make_batch(undrawn, affect, no_emotions, identity, look, units)
        labelled = to_tensors(drawings)
        return self.draw(self.place(labelled), labelled.look)

    @torch.no_grad()
    def draw(self, latent: np.ndarray, look: torch.Tensor) -> np.ndarray:
        """
        Grey pictures of latent points.

        Args:
            latent: (B, N_LATENT).
            look: (B, N_LOOK), or of one row for all.

        Returns:
            float32 (B, 64, 128) in [0, 1].
        """
        points = torch.as_tensor(latent).float()
        looks = look.expand(len(points), -1)
        answer = in_batches(self._module.decode, points, looks, size=BATCH)[:, 0].numpy()
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
        `wish_flips`, `drawing_flips`, `units_flips`: pixels of 8192 that differ from the target,
        the drawing of the parametric face, when it is decoded from where its emotions, affect and
        identity lie, from the code of the drawing, and from where action units that show no
        emotion together lie; with `_fill_0`, `_fill_0.5`, `_fill_1` at that `eye_fill` alone;
        `recognised`: share of strangers' expressions whose nearest prototype is the right one;
        `identity_distance`: how far strangers differ, relative to the parametric face;
        `flips`, `most_flips`: pixels that change between two of 21 black-and-white pictures on
        the way between the codes of two drawings of one person;
        `anci_2px`, `ratio_2px` and for other widths: see `measure_transitions`, of those
        pictures blurred as by an eye with this σ in pixels: 1 px is 0.6 minutes of arc at 1 m;
        `faded_…`: the same for cross-fading the two drawings;
        `precision`, `recall`: mean Euclidean distance, blurred with 2 px, of pictures half way
        between two codes to the nearest drawing of the person, and the other way;
        `faults_…`: faults of pixels in a thousand pictures, see `count_per_thousand`; not a
        number where the face has no parts.
    """
    face, protocol = Face(module.eval()), protocol or Protocol()
    report = _measure_drawings(face, held_out)
    report.update(_measure_strangers(face, protocol.strangers))
    report.update(_measure_motion(face, protocol.people, protocol.pairs))
    report.update(_measure_coverage(face, protocol.drawings))
    has_parts = module.hparams.parts
    report.update(
        count_per_thousand(face.draw_units, protocol.faulty) if has_parts else not_counted()
    )
    return report


def draw_person(
    person: Identity, emotions: np.ndarray, beyond: tuple[float, float] = (0.0, 0.0)
) -> DrawingBatch:
    """
    Drawings of one person looking straight ahead.

    Args:
        person: whose face.
        emotions: (B, 7) in [0, 1].
        beyond: valence and arousal beyond those of the emotions, which shade the face.
    """
    face, count = ParametricFace(person), len(emotions)
    units = [shade_action_units(blend_action_units(row), *beyond) for row in emotions]
    drawings = make_batch(
        [face.render_field(row) for row in units],
        [emotion_vad(row)[:2] + beyond for row in emotions],
        emotions,
        [person.as_vector()] * count,
        np.zeros((count, N_LOOK)),
        units,
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
        styles = {'': drawings}
        if drawings.has_units.all():
            styles |= {f'_fill_{fill:g}': _with_fill(drawings, fill) for fill in FILLS}
        for style, restyled in styles.items():
            for name, count in _count_flips(face, restyled).items():
                flips[f'{name}_flips{style}'].append(count)
    return {name: float(np.concatenate(count).mean()) for name, count in flips.items()}


def _count_flips(face: Face, drawings: DrawingBatch) -> dict[str, np.ndarray]:
    """Pixels that differ from drawings, by what was decoded."""
    target, is_mixed = _is_lit(picture_of(drawings)), drawings.is_mixed[:, 0].numpy()
    coded, placed = (
        (_is_lit(face.draw(points, drawings.look)) != target).sum((1, 2))
        for points in (face.encode(drawings), face.place(drawings))
    )
    return {'wish': placed[~is_mixed], 'drawing': coded, 'units': placed[is_mixed]}


def _with_fill(drawings: DrawingBatch, fill: float) -> DrawingBatch:
    """The same faces drawn anew with this `eye_fill`."""
    identity = drawings.identity.clone()
    identity[:, identity_columns(['eye_fill'])] = fill
    fields = [
        ParametricFace(Identity.from_vector(person)).render_field(units, View(*look))
        for person, units, look in zip(
            identity.numpy(), drawings.action_units.numpy(), drawings.look.tolist(), strict=True
        )
    ]
    redrawn = to_tensors(make_batch(fields, *drawings[1:5]))
    return drawings._replace(field=redrawn.field, identity=identity)


def _measure_strangers(face: Face, count: int) -> dict[str, float]:
    generator = np.random.default_rng(_SEED)
    expressions = np.vstack([np.zeros(len(EMOTIONS)), STRENGTH * np.eye(len(EMOTIONS))])
    hits, pictures, originals = [], [], []
    for _ in range(count):
        person = Identity.random(generator)
        drawings = draw_person(person, expressions)
        pictures.append(_is_lit(face.draw(face.place(drawings), drawings.look)))
        originals.append(_is_lit(picture_of(drawings)))
        known = _prototypes(person.eye_fill, expressions)
        hits += [
            np.argmin(((known - picture) ** 2).sum((1, 2))) == true
            for true, picture in enumerate(_blur(pictures[-1], _RECOGNITION_BLUR))
        ]
    apart = _median_distance(np.array(pictures)) / _median_distance(np.array(originals))
    return {'recognised': float(np.mean(hits)), 'identity_distance': float(apart)}


def _prototypes(fill: float, expressions: np.ndarray) -> np.ndarray:
    """The robot's own expressions in a style, blurred, (8, 64, 128)."""
    drawn = draw_person(replace(Identity.default(), eye_fill=fill), expressions)
    return _blur(_is_lit(picture_of(drawn)), _RECOGNITION_BLUR)


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
    codes = face.encode(DrawingBatch(*(part[[first, second]] for part in drawings)))
    return face.draw(codes[0] + shares * (codes[1] - codes[0]), drawings.look[[first]])


def fade(drawings: DrawingBatch, first: int, second: int) -> np.ndarray:
    """The same number of pictures, cross-faded."""
    shares = np.linspace(0.0, 1.0, INTERVALS + 1)[:, None, None]
    start, end = picture_of(DrawingBatch(*(part[[first, second]] for part in drawings)))
    return start + shares * (end - start)


def _measure_coverage(face: Face, count: int) -> dict[str, float]:
    generator = np.random.default_rng(_SEED)
    drawings = draw_person(Identity.random(generator), random_emotions(count, generator))
    codes = face.encode(drawings)
    first, second = generator.integers(0, count, (2, count))
    between = face.draw((codes[first] + codes[second]) / 2, drawings.look)
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
