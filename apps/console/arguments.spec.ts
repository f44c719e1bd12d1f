import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const run = (command: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`dist/apps/console/${command}.js`, ...args], { encoding: 'utf8', timeout: 20_000 });
  return { status, stdout, lines: stderr.trim().split('\n') };
};

describe.each(['start', 'demo', 'history'])('npm run %s', (command) => {
  it.each([
    [['--speed'], /'--speed'.*; usage: /],
    [['--base-port', 'abc'], /^--base-port must be a whole number from 1 to 65518, and not "abc"; usage: /],
    [['--base-port', '1e3'], /^--base-port must be a whole number/],
    [['--base-port', '65519'], /^--base-port must be a whole number/],
    [['--base-port'], /--base-port.*; usage: /],
  ])('says in one line what is wrong with %j', (args, says) => {
    const { status, stdout, lines } = run(command, ...args);
    expect([status, stdout, lines.length]).toEqual([2, '', 1]);
    expect(lines[0]).toMatch(says);
  });
});

it.each(['x', '0', '1.5', ''])('npm start says what --window-seconds %s should be', (text) => {
  const { status, lines } = run('start', '--window-seconds', text);
  expect([status, lines]).toEqual([2, [expect.stringMatching(/^--window-seconds must be a whole number from 1 to 31536000/)]]);
});
