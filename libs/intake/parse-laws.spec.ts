import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { confidenceOf } from './confidence.js';
import { countRequests, flags, mostRequests, parseRequest } from './index.js';

const context = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' };

/** Any UTF-16, halves of pairs too, among pieces that the grammars know. */
const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    ...['offboard ', 'Please reinstate ', 'jane@acme.com', ' bob@acme.com ', ' and ', ', ', '; ', 'Jane Doe', ' (jane.doe@acme.com)', 'E-20331', ' on Friday', ' next week', '99/99/9999', ' 17:00 CST'],
    ...['\ud800', '\udc00', '\0', '\n', '\n\n', '> ', '- ', ':\n', '?', '. ', 'not ', 'do not ', 'if ', 'Best regards,\n', 'On 1 Jan 2026, x wrote:\n', 'From: a@b.c\nSent: d\n', 'PS: '],
    ...['bitte ', 'nicht ', 'und ', 'sperren ', 'Konto von ', 'veuillez ', 'désactiver le compte de ', 'por favor ', 'dar de baja a ', ' mañana', ' after the handover', 'offboard everyone'],
  ),
);
const message = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));

describe('the parser', () => {
  test('is total and repeatable, and the confidence is the function of its parts', () => {
    fc.assert(
      fc.property(message, (text) => {
        const of = countRequests(text);
        expect(of >= 1 && of <= mostRequests).toBe(true);
        for (let number = 1; number <= of; number += 1) {
          const packet = parseRequest(text, context, { number, of });
          expect(parseRequest(text, context, { number, of })).toEqual(packet);
          expect(packet.flags).not.toContain('several_requests');
          expect(packet.confidence).toBe(confidenceOf(packet.confidenceParts));
          expect(packet.confidence >= 0 && packet.confidence <= 1 && packet.flags.every((flag) => flags.includes(flag))).toBe(true);
          if (packet.target !== null) expect(text).toContain(packet.target.value);
          if (packet.action === 'unknown' || packet.target === null) expect(packet.confidence).toBeLessThan(0.6);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('lets no case stand on a count that no longer holds', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 12 }), (text, of) => {
        fc.pre(of !== countRequests(text));
        expect(parseRequest(text, context, { number: 1, of })).toMatchObject({ action: 'unknown', target: null });
      }),
      { numRuns: 50 },
    );
  });

  test('makes one request of each of several people in a list, in their order', () => {
    const people = fc.uniqueArray(fc.integer({ min: 10_000, max: 99_999 }), { minLength: 1, maxLength: mostRequests });
    fc.assert(
      fc.property(people, fc.constantFrom(', ', '; ', ' and ', '\n- '), (numbers, joiner) => {
        const text = `Please offboard:${joiner === '\n- ' ? joiner : ' '}${numbers.map((number) => `E-${String(number)}`).join(joiner)}`;
        const of = countRequests(text);
        expect(numbers.map((_, i) => parseRequest(text, context, { number: i + 1, of }).target?.value)).toEqual(numbers.map((number) => `E-${String(number)}`));
      }),
      { numRuns: 60 },
    );
  });

  test.each(['', ' ', '\0', '\ud800', '\udfff'.repeat(40), '👩‍💻'.repeat(100), 'x'.repeat(1_000_000), '\0\u0001PK\u0003\u0004'.repeat(500), '请停用她的帐户', 'لا تحذف الحساب', 'Пожалуйста, отключите учётную запись jane@acme.com'])(
    'sends to a human what is no text that it reads (%#)',
    (text) => {
      const packet = parseRequest(text, context);
      expect(packet.action).toBe('unknown');
      expect(packet.confidence).toBeLessThan(0.4);
    },
  );
});
