# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What there is to train, to train on and to run, in lines."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from emotion_models.data.catalogue import DATA_SETS
from emotion_models.runtime.artefact import list_artefacts

EXPERIMENTS = Path('config', 'experiments')
WIDTH = 99


def describe_all() -> str:
    """Experiments of the current folder, data sets and shipped models."""
    sections = {
        f'experiments (emotion-models fit --config {EXPERIMENTS}/NAME.yaml)': list_experiments(),
        "data sets (data_set of an experiment's data, and how the files lie)": list_data_sets(),
        'shipped models': list_models(),
    }
    return '\n\n'.join('\n'.join((title, *lines)) for title, lines in sections.items())


def list_experiments() -> Iterator[str]:
    """A line for each experiment, with its first comment."""
    paths = sorted(EXPERIMENTS.glob('*.yaml'))
    if not paths:
        yield f'  none in {EXPERIMENTS.absolute()}; call this in the folder of the repository'
    for path in paths:
        first = path.read_text(encoding='utf-8').partition('\n')[0]
        yield f'  {path.stem:24} {first.removeprefix("#").strip()}'


def list_data_sets() -> Iterator[str]:
    """A paragraph for each data set."""
    for data_set in DATA_SETS:
        text = f'{data_set.CONTENT}; {data_set.LAYOUT or "needs no files"}'
        yield f'  {data_set.class_path()}'
        yield textwrap.indent(textwrap.fill(text, WIDTH - 6), ' ' * 6)


def list_models() -> Iterator[str]:
    """A line for each shipped model."""
    for artefact in list_artefacts():
        size_mb = artefact.model_path.stat().st_size / 1e6
        yield f'  {artefact.name:28} {size_mb:5.2f} MB  {artefact.card.get("description", "")}'
