# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Clips with valence and arousal of one's own, and in the folders of the challenge's entry."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from emotion_models.data.clip_files import (
    FEATURES_LAYOUT,
    Source,
    StoredClips,
    noted_network,
    read_statistics,
    sources_in,
)
from emotion_models.data.clips import ClipPart, FeatureList, Statistics
from emotion_models.data.data_set import DataSet, Parts

NO_CLIPS = ClipPart((), FeatureList({}))
"""A part that there is not."""


@dataclass(frozen=True)
class AnnotatedClips(DataSet):
    """
    Clips in files as `extract-features --annotations` writes them.

    Args:
        path: file to train on.
        validation_path: file that chooses checkpoints.
        test_path: file that is only reported on, or predicted; none = there is none.
        features: their names in order, separated by commas.
    """

    CONTENT = 'clips of your own videos with valence and arousal, from extract-features'
    LAYOUT = FEATURES_LAYOUT
    ORIGIN: ClassVar[dict[str, str]] = {'name': 'clips of your own', 'terms': 'yours'}

    path: str
    validation_path: str
    test_path: str | None = None
    features: str = 'embedding,expression,va'

    def load_parts(self, seed: int) -> Parts:
        """Look into all files; clips are read when they are asked for."""
        noted_network(self._paths)
        return {
            'training': load_clips(self.path, self.features),
            'validation': load_clips(self.validation_path, self.features),
            'test': load_clips(self.test_path, self.features) if self.test_path else NO_CLIPS,
        }

    @property
    def origin(self) -> dict[str, Any]:
        """Also the affect network whose features they are, where the files name one."""
        return {**super().origin, **noted_network(self._paths)}

    @property
    def _paths(self) -> list[str]:
        return [path for path in (self.path, self.validation_path, self.test_path) if path]


@dataclass(frozen=True)
class ChallengeClips(DataSet):
    """
    The folders of the challenge's entry: `targets/SET_valid_targets.h5` with the sets train, val
    and, if there is one, test, and `features/SET_FEATURE.h5`.

    Args:
        path: the folder with both.
        features: their names in order, separated by commas.
        published_statistics: take mean and standard deviation of features from
            `features/mean_std_on_trn/FEATURE.h5` instead of computing them.
    """

    CONTENT = 'features and targets of Aff-Wild2 or other videos, as for the 3rd ABAW challenge'
    LAYOUT = (
        'a folder with targets/{train,val}_valid_targets.h5, perhaps test_valid_targets.h5, and '
        'features/{train,val,test}_FEATURE.h5'
    )
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'Aff-Wild2, or other videos in its layout',
        'source': 'Kollias, Zafeiriou, "Expression, Affect, Action Unit Recognition: Aff-Wild2, '
        'Multi-Task Learning and ArcFace", BMVC 2019',
        'terms': 'Aff-Wild2: non-commercial research, by agreement',
        'affect': 'rated, frame by frame',
    }

    path: str
    features: str = 'affectnet,vggish,wav2vec'
    published_statistics: bool = False

    def load_parts(self, seed: int) -> Parts:
        """Look into all files; clips are read when they are asked for."""
        folder = self.check_path(self.path)
        parts = {part: self._part(folder, part) for part in self._parts(folder)}
        noted_network(self._files(folder))
        return {
            'training': parts['train'],
            'validation': parts['val'],
            'test': parts.get('test', NO_CLIPS),
        }

    @property
    def origin(self) -> dict[str, Any]:
        """Also the affect network whose features they are, where the files name one."""
        return {**super().origin, **noted_network(self._files(self.check_path(self.path)))}

    def _parts(self, folder: Path) -> list[str]:
        has_test = self._targets(folder, 'test').is_file()
        return ['train', 'val', *(['test'] if has_test else [])]

    def _files(self, folder: Path) -> list[Path]:
        parts = self._parts(folder)
        return [path for part in parts for path in self._places(folder, part).values()]

    def _places(self, folder: Path, part: str) -> dict[str, Path]:
        names = split_names(self.features)
        return {name: folder / 'features' / f'{part}_{name}.h5' for name in names}

    @staticmethod
    def _targets(folder: Path, part: str) -> Path:
        return folder / 'targets' / f'{part}_valid_targets.h5'

    def _part(self, folder: Path, part: str) -> ClipPart:
        places = self._places(folder, part)
        for name, path in places.items():
            if not path.is_file():
                raise FileNotFoundError(
                    f'no file {path.absolute()} of the feature {name}; there are '
                    f'{_features_in(folder, part)}'
                )
        clips = StoredClips(
            [Source(*item) for item in places.items()], self._targets(folder, part)
        )
        return ClipPart(clips, FeatureList(clips.widths), self._statistics(folder))

    def _statistics(self, folder: Path) -> Callable[[str], Statistics] | None:
        if not self.published_statistics:
            return None
        place = folder / 'features' / 'mean_std_on_trn'
        return lambda feature: read_statistics(place / f'{feature}.h5')


def load_clips(path: str | Path, features: str, names: list[str] | None = None) -> ClipPart:
    """
    Clips of one file, with their targets where it has them.

    Args:
        path: of the file.
        features: their names in order, separated by commas.
        names: of the clips; none = all.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it does not hold what is asked for.
    """
    path = Path(path)
    clips = StoredClips(sources_in(path, split_names(features)), path, names)
    return ClipPart(clips, FeatureList(clips.widths))


def split_names(features: str) -> list[str]:
    """
    Names that are separated by commas.

    Raises:
        ValueError: if there is none, or one is written twice.
    """
    names = [name.strip() for name in features.split(',') if name.strip()]
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f'features: expected names separated by commas, each once, got {features!r}'
        )
    return names


def _features_in(folder: Path, part: str) -> str:
    found = sorted(
        path.stem[len(part) + 1 :] for path in (folder / 'features').glob(f'{part}_*.h5')
    )
    return ', '.join(found) or 'none'
