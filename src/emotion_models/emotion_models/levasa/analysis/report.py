# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The whole analysis of one or several checkpoints: a folder with tables, pictures and a page."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from emotion_models.data.data_module import DataModule
from emotion_models.data.va_faces import VaFaces
from emotion_models.figures.plots import evenly_spread, save_figures
from emotion_models.levasa.analysis import latent_tables, pictures, probe_tables, walk_pictures
from emotion_models.levasa.analysis.models import (
    Faces,
    TrainedModel,
    data_of_checkpoints,
    gather_faces,
    load_models,
)
from emotion_models.levasa.analysis.tables import Table

MOST_TRAINING_FACES = 4000
"""Training faces that a missing read-out is fitted on."""

PAGE = 'report.md'


@dataclass(frozen=True)
class Picture:
    """
    A figure of the report.

    Args:
        name: of the file.
        caption: one line.
        figure: what to draw.
    """

    name: str
    caption: str
    figure: Figure

    def write(self, folder: Path) -> None:
        """`NAME.png`."""
        save_figures(folder, {self.name: self.figure})

    def to_markdown(self) -> str:
        """The embedded file and its caption."""
        return f'![{self.caption}]({self.name}.png)\n\n{self.caption}\n'


def analyse(
    checkpoints: Sequence[str | Path],
    folder: Path,
    data: DataModule | None = None,
    show: Callable[[str], None] = print,
) -> Path:
    """
    Analyse trained autoencoders on the held-out faces of their data, side by side.

    Args:
        checkpoints: files of `emotion-models fit`.
        folder: made if it is not there; gets `report.md`, CSV tables and PNG pictures.
        data: whose test part is held out; none = the data that all were trained with.
        show: is called with a line for each part of the report.

    Returns:
        The page.

    Raises:
        FileNotFoundError: if a checkpoint or the data is not there.
        ValueError: if a checkpoint is of another kind, or they were trained on different data.
    """
    if data is None:
        data = data_of_checkpoints(checkpoints)
    held_out = gather_faces(data.in_order('test'))
    training = gather_faces(data.in_order('training'), MOST_TRAINING_FACES)
    show(f'{len(held_out)} held-out faces of {data.data_set.ORIGIN["name"]}')
    models = load_models(checkpoints, held_out, training)
    folder.mkdir(parents=True, exist_ok=True)
    begun_s = time.monotonic()
    page = [_heading(data.data_set, held_out)]
    for part in _parts(models, held_out, training, data.data_set):
        if isinstance(part, Table):
            part.write_csv(folder)
        else:
            part.write(folder)
        page.append(part.to_markdown())
        show(f'{part.name}: {time.monotonic() - begun_s:.0f} s')
    path = folder / PAGE
    path.write_text('\n'.join(page), encoding='utf-8')
    return path


def _parts(
    models: Sequence[TrainedModel], faces: Faces, training: Faces, data: VaFaces
) -> Iterator[Table | Picture]:
    """Tables and pictures in the order of the page; what does not apply is left out."""
    affect = faces.affect
    yield latent_tables.models_table(models)
    yield latent_tables.alignment_table(models, affect)
    yield latent_tables.readings_table(models, affect)
    yield from _plane_pictures(models, faces, data)
    predictions = latent_tables.ridge_by_model(models, affect)
    yield latent_tables.ridge_table(models, predictions, faces)
    yield from _present(latent_tables.ridge_gain_table(models, predictions, affect))
    yield latent_tables.cross_alignment_table(models, affect)
    similarities = probe_tables.reconstruct(models, faces, training)
    yield probe_tables.reconstruction_table(similarities)
    yield Picture(
        'reconstructions',
        'Held-out faces and their reconstructions.',
        walk_pictures.plot_reconstructions(models, faces),
    )
    yield from latent_tables.trade_off_tables(models, affect, predictions, similarities)
    yield from _walk_pictures(models, faces)
    yield from _map_pictures(models, faces, data)
    yield from _present(probe_tables.classification_table(models, faces))
    yield from _present(probe_tables.bins_table(models, affect))
    yield probe_tables.regression_table(models, affect)


def _plane_pictures(
    models: Sequence[TrainedModel], faces: Faces, data: VaFaces
) -> Iterator[Picture]:
    yield Picture(
        'circumplex',
        'Held-out faces in the plane of valence and arousal: labels, and the reading of each '
        'model; the ellipses are the prototypes of the classes.',
        pictures.plot_circumplex(models, faces, data.prototypes, data.classes),
    )
    yield Picture(
        'circumplex_batch',
        'Labels (red) joined with the readings of the same faces.',
        pictures.plot_batch(models, faces, data.prototypes),
    )


def _walk_pictures(models: Sequence[TrainedModel], faces: Faces) -> Iterator[Picture]:
    for model in models:
        yield Picture(
            f'traversal_{_file_name(model)}',
            f'{model.name}: one part of the latent at a time goes from the first face to the '
            'last, the rest stays with the first.',
            walk_pictures.plot_traversals(model, faces),
        )
    for model in models:
        if model.module.variant == 'continuous':
            yield Picture(
                f'plane_{_file_name(model)}',
                f'{model.name}: every dimension of z_v set to a valence, of z_a to an arousal.',
                walk_pictures.plot_plane_grid(model, faces),
            )


def _map_pictures(
    models: Sequence[TrainedModel], faces: Faces, data: VaFaces
) -> Iterator[Picture]:
    chosen = evenly_spread(len(faces), pictures.MAP_FACES)
    maps = pictures.make_maps(models, chosen)
    yield Picture(
        'maps_by_label',
        'z_v coloured by valence, z_a by arousal.',
        pictures.plot_maps_by_label(models, maps, chosen, faces),
    )
    if (faces.expression >= 0).any():
        yield Picture(
            'maps_by_class',
            'The same maps coloured by class.',
            pictures.plot_maps_by_class(models, maps, chosen, faces, data.classes),
        )


def _present(table: Table | None) -> Iterator[Table]:
    if table is not None:
        yield table


def _file_name(model: TrainedModel) -> str:
    return ''.join(letter if letter.isalnum() else '_' for letter in model.name)


def _heading(data: VaFaces, faces: Faces) -> str:
    spread = ', '.join(
        f'{name} {values.mean():.3f} ± {values.std():.3f}'
        for name, values in zip(('valence', 'arousal'), faces.affect.T, strict=True)
    )
    return (
        '# Valence and arousal in latents\n\n'
        f'{len(faces)} held-out faces (test part) of {data.ORIGIN["name"]}, in a fixed order; '
        'evaluation mode, latent = mean of the posterior. Labels, mean ± standard deviation: '
        f'{spread}.\n'
    )
