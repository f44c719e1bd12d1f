import { expect, test } from '@jest/globals';
import { CommitSignals, Signal } from './signals.js';

const isRaised = (signal: Signal): Promise<boolean> =>
  Promise.race([signal.wait().then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);

test('a raise while nobody waits is kept for the next wait, once', async () => {
  const signal = new Signal();
  signal.raise();
  signal.raise();
  expect(await isRaised(signal)).toBe(true);
  expect(await isRaised(signal)).toBe(false);
});

test('a commit raises those who listen to its stream and to all, until they end', async () => {
  const commits = new CommitSignals();
  const [own, other, all, ended] = [new Signal(), new Signal(), new Signal(), new Signal()];
  commits.listen('a', own);
  commits.listen('b', other);
  commits.listen(undefined, all);
  commits.listen('a', ended)();
  commits.raise(['a', 'c']);
  expect(await Promise.all([own, other, all, ended].map(isRaised))).toEqual([true, false, true, false]);
});
