import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { confidenceParts } from './confidence.js';
import { flags, parseRequest } from './index.js';

const page = readFileSync('docs/intake.md', 'utf8');
const rows = (head: string): readonly (readonly string[])[] =>
  (page.split(`| ${head} |`)[1]?.split('\n\n')[0] ?? '')
    .split('\n')
    .slice(2)
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()));

describe('docs/intake.md', () => {
  const examples = rows('message | confidence | its parts');

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  test.each(examples.map(([message, confidence, parts]) => [message ?? '', confidence, parts] as const))('%s', (message, confidence, parts) => {
    const packet = parseRequest(message, { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' });
    expect(String(packet.confidence)).toBe(confidence);
    expect(packet.confidenceParts.map(({ name, value }) => `${name} ${String(value)}`).join(', ')).toBe(parts);
  });

  it('lists every flag that caps the confidence, with its cap', () => {
    const understood = { action: 'unknown', directness: null, target: null, effective: null, named: 'beside', dated: 'beside', language: 'en' } as const;
    const capped = flags.flatMap((flag) => confidenceParts({ ...understood, flags: [flag] }).flatMap(({ name, value }) => (name.startsWith('cap.') ? [`${flag} ${String(value)}`] : [])));
    const listed = rows('cap | flag').flatMap(([cap, names]) => [...(names ?? '').matchAll(/`(\w+)`/gu)].map(([, name]) => `${name ?? ''} ${cap ?? ''}`));
    expect(listed.toSorted()).toEqual(capped.toSorted());
  });

  it('names every flag', () => {
    for (const flag of flags) if (flag !== 'date_in_past') expect(page).toContain(`\`${flag}\``);
  });
});
