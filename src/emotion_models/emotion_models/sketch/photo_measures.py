# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What drawings of photographs keep of the photographs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from emotion_models.data.data_module import to_tensors
from emotion_models.data.drawings import REACH_PX
from emotion_models.data.face_points import FaceMeasures, PointScales, is_frontal
from emotion_models.data.photo_faces import SHOWN, PhotoFaces, load_measured, photo_columns
from emotion_models.drawing.action_units import N_ACTION_UNITS, blend_action_units
from emotion_models.drawing.face import THRESHOLD
from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS, identity_columns, unit_columns
from emotion_models.drawing.samples import sample
from emotion_models.drawing.view import N_LOOK
from emotion_models.metrics.agreement import bootstrap_intervals, pearson
from emotion_models.nn.batches import in_batches
from emotion_models.sketch.drawing_readers import (
    GEOMETRY,
    Classifier,
    GeometryReader,
    Prototypes,
    people_in_style,
    render,
    tell_apart,
)
from emotion_models.sketch.network import OF_IDENTITY
from emotion_models.sketch.non_faces import make_non_faces
from emotion_models.sketch.photo_module import PhotoModule

CLEAR_VOTES = 6
ASKED = ('neutral', 'joy', 'surprise', 'sad', 'mad', 'fear')
"""What the robot shows for the six expressions whose recall is measured."""
STEPS = 25
_SEED = 78
_FEW = 0.3
_DIFFERENT_PX = 150


@dataclass(frozen=True)
class Photos:
    """
    Photographs and what is known about them.

    Args:
        faces: grey, uint8 (N, S, S).
        shown: place in `SHOWN` of what the votes say, -1 where they are not clear, (N,).
        measures: on their points.
        units: by the points, (N, 18); 0 where they have none.
        proportions: by the points, (N, 6).
    """

    faces: np.ndarray
    shown: np.ndarray
    measures: FaceMeasures
    units: np.ndarray
    proportions: np.ndarray

    @property
    def is_asked(self) -> np.ndarray:
        """Which have one of the six expressions, bool (N,)."""
        return np.isin(self.shown, [SHOWN.index(name) for name in ASKED])


def load_photos(data: PhotoFaces, scales: PointScales) -> Photos:
    """The test faces of a data set, and what the scales of its training faces say of them."""
    faces, measures = load_measured(data.test_path, data.test_points)
    columns = photo_columns(faces, measures, scales)
    emotions, share = columns[4], columns[5]
    votes = emotions * share * faces.votes.sum(1, keepdims=True)
    clear = votes.max(1) >= CLEAR_VOTES
    return Photos(
        faces.images,
        np.where(clear, votes.argmax(1), -1),
        measures,
        columns[1],
        columns[2],
    )


