# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Pictures of the emotional state over time, from a script played offline or from a recording.

    draw_script('config/scripts/day.yaml', {'timid': 'config/temperaments/timid.yaml'}, 'day.png')

A state is a `Reading` of the engine or an `EmotionState` message; matplotlib is imported only
when something is drawn.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from emotion_agent.neuromodulation import (
    EMOTIONS,
    MODULATORS,
    NEUTRAL,
    ConfigError,
    EmotionConfig,
    EmotionEngine,
    Reading,
    load,
)
from emotion_agent.neuromodulation.config import SPAN_S
from emotion_agent.neuromodulation.yaml_tree import (
    UNIT,
    Range,
    Tree,
    normalised,
    read_yaml,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {
    'fear': '#7b4fa3',
    'mad': '#d1352b',
    'joy': '#f0a202',
    'love': '#e0559a',
    'sad': '#3b74b8',
    'surprise': '#1aa6a0',
    'power': '#5b9a32',
    NEUTRAL: '#c9c9c9',
    'adrenaline': '#7b4fa3',
    'cortisol': '#8a6d52',
    'endorphins': '#d1352b',
    'dopamine': '#f0a202',
    'oxytocin': '#e0559a',
    'noradrenaline': '#1aa6a0',
    'serotonin': '#5b9a32',
}
INK, FAINT = '#333333', '#dddddd'
STYLE = {
    'axes.edgecolor': FAINT,
    'axes.labelcolor': INK,
    'axes.spines.right': False,
    'axes.spines.top': False,
    'font.size': 9,
    'text.color': INK,
    'xtick.color': INK,
    'ytick.color': INK,
}


class ScriptedStimulus(NamedTuple):
    """A stimulus with its place in a script."""

    at_s: float  # since the start
    name: str
    intensity: float  # [0, 1]
    duration_s: float | None  # None = as the library says


class Script(NamedTuple):
    """Stimuli to play to an engine, in the order of time."""

    duration_s: float
    stimuli: tuple[ScriptedStimulus, ...]


class Course(NamedTuple):
    """States over time as arrays; N states, seven modulators and emotions each."""

    seconds: np.ndarray  # (N,) since the first state
    levels: np.ndarray  # (N, 7) of the modulators, [0, 1]
    emotions: np.ndarray  # (N, 7) [0, 1]
    valence: np.ndarray  # (N,) [-1, 1]
    arousal: np.ndarray  # (N,) [-1, 1]
    dominant: tuple[str, ...]  # N names
    stimuli: tuple[tuple[float, str], ...]  # (seconds, name), those within the time of the states


def read_script(path: str | Path) -> Script:
    """
    The script in a YAML file: `duration_s` and a list `stimuli` of `{at_s, name}`, each with
    an optional `intensity` and `duration_s`.

    Raises:
        ConfigError: naming the place in the file.
    """
    tree = Tree(normalised(read_yaml(path)), Path(path).name)
    tree.expect_keys(('duration_s', 'stimuli'))
    duration_s = tree.number('duration_s', SPAN_S)
    entries = tree.get('stimuli')
    if not isinstance(entries, list):
        raise ConfigError(f'{tree.at("stimuli")}: expected a list, got {entries!r}')
    stimuli = [
        _scripted(Tree(entry, f'{tree.at("stimuli")}[{index}]'), duration_s)
        for index, entry in enumerate(entries)
    ]
    return Script(duration_s, tuple(sorted(stimuli, key=lambda stimulus: stimulus.at_s)))


def _scripted(tree: Tree, end_s: float) -> ScriptedStimulus:
    tree.expect_keys(ScriptedStimulus._fields)
    has_duration = 'duration_s' in tree.value
    return ScriptedStimulus(
        at_s=tree.number('at_s', Range(0.0, end_s)),
        name=tree.text('name'),
        intensity=tree.number('intensity', UNIT, default=1.0),
        duration_s=tree.number('duration_s', SPAN_S) if has_duration else None,
    )


def run_script(
    config: EmotionConfig, script: Script, step_s: float = 0.1
) -> tuple[list[Reading], list[tuple[float, str]]]:
    """
    Play a script to a rested engine, as fast as possible.

    Args:
        config: of the engine.
        script: from `read_script`.
        step_s: time between two readings, s; the course itself does not depend on it.

    Returns:
        The readings, stamped from 0 on, and (stamp, name) of every accepted stimulus.

    Raises:
        ConfigError: for a stimulus that the library does not have.
    """
    engine = EmotionEngine(config, now_s=0.0)
    readings, accepted = [], []
    upcoming = deque(script.stimuli)
    for now_s in np.arange(0.0, script.duration_s + step_s / 2, step_s).tolist():
        while upcoming and upcoming[0].at_s <= now_s:
            at_s, name, intensity, duration_s = upcoming.popleft()
            outcome = engine.stimulate(name, intensity, duration_s=duration_s, now_s=at_s)
            if outcome.reason == 'unknown':
                raise ConfigError(outcome.detail)
            if outcome.accepted:
                accepted.append((at_s, name))
                readings.append(engine.read(at_s))
        readings.append(engine.read(now_s))
    return readings, accepted


def draw_script(
    script: str | Path, temperaments: Mapping[str, str | Path], path: str | Path
) -> None:
    """
    Play a script and draw how it goes: in full for one temperament, side by side for several.

    Args:
        script: YAML file, see `read_script`.
        temperaments: name to show -> YAML file; at least one.
        path: picture to write; the ending chooses the format.

    Raises:
        ConfigError: naming the file and the place in it.
    """
    configs = {name: load(file) for name, file in temperaments.items()}
    runs = {name: run_script(config, read_script(script)) for name, config in configs.items()}
    story = Path(script).stem
    if len(runs) == 1:
        ((name, (readings, stimuli)),) = runs.items()
        plot_state(readings, stimuli, path, configs[name], f'{story}, {name}')
    else:
        courses = {name: course_of(*run) for name, run in runs.items()}
        plot_temperaments(courses, path, f'{story}, for {len(courses)} temperaments')


def course_of(states: Sequence[Any], stimuli: Iterable[tuple[float, str]]) -> Course:
    """
    Arrays from states and the stimuli among them.

    Args:
        states: readings or `EmotionState` messages in the order of time, at least one.
        stimuli: (stamp in s on the clock of the states, name).

    Raises:
        ValueError: if there is no state.
    """
    if not states:
        raise ValueError('expected at least one state to draw, got none')
    stamps = np.array([_stamp(state) for state in states])
    return Course(
        seconds=stamps - stamps[0],
        levels=np.array([_numbers(state, MODULATORS, 'levels') for state in states]),
        emotions=np.array([_numbers(state, EMOTIONS, 'emotions') for state in states]),
        valence=np.array([state.valence for state in states]),
        arousal=np.array([state.arousal for state in states]),
        dominant=tuple(state.dominant for state in states),
        stimuli=tuple(
            (stamp - stamps[0], name)
            for stamp, name in stimuli
            if stamps[0] <= stamp <= stamps[-1]
        ),
    )


def _stamp(state: Any) -> float:
    if isinstance(state, Reading):
        return state.stamp_s
    return state.header.stamp.sec + 1e-9 * state.header.stamp.nanosec


def _numbers(state: Any, names: tuple[str, ...], field: str) -> Sequence[float]:
    if isinstance(state, Reading):
        return getattr(state, field)
    return [getattr(state, name) for name in names]


def plot_state(
    states: Sequence[Any],
    stimuli: Iterable[tuple[float, str]],
    path: str | Path,
    config: EmotionConfig | None = None,
    title: str = '',
) -> None:
    """
    Draw emotions, modulators and the path over the circumplex into one picture.

    Args:
        states: readings or `EmotionState` messages in the order of time, at least one.
        stimuli: (stamp in s on the clock of the states, name).
        path: picture to write; the ending chooses the format.
        config: gives resting levels, thresholds and anchors; None = the defaults.
        title: of the picture.

    Raises:
        ValueError: if there is no state.
    """
    import matplotlib
    from matplotlib.figure import Figure

    course, config = course_of(states, stimuli), config or load()
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(15, 8), layout='constrained')
        grid = figure.add_gridspec(2, 2, width_ratios=(1.55, 1), height_ratios=(1.15, 1))
        feelings = figure.add_subplot(grid[0, 0])
        chemistry = figure.add_subplot(grid[1, 0], sharex=feelings)
        circumplex = figure.add_subplot(grid[:, 1])
        _draw_emotions(feelings, course, config)
        _draw_stimulus_names(feelings, course)
        _draw_modulators(chemistry, course, config)
        _draw_circumplex(circumplex, course, config)
        _label_time(chemistry, course)
        feelings.tick_params(labelbottom=False)
        figure.align_ylabels()
        figure.suptitle(title, fontsize=13)
        figure.savefig(path, dpi=110)


