// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// Elements. Texts of others only ever come in as text, never as markup.

export const byId = id => document.getElementById(id);

/** An element with attributes, and children that are elements or texts. */
export function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function makeSvg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Set a text, unless it stands there: what does not change is not said again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Give an element a colour of its own, `--own` in the style sheet. */
export function setColour(element, colour) {
  if (colour) element.style.setProperty('--own', colour);
  else element.style.removeProperty('--own');
}

/** Make the options of a choice, and keep what is chosen. */
export function setOptions(select, names, text = name => name) {
  if (names.join('\n') === [...select.options].map(option => option.value).join('\n')) return;
  const chosen = select.value;
  select.replaceChildren(...names.map(name => make('option', {value: name}, text(name))));
  if (names.includes(chosen)) select.value = chosen;
}

/** Call a function at most once in `ms`, the last time with the newest arguments. */
export function seldom(ms, call) {
  let timer = null, newest = null;
  return (...given) => {
    newest = given;
    if (timer !== null) return;
    call(...newest);
    newest = null;
    timer = setTimeout(function next() {
      timer = null;
      if (newest === null) return;
      call(...newest);
      newest = null;
      timer = setTimeout(next, ms);
    }, ms);
  };
}
