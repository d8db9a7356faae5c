# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Lightning's command line, with a run folder for each experiment."""

import argparse
import shlex
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from lightning.pytorch import Trainer
from lightning.pytorch.cli import LightningArgumentParser, LightningCLI
from lightning.pytorch.loggers import TensorBoardLogger
from lightning.pytorch.utilities.exceptions import MisconfigurationException

from emotion_models.data.data_module import DataModule
from emotion_models.training.checkpoints import BEST_NAME, KeepBest, KeepLast
from emotion_models.training.checks import check_numbers, check_resumable
from emotion_models.training.finite import StopWhenNotFinite
from emotion_models.training.learning_rate import TakeLearningRate
from emotion_models.training.metrics_table import MetricsTable
from emotion_models.training.random_state import KeepRandomState
from emotion_models.training.run_folder import KeepRecord, move_aside
from emotion_models.training.warm_start import WarmStart

RUNS = Path('runs')
COMMANDS = ('fit', 'validate', 'test')

NEEDLESS_WARNINGS = (
    '.*exists and is not empty',  # a run that goes on
    '.*does not have many workers',  # data in memory needs none
    '.*LeafSpec.* is deprecated',  # between Lightning and torch
)

# Lines of jsonargparse's messages that say nothing to whoever has mistyped a key.
_CHATTER = ('Does not validate', 'Subtypes:', 'Errors:', 'Given value', "Expected a <class 'None")


def train(arguments: Sequence[str]) -> None:
    """
    Run one of `COMMANDS`.

    Args:
        arguments: command and options.

    Raises:
        ValueError: for an option that is not known or a value that does not fit; in one line.
        TrainingDiverged: if a loss or gradient is not a finite number.
    """
    for message in NEEDLESS_WARNINGS:
        warnings.filterwarnings('ignore', message=message)
    try:
        TrainingCommandLine(arguments)
    except (argparse.ArgumentError, MisconfigurationException, ValueError) as error:
        raise ValueError(_in_one_line(str(error))) from error
    except RecursionError as error:
        raise ValueError('the experiment refers to itself; expected lists and mappings') from error


class TrainingCommandLine(LightningCLI):
    """
    Lightning's command line with what every experiment has in common.

    The run folder is `trainer.default_root_dir`, by default `runs/NAME` with the name of the
    experiment's file. `validate` and `test` take the best checkpoint of that folder unless
    another one is given, and write their metrics beside it.

    Args:
        arguments: one of `COMMANDS`, and options.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self.command = shlex.join(['emotion-models', *arguments])
        self._called = arguments[0]
        super().__init__(
            args=list(arguments),
            datamodule_class=DataModule,
            subclass_mode_model=True,
            auto_configure_optimizers=False,
            save_config_kwargs={'overwrite': True},
            trainer_defaults={
                'callbacks': [
                    KeepRecord(self.command),
                    KeepRandomState(),
                    TakeLearningRate(),
                    StopWhenNotFinite(self.command),
                ]
            },
        )

    def subcommands(self) -> dict[str, set[str]]:
        """The one that is called: a parser of Lightning's takes long to make."""
        return {self._called: LightningCLI.subcommands()[self._called]}

    def init_parser(self, **kwargs: Any) -> LightningArgumentParser:
        """A parser that raises its errors and completes no half-written option."""
        return super().init_parser(exit_on_error=False, allow_abbrev=False, **kwargs)

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Settings of the checkpoints that are kept, and the run that a training begins with."""
        parser.add_lightning_class_args(KeepBest, 'best')
        parser.add_lightning_class_args(KeepLast, 'last')
        parser.add_argument('--init_from', type=WarmStart | None, help='weights to begin with')

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Parse without Lightning's warning that there are arguments of the process too."""
        self.config = parser.parse_args(args)

    def _parse_ckpt_path(self) -> None:
        """
        Leave the configuration as it is given.

        Lightning would replace it by that of the checkpoint, a smaller learning rate too.
        """

    def before_instantiate_classes(self) -> None:
        """Choose the run folder and the checkpoint to look at."""
        config = self.config[self.subcommand]
        if config.trainer.default_root_dir is None:
            files = config.get('config') or []
            name = Path(str(files[0])).stem if files else 'unnamed'
            config.trainer.default_root_dir = str(RUNS / name)
        if self.subcommand != 'fit' and config.ckpt_path is None:
            config.ckpt_path = str(Path(config.trainer.default_root_dir) / BEST_NAME)
        if config.ckpt_path is not None and not Path(config.ckpt_path).is_file():
            raise FileNotFoundError(
                f'no checkpoint {config.ckpt_path}; emotion-models fit writes them into the run '
                'folder, --ckpt_path names another one'
            )
        if config.weights_only is None:
            config.weights_only = True  # checkpoints of ours need no code of their own to be read

    def instantiate_trainer(self, **kwargs: Any) -> Trainer:
        """Lightning's trainer; a training without loggers gets a table and TensorBoard."""
        settings = self.config[self.subcommand].trainer
        if self.subcommand != 'fit':
            kwargs['logger'] = False
        elif settings.logger is None:
            folder = settings.default_root_dir
            boards = TensorBoardLogger(folder, 'tensorboard', '', default_hp_metric=False)
            kwargs['logger'] = [MetricsTable(folder), boards]
        return super().instantiate_trainer(**kwargs)

    def instantiate_classes(self) -> None:
        """Make everything, and look at the checkpoint before Lightning does."""
        super().instantiate_classes()
        if checkpoint := self.config[self.subcommand].ckpt_path:
            check_resumable(checkpoint, self.model)

    def before_fit(self) -> None:
        """Check what is trained and on what; then the first weights, and room for the files."""
        check_numbers(self.model)
        self.datamodule.check_training()
        if hasattr(self.model, 'check_data'):
            self.model.check_data(self.datamodule)
        if self.config.fit.ckpt_path is not None:
            return
        warm_start = self.config_init.fit.init_from
        if warm_start is not None:
            warm_start.apply(self.model)
        if hasattr(self.model, 'check_weights'):
            self.model.check_weights()
        if self.trainer.is_global_zero and not self.trainer.fast_dev_run:
            move_aside(Path(self.trainer.default_root_dir))

    def after_validate(self) -> None:
        """Write `validate.yaml`."""
        self._write_metrics()

    def after_test(self) -> None:
        """Write `test.yaml`."""
        self._write_metrics()

    def _write_metrics(self) -> None:
        trainer = self.trainer
        if trainer.fast_dev_run or not trainer.is_global_zero:
            return
        path = Path(trainer.default_root_dir) / f'{self.subcommand}.yaml'
        metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
        content = {'checkpoint': self.config[self.subcommand].ckpt_path, 'metrics': metrics}
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding='utf-8')


def _in_one_line(message: str) -> str:
    lines = (line.strip().removeprefix('- ') for line in message.splitlines())
    return ' '.join(line for line in lines if line and not line.startswith(_CHATTER))
