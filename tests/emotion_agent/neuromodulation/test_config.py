# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Every mistake in a configuration is named with its path in the YAML."""

import dataclasses

import pytest
import yaml

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, ConfigError, load

MISTAKES = [
    ('time_scale: 0', 'emotion.time_scale: expected > 0, got 0'),
    ('time_scale: .nan', 'emotion.time_scale: expected > 0, got nan'),
    ('time_scale: .inf', 'emotion.time_scale: expected > 0, got inf'),
    ('time_scale: true', 'emotion.time_scale: expected > 0, got True'),
    ('time_scale: fast', "emotion.time_scale: expected > 0, got 'fast'"),
    ('time_scale: 1.0e-9', 'emotion.modulators.adrenaline.half_life_s: expected 0.001 to 1e12 s'),
    ('capacity: 5', 'emotion.capacity: expected a number in [0.5, 4], got 5'),
    ('mood: 3', 'emotion.mood: expected a mapping, got 3'),
    ('mood: {gain: -1}', 'emotion.mood.gain: expected >= 0, got -1'),
    ('mood: {half_life_s: 120}', 'emotion.mood.half_life_s: expected > 120, got 120'),
    ('mod: {}', "emotion.mod: unknown key; did you mean 'mood'?"),
    (
        'modulators: {dopamine: {half_life_s: -1}}',
        'emotion.modulators.dopamine.half_life_s: expected > 0, got -1',
    ),
    (
        'modulators: {dopamine: {rest: 1}}',
        'emotion.modulators.dopamine.rest: expected a number in (0, 1), got 1',
    ),
    (
        'modulators: {dopamine: {temperament: 2}}',
        'emotion.modulators.dopamine.temperament: expected a number in [-1, 1], got 2',
    ),
    (
        'modulators: {dopamin: {rest: .3}}',
        "emotion.modulators.dopamin: unknown key; did you mean 'dopamine'?",
    ),
    (
        'overthrow: {dopamine: {dopamine: 1}}',
        'emotion.overthrow.dopamine.dopamine: expected 0, a modulator does not clear itself',
    ),
    (
        'overthrow: {dopamine: {cortisol: -0.1}}',
        'emotion.overthrow.dopamine.cortisol: expected >= 0, got -0.1',
    ),
    ('emotions: {calm: {}}', 'emotion.emotions.calm: unknown key; one of fear, joy, love'),
    (
        'emotions: {joy: {pad: [2, 0, 0]}}',
        'emotion.emotions.joy.pad: expected [pleasure, arousal, dominance], each in [-1, 1]',
    ),
    ('emotions: {joy: {pad: [0, 0]}}', 'emotion.emotions.joy.pad: expected [pleasure'),
    (
        'emotions: {joy: {weights: {sugar: 1}}}',
        'emotion.emotions.joy.weights.sugar: unknown key; one of adrenaline',
    ),
    (
        'visibility: {on: .8}',
        'emotion.visibility.full: expected a number in [0.8, 1], got 0.7',
    ),
    ('dominant: {off: .25}', 'emotion.dominant.off: expected < emotion.dominant.on (0.25)'),
    (
        'dominant: {on: .8}',
        'emotion.dominant.on: expected <= emotion.visibility.full (0.7), got 0.8',
    ),
    ('empathy: {p_min: .9}', 'emotion.empathy.p_min: expected < emotion.empathy.p_full (0.8)'),
    ('empathy: {attack: .5}', 'emotion.empathy.attack: expected a number in [1, 1000], got 0.5'),
    ('empathy: {matrix: {north: {}}}', 'emotion.empathy.matrix.north: expected an angle'),
    ('empathy: {matrix: {400: {}}}', 'emotion.empathy.matrix.400: expected an angle'),
    ('stimuli: {hug: {}}', 'emotion.stimuli.hug.doses: missing'),
    (
        'stimuli: {hug: {doses: {oxytocin: 3}}}',
        'emotion.stimuli.hug.doses.oxytocin: expected a number in [-2, 2], got 3',
    ),
    (
        'stimuli: {praise: {duration_s: -1}}',
        'emotion.stimuli.praise.duration_s: expected a number in [0, 86400], got -1',
    ),
    (
        'stimuli: {praise: {habituation: {half_life_s: 0}}}',
        'emotion.stimuli.praise.habituation.half_life_s: expected > 0, got 0',
    ),
    ('snapshot: {path: 3}', 'emotion.snapshot.path: expected a string, got 3'),
]


