#!/usr/bin/env bash
# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs a command in the environment of the image. It replaces this shell, so that it is sent SIGINT itself.
set -e
# shellcheck disable=SC1090,SC1091
source "/opt/ros/$ROS_DISTRO/setup.bash"
# shellcheck disable=SC1091
source /opt/emotion_agent/.venv/bin/activate
# shellcheck disable=SC1091
source /opt/emotion_agent/install/setup.bash
exec "$@"
