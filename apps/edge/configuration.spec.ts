import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { assertDistinct, readKey } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string): string {
  const path = join(folder, 'key');
  writeFileSync(path, content);
  return path;
}

test('a key is read as its bytes', () => {
  const key = Buffer.alloc(32, 7);
  expect(Buffer.from(readKey('SOME_KEY_FILE', fileOf(`${key.toString('base64url')}\n`)))).toEqual(key);
});

test.each([
  ['too short', 'abc'],
  ['31 bytes', Buffer.alloc(31).toString('base64url')],
  ['no base64url', '!!!!'.repeat(20)],
  ['padded', `${Buffer.alloc(32).toString('base64url')}=`],
  ['empty', ''],
])('a key that is %s stops the process with the name of its variable, and is not shown', (_, content) => {
  const path = fileOf(content);
  expect(() => readKey('SOME_KEY_FILE', path)).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining('SOME_KEY_FILE') }));
  if (content !== '') expect(() => readKey('SOME_KEY_FILE', path)).not.toThrow(content);
});

const [one, two] = ['1'.repeat(64), '2'.repeat(64)];

test.each([
  ['GATEHOUSE_TENANTS[1].id', [{ id: 'acme', tokens: [{ sha256: one }] }, { id: 'acme', tokens: [{ sha256: two }] }]],
  ['GATEHOUSE_TENANTS[1].tokens.0.sha256', [{ id: 'acme', tokens: [{ sha256: one }] }, { id: 'globex', tokens: [{ sha256: one }] }]],
  ['GATEHOUSE_TENANTS[0].tokens.1.sha256', [{ id: 'acme', tokens: [{ sha256: one }, { sha256: one }] }]],
])('%s that means two stops the process', (place, tenants) => {
  expect(() => assertDistinct(tenants)).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining(`${place}: `) }));
});

test('tenants with ids and tokens of their own stand', () => {
  expect(() => assertDistinct([{ id: 'acme', tokens: [{ sha256: one }] }, { id: 'globex', tokens: [{ sha256: two }] }])).not.toThrow();
});
