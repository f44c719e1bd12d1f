import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readKey } from './index.js';

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