class PhotoFace:
    """
    A trained encoder and its face, with arrays in and out.

    Args:
        module: in evaluation mode, on the CPU.
    """

    def __init__(self, module: PhotoModule) -> None:
        self.module = module.eval()

    @torch.no_grad()
    def locate(self, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points (N, N_LATENT) and confidences (N,) of grey faces, uint8 (N, S, S)."""
        parts = torch.from_numpy(faces[:, None]).split(256)
        latent, sure = zip(*(self.module.locate(part) for part in parts), strict=True)
        return torch.cat(latent).numpy(), torch.cat(sure).numpy()

    def draw(self, latent: np.ndarray) -> np.ndarray:
        """Lit pixels of points (N, N_LATENT) that look straight ahead, bool (N, 64, 128)."""
        return to_lit(self._fields(latent))

    def draw_again(self, latent: np.ndarray) -> np.ndarray:
        """Where the drawings of points lie, (N, N_LATENT)."""
        fields = torch.from_numpy(self._fields(latent)[:, None]).clamp(-1, 1)
        return in_batches(lambda part: self.module.encode(part).mean, fields, size=256).numpy()

    @torch.no_grad()
    def read_shown(self, latent: np.ndarray) -> np.ndarray:
        """Places in `SHOWN` of what points show, (N,)."""
        points = torch.from_numpy(latent)
        return self.module.labels.read_expression(points).argmax(1).numpy()

    @torch.no_grad()
    def read_proportions(self, latent: np.ndarray) -> np.ndarray:
        """Proportions (N, 6) of points."""
        read = self.module.labels.read_identity(torch.from_numpy(latent))
        return read[:, identity_columns(PROPORTIONS)].numpy()

    @torch.no_grad()
    def at_rest(self) -> np.ndarray:
        """Where the robot's own face at rest lies, (1, N_LATENT)."""
        return self.module.placement.at_rest(self.module.labels).numpy()

    @torch.no_grad()
    def wishes(self, seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Lit drawings of wishes by the decoder, and rendered ones, bool (N, 64, 128) each."""
        from emotion_models.sketch.photo_network import place_labels

        drawn = [sample(seed, number) for number in range(count)]
        units = np.array([one.action_units for one in drawn])
        people = people_in_style(count, np.random.default_rng(seed))
        latent = place_labels(
            self.module.labels,
            *(
                torch.tensor(np.asarray(values)).float()
                for values in (units, people, [one.vad[:2] for one in drawn])
            ),
        )
        return self.draw(latent.numpy()), render(units, people)

    def _fields(self, latent: np.ndarray) -> np.ndarray:
        points = torch.from_numpy(np.asarray(latent, np.float32))
        look = torch.zeros(len(points), N_LOOK)
        return in_batches(self.module.decode, points, look, size=256)[:, 0].numpy()


def to_lit(fields: np.ndarray) -> np.ndarray:
    """Which pixels of fields (N, 64, 128), shares of `REACH_PX`, are lit."""
    return field_to_grey(fields * np.float32(REACH_PX)) > THRESHOLD


class Readers:
    """Everything that reads drawings, made once for all encoders that are compared."""

    def __init__(self) -> None:
        self.prototypes, self.classifier = Prototypes(), Classifier()
        self.geometry = GeometryReader()


def measure_expression(readers: Readers, lit: np.ndarray, photos: Photos) -> dict[str, float]:
    """
    Mean recall over the six expressions by both readers, and their 95 % intervals.

    Args:
        readers: of drawings.
        lit: drawings of all photographs, (N, 64, 128).
        photos: what is known about these.
    """
    rows = np.flatnonzero(photos.is_asked)
    true = photos.shown[rows]
    found = {
        'nearest': readers.prototypes(lit[rows]),
        'classified': readers.classifier(lit[rows]),
    }
    report: dict[str, float] = {}
    for name, answers in found.items():
        report |= recall_report(name, true, answers)
    return report


def recall_report(name: str, true: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """`NAME`, `NAME_low` and `NAME_high`: mean recall of the six, and where it lies."""
    classes = [SHOWN.index(shown) for shown in ASKED]

    def measure(chosen: np.ndarray) -> dict[str, float]:
        hit = true[chosen] == found[chosen]
        of = [hit[true[chosen] == k] for k in classes]
        return {'recall': float(np.mean([part.mean() for part in of if len(part)]))}

    everything = measure(np.arange(len(true)))['recall']
    low, high = bootstrap_intervals(measure, len(true))['recall_interval']
    report = {name: everything, f'{name}_low': low, f'{name}_high': high}
    for shown, k in zip(ASKED, classes, strict=True):
        if not (true == k).any():
            continue
        report[f'{name}_{shown}'] = float((found[true == k] == k).mean())
    return report


def measure_fidelity(readers: Readers, lit: np.ndarray, photos: Photos) -> dict[str, float]:
    """R of `GEOMETRY` of the drawings with that of the points, of faces seen from the front."""
    measures = photos.measures
    rows = np.flatnonzero(is_frontal(measures))
    of_points = (measures.lip_gap, measures.corner_height, measures.inner_brow)
    read = readers.geometry(lit[rows])
    return {
        f'r_{name}': pearson(column, expected[rows])
        for name, column, expected in zip(GEOMETRY, read.T, of_points, strict=True)
    }


def measure_likeness(
    face: PhotoFace, faces: np.ndarray, persons: np.ndarray, sequences: np.ndarray
) -> float:
    """
    Whether one person's sequences lie closer together than those of two.

    Args:
        face: draws.
        faces: of N frames.
        persons: whom each shows, (N,).
        sequences: to which each belongs, (N,).

    Returns:
        Area under the curve of distances of proportions, read off the neutral drawings of the
        identities, the mean of each sequence.
    """
    latent, _ = face.locate(faces)
    neutral = np.repeat(face.at_rest(), len(latent), 0)
    neutral[:, OF_IDENTITY] = latent[:, OF_IDENTITY]
    proportions = face.read_proportions(face.draw_again(neutral))
    return area_of_persons(proportions, persons, sequences)


def area_of_persons(numbers: np.ndarray, persons: np.ndarray, sequences: np.ndarray) -> float:
    """The area under the curve of `measure_likeness`, of any numbers (N, K)."""
    keys = sorted(set(zip(persons.tolist(), sequences.tolist(), strict=True)))
    means = np.array(
        [numbers[(persons == who) & (sequences == which)].mean(0) for who, which in keys]
    )
    means = (means - means.mean(0)) / np.maximum(means.std(0), 1e-6)
    who = np.array([key[0] for key in keys])
    first, second = np.triu_indices(len(keys), 1)
    distance = np.linalg.norm(means[first] - means[second], axis=1)
    same = who[first] == who[second]
    order = distance.argsort().argsort() + 1
    ranks = order[~same].sum() - (~same).sum() * ((~same).sum() + 1) / 2
    return float(ranks / (same.sum() * (~same).sum()))


def measure_swaps(face: PhotoFace, faces: np.ndarray, pairs: int = 200) -> dict[str, float]:
    """`swap_expression` and `swap_identity`: shares of swaps of which that is right."""
    latent, _ = face.locate(faces)
    first, second = np.random.default_rng(_SEED).integers(0, len(faces), (2, pairs))
    swapped = latent[second].copy()
    swapped[:, OF_IDENTITY] = latent[first][:, OF_IDENTITY]
    again = face.draw_again(swapped)
    expression = face.read_shown(again) == face.read_shown(latent[second])
    whose = face.read_proportions(again)
    far = [
        np.linalg.norm(whose - face.read_proportions(latent[rows]), axis=1)
        for rows in (first, second)
    ]
    return {
        'swap_expression': float(expression.mean()),
        'swap_identity': float((far[0] < far[1])[first != second].mean()),
    }


def measure_morphs(face: PhotoFace, faces: np.ndarray, pairs: int = 30) -> dict[str, float]:
    """`morph_flips`, pixels a step, and `morph_most`: the most of a way over its mean, mean."""
    latent, _ = face.locate(faces)
    first, second = (
        np.random.default_rng(_SEED).permutation(len(faces))[: 2 * pairs].reshape(2, -1)
    )
    shares = np.linspace(0, 1, STEPS + 1)[:, None]
    flips = []
    for a, b in zip(first, second, strict=True):
        way = face.draw(latent[a] + shares * (latent[b] - latent[a]))
        flips.append((way[1:] != way[:-1]).sum((1, 2)))
    counts = np.array(flips)
    ratio = counts.max(1) / np.maximum(counts.mean(1), 1e-6)
    return {
        'morph_flips': float(counts.mean()),
        'morph_most': float(ratio.mean()),
        'morph_worst': float(ratio.max()),
    }


def measure_non_faces(face: PhotoFace, photos: Photos, count: int = 300) -> dict[str, float]:
    """
    Shares of noise, parts of faces and the like, and of profiles, that are drawn as no face.

    That is with a confidence below 0.3 and at most 150 pixels from the robot's own at rest; and
    the share of faces seen from the front that are taken for none.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        made = make_non_faces(to_tensors(photos.faces[:count, None]).float())
    profiles = photos.faces[np.abs(photos.measures.turn) > 0.5]
    report = {}
    for name, faces in (
        ('non_faces', made[:, 0].numpy().astype(np.uint8)),
        ('profiles', profiles),
    ):
        latent, sure = face.locate(faces)
        far = (face.draw(latent) != face.draw(face.at_rest())).sum((1, 2))
        report[name] = float(((sure < _FEW) & (far <= _DIFFERENT_PX)).mean())
    frontal = photos.faces[is_frontal(photos.measures)]
    report['faces_refused'] = float((face.locate(frontal)[1] < _FEW).mean())
    return report


def measure_strangeness(face: PhotoFace, lit: np.ndarray, photos: Photos) -> dict[str, float]:
    """
    What a fresh critic makes of drawings of photographs beside the decoder's of wishes.

    Both are matched by what a reader of expressions finds in them. `critic_floor` is the same of
    the decoder's drawings beside rendered ones.
    """
    decoded, rendered = face.wishes(_SEED, 1500)
    prototypes = Prototypes()
    first, second = _matched(prototypes(lit[photos.is_asked]), prototypes(decoded))
    count = min(len(first), len(second))
    return {
        'critic': tell_apart(lit[photos.is_asked][first[:count]], decoded[second[:count]]),
        'critic_floor': tell_apart(decoded, rendered),
    }


def draw_points(photos: Photos) -> np.ndarray:
    """Drawings of the units and proportions of the points alone, bool (N, 64, 128)."""
    units = np.zeros((len(photos.units), N_ACTION_UNITS))
    units[:, unit_columns(FACIAL_UNITS)] = photos.units
    own = Identity.default()
    people = [
        own.with_proportions(row).as_vector() if row.any() else own.as_vector()
        for row in photos.proportions
    ]
    return render(units, np.array(people))


def draw_votes(photos: Photos) -> np.ndarray:
    """Drawings of what the votes say at full strength, as if every photograph were understood."""
    wishes = np.eye(len(SHOWN))[:, 1:]
    units = np.array([blend_action_units(wishes[max(0, k)]) for k in photos.shown])
    return render(units, np.array([Identity.default().as_vector()] * len(units)))


def _matched(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of two sets such that each class is as frequent in one as in the other, shuffled."""
    generator = np.random.default_rng(_SEED)
    chosen: tuple[list, list] = ([], [])
    for k in np.unique(first):
        rows = [generator.permutation(np.flatnonzero(part == k)) for part in (first, second)]
        count = min(map(len, rows))
        for kept, own in zip(chosen, rows, strict=True):
            kept.append(own[:count])
    order = generator.permutation(sum(map(len, chosen[0])))
    return np.concatenate(chosen[0])[order], np.concatenate(chosen[1])[order]


def table_rows(reports: Sequence[dict[str, float]]) -> list[str]:
    """Names of all figures, in the order in which they first occur."""
    return list(dict.fromkeys(name for report in reports for name in report))
