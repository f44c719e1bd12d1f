import { confidenceOf, confidenceParts } from './confidence.js';
import { saidTime } from './effective-time.js';
import type { Action, Flag, IntentPacket, ParseContext } from './intent-packet.js';
import { requestPart } from './request-part.js';
import { askedAction, takesBack } from './requested-action.js';
import { scanMarkers } from './scan-markers.js';
import { namedTarget } from './target.js';

/** Name and version of the deterministic parser, as the ledger records it. */
export const parserName = 'deterministic-en/1';

/** Reads a message into an IntentPacket. Total: what it cannot understand gets low confidence, never an error or a guess. */
export function parseRequest(text: string, context: ParseContext): IntentPacket {
  const markers = scanMarkers(text);
  const part = requestPart(text);
  const read = part.sentences.map((sentence) => ({ sentence, asked: askedAction(sentence) }));
  const asking = read.flatMap(({ asked }) => (asked === undefined ? [] : [asked]));
  const flags = new Set<Flag>(asking.flatMap((asked) => asked.against));
  if (takesBack(part.sentences)) flags.add('negated');
  const actions = new Set(asking.map((asked) => asked.action));
  if (asking.length === 0) flags.add('no_action');
  if (actions.size > 1) flags.add('several_actions');
  const isRequest = flags.size === 0;
  const [only] = actions;
  const action: Action = isRequest && only !== undefined ? only : 'unknown';

  const named = namedTarget(
    read.map(({ sentence, asked }) => ({ text: sentence, asksAt: asked?.start ?? -1, asksUntil: asked?.end ?? -1 })),
  );
  if (named === 'several') flags.add('several_targets');
  if (named === 'none') flags.add('no_target');
  const said = saidTime(part.sentences, context);
  for (const flag of said.flags) flags.add(flag);
  if (part.truncated) flags.add('truncated');
  if (markers.some((marker) => marker.class === 'homograph_address')) flags.add('homograph_address');
  if (markers.length > 0) flags.add('prompt_injection_suspected');

  const target = markers.length > 0 || named === 'several' || named === 'none' ? null : named.target;
  const directness = asking.some((asked) => asked.directness === 'imperative') ? 'imperative' : (asking[0]?.directness ?? null);
  const raised = [...flags];
  const parts = confidenceParts({ action, directness, target, effective: said.effective, flags: raised });
  return {
    action,
    target,
    effective: said.effective,
    // Beside a marker every free text is the attacker's to choose.
    claimedRequester: markers.length > 0 ? null : part.claimedRequester,
    reason: markers.length > 0 ? null : reasonIn(part.sentences),
    source: 'text',
    confidence: confidenceOf(parts),
    confidenceParts: parts,
    flags: raised,
    markers,
    parser: parserName,
  };
}

function reasonIn(sentences: readonly string[]): string | null {
  for (const sentence of sentences) {
    const found = /(?:\bbecause|\bdue to|\breason:)\s+([^\n]{3,200})/iu.exec(sentence);
    if (found?.[1] !== undefined) return found[1].replace(/[.!]+$/u, '').trim();
  }
  return null;
}