def plot_temperaments(courses: Mapping[str, Course], path: str | Path, title: str = '') -> None:
    """
    Draw how the same script goes for several temperaments, one below the other.

    Args:
        courses: by the name of the temperament, at least one, all of the same script.
        path: picture to write; the ending chooses the format.
        title: of the picture.
    """
    import matplotlib
    from matplotlib.figure import Figure

    config = load()
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(15, 2.3 * len(courses) + 1.2), layout='constrained')
        axes = figure.subplots(len(courses), 2, squeeze=False, sharex='col', width_ratios=(5, 1))
        for (feelings, circumplex), (name, course) in zip(axes, courses.items(), strict=True):
            _draw_emotions(feelings, course, config)
            _draw_circumplex(circumplex, course, config, is_small=True)
            feelings.set_ylabel(name, fontsize=12, fontweight='bold')
        _draw_stimulus_names(axes[0, 0], next(iter(courses.values())))
        _label_time(axes[-1, 0], course)
        figure.suptitle(title, fontsize=13)
        figure.savefig(path, dpi=110)


def _draw_emotions(axes: 'Axes', course: Course, config: EmotionConfig) -> None:
    """Strength of the emotions, with a ribbon of the dominant one below."""
    axes.axhline(config.visibility.on, color=FAINT, lw=1, ls='--', zorder=0)
    for name, strength in zip(EMOTIONS, course.emotions.T, strict=True):
        axes.fill_between(course.seconds, strength, color=COLOURS[name], alpha=0.12, lw=0)
        axes.plot(course.seconds, strength, color=COLOURS[name], lw=1.6)
    for start, end, name in _stretches(course):
        axes.axvspan(start, end, ymin=0.0, ymax=0.055, color=COLOURS[name], lw=0)
    _mark_stimuli(axes, course)
    _label_peaks(axes, course)
    axes.set_ylim(-0.065, 1.0)
    axes.set_yticks([-0.035, 0.0, 0.5, 1.0], ['dominant', '0', '0.5', '1'])
    axes.text(
        1.005,
        config.visibility.on,
        'visible',
        transform=axes.get_yaxis_transform(),
        va='center',
        fontsize=8,
        color='#888888',
    )
    axes.set_xlim(0.0, max(course.seconds[-1], 1e-3))
    axes.set_ylabel('emotions')


