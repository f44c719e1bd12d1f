import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { wholeNumber } from './arguments.js';

const run = (command: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`dist/apps/console/${command}.js`, ...args], { encoding: 'utf8', timeout: 20_000 });
  return { status, stdout, lines: stderr.trim().split('\n') };
};

describe.each(['start', 'demo', 'history'])('npm run %s', (command) => {
  it.each([
    [['--speed'], /'--speed'.*; usage: /],
    [['--base-port', 'abc'], /^--base-port must be a whole number from 1 to 65518, and not "abc"; usage: /],
  ])('says in one line what is wrong with %j', (args, says) => {
    const { status, stdout, lines } = run(command, ...args);
    expect([status, stdout, lines.length]).toEqual([2, '', 1]);
    expect(lines[0]).toMatch(says);
  });
});

it('npm start says what --window-seconds should be', () => {
  const { status, lines } = run('start', '--window-seconds', 'x');
  expect([status, lines]).toEqual([2, [expect.stringMatching(/^--window-seconds must be a whole number from 1 to 31536000/)]]);
});

describe('a number on a command line', () => {
  it.each(['x', '', '0', '-1', '1.5', '1e3', '0x10', ' 7', '65519', '9999999999'])('is not %j', (text) => {
    expect(() => wholeNumber('--base-port', text, 1, 65_518)).toThrow(RangeError);
  });

  it.each([['1', 1], ['007', 7], ['65518', 65_518]])('may be %j', (text, number) => {
    expect(wholeNumber('--base-port', text, 1, 65_518)).toBe(number);
  });
});
