# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent replay`: a bag through the agent, without ROS."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from emotion_agent.commands.progress import ProgressBar
from emotion_agent.replay.sources import ORIGINS
from node_kit.programs import what_to_install
from node_kit.text import printable

if TYPE_CHECKING:
    from emotion_agent.replay.run import Outcome


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    replay = commands.add_parser(
        'replay', help='run the agent on a bag without ROS, as fast as possible'
    )
    replay.add_argument(
        'bag', type=Path, help='folder of a bag, one .mcap or .db3 file, or a script, .yaml'
    )
    replay.add_argument(
        '--out',
        type=Path,
        required=True,
        metavar='OUT.mcap',
        help='new bag of all that the agent publishes; OUT.csv and OUT.png are written beside it',
    )
    replay.add_argument(
        '--params',
        action='append',
        default=[],
        metavar='FILE',
        help='ROS parameters as for the launch, instead of what the bag has; may be given again, '
        'the last one counts most',
    )
    replay.add_argument(
        '--temperament',
        metavar='NAME|FILE',
        help='instead of the recorded one: a name or a YAML file',
    )
    replay.add_argument(
        '--from',
        dest='origin',
        choices=ORIGINS,
        help='topic to start from (default: affect where the bag has a snapshot, else the '
        'first of them that was recorded)',
    )
    replay.add_argument('--namespace', help='of the agent (default: the one that was recorded)')
    replay.add_argument(
        '--image-topic',
        metavar='TOPIC',
        help='of the camera (default: as the parameters or the bag say)',
    )
    replay.add_argument(
        '--at-recorded-stamps',
        action='store_true',
        help='publish states and draw at the stamps of the recorded ones, to compare with them',
    )
    replay.add_argument('--no-plot', action='store_true', help='do not draw OUT.png')
    replay.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Replay a bag and print a summary."""
    from emotion_agent.replay import report

    outcome, remarks = _replayed(options)
    table, picture = options.out.with_suffix('.csv'), options.out.with_suffix('.png')
    report.write_table(outcome.states, table, outcome.people)
    written = [options.out, table]
    if outcome.states and not options.no_plot:
        try:
            report.draw(outcome, picture, options.bag.stem)
            written.append(picture)
        except ModuleNotFoundError as error:
            print(f'no picture: {what_to_install(error)}')
    files = f'files    {", ".join(map(str, written))}'
    print('\n'.join(map(printable, [*remarks, *report.summary(outcome), files])))
    return 0


def _replayed(options: argparse.Namespace) -> tuple['Outcome', list[str]]:
    """What the replay did, and what is to be said of the parameters."""
    from emotion_agent.replay import report
    from emotion_agent.replay.parameters import ParameterError, read_files, replay_settings
    from emotion_agent.replay.recorded_agent import read_agent
    from emotion_agent.replay.run import replay
    from emotion_agent.replay.script_bag import open_recording
    from emotion_agent.replay.sources import Names, chosen_namespace

    namespace = options.namespace
    of_script = Names() if namespace is None else Names(namespace.strip('/'))
    with open_recording(options.bag, of_script) as bag, ProgressBar(bag) as bar:
        names = Names(chosen_namespace(bag.topics, options.namespace))
        if '' in options.params:
            raise ParameterError('--params: expected a file, got an empty name')
        if options.temperament == '':
            raise ParameterError('--temperament: expected a name or a file, got an empty name')
        given = read_files(map(Path, options.params), names)
        if options.temperament:
            given.values['emotion_state']['temperament'] = options.temperament
        if options.image_topic:
            given.values['affect_estimator']['image_topic'] = options.image_topic
        recorded = read_agent(bag, names)
        settings = replay_settings(recorded.parameters, given, recorded.problems)
        remarks = report.about_the_agent(recorded, given, settings)
        names = Names(names.namespace, settings['affect_estimator']['image_topic'])
        outcome = replay(
            bag,
            options.out,
            settings,
            names,
            options.origin,
            options.at_recorded_stamps,
            bar.show,
            recorded,
            given.values,
        )
    return outcome, remarks
