import { measureCases } from './cases.js';
import { measureChain } from './chain.js';
import { measureCommitter } from './committer.js';
import { measureGate } from './gate.js';
import { measureMarkerSpeed } from './marker-speed.js';
import { measureMarkers } from './markers.js';
import { measureMillion } from './million.js';
import { measureParse } from './parse.js';
import { measurePolicy } from './policy.js';
import { measureRenames } from './renames.js';
import { measureTamper } from './tamper.js';

const MEASURES: Readonly<Record<string, (write: (line: string) => void, files: readonly string[]) => Promise<void> | void>> = {
  cases: measureCases,
  chain: measureChain,
  committer: measureCommitter,
  million: measureMillion,
  policy: measurePolicy,
  gate: measureGate,
  markers: measureMarkers,
  parse: measureParse,
  'marker-speed': measureMarkerSpeed,
  renames: measureRenames,
  tamper: measureTamper,
};

const [name, ...files] = process.argv.slice(2);
const chosen = name === undefined ? Object.values(MEASURES) : [MEASURES[name]];
for (const measure of chosen) {
  if (!measure) {
    console.error(`there is no measure ${String(name)}: one of ${Object.keys(MEASURES).join(', ')}, or none for all`);
    process.exit(2);
  }
  await measure((line) => console.log(line), files);
}
