import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { wholeNumber } from './arguments.js';

const run = (command: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`dist/apps/console/${command}.js`, ...args], { encoding: 'utf8', timeout: 20_000 });
  return { status, stdout, lines: stderr.trim().split('\n') };
};

describe('a command that is told something wrong says so in one line, with what would be right', () => {
  it.each([
    ['start', ['--speed'], /'--speed'.*; usage: /],
    ['start', ['--window-seconds', 'x'], /^--window-seconds must be a whole number from 1 to 31536000/],
    ['start', ['--base-port', '65519'], /^--base-port must be a whole number from 1 to 65518/],
    ['demo', ['--base-port', '1e3'], /^--base-port must be a whole number from 1 to 65518/],
    ['history', ['--base-port', 'abc'], /^--base-port must be a whole number from 1 to 65518, and not "abc"; usage: /],
  ] as const)('%s %j', (command, args, says) => {
    const { status, stdout, lines } = run(command, ...args);
    expect([status, stdout, lines]).toEqual([2, '', [expect.stringMatching(says)]]);
  });
});

describe('a number on a command line', () => {
  it.each(['x', '', '0', '-1', '1.5', '1e3', '0x10', ' 7', '65519', '9999999999'])('is not %j', (text) => {
    expect(() => wholeNumber('--base-port', text, 1, 65_518)).toThrow(RangeError);
  });

  it.each([['1', 1], ['007', 7], ['65518', 65_518]])('may be %j', (text, number) => {
    expect(wholeNumber('--base-port', text, 1, 65_518)).toBe(number);
  });
});
