# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A recording played to the agent without ROS: as fast as possible, each time the same to the bit.

    bag.py, salvage_*.py   messages out of a bag of any storage, whole or damaged
    messages.py            messages as Python objects, without ROS
    definitions.py         messages of earlier definitions as those of today
    sources.py             which topics of a bag are played
    recorded_agent.py      what a bag says of the agent: where it stood, and what was done to it
    parameters.py          the parameters of a replay: of the bag, of files and of options
    live.py                those of the bag for real nodes
    agent.py, timeline.py  the parts of the agent, and when each has its turn
    people.py              the person whom the robot attends to
    run.py, report.py      a bag through the agent: a new bag, a table, a picture, and a summary
    compare.py             where two bags differ
"""
