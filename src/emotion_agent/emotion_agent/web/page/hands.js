// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// What people do to the robot: stimuli, a person that is played, gaze and mouth by hand.

import {byId, make, seldom, setText} from './dom.js';
import {Pad} from './pad.js';
import {dosesText, percent, plain, two} from './words.js';

const SEND_MS = 50;

/** Make the stimulus buttons. */
export function showStimuli(stimuli, ask) {
  const place = byId('stimuli'), names = stimuli.map(({name}) => name).join();
  if (place.dataset.names === names) return;
  place.dataset.names = names;
  place.replaceChildren(...stimuli.map((stimulus, index) => {
    const doses = dosesText(stimulus), id = `doses_${index}`;
    const said = make('span', {class: 'unseen', id}, doses);
    const button = make('button', {type: 'button', title: doses, 'aria-describedby': id,
      'data-name': stimulus.name}, plain(stimulus.name));
    button.addEventListener('click', () => {
      ask({do: 'stimulate', name: stimulus.name, intensity: byId('intensity').value / 100});
    });
    return make('div', {}, button, said);
  }));
}

/** Connect the slider of the intensity, and gaze and mouth. */
export function connectHands(ask) {
  byId('intensity').addEventListener('input', () => {
    setText(byId('intensity_said'), percent(byId('intensity').value / 100));
  });
  const send = seldom(SEND_MS, ask), mouth = byId('mouth'), gaze = byId('gaze');
  mouth.addEventListener('input', () => {
    const isFree = mouth.value === '0';
    setText(byId('mouth_said'), isFree ? 'free' : percent(mouth.value / 100));
    send(isFree ? {do: 'mouth'} : {do: 'mouth', open: mouth.value / 100});
  });
  const look = seldom(SEND_MS, ask);
  const pad = new Pad(gaze, {
    margin: 1,
    describe: (x, y) => `${two(x)} to the right, ${two(y)} upwards`,
    move: (x, y) => {
      gaze.classList.add('held');
      place(x, y);
      look({do: 'gaze', x, y: -y});
    },
    end: () => letGo(true),
  });
  gaze.addEventListener('dblclick', () => letGo(true));

  function place(x, y) {
    gaze.style.setProperty('--x', x.toFixed(3));
    gaze.style.setProperty('--y', y.toFixed(3));
  }

  /** Let go of the gaze, and shut the mouth; `isTold`: the robot has to know. */
  function letGo(isTold) {
    if (isTold && gaze.classList.contains('held')) look({do: 'gaze'});
    gaze.classList.remove('held');
    pad.place(0, 0);
    place(0, 0);
  }

  return () => {  // after the connection was lost, the server has let go already
    letGo(false);
    mouth.value = 0;
    setText(byId('mouth_said'), 'free');
  };
}

/** Connect the box that makes the plane a pad. Returns what ends that after a lost connection. */
export function connectPlay(plane, ask) {
  const box = byId('play');
  box.addEventListener('change', () => (box.checked ? begin() : end(true)));

  function begin() {
    plane.setPad(true);
    move(0, 0);
    plane.pad.place(0, 0);
    plane.element.focus();
  }

  function end(isTold) {
    box.checked = false;
    plane.setPad(false);
    plane.played = null;
    plane.showPeople([]);
    if (isTold) send({do: 'person'});
  }

  const send = seldom(SEND_MS, async request => {
    if (!await ask(request) && box.checked) end(false);  // somebody else plays already
  });
  function move(valence, arousal) {
    plane.played = {valence, arousal};
    plane.showPeople([]);
    send({do: 'person', valence, arousal});
  }

  return {
    move,
    end: () => {
      end(true);
      box.focus();
    },
    forget: () => box.checked && end(false),
  };
}
