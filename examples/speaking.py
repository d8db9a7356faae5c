# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A robot that says a text, and moves its mouth as it does.

    python3 examples/speaking.py 'Hello, I am a robot.'
    python3 examples/speaking.py --wav hello.wav

The text is spoken by espeak-ng, or by another program that writes a WAV file:
--voice 'pico2wave -w WAV TEXT', in which WAV and TEXT stand for the two. The sound is played where
a program for that is there; else the mouth moves alone.
"""

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import rclpy

from emotion_agent.client import EmotionClient, usual_player

ESPEAK = 'espeak-ng -w WAV TEXT'


def spoken(text: str, voice: str, wav: Path) -> Path:
    """Let a program write what it says into a file."""
    words = {'WAV': str(wav), 'TEXT': text}
    command = [words.get(word, word) for word in shlex.split(voice)]
    if shutil.which(command[0]) is None:
        raise ValueError(f'{command[0]} is not installed: install it, or give a file with --wav')
    subprocess.run(command, check=True)
    return wav


def say(wav: Path, namespace: str) -> None:
    """Say a file, and wait until it is said."""
    node = rclpy.create_node('speaking')
    client = EmotionClient(node, namespace)
    try:
        client.speak(wav, usual_player()).wait()
    finally:
        client.close()
        node.destroy_node()


def main() -> str | None:
    """Say what the command line says; return what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument('text', nargs='?', default='Hello, I am a robot.')
    parser.add_argument('--wav', type=Path, help='say this file instead')
    parser.add_argument('--voice', default=ESPEAK, help='what writes a WAV file of a TEXT')
    parser.add_argument('--namespace', default='emotion', help='of the agent')
    given = parser.parse_args(rclpy.utilities.remove_ros_args(sys.argv)[1:])
    rclpy.init()
    try:
        with tempfile.TemporaryDirectory() as folder:
            wav = given.wav or spoken(given.text, given.voice, Path(folder, 'said.wav'))
            say(wav, given.namespace)
    except (ValueError, subprocess.CalledProcessError) as error:
        return str(error)
    except KeyboardInterrupt:
        pass
    finally:
        rclpy.try_shutdown()
    return None


if __name__ == '__main__':
    sys.exit(main())
