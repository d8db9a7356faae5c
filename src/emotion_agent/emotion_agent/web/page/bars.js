// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// Rows of bars from 0 to 1, with a tick at each resting level.

import {make, setColour, setText} from './dom.js';
import {plain, two} from './words.js';

const FAINT = 0.35;  // opacity of an emotion that the face does not show

export class Bars {
  constructor(place) {
    this._place = place;
    this._rows = [];
  }

  /** Make a row for each name, with the colours of `colours`. */
  setNames(names, colours = {}) {
    if (names.join() === this._rows.map(row => row.name).join()) return;
    this._rows = names.map(name => {
      const value = make('span', {class: 'figures'}), fill = make('i');
      const bar = make('div', {class: 'bar', role: 'meter', 'aria-label': plain(name),
        'aria-valuemin': 0, 'aria-valuemax': 1}, fill);
      setColour(bar, colours[name]);
      return {name, bar, fill, value, parts: [make('span', {}, plain(name)), bar, value]};
    });
    this._place.replaceChildren(...this._rows.flatMap(row => row.parts));
  }

  /** Show values, and how much of each the face shows (all in [0, 1]). */
  show(values, visible = null) {
    this._rows.forEach(({bar, fill, value}, index) => {
      const level = Math.max(0, Math.min(1, values[index] ?? 0)), shown = visible?.[index] ?? 1;
      const text = two(level);
      if (value.textContent !== text) {
        setText(value, text);
        bar.setAttribute('aria-valuenow', text);
      }
      bar.setAttribute('aria-valuetext', shown > 0 ? text : `${text}, not shown on the face`);
      fill.style.setProperty('--level', level.toFixed(4));
      fill.style.opacity = (FAINT + (1 - FAINT) * shown).toFixed(3);
    });
  }

  /** Show nothing. */
  clear() {
    this.show([]);
  }

  /** Set the ticks, one for each row; null = none. */
  setRest(rest) {
    this._rows.forEach(({bar}, index) => {
      bar.classList.toggle('rests', rest !== null);
      if (rest !== null) bar.style.setProperty('--rest', rest[index]);
    });
  }
}
