// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// The panel: takes what the server says, and draws what is new at most once a frame of the screen.

import {Bars} from './bars.js';
import {Course} from './courses.js';
import {byId, seldom, setColour, setText} from './dom.js';
import {Face, showJpeg} from './face.js';
import {connectHands, connectPlay, showStimuli} from './hands.js';
import {History, LENGTH_S} from './history.js';
import {Link} from './link.js';
import {Log, showHealth} from './log.js';
import {Plane} from './plane.js';
import {Study} from './study.js';
import {Timeline} from './timeline.js';
import {durationText, levelText, plain, sourceText, two} from './words.js';

const SAY_MS = 3000;  // between two dominant emotions that are said
const NOTICE_MS = 5000;
const DEAF_MS = 6000;  // without a word from a server that says after 3 s that an agent is silent
const COURSE_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 100;

let hello = null, isPaused = false, people = [], state = null, course = null;
let drawing = null, heardMs = 0;
const waiting = {};  // newest message of a type, not drawn yet
const history = new History();
const colours = {};

const face = new Face(byId('face'));
const log = new Log(byId('log'));
const [emotions, modulators, expressions, units] =
  ['emotions', 'modulators', 'expressions', 'units'].map(id => new Bars(byId(id)));
const affectCourse = new Course(byId('affect_course'), byId('affect_legend'), -1, 1);
const emotionCourse = new Course(byId('emotion_course'), byId('emotion_legend'), 0, 1);
const link = new Link(take, showLink);
const plane = new Plane(byId('plane'),
  {move: (valence, arousal) => play.move(valence, arousal), end: () => play.end()});
const play = connectPlay(plane, ask);
const letGo = connectHands(ask);
const study = new Study(ask);
const timeline = new Timeline(ask, log);
const showCourses = seldom(COURSE_MS, drawCourses);
const sayDominant = saying(byId('dominant_said'));

const TAKE = {
  hello: begin,
  state: message => {
    state = message;
    history.add({...message, person: attended()});
    later(message);
  },
  people: message => {
    people = message.people;
    later(message);
  },
  face: later,
  camera: later,
  at: message => timeline.showTime(message.t, message.runs),
  course: takeCourse,
  happened: ({items}) => {
    log.clear();
    items.forEach(take);
  },
  player: message => setText(byId('player'), message.text),
  cause: message => log.addCause(message),
  event: takeEvent,
  diagnostics: message => showHealth(byId('health'), message.items, levelText),
  session: message => study.show(message),
  silence: message => showAgent(message.agent),
  allowed: message => allow(message.camera),
};

const DRAW = {
  state: drawState,
  people: drawPeople,
  face: message => face.show(message),
  camera: message => {
    byId('picture').hidden = !byId('camera_on').checked;
    showJpeg(byId('picture'), message.jpeg);
  },
};

byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', isPaused);
  setText(byId('pause'), isPaused ? 'go on' : 'pause');
});

byId('camera_on').addEventListener('change', () => {
  const on = byId('camera_on').checked;
  if (!on) byId('picture').hidden = true;
  ask({do: 'camera', on});
});

setInterval(() => {
  const {link: connection, agent} = document.body.dataset;
  const speaks = connection === 'open' && agent === 'there' && hello?.live;
  if (speaks && performance.now() - heardMs > DEAF_MS) link.drop();
}, 1000);

function take(message) {
  heardMs = performance.now();
  if (hello || message.type === 'hello') TAKE[message.type]?.(message);  // others may come
}

/** Send a request; what went wrong is told. Resolves to whether it went well. */
async function ask(request) {
  const {ok, text} = await link.ask(request);
  if (!ok) notice(text);
  return ok;
}

function begin(message) {
  const isOther = !hello || hello.namespace !== message.namespace || hello.live !== message.live;
  hello = message;
  document.body.dataset.mode = hello.live ? 'live' : 'recorded';
  setText(byId('namespace'), hello.namespace);
  document.title = `${hello.namespace} – emotion`;
  Object.assign(colours, hello.colours);
  for (const {name, colour} of hello.emotions) colours[name] = colour;
  log.seek = hello.live ? null : t => timeline.seek(t);
  if (isOther) {
    history.clear();
    log.clear();
  }
  const names = hello.emotions.map(({name}) => name);
  plane.showAnchors(hello.emotions);
  emotions.setNames(names, colours);
  modulators.setNames(hello.modulators, colours);
  modulators.setRest(hello.rest);
  expressions.setNames(hello.expressions);
  units.setNames(hello.units);
  showStimuli(hello.stimuli, ask);
  allow(Boolean(hello.allowed?.camera));
  const ofRobot = [
    {name: 'valence', colour: '--valence', value: sample => sample.valence},
    {name: 'arousal', colour: '--arousal', value: sample => sample.arousal},
  ];
  affectCourse.setLines([...ofRobot,
    {name: 'valence of the person', colour: '--valence', dashed: true,
      value: sample => sample.person?.valence},
    {name: 'arousal of the person', colour: '--arousal', dashed: true,
      value: sample => sample.person?.arousal}]);
  emotionCourse.setLines(names.map((name, index) =>
    ({name, colour: colours[name], value: sample => sample.emotions[index]})));
  if (!hello.live) timeline.open(hello.start, hello.end, ofRobot);
  if (isOther) showAgent(!hello.live);
}