def _stretches(course: Course) -> list[tuple[float, float, str]]:
    """(start, end, name) of each time under one dominant emotion."""
    changes = [
        index
        for index, name in enumerate(course.dominant)
        if index == 0 or name != course.dominant[index - 1]
    ]
    ends = [*changes[1:], len(course.dominant) - 1]
    return [
        (course.seconds[start], course.seconds[end], course.dominant[start])
        for start, end in zip(changes, ends, strict=True)
    ]


def _label_peaks(axes: 'Axes', course: Course) -> None:
    """Name each emotion once, where it is strongest, if it is strong enough to find there."""
    peaks = sorted(
        (strength.max(), course.seconds[strength.argmax()], name)
        for name, strength in zip(EMOTIONS, course.emotions.T, strict=True)
    )
    labelled: list[tuple[float, float]] = []
    for height, seconds, name in reversed(peaks):
        if height < 0.1:
            break
        beside = [y for y, at in labelled if abs(at - seconds) < 0.06 * course.seconds[-1]]
        place = min([height, *(y - 0.075 for y in beside)])  # below the stronger ones beside it
        labelled.append((place, seconds))
        axes.annotate(
            name,
            (seconds, place),
            xytext=(3, 2),
            textcoords='offset points',
            color=COLOURS[name],
            fontweight='bold',
            path_effects=_halo(),
        )


def _halo() -> list:
    """A white rim that keeps text readable on lines."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground='white')]


def _mark_stimuli(axes: 'Axes', course: Course) -> None:
    for seconds, _ in course.stimuli:
        axes.axvline(seconds, color=FAINT, lw=0.8, zorder=0)


def _draw_stimulus_names(axes: 'Axes', course: Course) -> None:
    """Names above the axes, moved apart where they would overlap."""
    span = course.seconds[-1] or 1.0
    places = _apart([seconds / span for seconds, _ in course.stimuli], 1 / 52)
    for (seconds, name), place in zip(course.stimuli, places, strict=True):
        axes.annotate(
            name,
            (seconds / span, 1.0),
            xytext=(place, 1.06),
            xycoords='axes fraction',
            textcoords='axes fraction',
            rotation=60,
            rotation_mode='anchor',
            fontsize=8,
            arrowprops={'arrowstyle': '-', 'color': '#bbbbbb', 'lw': 0.8, 'shrinkB': 0},
        )


def _apart(places: Sequence[float], gap: float) -> list[float]:
    """Ascending places in [0, 1], moved as little as needed to be `gap` apart."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else place)
    limit = 1.0
    for index in reversed(range(len(moved))):
        moved[index] = min(moved[index], limit)
        limit = moved[index] - gap
    return moved


