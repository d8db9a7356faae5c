// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// The texts of the panel, those of the panel of rqt where both have them.

const LEVELS = ['well', 'look', 'wrong', 'silent'];
const TIME = {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'};

export const plain = name => name.replaceAll('_', ' ');
export const percent = share => `${Math.round(100 * share)} %`;
export const two = value => value.toFixed(2).replace('-0.00', '0.00');
export const levelText = level => LEVELS[level] ?? LEVELS[3];
export const sourceText = source => (source === 'human_affect' ? 'camera' : source || 'unknown');
export const clockText = unixS => new Date(1000 * unixS).toLocaleTimeString('en-GB', TIME);

/** A span as minutes and seconds. */
export function spanText(spanS) {
  const whole = Math.max(0, Math.floor(spanS)), hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60, seconds = String(whole % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** A duration in s, min or h, rounded. */
export function durationText(durationS) {
  if (durationS < 60) return `${Math.round(durationS)} s`;
  if (durationS < 3600) return `${Math.round(durationS / 60)} min`;
  return `${Math.round(durationS / 3600)} h`;
}

/** The doses of a stimulus at intensity 1. */
export function dosesText(stimulus) {
  const parts = Object.entries(stimulus.doses ?? {})
    .filter(([, dose]) => dose)
    .map(([name, dose]) => `${name} ${dose > 0 ? '+' : '−'}${Number(Math.abs(dose).toPrecision(2))}`);
  if (stimulus.duration_s) parts.push(`over ${durationText(stimulus.duration_s)}`);
  return parts.join(', ');
}

/** What a cause is called in the list. */
export function causeText(cause) {
  const strength = cause.intensity === 1 ? '' : ` × ${Number(cause.intensity.toPrecision(2))}`;
  return plain(cause.name) + strength;
}

/** What an event says, null = nothing that people want to read. */
export function eventText(event) {
  const {kind, name, value} = event;
  if (kind === 'snapshot') return null;
  if (kind === 'parameters') return `set ${valueText(value)}`;
  if (kind === 'marker') return `▸ ${name}`;
  if (kind === 'reset') return 'reset: at rest';
  if (kind === 'temperament') return `temperament ${name}`;
  if (kind === 'session') return name ? `session ${name}` : 'session ends';
  if (kind === 'script') return `script ${name} ${parsed(value).state ?? ''}`.trim();
  if (kind === 'key') return `key ${name}`;
  return `${kind} ${name}`.trim();
}

function valueText(value) {
  return Object.entries(parsed(value)).map(([name, set]) => `${name} ${set}`).join(', ') || value;
}

function parsed(value) {
  try {
    return Object(JSON.parse(value));
  } catch {
    return {};
  }
}
