import { describe, expect, it, test } from '@jest/globals';
import { type IntentPacket, type ModelAnswer, type ModelPart, parseRequest, withModel } from './index.js';

const context = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' };
const ordinary = 'Please offboard jane@acme.com, last day today';
const agreeing: ModelAnswer = { action: 'offboard', asks: 'Please offboard', target: 'jane@acme.com', when: 'last day today', reason: null, confidence: 1, flags: [] };

function merged(text: string, answer: Partial<ModelAnswer>): { before: IntentPacket; packet: IntentPacket; part: ModelPart } {
  const before = parseRequest(text, context);
  const silent: ModelAnswer = { action: 'unknown', asks: null, target: null, when: null, reason: null, confidence: 1, flags: [] };
  return { before, ...withModel(before, text, { ...silent, ...answer }, context) };
}

describe('a model that agrees', () => {
  it('changes nothing', () => {
    const { before, packet, part } = merged(ordinary, agreeing);
    expect([packet, part]).toEqual([before, { raised: [], filled: [], dropped: [], differs: [] }]);
  });

  it('and is less sure lowers the confidence, in a part that says so', () => {
    const { before, packet } = merged(ordinary, { ...agreeing, confidence: 0.519 });
    expect([before.confidence, packet.confidence]).toEqual([1, 0.51]);
    expect(packet.confidenceParts.at(-1)).toEqual({ name: 'cap.model', value: 0.51, because: 'a model is less sure' });
  });

  it('names the person whose address our own parser took', () => {
    const text = 'Jane Doe (jane.doe@acme.com) is leaving on Friday';
    expect(merged(text, { action: 'offboard', asks: 'is leaving', target: 'Jane Doe', when: 'Friday' }).packet.flags).toEqual([]);
  });
});

describe('a model that reads otherwise', () => {
  test.each([
    ['another person', 'Please offboard jane@acme.com today. bob@acme.com takes over.', { ...agreeing, target: 'bob@acme.com', when: 'today' }, ['target']],
    ['nobody', ordinary, { ...agreeing, target: null }, ['target']],
    ['another action', ordinary, { ...agreeing, action: 'reinstate' }, ['action']],
    ['no action', ordinary, { ...agreeing, action: 'unknown', asks: null }, ['action']],
    ['another time', 'Please offboard jane@acme.com, last day Friday. She started on 1 March 2021.', { ...agreeing, when: '1 March 2021' }, ['effective']],
    ['no time', ordinary, { ...agreeing, when: null }, ['effective']],
  ] as const)('%s: our own reading stands, and a human sees it', (_, text, answer, differs) => {
    const { before, packet, part } = merged(text, answer);
    expect(packet).toMatchObject({ action: before.action, target: before.target });
    expect(packet.effective).toEqual(before.effective);
    expect(part.differs).toEqual(differs);
    expect(packet.confidence).toBeLessThan(0.4);
    expect(packet.flags).toEqual(['model_disagrees']);
  });
});

describe('a quotation', () => {
  test.each([
    ['that is nowhere in the message', ordinary, 'ceo@acme.com'],
    ['that is a piece of an address', 'offboard mary-jane@acme.com today', 'jane@acme.com'],
    ['that an address goes on behind', 'offboard jane@acme.com.example today', 'jane@acme.com'],
    ['that is a piece of a name', 'offboard Mary Jane Doe today', 'Jane Doe'],
    ['that a mark makes another letter of', 'pls offboard jane doe\u0301 today', 'jane doe'],
    ['that is the end of a longer name, whatever its letters', 'pls offboard anna maria schmidt today', 'maria schmidt'],
    ['that is its beginning', 'pls offboard jane doe smith today', 'jane doe'],
    ['of whom to keep', 'pls offboard the night shift today, keep jane doe', 'jane doe'],
    ['of the supervisor', 'pls offboard him today, his supervisor jane doe agrees', 'jane doe'],
    ['of somebody who is only copied', 'pls offboard jane doe today, cc bob@acme.com', 'bob@acme.com'],
    ['of the manager', 'pls offboard jane doe today, her manager Bob Roe agrees', 'Bob Roe'],
    ['of a piece of the manager’s name', 'pls offboard jane doe today, her manager Mary Bob Roe agrees', 'Bob Roe'],
    ['of somebody who is left out', 'pls offboard jane doe but not bob roe', 'bob roe'],
    ['from a quoted reply', 'pls offboard jane doe today\n\n> and bob@acme.com too', 'bob@acme.com'],
    ['of no name at all', 'pls offboard jane doe today', 'offboard jane'],
    ['of a single word', 'pls offboard jane today', 'jane'],
    ['of nothing', 'pls offboard jane today', ' '],
  ])('%s makes nobody the target', (_, text, target) => {
    const { before, packet, part } = merged(text, { action: 'offboard', asks: 'offboard', target });
    expect(part.dropped).toContain('target');
    expect(packet.target).toEqual(before.target);
  });

  test.each([
    ['a time that our own reader cannot tell', 'Please offboard jane@acme.com on 03/04', { when: '03/04' }, 'effective'],
    ['words that say no time', 'Please offboard jane@acme.com on 03/04', { when: 'jane@acme.com' }, 'effective'],
    ['a day in other words', ordinary, { when: '2026-11-23' }, 'effective'],
    ['an action without words', ordinary, { action: 'offboard', asks: null }, 'action'],
    ['an action in words of its own', ordinary, { action: 'offboard', asks: 'delete' }, 'action'],
    ['a reason that nobody gave', ordinary, { reason: 'The CISO has approved this' }, 'reason'],
  ] as const)('of %s is dropped', (_, text, answer, field) => {
    const { packet, part, before } = merged(text, answer);
    expect(part.dropped).toContain(field);
    expect([packet.action, packet.effective, packet.reason]).toEqual([before.action, before.effective, before.reason]);
  });
});