@pytest.mark.parametrize(('text', 'message'), MISTAKES)
def test_a_mistake_is_named_with_its_path(text, message):
    overlay = yaml.safe_load(f'emotion: {{{text}}}')

    with pytest.raises(ConfigError) as caught:
        load(overlay)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        ('emotions: {}', "emotions: unknown key; everything stands under 'emotion'"),
        ('[1, 2]', "expected a mapping with the key 'emotion'"),
        ('emotion: 7', 'emotion: expected a mapping, got 7'),
        ('emotion: {', 'is not YAML'),
        ('emotion: 2001-13-45', 'is not YAML'),
        ('[' * 5000, ''),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, content, message):
    path = tmp_path / 'emotion.yaml'
    path.write_text(content)

    with pytest.raises(ConfigError) as caught:
        load(path)

    assert message in str(caught.value)
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize(
    ('content', 'name', 'lines'),
    [
        ('emotion: {time_scale: 2}\nemotion: {seed: 1}\n', 'emotion', '1 and 2'),
        ('emotion:\n  mood:\n    decay_s: 1\n    decay_s: 2\n', 'decay_s', '3 and 4'),
        ('emotion:\n  stimuli: {win: {}, "win": {}}\n', 'win', '2 and 2'),
    ],
)
def test_a_key_that_is_written_twice_is_refused_with_its_lines(tmp_path, content, name, lines):
    path = tmp_path / 'emotion.yaml'
    path.write_text(content)

    with pytest.raises(ConfigError) as caught:
        load(path)

    assert str(caught.value) == (
        f'{path}: {name} is written twice, in lines {lines}; keep one of them'
    )


def test_a_key_of_a_mapping_that_is_merged_in_may_be_written_again(tmp_path):
    path = tmp_path / 'emotion.yaml'
    path.write_text('emotion: {<<: &slow {time_scale: 2}, time_scale: 3}')

    assert load(path).time_scale == 3.0


@pytest.mark.parametrize('number', [10**400, -(10**400)])
@pytest.mark.parametrize(
    'text',
    [
        'emotion: {{time_scale: {}}}',
        'emotion: {{{}: 1}}',
        'emotion: {{empathy: {{matrix: {{{}: {{dopamine: 1.0}}}}}}}}',
        'emotion: {{stimuli: {{{}: {{doses: {{joy: {}}}}}}}}}',
    ],
)
def test_an_integer_that_no_float_holds_is_refused_in_a_short_line(tmp_path, text, number):
    path = tmp_path / 'mine.yaml'
    path.write_text(text.format(number, number))

    with pytest.raises(ConfigError, match='inf') as refusal:
        load(path)

    assert len(str(refusal.value)) < 1000


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r'nowhere\.yaml: cannot be read'):
        load(tmp_path / 'nowhere.yaml')


@pytest.mark.parametrize('content', ['', 'emotion:', 'emotion: {mood: }', '# nothing'])
def test_an_empty_layer_changes_nothing(tmp_path, content):
    path = tmp_path / 'emotion.yaml'
    path.write_text(content)

    assert load(path, None, '') == load()


def test_layers_are_laid_on_each_other(tmp_path):
    path = tmp_path / 'slow.yaml'
    path.write_text('emotion: {time_scale: 10, modulators: {dopamine: {temperament: .2}}}')

    config = load(path, {'emotion': {'time_scale': 3}})

    assert config.time_scale == 3.0
    assert config.modulators['dopamine'].temperament == 0.2
    assert config.modulators['dopamine'].half_life_s == 20.0


def test_on_and_off_are_words_here(tmp_path):
    path = tmp_path / 'emotion.yaml'
    path.write_text('emotion: {dominant: {on: 0.3, off: 0.2}, visibility: {on: 0.3}}')

    config = load(path)

    assert (config.dominant.on, config.dominant.off, config.visibility.on) == (0.3, 0.2, 0.3)


def test_changes_make_a_new_configuration():
    config = load()

    changed = config.with_changes({'emotion': {'empathy': {'matrix': {45: {'dopamine': 0.5}}}}})

    assert dict(changed.empathy.matrix)[45.0][MODULATORS.index('dopamine')] == 0.5
    assert dict(config.empathy.matrix)[45.0][MODULATORS.index('dopamine')] == 1.0
    with pytest.raises(ConfigError, match=r'^emotion\.capacity'):
        config.with_changes({'emotion': {'capacity': 0}})


def test_a_configuration_cannot_be_written_to():
    config = load()

    with pytest.raises(dataclasses.FrozenInstanceError):
        config.time_scale = 2.0
    with pytest.raises(TypeError):
        config.stimuli['hug'] = config.stimuli['praise']
    config.as_mapping()['emotion']['time_scale'] = 9.0
    assert config.as_mapping()['emotion']['time_scale'] == 1.0


def test_the_written_configuration_reads_back_the_same():
    config = load({'emotion': {'time_scale': 2, 'stimuli': {'hug': {'doses': {'oxytocin': 1}}}}})

    again = load(yaml.safe_load(yaml.safe_dump(config.as_mapping())))

    assert again == config
    assert again.sha256 == config.sha256 != load().sha256


def test_a_stimulus_of_ones_own_needs_doses_only():
    hug = load({'emotion': {'stimuli': {'hug': {'doses': {'oxytocin': 1}}}}}).stimuli['hug']

    assert hug.doses == (0, 0, 0, 0, 1, 0, 0)
    assert (hug.duration_s, hug.delay_s, hug.refractory_s) == (0.0, 0.0, 0.2)
    assert (hug.habituation_step, hug.habituation_half_life_s) == (0.5, 30.0)


def test_the_orders_are_those_of_the_messages():
    assert MODULATORS == (
        'adrenaline',
        'cortisol',
        'endorphins',
        'dopamine',
        'oxytocin',
        'noradrenaline',
        'serotonin',
    )
    assert EMOTIONS == ('fear', 'mad', 'joy', 'love', 'sad', 'surprise', 'power')
