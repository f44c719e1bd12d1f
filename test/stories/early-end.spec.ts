import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import { freeBase } from '../long/stage.js';

const data = mkdtempSync(join(tmpdir(), 'gatehouse-early-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('a start that is told to end before all of it is up', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('leaves no process behind: %s', async (signal) => {
    const base = await freeBase(22_900);
    const child = spawn(process.execPath, ['dist/apps/console/start.js', '--data', data, '--base-port', String(base)], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('started store')) break;
    child.kill(signal);
    await once(child, 'exit');
    expect(await freeBase(base)).toBe(base);
  });
});
