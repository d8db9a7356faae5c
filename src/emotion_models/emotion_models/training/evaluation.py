# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `evaluate`: which system a model belongs to, and how that system measures it."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emotion_models.runtime.artefact import load_artefact

SHARED_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    '--data': {
        'metavar': 'SOURCE',
        'help': 'affect: labelled faces, as archive (.npz), table (.csv), folder, or name in the '
        'shared data (docs/models.md). acai: poses (.npy, .npz). levasa, vdsm: experiment (.yaml) '
        'whose data to analyse on. Default: the data of the checkpoints',
    },
    '--to': {
        'type': Path,
        'metavar': 'FOLDER',
        'help': 'for the report (levasa, sketch, temporal, vdsm)',
    },
    '--json': {
        'type': Path,
        'metavar': 'FILE',
        'help': 'write all figures there (acai, affect)',
    },
    '--onto-card': {
        'nargs': '?',
        'const': '',
        'metavar': 'MODEL',
        'help': "write the figures onto this model's card (affect: by default that of the model "
        'evaluated; sketch: those of the last checkpoint)',
    },
}
"""Options that more than one system takes, as `add_argument` does."""


@dataclass(frozen=True)
class Evaluation:
    """
    How a system evaluates its models.

    Args:
        run: evaluates `options.models` and prints what it finds.
        required: options among `SHARED_OPTIONS` that must be given.
        optional: options among `SHARED_OPTIONS` that may be given.
        options: those of this system alone, as `add_argument` takes them.
        compares: whether it can put several models side by side.
    """

    run: Callable[[argparse.Namespace], None]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    compares: bool = True

    @property
    def accepted(self) -> set[str]:
        """Every option that may be given."""
        return {*self.required, *self.optional, *self.options}


def add_evaluate(
    commands: 'argparse._SubParsersAction[argparse.ArgumentParser]',
    evaluations: Mapping[str, Evaluation],
) -> None:
    """
    Add `evaluate` to the command line.

    Options have no defaults, so that it can be seen which were given.

    Args:
        commands: of the command line.
        evaluations: by the name of the system.
    """
    command = commands.add_parser('evaluate', help='how good trained models are')
    command.add_argument(
        'models',
        nargs='+',
        metavar='CHECKPOINT_OR_MODEL',
        help='file of emotion-models fit, or name or folder of an exported model; several of one '
        'system are put side by side where it can',
    )
    for flag, settings in SHARED_OPTIONS.items():
        command.add_argument(flag, **settings)
    for system, evaluation in evaluations.items():
        group = command.add_argument_group(f'only for {system}')
        for flag, settings in evaluation.options.items():
            group.add_argument(flag, **settings)
    command.set_defaults(run=lambda options: evaluate(options, evaluations))


def evaluate(options: argparse.Namespace, evaluations: Mapping[str, Evaluation]) -> None:
    """
    Evaluate models by the system that they belong to.

    Args:
        options: of the command line.
        evaluations: by the name of the system.

    Raises:
        ValueError: if the models are of several systems or of none, or the options are not those
            of their system.
    """
    systems = {model: system_of(model) for model in options.models}
    names = sorted(set(systems.values()))
    if len(names) > 1:
        raise ValueError(
            f'expected models of one system, got {" and ".join(names)}; evaluate them one by one'
        )
    (system,) = names
    if system not in evaluations:
        raise ValueError(
            f'{options.models[0]} is of the system {system!r}; those that can be evaluated are '
            f'{", ".join(evaluations)}'
        )
    evaluation = evaluations[system]
    if len(options.models) > 1 and not evaluation.compares:
        raise ValueError(f'models of {system} are evaluated one by one, got {len(options.models)}')
    _check_options(options, system, evaluations)
    evaluation.run(options)


def system_of(model: str) -> str:
    """
    The room of `emotion_models` that a model belongs to.

    Args:
        model: checkpoint, whose class says it, or name or folder of a model, whose card does.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if there is no such model, or it does not say its system.
    """
    if is_checkpoint(model):
        from emotion_models.training.loading import MODULE_KEY, noted_class, read_checkpoint

        return system_of_class(noted_class(read_checkpoint(model), MODULE_KEY, model))
    card = load_artefact(model).card
    if 'system' not in card:
        raise ValueError(
            f'the card of {model} does not say how to evaluate it; add a line with its system, '
            'for instance "system: affect"'
        )
    return str(card['system'])


def system_of_class(module_class: type) -> str:
    """The room of a class of ours: the part of its path after the package."""
    return module_class.__module__.split('.')[1]


def is_checkpoint(model: str) -> bool:
    """Whether a model is given as a checkpoint, and not as a folder or a name."""
    return Path(model).is_file() or Path(model).suffix == '.ckpt'


def checkpoints_of(options: argparse.Namespace) -> list[Path]:
    """
    The models as checkpoints.

    Raises:
        ValueError: if one is an exported model.
    """
    for model in options.models:
        if not is_checkpoint(model):
            raise ValueError(
                f'{model} is an exported model, which lacks parts that are measured; '
                'give the checkpoint that it was exported from'
            )
    return [Path(model) for model in options.models]


def _check_options(
    options: argparse.Namespace, system: str, evaluations: Mapping[str, Evaluation]
) -> None:
    own = evaluations[system]
    for flag in own.required:
        if _value(options, flag) is None:
            raise ValueError(f'{flag} is needed to evaluate models of {system}')
    for flag in sorted({flag for other in evaluations.values() for flag in other.accepted}):
        if flag not in own.accepted and _value(options, flag) is not None:
            owners = [name for name, other in evaluations.items() if flag in other.accepted]
            raise ValueError(
                f'{flag} is for models of {_listed(owners)}, '
                f'{options.models[0]} is of {system}; leave it out'
            )


def _listed(names: Sequence[str]) -> str:
    return ' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))


def _value(options: argparse.Namespace, flag: str) -> Any:
    return getattr(options, flag.removeprefix('--').replace('-', '_'))