describe('what our own parser left empty', () => {
  test.each([
    ['a name in small letters', 'pls offboard jane doe today', { asks: 'pls offboard', target: 'jane doe', when: 'today' }, { target: { kind: 'name', value: 'jane doe' } }, ['target']],
    ['a name before a possessive, and over a line end', "please remove jane\ndoe's access", { asks: 'please remove', target: 'jane doe' }, { target: { kind: 'name', value: 'jane doe' } }, ['target']],
    ['an action in a language that is not read', 'Proszę usunąć konto jan.kowalski@acme.com', { asks: 'Proszę usunąć konto', target: 'jan.kowalski@acme.com' }, { action: 'offboard' }, ['action']],
    ['one of two dates', 'Please offboard jane@acme.com on 4 December 2026 or 5 December 2026', { asks: 'offboard', target: 'jane@acme.com', when: '4 December 2026' }, { effective: { at: '2026-12-04T17:00:00.000Z', text: '4 December 2026' } }, ['effective']],
  ] as const)('%s may be filled in: the flags stay, one is added, and the confidence does not rise', (_, text, answer, expected, filled) => {
    const { before, packet, part } = merged(text, { action: 'offboard', ...answer });
    expect(packet).toMatchObject(expected);
    expect(part).toMatchObject({ filled, raised: ['model_filled'] });
    expect(packet.flags).toEqual([...before.flags, 'model_filled']);
    expect(packet.confidence).toBe(before.confidence);
    expect(packet.confidence).toBeLessThan(0.4);
  });

  it('may be a reason, which decides nothing', () => {
    const { packet, part } = merged(`${ordinary}, reason is that she resigned`, { ...agreeing, reason: 'she resigned' });
    expect([packet.reason, part.filled, packet.flags]).toEqual(['she resigned', ['reason'], []]);
  });

  it('keeps the flag of a time that lies in the past', () => {
    const { packet } = merged('Please offboard jane@acme.com on 4 November 2026 or 5 December 2026', { ...agreeing, when: '4 November 2026' });
    expect(packet.flags).toEqual(['date_unclear', 'model_filled', 'date_in_past']);
  });

  test.each([
    ['a negation', 'Do not offboard jane doe today'],
    ['a question', 'Should we offboard jane doe today?'],
    ['a condition', 'If she does not come back, offboard jane doe today'],
    ['several people', 'Please offboard everyone in sales, jane doe too'],
  ])('stays empty beside %s', (_, text) => {
    const { before, packet, part } = merged(text, { action: 'offboard', asks: 'offboard', target: 'jane doe', when: 'today' });
    expect([part.filled, packet.action, packet.target]).toEqual([[], before.action, before.target]);
  });

  it('stays empty where the model itself has a doubt', () => {
    expect(merged('pls offboard jane doe today', { action: 'offboard', asks: 'offboard', target: 'jane doe', when: 'today', flags: ['negated'] }).part).toMatchObject({ filled: [], raised: ['negated'] });
  });
});

it('a model that suspects an attack takes out of the packet what a marker takes out', () => {
  const { packet, part } = merged(`${ordinary}, because she resigned`, { ...agreeing, flags: ['prompt_injection_suspected'] });
  expect(packet).toMatchObject({ target: null, claimedRequester: null, reason: null, markers: [], flags: ['prompt_injection_suspected'] });
  expect(packet.confidence).toBeLessThan(0.4);
  expect(part.raised).toEqual(['prompt_injection_suspected']);
});
