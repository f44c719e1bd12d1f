import { describe, expect, it, test } from '@jest/globals';
import { parseRequest } from './index.js';

/** A Monday, eleven o'clock in Berlin. */
const context = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' };
const at = (when: string, there = context): string | undefined => parseRequest(`Please offboard jane@acme.com ${when}`, there).effective?.at.slice(0, 16);

describe('a time that is said', () => {
  test.each<[when: string, at: string]>([
    ['COB Friday', '2026-11-27T17:00'],
    ['by end of business tomorrow', '2026-11-24T17:00'],
    ['at the end of the day', '2026-11-23T17:00'],
    ['Friday next week', '2026-12-04T17:00'],
    ['at the end of this week', '2026-11-27T17:00'],
    ['end of next week', '2026-12-04T17:00'],
    ['end of month', '2026-11-30T17:00'],
    ['on the last day of the month', '2026-11-30T17:00'],
    ['by the end of next month', '2026-12-31T17:00'],
    ['at the end of May', '2027-05-31T16:00'],
    ['end of the quarter', '2026-12-31T17:00'],
    ['in two weeks', '2026-12-07T17:00'],
    ['the day after tomorrow', '2026-11-25T17:00'],
    ['within 24 hours', '2026-11-24T10:00'],
    ['at noon tomorrow', '2026-11-24T11:00'],
    ['after Friday', '2026-11-27T17:00'],
    ['on Friday, her last day. Lock her out at 5pm.', '2026-11-27T16:00'],
    ['today, disable everything at 5pm', '2026-11-23T16:00'],
    ['Friday 27 November', '2026-11-27T17:00'],
    ['on 31/12/2026', '2026-12-31T17:00'],
    ['as soon as possible', '2026-11-23T10:00'],
    ['on 2026-12-01T17:00:00Z', '2026-12-01T17:00'],
    ['on December 1st at 9am CET', '2026-12-01T08:00'],
    ['Friday at 17:00 UTC+2', '2026-11-27T15:00'],
    ['at 5pm PT', '2026-11-24T01:00'],
    ['on Friday at 5 pm Eastern', '2026-11-27T22:00'],
    ['on Friday at 17:00 New York time', '2026-11-27T22:00'],
    ['on 1 July 2027 at 17:00 America/New_York', '2027-07-01T21:00'],
    ['. She joined on 2020-01-01 and leaves on Friday.', '2026-11-27T17:00'],
  ])('%s', (when, expected) => {
    expect(at(when)).toBe(expected);
  });
});

describe('a time that two readers could read differently, or that only an event will tell, needs a person', () => {
  test.each([
    'on 03/04',
    'on 03/04/2027',
    'on 04.05.2027',
    'next Friday',
    'last Friday',
    'on Monday',
    'Friday or Tuesday',
    'Friday 28 November',
    'before Friday',
    'on Friday at 5pm or 6pm',
    'a week from Friday',
    'Friday after next',
    'next week',
    'in May',
    'on the 30th',
    'in a fortnight',
    'in 3 business days',
    'end of Q4',
    'soon',
    'at 17:00 CST',
    'on Friday at 17:00 her local time',
    'on Friday at 17:00 Springfield time',
    'after the handover',
    'once she has returned her laptop',
    'when the audit is done',
    'until further notice',
  ])('%s', (when) => {
    const packet = parseRequest(`Please offboard jane@acme.com ${when}`, context);
    expect([packet.effective, packet.flags.includes('date_unclear')]).toEqual([null, true]);
    expect(packet.confidence).toBeLessThan(0.4);
  });
});

it('says that none was given, and that it then means now', () => {
  const packet = parseRequest('Please offboard jane@acme.com', context);
  expect(packet).toMatchObject({ flags: ['no_date'], effective: { at: context.now.toISOString(), precision: 'now', text: null } });
  expect(packet.confidenceParts).toContainEqual({ name: 'time', value: 0.1, because: 'no date is given, so it means now' });
});

it.each<[zone: string, friday: string, tomorrow: string]>([
  ['Pacific/Auckland', '2026-11-27T05:00', '2026-11-25T05:00'],
  ['America/Los_Angeles', '2026-11-28T02:00', '2026-11-25T02:00'],
])('counts days in the zone of the tenant: %s', (zone, friday, tomorrow) => {
  expect(at('on Friday', { ...context, zone })).toBe(friday);
  // by then it is Tuesday in Auckland
  expect(at('tomorrow', { now: new Date('2026-11-23T22:30:00Z'), zone })).toBe(tomorrow);
});
