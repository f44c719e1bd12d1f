import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '#decider';
import { decodeEntry, encodeEntry, type Entry, jcs, MAX_ENTRY_BYTES, NO_PREVIOUS, parseCanonical } from './index.js';

const entry: Entry = {
  v: 1, tenant: 'acme', incarnation: 'i-1', seq: 3, id: 'e-3', type: 'request.received', case: 'c-1', caseSeq: 0,
  at: '2026-01-02T03:04:05.006Z', actor: 'p-1', command: 'k-1', prev: NO_PREVIOUS, data: { text: 'hello' },
};
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const code = (wanted: string): object => expect.objectContaining({ code: wanted });
/** The entry's text with something else where `"data"` stands. */
const withData = (data: string): Uint8Array => utf8(text(encodeEntry(entry)).replace('{"text":"hello"}', data));

describe('canonical bytes', () => {
  test.each<[string, JsonValue, string]>([
    ['integer-like keys stand in code-unit order, not in numeric order', { '10': 1, '9': 2, '1': 3, a: 4 }, '{"1":3,"10":1,"9":2,"a":4}'],
    ['keys beyond the basic plane are ordered by UTF-16 code units', { '\u{1f600}': 1, '\ufb33': 2 }, '{"\u{1f600}":1,"\ufb33":2}'],
    ['minus zero is zero', -0, '0'],
    ['large numbers have their shortest form', [1e21, 1e20, 1e-7, 0.1], '[1e+21,100000000000000000000,1e-7,0.1]'],
    ['only what must be escaped is escaped', '\u2028\u2029\u007f\u0000\n"\\/é', '"\u2028\u2029\u007f\\u0000\\n\\"\\\\/é"'],
    ['a member called __proto__ is a member', JSON.parse('{"__proto__":{"a":1}}') as JsonValue, '{"__proto__":{"a":1}}'],
    ['and is one where others stand in disorder', JSON.parse('{"b":1,"__proto__":{"a":1},"a":[]}') as JsonValue, '{"__proto__":{"a":1},"a":[],"b":1}'],
    ['and where its own members do', JSON.parse('[{"__proto__":{"b":1,"a":1}}]') as JsonValue, '[{"__proto__":{"a":1,"b":1}}]'],
    ['integer-like keys deep inside count, too', { b: [{ '10': 1, '9': 2 }], a: null }, '{"a":null,"b":[{"10":1,"9":2}]}'],
  ])('%s', (_name, value, canonical) => {
    expect(text(jcs(value))).toBe(canonical);
    expect(text(jcs(parseCanonical(utf8(canonical))))).toBe(canonical);
  });

  test.each([
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['NaN', NaN],
    ['an infinity', -Infinity],
    ['undefined', { a: undefined }],
    ['a hole', new Array<number>(2)],
    ['a bigint', 1n],
  ])('%s cannot be said', (_name, value) => {
    expect(() => jcs(value as JsonValue)).toThrow(code('not_canonical'));
  });

  test('what nests too deep is refused as such, not by an overflowing stack', () => {
    const deep = utf8('['.repeat(30_000) + ']'.repeat(30_000));
    expect(() => parseCanonical(deep)).toThrow(code('not_canonical'));
  });

  test('any JSON is written as another implementation of RFC 8785 writes it, with its keys in order already or not', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const expected = canonicalize(value);
      expect(text(jcs(value as JsonValue))).toBe(expected);
      expect(text(jcs(JSON.parse(expected ?? '') as JsonValue))).toBe(expected);
    }));
  });

  test('any JSON comes back as it went', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), (value) => {
      fc.pre(JSON.stringify(value).isWellFormed() && !/\\u[dD][89a-fA-F]/.test(JSON.stringify(value)));
      const bytes = jcs(value as JsonValue);
      expect(jcs(parseCanonical(bytes))).toEqual(bytes);
    }));
  });
});

