import { describe, expect, it } from '@jest/globals';
import { looksAlike } from './claim.js';
import { daysDiffer, dayIn } from './last-day.js';

describe('a claim', () => {
  it.each([
    ['address', 'marta@acme.example', false],
    ['address', ' marta@acme.example ', false],
    ['address', 'm\u0430rta@acme.example', true],
    ['address', 'marta@xn--cme-8cd.example', true],
    ['address', 'marta@acme.example\u200b', true],
    ['employee', '10042', false],
    ['employee', '\uff11\uff10042', true],
    ['name', 'Zoë Müller-Ñandú', false],
    ['name', 'Ирина Петрова', false],
    ['name', 'Ирина Kowalska', false],
    ['name', 'M\u0430rta Kowalska', true],
    ['name', 'Marta\u202e Kowalska', true],
  ] as const)('%s %s may be a look-alike: %s', (kind, value, expected) => {
    expect(looksAlike({ kind, value })).toBe(expected);
  });
});

describe('a last day', () => {
  const NOW = '2026-11-23T10:00:00.000Z';
  it.each([
    ['the same day', '2026-11-27', '2026-11-27T17:00:00.000Z', false],
    ['midnight at its end, by the tenant’s clock', '2026-11-27', '2026-11-27T23:00:00.000Z', false],
    ['an instant later', '2026-11-27', '2026-11-27T23:00:00.001Z', true],
    ['a day before', '2026-11-27', '2026-11-26T17:00:00.000Z', true],
    ['now, though the last day is to come', '2026-11-27', NOW, true],
    ['now, the last day having passed', '2026-11-02', NOW, false],
    ['later, the last day having passed', '2026-11-02', '2026-11-27T17:00:00.000Z', true],
    ['a day that has passed, the last day too', '2026-11-02', '2026-11-10T17:00:00.000Z', false],
  ])('and a request for %s', (_, lastDay, effectiveAt, differs) => {
    expect(daysDiffer(lastDay, effectiveAt, NOW, 'Europe/Berlin')).toBe(differs);
  });

  it('is a day in the tenant’s zone', () => {
    expect(dayIn('Asia/Tokyo', '2026-11-23T15:00:00.000Z')).toBe('2026-11-24');
    expect(dayIn('America/Los_Angeles', '2026-11-23T05:00:00.000Z')).toBe('2026-11-22');
  });
});
