// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// The circumplex: valence to the right, arousal upwards; disc = robot with its trail, rings =
// people, dots = the emotions. While a person is played, it is the pad that moves them.

import {make, makeSvg, setColour} from './dom.js';
import {Pad} from './pad.js';
import {two} from './words.js';

export const MARGIN = 1.08;
const TRAIL_S = 30, TRAIL_PARTS = 15;
const ENDS = [  // words, where, how aligned
  ['pleasant', 0.97, 0.03, 'end'], ['unpleasant', -0.97, 0.03, 'start'],
  ['excited', 0, 0.9, 'middle'], ['calm', 0, -0.93, 'middle'],
];

export class Plane {
  /**
   * @param place an empty element
   * @param move  called with (valence, arousal) of the person that is played
   * @param end   called when the user ends that with Escape
   */
  constructor(place, {move, end}) {
    this._anchors = makeSvg('g', {class: 'anchors'});
    this._trail = Array.from({length: TRAIL_PARTS}, (_, part) => makeSvg('polyline',
      {class: 'trail', opacity: (0.8 * (1 - part / TRAIL_PARTS) ** 2).toFixed(3)}));
    this._people = makeSvg('g');
    this._robot = makeSvg('circle', {class: 'robot', r: 0.048, visibility: 'hidden'});
    this._svg = makeSvg('svg', {viewBox: `${-MARGIN} ${-MARGIN} ${2 * MARGIN} ${2 * MARGIN}`},
      makeSvg('circle', {class: 'edge', r: 1}), makeSvg('circle', {class: 'half', r: 0.5}),
      makeSvg('path', {class: 'half', d: 'M-1 0H1M0-1V1'}),
      ...ENDS.map(([words, x, y, anchor]) => makeSvg('text',
        {class: 'end', x, y: -y, 'text-anchor': anchor}, words)),
      this._anchors, ...this._trail, this._people, this._robot);
    this._svg.setAttribute('aria-hidden', 'true');
    this.element = make('div', {class: 'plane'}, this._svg);
    place.append(this.element, make('p', {class: 'legend'},
      make('span', {class: 'disc'}, 'robot'), make('span', {class: 'ring'}, 'person'),
      make('span', {class: 'ring played live'}, 'person played')));
    this.pad = new Pad(this.element, {margin: MARGIN, move, end,
      describe: (x, y) => `valence ${two(x)}, arousal ${two(y)}`});
    this.played = null;
    this.setPad(false);
  }

  /** Show where the emotions lie: [{name, valence, arousal, colour}]. */
  showAnchors(emotions) {
    this._anchors.replaceChildren(...emotions.map(emotion => {
      const {name, valence, arousal, colour} = emotion, below = isCrowded(emotion, emotions);
      const mark = makeSvg('g', {},
        makeSvg('circle', {cx: valence, cy: -arousal, r: 0.016}),
        makeSvg('text', {x: valence, y: -arousal + (below ? 0.085 : -0.035),
          'text-anchor': 'middle'}, name));
      setColour(mark, colour);
      return mark;
    }));
  }

  /** Show the robot with the colour of its dominant emotion; null = there is none. */
  showRobot(state, colour) {
    this._robot.setAttribute('visibility', state ? 'visible' : 'hidden');
    if (!state) return;
    this._robot.setAttribute('cx', state.valence.toFixed(4));
    this._robot.setAttribute('cy', (-state.arousal).toFixed(4));
    setColour(this._robot, colour);
  }

  /** Show where the robot was: samples {t, valence, arousal}, oldest first, up to the time `t`. */
  showTrail(samples, t) {
    const parts = Array.from({length: TRAIL_PARTS}, () => []);
    let last = null;
    for (const sample of samples) {
      const part = Math.floor((t - sample.t) / TRAIL_S * TRAIL_PARTS);
      if (part >= TRAIL_PARTS || part < 0) continue;
      const point = `${sample.valence.toFixed(3)},${(-sample.arousal).toFixed(3)}`;
      if (last !== null && last !== part) parts[last].push(point);  // no hole in between
      parts[part].push(point);
      last = part;
    }
    parts.forEach((points, part) => this._trail[part].setAttribute('points', points.join(' ')));
  }

  /** Show the people that the robot sees, and at once the one that is played here. */
  showPeople(people) {
    const seen = this.played ? people.filter(person => !person.simulated) : people;
    const all = this.played ? [...seen, {...this.played, simulated: true}] : seen;
    while (this._people.childElementCount > all.length) this._people.lastChild.remove();
    while (this._people.childElementCount < all.length) {
      this._people.append(makeSvg('circle', {r: 0.056}));
    }
    all.forEach((person, index) => {
      const ring = this._people.children[index];
      ring.setAttribute('class', person.simulated ? 'person played' : 'person');
      ring.setAttribute('cx', person.valence.toFixed(4));
      ring.setAttribute('cy', (-person.arousal).toFixed(4));
    });
  }

  /** Be the pad that moves a played person, or a picture. */
  setPad(isPad) {
    this.pad.isOn = isPad;
    this.element.classList.toggle('pad', isPad);
    if (isPad) {
      this.element.setAttribute('role', 'slider');
      this.element.setAttribute('tabindex', 0);
      this.element.setAttribute('aria-label', 'valence and arousal of the played person');
    } else {
      this.element.setAttribute('role', 'img');
      this.element.removeAttribute('tabindex');
    }
  }

  /** Words for screen readers while it is a picture. */
  describe(words) {
    if (!this.pad.isOn) this.element.setAttribute('aria-label', words);
  }
}

/** Whether the name of another emotion, just to the left, would overlap its own. */
function isCrowded(one, emotions) {
  return emotions.some(other => {
    const right = one.valence - other.valence;
    return right > 0 && right < 0.3 && Math.abs(one.arousal - other.arousal) < 0.1;
  });
}