describe('decoding', () => {
  test('gives the entry back, and only for its own row', () => {
    const bytes = encodeEntry(entry);
    expect(decodeEntry(bytes, { type: entry.type, id: entry.id })).toEqual(entry);
    expect(() => decodeEntry(bytes, { type: 'case.ended', id: entry.id })).toThrow(code('row_mismatch'));
    expect(() => decodeEntry(bytes, { type: entry.type, id: 'e-4' })).toThrow(code('row_mismatch'));
  });

  test.each<[string, Uint8Array]>([
    ['a space', withData('{"text": "hello"}')],
    ['members in another order', withData('{"b":1,"a":2}')],
    ['the same key twice', withData('{"a":1,"a":1}')],
    ['the same key twice, one escaped', withData('{"a":1,"\\u0061":1}')],
    ['an escape that is not needed', withData('{"text":"\\u0068ello"}')],
    ['an escaped slash', withData('{"text":"\\/"}')],
    ['minus zero', withData('{"n":-0}')],
    ['another form of a number', withData('{"n":1e21}')],
    ['a trailing zero', withData('{"n":1.0}')],
    ['more digits than a double has', withData('{"n":9007199254740993}')],
    ['an escaped lone surrogate', withData('{"text":"\\ud800"}')],
    ['an escaped line separator', withData('{"text":"\\u2028"}')],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), encodeEntry(entry)])],
    ['a line feed at the end', Buffer.concat([encodeEntry(entry), utf8('\n')])],
    ['bytes that are not UTF-8', Buffer.concat([encodeEntry(entry).slice(0, -3), Buffer.from([0xff, 0x22, 0x7d, 0x7d])])],
    ['an overlong UTF-8 form', Buffer.concat([utf8('{"'), Buffer.from([0xc1, 0xa1]), utf8('":1}')])],
    ['no JSON', utf8('{')],
    ['nothing', utf8('')],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeEntry(bytes)).toThrow(code('not_canonical'));
  });

  const changed = (changes: Record<string, unknown>): Uint8Array => jcs({ ...entry, ...changes });
  test.each<[string, Record<string, unknown>]>([
    ['an unknown member', { more: 1 }],
    ['another version', { v: 2 }],
    ['a version as text', { v: '1' }],
    ['a negative number', { seq: -1 }],
    ['a fraction', { seq: 1.5 }],
    ['a number beyond the safe ones', { seq: 2 ** 53 }],
    ['a case without its number', { caseSeq: null }],
    ['a case number without its case', { case: null }],
    ['a time with an offset', { at: '2026-01-02T03:04:05.006+00:00' }],
    ['a time without milliseconds', { at: '2026-01-02T03:04:05Z' }],
    ['a time that no calendar has', { at: '2026-02-30T25:61:61.000Z' }],
    ['a short prev', { prev: '00' }],
    ['an upper-case prev', { prev: 'A'.repeat(64) }],
    ['an actor that is no text', { actor: null }],
    ['data that is no object', { data: [] }],
    ['data that is null', { data: null }],
  ])('refuses %s', (_name, changes) => {
    expect(() => decodeEntry(changed(changes))).toThrow(code('entry_shape'));
  });

  test('refuses what lacks a member', () => {
    for (const key of Object.keys(entry)) {
      const rest = Object.fromEntries(Object.entries(entry).filter(([name]) => name !== key));
      expect(() => decodeEntry(jcs(rest as JsonValue))).toThrow(code('entry_shape'));
    }
    for (const other of [null, [], 'text', 1]) expect(() => decodeEntry(jcs(other))).toThrow(code('entry_shape'));
  });
});

describe('what may be written', () => {
  const sized = (bytes: number): Entry => ({ ...entry, data: { text: 'x'.repeat(bytes - encodeEntry({ ...entry, data: { text: '' } }).length) } });

  test('65,535 bytes and not one more', () => {
    expect(encodeEntry(sized(MAX_ENTRY_BYTES))).toHaveLength(65_535);
    expect(() => encodeEntry(sized(MAX_ENTRY_BYTES + 1))).toThrow(code('entry_too_large'));
  });

  test('a reader holds the same limit', () => {
    expect(() => decodeEntry(jcs(sized(MAX_ENTRY_BYTES + 1) as Entry & JsonObject))).toThrow(code('entry_too_large'));
  });

  test('nothing that no reader would take is ever encoded', () => {
    expect(() => encodeEntry({ ...entry, more: 1 } as Entry)).toThrow(code('entry_shape'));
    expect(() => encodeEntry({ ...entry, at: 'now' })).toThrow(code('entry_shape'));
  });
});
