import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEvents } from '../../apps/console/history/events.js';
import { PRACTICES, type Practice } from '../renames/hr-practice.js';
import { type Count, openGate, Replay } from '../renames/replay.js';
import { beingsOf } from '../renames/spells.js';
import { fixed, table } from './table.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HISTORY = join(process.env['GATEHOUSE_SHARED'] ?? join(ROOT, '..', 'shared'), 'data', 'jml', 'rust-team.jsonl');
const SHIFTS: readonly (readonly [hours: number, name: string])[] = [
  [-504, '3 weeks before'], [-168, '1 week before'], [-24, '1 day before'], [-1, '1 hour before'],
  [1, '1 hour after'], [6, '6 hours after'], [24, '1 day after'], [168, '1 week after'], [504, '3 weeks after'],
];

/** Leavers and renames of a real history as a feed of leave events, under each practice of HR and with the join of each rename shifted. */
export async function measureRenames(write: (line: string) => void, files: readonly string[]): Promise<void> {
  const chosen = files.length > 0 ? files : [HISTORY].filter(existsSync);
  if (chosen.length === 0) write(`Leaver or rename: no history at ${HISTORY}; name a file of its form`);
  const gate = await openGate(ROOT);
  for (const file of chosen) {
    const replay = new Replay(beingsOf(readEvents(file)), gate);
    write(`Leaver or rename? The leave events of ${file}`);
    for (const practice of Object.keys(PRACTICES) as Practice[]) {
      const rows: string[][] = [];
      for (const [hours, name] of SHIFTS) {
        const { renamed, genuine } = await replay.play(practice, hours);
        rows.push([name, `${fixed(renamed.executed)} of ${fixed(renamed.events)}`, `${fixed(genuine.held)} of ${fixed(genuine.events)}`, share(genuine)]);
      }
      write(`  HR's practice: ${PRACTICES[practice]}`);
      for (const line of table(['the join, as seen from the leave', 'renames executed', 'leavers held', 'share'], rows)) write(`    ${line}`);
    }
  }
  await gate.close();
}

const share = ({ held, events }: Count): string => `${fixed((100 * held) / Math.max(1, events), 1)}%`;
