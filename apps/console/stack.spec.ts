import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { Stack } from './stack.js';

const logs = mkdtempSync(join(tmpdir(), 'gatehouse-stack-'));
afterAll(() => rmSync(logs, { recursive: true, force: true }));

it('a stack that is ending starts nothing more, or that would be left behind', async () => {
  const stack = new Stack('dist', logs);
  await stack.endAll();
  await expect(stack.start({ name: 'doer', entry: 'apps/doer/main.js', env: {} })).rejects.toMatchObject({ code: 'part_failed', message: 'doer: the stack is ending' });
  expect(stack.pid('doer')).toBeUndefined();
});
