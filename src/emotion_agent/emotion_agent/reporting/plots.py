# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Plots of the emotional state over time: emotions, modulators, and the path over the circumplex.

    plot_state(course_of(readings, stimuli), 'day.png')

matplotlib is imported only when something is drawn.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionConfig, load
from emotion_agent.reporting.colours import COLOURS
from emotion_agent.reporting.course import Course

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, FAINT = '#333333', '#dddddd'
AFFECT_COLOURS = {'valence': '#333333', 'arousal': '#d07a1e'}
PERSON_RINGS = 60  # at most, over the whole course
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


def plot_state(
    course: Course, path: str | Path, config: EmotionConfig | None = None, title: str = ''
) -> None:
    """
    Draw emotions, modulators and the path over the circumplex into one picture.

    Where somebody was seen, valence and arousal of the person and of the robot stand below.

    Args:
        course: the states, from `course_of`.
        path: picture to write; the ending chooses the format.
        config: gives resting levels, thresholds and anchors; None = the defaults.
        title: of the picture.
    """
    import matplotlib
    from matplotlib.figure import Figure

    from emotion_models.figures.plots import save_figure

    config = config or load()
    with matplotlib.rc_context(STYLE):
        ratios = (1.15, 1) if course.person is None else (1.15, 1, 0.55)
        figure = Figure(figsize=(15, 8 if course.person is None else 9.6), layout='constrained')
        grid = figure.add_gridspec(len(ratios), 2, width_ratios=(1.55, 1), height_ratios=ratios)
        emotions = figure.add_subplot(grid[0, 0])
        modulators = figure.add_subplot(grid[1, 0], sharex=emotions)
        circumplex = figure.add_subplot(grid[:, 1])
        _draw_emotions(emotions, course, config)
        _draw_stimulus_names(emotions, course)
        _draw_modulators(modulators, course, config)
        _draw_circumplex(circumplex, course, config)
        lowest = modulators
        if course.person is not None:
            lowest = figure.add_subplot(grid[2, 0], sharex=emotions)
            _draw_person(lowest, course, course.person)
            modulators.tick_params(labelbottom=False)
        _label_time(lowest, course)
        emotions.tick_params(labelbottom=False)
        figure.align_ylabels()
        figure.suptitle(title, fontsize=13)
        save_figure(path, figure)


def plot_temperaments(courses: Mapping[str, Course], path: str | Path, title: str = '') -> None:
    """
    Draw the same script for several temperaments, one row each.

    Args:
        courses: name of the temperament -> its course; at least one, all of the same script.
        path: picture to write; the ending chooses the format.
        title: of the picture.
    """
    import matplotlib
    from matplotlib.figure import Figure

    from emotion_models.figures.plots import save_figure

    config = load()
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(15, 2.3 * len(courses) + 1.2), layout='constrained')
        axes = figure.subplots(len(courses), 2, squeeze=False, sharex='col', width_ratios=(5, 1))
        for (emotions, circumplex), (name, course) in zip(axes, courses.items(), strict=True):
            _draw_emotions(emotions, course, config)
            _draw_circumplex(circumplex, course, config, is_small=True)
            emotions.set_ylabel(name, fontsize=12, fontweight='bold')
        _draw_stimulus_names(axes[0, 0], next(iter(courses.values())))
        _label_time(axes[-1, 0], course)
        figure.suptitle(title, fontsize=13)
        save_figure(path, figure)


def _draw_emotions(axes: 'Axes', course: Course, config: EmotionConfig) -> None:
    """Strength of each emotion, with a ribbon in the colour of the dominant one below."""
    axes.axhline(config.visibility.on, color=FAINT, lw=1, ls='--', zorder=0)
    for name, strength in zip(EMOTIONS, course.emotions.T, strict=True):
        axes.fill_between(course.times_s, strength, color=COLOURS[name], alpha=0.12, lw=0)
        axes.plot(course.times_s, strength, color=COLOURS[name], lw=1.6)
    for start, end, name in _dominant_intervals(course):
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
    axes.set_xlim(0.0, max(course.times_s[-1], 1e-3))
    axes.set_ylabel('emotions')


def _dominant_intervals(course: Course) -> list[tuple[float, float, str]]:
    """(start, end, name) of each interval with one dominant emotion, s."""
    changes = [
        index
        for index, name in enumerate(course.dominant)
        if index == 0 or name != course.dominant[index - 1]
    ]
    ends = [*changes[1:], len(course.dominant) - 1]
    return [
        (course.times_s[start], course.times_s[end], course.dominant[start])
        for start, end in zip(changes, ends, strict=True)
    ]


