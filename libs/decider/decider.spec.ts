import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CodedError, codeOf, type Decider, fold, given, isCoded, isJsonObject, plusSeconds, unreachable } from './index.js';

type Door = { readonly open: boolean; readonly turns: number };
type Turned = { readonly type: 'opened' | 'closed' };

const door: Decider<Door, Turned, 'open' | 'close' | 'paint'> = {
  initial: { open: false, turns: 0 },
  evolve: (state, { type }) => ({ open: type === 'opened', turns: state.turns + 1 }),
  decide(command, state) {
    if (command === 'paint') throw new CodedError('not_a_wall', 'a door is not painted here');
    return state.open === (command === 'open') ? [] : [{ type: command === 'open' ? 'opened' : 'closed' }];
  },
};

describe('given, when, then', () => {
  test('folds what is given and decides on it', () => {
    const found = given(door, { type: 'opened' }, { type: 'closed' });
    expect(found.state).toEqual({ open: false, turns: 2 });
    expect(found.when('open')).toEqual([{ type: 'opened' }]);
  });

  test('the same command twice is decided on what the first one led to', () => {
    expect(given(door).whenTwice('open')).toEqual([]);
  });

  test('a throw reaches the test', () => {
    expect(() => given(door).when('paint')).toThrow(expect.objectContaining({ code: 'not_a_wall' }));
  });

  test('fold starts at the initial state and keeps the order', () => {
    expect(fold(door, [])).toBe(door.initial);
    expect(fold(door, [{ type: 'opened' }])).toEqual({ open: true, turns: 1 });
  });
});

describe('instants', () => {
  test('move over days, years and fractions, and back', () => {
    expect(plusSeconds('2026-12-31T23:59:59.500Z', 0.5)).toBe('2027-01-01T00:00:00.000Z');
    expect(plusSeconds('2024-02-29T00:00:00.000Z', -86_400)).toBe('2024-02-28T00:00:00.000Z');
  });

  test('text order is time order', () => {
    const instant = fc.date({ min: new Date('0001-01-01'), max: new Date('9990-01-01'), noInvalidDate: true }).map((date) => date.toISOString());
    fc.assert(fc.property(instant, fc.integer({ min: 0, max: 10 ** 8 }), (at, seconds) => plusSeconds(at, seconds) >= at && plusSeconds(plusSeconds(at, seconds), -seconds) === at));
  });

  test('what is no instant is never silently moved', () => {
    expect(() => plusSeconds('yesterday', 1)).toThrow(RangeError);
  });
});

describe('coded errors', () => {
  test('carry code, message and cause, and other throws have no code', () => {
    const cause = new Error('beneath');
    const error = new CodedError('store_unreachable', 'no answer', { cause });
    expect([error.code, error.message, error.cause, error.name]).toEqual(['store_unreachable', 'no answer', cause, 'CodedError']);
    expect([codeOf(error), isCoded(error)]).toEqual(['store_unreachable', true]);
    for (const other of [new Error('x'), 'x', null, undefined, { code: 'store_unreachable' }]) expect([codeOf(other), isCoded(other)]).toEqual([undefined, false]);
  });

  test('a stray value where nothing is left is named', () => {
    expect(() => unreachable('sideways' as never, 'turn')).toThrow(expect.objectContaining({ code: 'unreachable', message: 'turn: no case for "sideways"' }));
  });
});

test('a JSON object is neither null nor an array nor a scalar', () => {
  expect([{}, { a: 1 }, null, [], 'x', 1, true, undefined].map(isJsonObject)).toEqual([true, true, false, false, false, false, false, false]);
});
