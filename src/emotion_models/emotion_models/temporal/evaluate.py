# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How `emotion-models evaluate` measures sequence models."""

import argparse
from pathlib import Path

from emotion_models.training.evaluation import Evaluation, checkpoints_of

REPORT = 'report.md'


def evaluate_sequences(options: argparse.Namespace) -> None:
    """Tables of agreement, delay, features, cost and smiles, printed and in `report.md`."""
    from emotion_models.figures.plots import save_figures
    from emotion_models.temporal import report
    from emotion_models.temporal.evaluation import over_delay
    from emotion_models.temporal.on_line import follow_smiles, shown_estimates
    from emotion_models.temporal.own_neutral import long_smiles
    from emotion_models.temporal.report_plots import plot_delays, plot_smiles
    from emotion_models.temporal.runs import read_runs
    from emotion_models.temporal.smiles import read_scenes

    runs = read_runs(checkpoints_of(options))
    scenes = read_scenes(options.smiles) if options.smiles else []
    curves = over_delay(runs)
    figures = {'delays': plot_delays(curves)}
    tables = {
        'Agreement': report.agreement_table(runs),
        'Gain over the filtered frame head': report.gains_table(runs),
        'Features': report.features_table(runs),
        'Own neutral': report.neutral_table(runs),
        'Delay': report.delay_table(curves),
        'Cost': report.costs_table(runs),
    }
    if scenes:
        long = report.long_smiles_table(long_smiles(runs, scenes[0]))
        tables['A smile of a minute'] = long
        tables['Smiles'] = report.smiles_table(follow_smiles(runs, scenes))
        figures['smiles'] = plot_smiles(scenes, shown_estimates(runs, scenes))
    options.to.mkdir(parents=True, exist_ok=True)
    text = '\n\n'.join(f'## {title}\n{table}' for title, table in tables.items() if table)
    (options.to / REPORT).write_text(text + '\n', encoding='utf-8')
    print(text)
    for path in save_figures(options.to, figures):
        print(path)


EVALUATION = Evaluation(
    run=evaluate_sequences,
    required=('--to',),
    options={
        '--smiles': {
            'type': Path,
            'metavar': 'FOLDER',
            'help': 'clips of a smile with their phases.csv, alone and composed: signs, reaction, '
            'steadiness',
        },
    },
)
