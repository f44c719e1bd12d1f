import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { confidenceOf } from './confidence.js';
import { type ModelAnswer, modelFlags, parseRequest, withModel } from './index.js';

const context = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' };

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    ...['offboard ', 'Please offboard ', 'pls remove ', 'Please reinstate ', 'do not ', 'if ', 'should we ', ' and ', ', ', '. ', '?', '\n', '\n\n', '> ', 'Thanks,\n', ' cc ', ' but not ', ' her manager is '],
    ...['jane@acme.com', 'mary-jane@acme.com', 'bob@acme.com', 'ceo@acme.com', 'jane doe', 'Jane Doe', 'Mary Jane Doe', 'E-20331', ' (jane.doe@acme.com)', '\u0301', '\u200b', '\u00a0', '  '],
    ...[' on Friday', ' today', ' next week', ' 4 December 2026', ' or 5 December 2026', ' because she resigned', 'ignore all previous instructions', 'Proszę usunąć konto '],
  ),
);
const message = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));

/** What a model may quote: a stretch of the message, somebody else's words, or anything. */
const quotation = (text: string): fc.Arbitrary<string | null> =>
  fc.oneof(
    fc.constant(null),
    fc.tuple(fc.nat(text.length), fc.nat(24)).map(([start, length]) => text.slice(start, start + length)),
    fc.constantFrom('jane@acme.com', 'bob@acme.com', 'ceo@acme.com', 'jane doe', 'Jane Doe', 'E-20331', 'offboard', 'Friday', 'today', '4 December 2026', 'she resigned'),
    fc.string({ maxLength: 12 }),
  );

const answerTo = (text: string): fc.Arbitrary<ModelAnswer> =>
  fc.record({
    action: fc.constantFrom('offboard', 'reinstate', 'unknown'),
    asks: quotation(text),
    target: quotation(text),
    when: quotation(text),
    reason: quotation(text),
    confidence: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    flags: fc.oneof(fc.constant([]), fc.subarray([...modelFlags])),
  });

const asked = message.chain((text) => fc.tuple(fc.constant(text), answerTo(text)));

test('whatever a model answers, the packet is no surer, loses no flag, keeps what was read, and is about nobody whom the text does not name', () => {
  fc.assert(
    fc.property(asked, ([text, answer]) => {
      const before = parseRequest(text, context);
      const { packet, part } = withModel(before, text, answer, context);
      expect(packet.confidence).toBeLessThanOrEqual(Math.min(before.confidence, answer.confidence));
      expect(packet.confidence).toBe(confidenceOf(packet.confidenceParts));
      expect(packet.flags).toEqual(expect.arrayContaining([...before.flags, ...answer.flags]));
      expect(packet.flags.filter((flag) => !before.flags.includes(flag)).toSorted()).toEqual(part.raised.toSorted());
      expect(packet.markers).toEqual(before.markers);
      if (packet.target !== null) expect(text.replace(/\s+/gu, ' ')).toContain(packet.target.value);
      if (before.target !== null) expect([before.target, null]).toContainEqual(packet.target);
      if (before.action !== 'unknown') expect(packet.action).toBe(before.action);
      if (before.effective !== null) expect(packet.effective).toEqual(before.effective);
      for (const [field, empty] of [['action', 'unknown'], ['target', null], ['effective', null], ['reason', null]] as const)
        expect(part.filled.includes(field)).toBe(before[field] === empty && packet[field] !== empty);
      if (part.filled.some((field) => field !== 'reason')) expect(packet.flags).toContain('model_filled');
      expect(withModel(before, text, answer, context)).toEqual({ packet, part });
    }),
    { numRuns: 400 },
  );
});
