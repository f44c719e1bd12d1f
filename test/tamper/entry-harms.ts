import { MAX_ENTRY_BYTES } from '#ledger';
import { sampleId } from '../../eventstore/events/sample-book.js';
import { honest, rehashed } from './books.js';
import { type Harm, inLedger, inText, next, same } from './harm.js';

const swapped = (text: string, one: string, other: string): string => {
  const pattern = new RegExp(`"${one}":"([^"]*)"(.*?)"${other}":"([^"]*)"`, 's');
  return text.replace(pattern, (_, first: string, between: string, second: string) => `"${one}":"${second}"${between}"${other}":"${first}"`);
};
const foreign = honest('globex').ledger;

/** Harm done at one entry; each is done at several places. */
export const ENTRY_HARMS: readonly Harm[] = [
  { name: 'one bit flipped in the hash before it', harm: inText((text) => text.replace(/(.*"prev":")(.)/s, (_, before: string, digit: string) => `${before}${digit === '0' ? '1' : '0'}`)), named: same },
  { name: 'one bit flipped in its data', harm: inText((text) => text.replace('redact me', 'sedact me')), named: next, pinned: 'at the last' },
  { name: 'redacted: as many other characters over its text', harm: inText((text) => text.replace('redact me', '*********')), named: next, pinned: 'at the last' },
  { name: 'redacted: zeros over its bytes', harm: inText((text) => '\0'.repeat(text.length)), named: same },
  { name: 'deleted', harm: inLedger((ledger, at) => [...ledger.slice(0, at), ...ledger.slice(at + 1)]), named: same, notAt: 'last' },
  { name: 'deleted, its number left empty', harm: ({ ledger, journal }, at) => ({ ledger: ledger.toSpliced(at, 1), journal }), named: same, notAt: 'last', storeOnly: true },
  { name: 'twice', harm: inLedger((ledger, at) => [...ledger.slice(0, at + 1), ...ledger.slice(at)]), named: next },
  { name: 'swapped with the one after it', harm: inLedger((ledger, at) => ledger.with(at, ledger[at + 1]!).with(at + 1, ledger[at]!)), named: same, notAt: 'last' },
  { name: 'another inserted before it', harm: inLedger((ledger, at) => [...ledger.slice(0, at), rehashed(ledger, at, () => ({ actor: 'thief' }))[at]!, ...ledger.slice(at)]), named: next },
  { name: "another tenant's in its place", harm: inLedger((ledger, at) => ledger.with(at, foreign[at]!)), named: same, notAt: 'first' },
  { name: "another tenant's in its place, and all hashes made again", harm: inLedger((ledger, at) => rehashed(ledger, at, () => ({ tenant: 'globex' }))), named: same, notAt: 'first' },
  { name: 'the values of two keys swapped', harm: inText((text) => swapped(text, 'actor', 'command')), named: next, pinned: 'at the last' },
  { name: 'two keys swapped', harm: inText((text) => `{"v":1,${text.slice(1).replace(',"v":1}', '}')}`), named: same },
  { name: 'keys like integers in the order of their numbers', harm: inText((text) => text.replace('"10":"ten",', '').replace('"9":"nine"', '"9":"nine","10":"ten"')), named: same },
  { name: 'a key twice', harm: inText((text) => text.replace('{', '{"actor":"thief",')), named: same },
  { name: 'a key twice in its data', harm: inText((text) => text.replace('"zero":0', '"zero":0,"zero":0')), named: same },
  { name: 'an escape for a character', harm: inText((text) => text.replace('"v":1', '"\\u0076":1')), named: same },
  { name: 'an escape for U+2028', harm: inText((text) => text.replace('\u2028', '\\u2028')), named: same },
  { name: 'a lone surrogate in a key', harm: inText((text) => text.replace('"data":{', '"data":{"\\ud800":1,')), named: same },
  { name: 'a lone surrogate in a text', harm: inText((text) => text.replace('redact me', '\\udfff')), named: same },
  { name: 'a number written otherwise', harm: inText((text) => text.replace('"v":1}', '"v":1.0}')), named: same },
  { name: 'minus zero for zero', harm: inText((text) => text.replace('"zero":0', '"zero":-0')), named: same },
  { name: '1e21 for 1e+21', harm: inText((text) => text.replace('1e+21', '1e21')), named: same },
  { name: 'a space', harm: inText((text) => `${text} `), named: same },
  { name: 'cut in the middle', harm: inText((text) => text.slice(0, text.length / 2)), named: same },
  { name: 'a member taken away', harm: inText((text) => text.replace(/"actor":"[^"]*",/, '')), named: same },
  { name: 'longer than an entry may be', harm: inText((text) => text.replace('redact me', 'x'.repeat(MAX_ENTRY_BYTES))), named: same },
  { name: "the row's type changed beside intact bytes", harm: inLedger((ledger, at) => ledger.with(at, { ...ledger[at]!, type: 'note.other' })), named: same, storeOnly: true },
  { name: "the row's id changed beside intact bytes", harm: inLedger((ledger, at) => ledger.with(at, { ...ledger[at]!, id: sampleId(999) })), named: same, storeOnly: true },
  { name: 'changed, and all hashes from there on made again', harm: inLedger((ledger, at) => rehashed(ledger, at, () => ({ actor: 'thief' }))), named: same, pinned: 'always' },
  // a thief of both books takes the journal entries as well whose receipts go
  { name: 'cut off with all after it, in both books', harm: ({ ledger, journal }, at) => ({ ledger: ledger.slice(0, at), journal: journal.slice(0, Math.floor(at / 2)) }), named: same, pinned: 'always', notAt: 'first' },
];
