import { countRequests, parseRequest, scanMarkers } from '#intake';
import { fixed, table } from './table.js';

const LENGTH = 32 * 1024;
const RUNS = 15;
const CONTEXT = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' };

const filled = (piece: string): string => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

/** An ordinary long mail, and what costs the most in each part of the parser. */
const TEXTS: Readonly<Record<string, string>> = {
  'a request above a long quote': `Please offboard jane@acme.com on Friday.\n\n${filled('> The quick brown fox jumps over the lazy dog.\n')}`.slice(0, LENGTH),
  'requests alone': filled('Please offboard jane@acme.com on Friday. '),
  'a list': filled('Please offboard:\n- Jane Doe, Friday\n'),
  'short sentences': filled('. '),
  'one sentence': filled('offboard '),
  'names': filled('Jane Doe '),
  'addresses': filled('jane@acme.com and '),
  'negations': filled('do not '),
  'dates': filled('next week Friday '),
  'heads of mails': filled('From: a\n'),
  'no text': filled('\ud800'),
};

/** Parsing 32 KiB beside a pass over the same text that only looks at each character; the marker filter has its own measure. */
export function measureParse(write: (line: string) => void): void {
  const rows = Object.entries(TEXTS).map(([name, text]) => {
    const bare = median(() => bareLoop(text));
    const count = median(() => countRequests(text));
    const markers = median(() => scanMarkers(text).length);
    const whole = median(() => parseRequest(text, CONTEXT).confidence);
    // the difference of two medians may be less than what was measured by itself
    const parser = Math.max(count, whole - markers);
    return [name, fixed(bare, 3), fixed(markers, 1), fixed(whole, 1), fixed(parser, 1), fixed(parser / bare)];
  });
  write(`Parsing ${fixed(LENGTH / 1024)} KiB, milliseconds, median of ${fixed(RUNS)}`);
  for (const line of table(['text', 'bare pass', 'marker filter', 'filter and parser', 'parser', 'parser against bare'], rows)) write(`  ${line}`);
}

function bareLoop(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum = (sum + text.charCodeAt(i)) | 0;
  return sum;
}

function median(work: () => number): number {
  const times = Array.from({ length: RUNS + 2 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  }).slice(2);
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
