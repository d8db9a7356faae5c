# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent plot-state`: a script, played offline and drawn."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from emotion_agent.neuromodulation import ConfigError, EmotionConfig, load
from emotion_agent.resources.scripts import script_file, shipped_scripts
from emotion_agent.resources.temperaments import shipped_temperaments, temperament_file

if TYPE_CHECKING:
    from emotion_agent.reporting.course import Course
    from emotion_agent.scripts.script import Script

OUT = Path('out')  # left out of version control


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    plot = commands.add_parser(
        'plot-state', help='play a script offline and draw the state over time'
    )
    plot.add_argument('script', help=f'{", ".join(shipped_scripts())}, or a YAML file')
    plot.add_argument(
        '--temperament',
        action='append',
        metavar='NAME',
        help=f'{", ".join(shipped_temperaments())}, a YAML file, or all; may be given again '
        'to compare (default balanced)',
    )
    plot.add_argument('--out', type=Path, help='picture to write (default out/SCRIPT.png)')
    plot.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw a script for one temperament, or several one below the other."""
    names = options.temperament or ['balanced']
    if names == ['all']:
        names = list(shipped_temperaments())
    script = script_file(options.script)
    out = options.out or OUT / f'{script.stem}.png'
    out.parent.mkdir(parents=True, exist_ok=True)
    draw_script(script, {Path(name).stem: temperament_file(name) for name in names}, out)
    print(out)
    return 0


def draw_script(script: Path, temperaments: Mapping[str, Path], picture: Path) -> None:
    """
    Play a script and draw its course: in full for one temperament, in rows for several.

    Args:
        script: YAML file, see `read_script`.
        temperaments: name to show -> YAML file; at least one.
        picture: to write; the ending chooses the format.

    Raises:
        ConfigError: naming the file and the place in it, or the temperament that lacks a stimulus.
    """
    from emotion_agent.reporting.plots import plot_state, plot_temperaments
    from emotion_agent.scripts.reading import read_script

    configs = {name: load(file) for name, file in temperaments.items()}
    stimuli = read_script(script)
    courses = {name: _course(name, config, stimuli) for name, config in configs.items()}
    if len(courses) == 1:
        ((name, course),) = courses.items()
        plot_state(course, picture, configs[name], f'{script.stem}, {name}')
    else:
        plot_temperaments(courses, picture, f'{script.stem}, for {len(courses)} temperaments')


def _course(name: str, config: EmotionConfig, script: 'Script') -> 'Course':
    """What a script does to one temperament; an error says to which."""
    from emotion_agent.reporting.course import course_of
    from emotion_agent.scripts.offline import run_script

    try:
        return course_of(*run_script(config, script))
    except ConfigError as error:
        raise ConfigError(f'temperament {name}: {error}') from None