function allow(isCamera) {
  byId('camera').hidden = !isCamera;
  if (!isCamera) byId('picture').hidden = true;
}

function takeEvent(message) {
  log.addEvent(message);
  if (message.kind === 'temperament') study.showTemperament(message.name);
}

function takeCourse({t, series}) {
  const names = hello.emotions.map(({name}) => name);
  const at = (name, index) => series[name]?.[index] ?? null;
  course = t.map((time, index) => ({
    t: time, valence: at('valence', index), arousal: at('arousal', index),
    emotions: names.map(name => at(name, index)),
    person: {valence: at('person_valence', index), arousal: at('person_arousal', index)},
  }));
  timeline.showCourse(course);
}

/** Draw a message with the next frame, unless a newer one of its type comes before. */
function later(message) {
  waiting[message.type] = message;
  drawing ??= requestAnimationFrame(() => {
    drawing = null;
    for (const [type, newest] of Object.entries(waiting)) {
      delete waiting[type];
      DRAW[type](newest);
    }
  });
}

function drawState(message) {
  const dominant = message.dominant, samples = lastMinute(message.t);
  document.body.dataset.agent = 'there';
  plane.showRobot(message, colours[dominant]);
  plane.showTrail(samples, message.t);
  emotions.show(message.emotions, message.visible);
  modulators.show(message.modulators);
  setText(byId('dominant'), dominant);
  setColour(byId('dominant'), colours[dominant]);
  setText(byId('why'), whyText(message));
  byId('face').setAttribute('aria-label', `the drawn face: ${dominant}`);
  plane.describe(`robot: valence ${two(message.valence)}, arousal ${two(message.arousal)}`);
  sayDominant(dominant);
  study.showTime(message.t);
  showCourses();
  drawPerson();
}

function drawPeople() {
  plane.showPeople(people);
  drawPerson();
}

function drawPerson() {
  const person = attended();
  const isReal = Boolean(person) && !person.simulated, hasUnits = isReal && person.units?.length;
  if (isReal) byId('person').hidden = false;  // and it stays, so that nothing jumps about
  expressions.show(isReal ? person.expression : []);
  if (hasUnits) byId('units').hidden = false;
  units.show(hasUnits ? person.units : []);
}

function drawCourses() {
  if (!state || isPaused) return;
  const samples = lastMinute(state.t);
  affectCourse.show(samples, state.t - LENGTH_S, state.t);
  emotionCourse.show(samples, state.t - LENGTH_S, state.t);
}

/** The samples of the last minute; of a recording also where nobody was watching. */
function lastMinute(t) {
  if (hello.live || !course) return history.samples;
  return course.filter(sample => sample.t <= t && sample.t > t - LENGTH_S - 5);
}

function attended() {
  return people.find(person => person.id === state?.attended) ?? null;
}

function whyText({t, since, last, by}) {
  const parts = [];
  if (since) parts.push(`for ${durationText(Math.max(0, t - since))}`);
  if (last) parts.push(`last: ${plain(last)} by ${sourceText(by)}`);
  return parts.join('  ·  ');
}

function showAgent(isThere) {
  document.body.dataset.agent = isThere ? 'there' : 'absent';
  if (isThere) return;
  setText(byId('dominant'), 'no agent');
  setColour(byId('dominant'), null);
  setText(byId('why'), `no state in ${hello?.namespace ?? ''}`);
  plane.showRobot(null);
  sayDominant('no agent');
}

function showLink(name, words) {
  document.body.dataset.link = name;
  setText(byId('link'), words);
  if (name === 'open' && byId('camera_on').checked) ask({do: 'camera', on: true});
  if (name !== 'lost' && name !== 'refused') return;
  play.forget();
  letGo();
}

let hiding = null;
function notice(text) {
  const place = byId('notice');
  place.hidden = false;
  setText(place, text);
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    place.hidden = true;
    place.textContent = '';
  }, NOTICE_MS);
}

/** What tells screen readers the newest of several texts, not each of them. */
function saying(place) {
  let newest = '', timer = null;
  return text => {
    newest = text;
    timer ??= setTimeout(() => {
      timer = null;
      setText(place, newest);
    }, place.textContent ? SAY_MS : 0);
  };
}