def _label_peaks(axes: 'Axes', course: Course) -> None:
    """Write the name of each emotion at its peak, unless the peak is too low to be seen."""
    peaks = sorted(
        (strength.max(), course.times_s[strength.argmax()], name)
        for name, strength in zip(EMOTIONS, course.emotions.T, strict=True)
    )
    labelled: list[tuple[float, float]] = []
    for height, peak_s, name in reversed(peaks):
        if height < 0.1:
            break
        beside = [y for y, at_s in labelled if abs(at_s - peak_s) < 0.06 * course.times_s[-1]]
        place = min([height, *(y - 0.075 for y in beside)])  # below the stronger ones beside it
        labelled.append((place, peak_s))
        axes.annotate(
            name,
            (peak_s, place),
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
    for at_s, _ in course.stimuli:
        axes.axvline(at_s, color=FAINT, lw=0.8, zorder=0)


def _draw_stimulus_names(axes: 'Axes', course: Course) -> None:
    """Names above the axes, moved apart where they would overlap."""
    span_s = course.times_s[-1] or 1.0
    places = _apart([at_s / span_s for at_s, _ in course.stimuli], 1 / 52)
    for (at_s, name), place in zip(course.stimuli, places, strict=True):
        axes.annotate(
            name,
            (at_s / span_s, 1.0),
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
    """Level of each modulator, its resting level as a faint line, its name at the right edge."""
    _mark_stimuli(axes, course)
    for name, level in zip(MODULATORS, course.levels.T, strict=True):
        axes.axhline(config.modulators[name].rest, color=COLOURS[name], lw=0.6, ls=':', alpha=0.6)
        axes.plot(course.times_s, level, color=COLOURS[name], lw=1.6)
    order = np.argsort(course.levels[-1])
    places = _apart(course.levels[-1][order].tolist(), 0.062)
    for index, place in zip(order, places, strict=True):
        name = MODULATORS[index]
        axes.text(1.01, place, name, color=COLOURS[name], transform=axes.transAxes, va='center')
    axes.set_ylim(0.0, 1.0)
    axes.set_ylabel('neuromodulators')


def _draw_person(axes: 'Axes', course: Course, person: np.ndarray) -> None:
    """Valence and arousal of the person, and those of the robot as thin lines."""
    _mark_stimuli(axes, course)
    axes.axhline(0.0, color=FAINT, lw=0.8, zorder=0)
    robot = np.column_stack([course.valence, course.arousal])
    for index, (name, colour) in enumerate(AFFECT_COLOURS.items()):
        axes.plot(course.times_s, robot[:, index], color=colour, lw=1.0, ls=':')
        axes.plot(course.times_s, person[:, index], color=colour, lw=1.6)
        axes.text(
            1.01, 0.62 - 0.24 * index, name, color=colour, transform=axes.transAxes, va='center'
        )
    axes.text(
        0.0,
        1.02,
        'the person, and the robot dotted',
        color='#888888',
        fontsize=8,
        transform=axes.transAxes,
        va='bottom',
    )
    axes.set_ylim(-1.08, 1.08)
    axes.set_yticks([-1.0, 0.0, 1.0])
    axes.set_ylabel('affect')


def _draw_circumplex(
    axes: 'Axes', course: Course, config: EmotionConfig, is_small: bool = False
) -> None:
    """Path of valence and arousal in the colour of the dominant emotion, over the anchors."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle

    from emotion_models.figures.plots import evenly_spread

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
    if course.person is not None:
        seen = course.person[evenly_spread(len(course.person), PERSON_RINGS)]
        size = 3 if is_small else 7
        axes.plot(*seen.T, 'o', mfc='none', mec='#999999', ms=size, mew=0.9, label='person')
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
    """Label the time axis in seconds, or in minutes if it is longer than three."""
    if course.times_s[-1] <= 180:
        axes.set_xlabel('seconds')
        return
    axes.xaxis.set_major_locator(_minute_ticks(course.times_s[-1]))
    axes.xaxis.set_major_formatter(lambda time_s, _: f'{time_s / 60:g}')
    axes.set_xlabel('minutes')


def _minute_ticks(span_s: float):
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(60.0 * max(1, round(span_s / 60 / 10)))
