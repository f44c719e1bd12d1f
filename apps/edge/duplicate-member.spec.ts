import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { duplicateMember } from './duplicate-member.js';

describe('a member that stands twice', () => {
  test.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a":{"b":1},"c":{"b":1,"d":[],"b":2}}', 'c.b'],
    ['[{"a":1},{"b":{"a":[0,{"x":"{","x":"}"}]}}]', '1.b.a.1.x'],
    ['{"a":"\\"","a":"\\\\"}', 'a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"":1,"":2}', ''],
  ])('%s is found at %s', (text, place) => {
    expect(duplicateMember(text)).toBe(place);
  });
});

describe('nothing is found', () => {
  test.each(['{}', '[]', '"a"', '7', '{"a":{"a":{"a":1}},"b":{"a":1}}', '{"a":"a","b":"a:a,a"}', '["a","a",{"a":"b"},{"a":"b"}]', '{"a":"\\",\\"a\\":","b":"{\\"b\\":1"}', '{"A":1,"a":2}'])('in %s', (text) => {
    expect(duplicateMember(text)).toBeUndefined();
  });

  it('in whatever a serialiser wrote, spread out or not', () => {
    fc.assert(fc.property(fc.json(), fc.integer({ min: 0, max: 4 }), (text, indent) => duplicateMember(JSON.stringify(JSON.parse(text), null, indent)) === undefined));
  });
});

it('finds one wherever it is put', () => {
  const members = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 });
  fc.assert(
    fc.property(members, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (object, nth, value) => {
      const names = Object.keys(object);
      const name = names[nth % names.length] ?? '';
      const twice = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
      expect(duplicateMember(twice)).toBe(name);
      expect(duplicateMember(`[${twice}]`)).toBe(`0.${name}`);
    }),
  );
});

it('takes any depth', () => {
  const depth = 100_000;
  expect(duplicateMember('{"a":'.repeat(depth) + '[]' + '}'.repeat(depth))).toBeUndefined();
});
