import { expect, test } from '@jest/globals';
import { GroupCommit } from './group-commit.js';
import { Refusal } from './refusal.js';

const settled = (promises: Promise<unknown>[]): Promise<string[]> =>
  Promise.allSettled(promises).then((results) => results.map((result) => (result.status === 'fulfilled' ? String(result.value) : String(result.reason))));

test('the writes of one turn share one transaction, and are answered after its commit', async () => {
  const said: string[] = [];
  const commits = new GroupCommit((work) => {
    said.push('begin');
    work();
    said.push('commit');
  }, () => undefined);
  const answers = [1, 2, 3].map((number) => commits.submit(() => {
    said.push(`write ${number}`);
    return number;
  }).then((answered) => said.push(`answer ${answered}`)));
  await Promise.all(answers);
  expect(said).toEqual(['begin', 'write 1', 'write 2', 'write 3', 'commit', 'answer 1', 'answer 2', 'answer 3']);
});

test('a refusal concerns its own write alone', async () => {
  const commits = new GroupCommit((work) => work(), () => undefined);
  const answers = [commits.submit(() => 'one'), commits.submit(() => { throw new Refusal('access-denied', 'no'); }), commits.submit(() => 'three')];
  expect(await settled(answers)).toEqual(['one', 'Refusal: no', 'three']);
});

test('without a commit nobody is acknowledged, and the next transaction is tried again', async () => {
  let disk: 'full' | 'free' = 'full';
  const failures: unknown[] = [];
  const commits = new GroupCommit((work) => {
    work();
    if (disk === 'full') throw Object.assign(new Error('secret detail'), { code: 'SQLITE_FULL' });
  }, (error) => failures.push(error));
  const failed = 'Refusal: the store could not write: SQLITE_FULL';
  const refused = commits.submit(() => { throw new Refusal('access-denied', 'no'); });
  expect(await settled([commits.submit(() => 'one'), refused, commits.submit(() => 'two')])).toEqual([failed, failed, failed]);
  expect(failures).toHaveLength(1);
  disk = 'free';
  expect(await settled([commits.submit(() => 'three')])).toEqual(['three']);
});
