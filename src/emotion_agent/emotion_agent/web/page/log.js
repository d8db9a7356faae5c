// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// Causes and events as a list, the newest first.

import {make, setColour} from './dom.js';
import {causeText, clockText, eventText, sourceText} from './words.js';

const LONGEST = 300;

export class Log {
  /**
   * @param list an element `ol`
   * @param seek called with a time that was chosen, null = nothing can be chosen
   */
  constructor(list, seek = null) {
    this._list = list;
    this.seek = seek;
    this.clear();
  }

  /** The times of what is listed, oldest first, with whether it is an event. */
  get entries() {
    return this._entries;
  }

  addCause(cause) {
    this._add(cause.t, causeText(cause), sourceText(cause.source), 'cause');
  }

  addEvent(event) {
    const text = eventText(event);
    if (text !== null) this._add(event.t, text, event.source, 'event');
  }

  clear() {
    this._entries = [];
    this._list.replaceChildren(make('li', {class: 'soft empty'}, 'nothing yet'));
  }

  /** Show what of a recording has not happened yet. */
  showTime(t) {
    for (const entry of this._entries) entry.row.classList.toggle('later', entry.t > t);
  }

  _add(t, text, source, kind) {
    const words = [make('time', {class: 'figures'}, clockText(t)), make('b', {}, text),
      make('span', {class: 'soft'}, source)];
    const row = make('li', {class: kind}, ...(this.seek ? [this._button(t, words)] : words));
    if (this._entries.length === 0) this._list.replaceChildren();
    this._list.prepend(row);
    this._entries.push({t, row});
    if (this._entries.length > LONGEST && !this.seek) this._entries.shift().row.remove();
  }

  _button(t, words) {
    const button = make('button', {type: 'button', class: 'plain'}, ...words);
    button.addEventListener('click', () => this.seek(t));
    return button;
  }
}

/** Show how the nodes are: [{node, name, level: 0..3, message}], the worst first. */
export function showHealth(list, items, levelText) {
  const sorted = [...items].sort((one, other) => other.level - one.level);
  list.replaceChildren(...sorted.map(({node, name, level, message}) => {
    const state = make('b', {class: 'badge'}, levelText(level));
    setColour(state, `var(--level-${Math.min(level, 3)})`);
    const title = name && name !== node ? `${node}: ${name}` : node;
    return make('li', {}, state, make('span', {}, title), make('span', {class: 'soft'}, message));
  }));
  if (!sorted.length) list.append(make('li', {class: 'soft empty'}, 'nothing heard of them yet'));
}