def _draw_modulators(axes: 'Axes', course: Course, config: EmotionConfig) -> None:
    """Levels of the modulators, each faintly with its rest, named at the right edge."""
    _mark_stimuli(axes, course)
    for name, level in zip(MODULATORS, course.levels.T, strict=True):
        axes.axhline(config.modulators[name].rest, color=COLOURS[name], lw=0.6, ls=':', alpha=0.6)
        axes.plot(course.seconds, level, color=COLOURS[name], lw=1.6)
    order = np.argsort(course.levels[-1])
    places = _apart(course.levels[-1][order].tolist(), 0.062)
    for index, place in zip(order, places, strict=True):
        name = MODULATORS[index]
        axes.text(1.01, place, name, color=COLOURS[name], transform=axes.transAxes, va='center')
    axes.set_ylim(0.0, 1.0)
    axes.set_ylabel('neuromodulators')


def _draw_circumplex(
    axes: 'Axes', course: Course, config: EmotionConfig, is_small: bool = False
) -> None:
    """Path of valence and arousal in the colour of the dominant emotion, over the anchors."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle

    axes.add_patch(Circle((0, 0), 1.0, fill=False, color=FAINT, lw=1.2))
    axes.plot([-1, 1, np.nan, 0, 0], [0, 0, np.nan, -1, 1], color=FAINT, lw=0.8, zorder=0)
    points = np.column_stack([course.valence, course.arousal])
    path = LineCollection(
        list(np.stack([points[:-1], points[1:]], axis=1)),
        colors=[COLOURS[name] for name in course.dominant[1:]],
        linewidths=1.0 if is_small else 1.8,
        alpha=0.85,
        capstyle='round',
    )
    axes.add_collection(path)
    for name in EMOTIONS:
        valence, arousal, _ = config.emotions[name].pad
        axes.plot(valence, arousal, 'o', color=COLOURS[name], ms=3 if is_small else 9, zorder=3)
        if not is_small:
            _label_anchor(axes, name, valence, arousal)
    axes.set_aspect('equal')
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(-1.08, 1.08)
    axes.axis('off')
    if not is_small:
        _label_circumplex(axes, points)


def _label_anchor(axes: 'Axes', name: str, valence: float, arousal: float) -> None:
    # Fear and anger lie so close together that one of them is named below.
    below = name == 'mad'
    axes.annotate(
        name,
        (valence, arousal),
        xytext=(0, -8 if below else 8),
        textcoords='offset points',
        ha='center',
        va='top' if below else 'bottom',
        color=COLOURS[name],
        fontsize=12,
        fontweight='bold',
        path_effects=_halo(),
    )


def _label_circumplex(axes: 'Axes', points: np.ndarray) -> None:
    axes.plot(*points[0], 'o', mfc='white', mec=INK, ms=7, zorder=4, label='start')
    axes.plot(*points[-1], 's', mfc=INK, mec=INK, ms=6, zorder=4, label='end')
    axes.legend(loc='lower left', frameon=False)
    axes.set_title('the path in the colour of the dominant emotion', color='#888888', fontsize=9)
    for text, x, y, side in (
        ('valence', 1.0, 0.02, 'right'),
        ('arousal', 0.03, 0.95, 'left'),
    ):
        axes.text(x, y, text, ha=side, va='bottom', color='#888888', style='italic')


def _label_time(axes: 'Axes', course: Course) -> None:
    """Seconds, or minutes where there are many."""
    if course.seconds[-1] <= 180:
        axes.set_xlabel('seconds')
        return
    axes.xaxis.set_major_locator(_every_minutes(course.seconds[-1]))
    axes.xaxis.set_major_formatter(lambda seconds, _: f'{seconds / 60:g}')
    axes.set_xlabel('minutes')


def _every_minutes(span_s: float):
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(60.0 * max(1, round(span_s / 60 / 10)))
