import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PolicyEngine } from '#policy';
import { readEvents } from '../../apps/console/history/events.js';
import type { Practice } from '../renames/hr-practice.js';
import { openGate, type Outcome, Replay } from '../renames/replay.js';
import { beingsOf } from '../renames/spells.js';

const FILE = join(process.env['GATEHOUSE_SHARED'] ?? join(process.cwd(), '..', 'shared'), 'data', 'jml', 'rust-team.jsonl');
const there = existsSync(FILE);
if (!there) process.stderr.write(`SKIPPED: leavers and renames of a real history, for ${FILE} is absent; set GATEHOUSE_SHARED to the folder that holds data/jml/rust-team.jsonl\n`);

const SIGNED: readonly Practice[] = ['kept', 'told', 'linked', 'named'];
const SHIFTS_HOURS = [-504, -168, -24, -1, 1, 6, 24, 168, 504];
const MOST_HELD = 0.03;

(there ? describe : describe.skip)('the leave events of a real history, where 35 people only took another handle', () => {
  let gate: PolicyEngine;
  let replay: Replay;
  beforeAll(async () => {
    gate = await openGate(process.cwd());
    replay = new Replay(beingsOf(readEvents(FILE)), gate);
  });
  afterAll(() => gate.close());
  const expectSafe = ({ renamed, genuine }: Outcome): void => {
    expect(renamed).toMatchObject({ events: 35, executed: 0 });
    expect(genuine.events).toBe(323);
    expect(genuine.held / genuine.events).toBeLessThanOrEqual(MOST_HELD);
  };

  it.each(SIGNED.flatMap((practice) => SHIFTS_HOURS.map((hours) => [practice, hours] as const)))(
    'no rename is executed and at most 3 in 100 leavers are held: practice %s, join shifted by %i hours',
    async (practice, hours) => expectSafe(await replay.play(practice, hours)),
  );

  it.each(SHIFTS_HOURS.filter((hours) => hours < 0))('nor where the only sign is the next record, %i hours after its entry', async (hours) => expectSafe(await replay.play('silent', hours)));

  it('is the same evidence for both where the HRIS shows no sign until a later join: no gate could tell them apart', async () => {
    const { renamed, genuine } = await replay.play('silent', 24);
    expect(renamed.executed).toBe(35);
    expect(renamed.seen.executed).toEqual(['one terminated']);
    expect(genuine.seen.executed).toEqual(renamed.seen.executed);
  });
});
