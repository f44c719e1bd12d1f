import { confidenceOf, confidenceParts } from './confidence.js';
import { saidTime, type SaidTime } from './effective-time.js';
import { english } from './grammar-english.js';
import { french } from './grammar-french.js';
import { german } from './grammar-german.js';
import { spanish } from './grammar-spanish.js';
import { type Grammar, grammarFor, isBeyond } from './grammar.js';
import type { Flag, IntentPacket, ParseContext } from './intent-packet.js';
import type { Marker } from './marker-class.js';
import { type MessageRequest, messageRequests } from './message-requests.js';
import { type RequestPart, requestPart } from './request-part.js';
import { clausesOf } from './requested-action.js';
import { scanMarkers } from './scan-markers.js';

/** Name and version of the deterministic parser, as the ledger records it. */
export const parserName = 'deterministic/2';

/** Which of the requests of one message a case is about, as it was counted on arrival: the number from 1, and how many there were. */
export interface PartOf {
  readonly number: number;
  readonly of: number;
}

interface Understanding {
  readonly part: RequestPart;
  readonly grammar: Grammar;
  readonly markers: readonly Marker[];
  readonly requests: readonly [MessageRequest, ...MessageRequest[]];
}

/** How many cases `text` makes, 1 to 10: one for each request, and one for a message that holds a marker or is not understood. */
export function countRequests(text: string): number {
  const { part, grammar } = reading(text);
  const { length } = messageRequests(part.sentences, grammar);
  return length > 1 && scanMarkers(text).length > 0 ? 1 : length;
}

/**
 * Reads one request of a message into an IntentPacket; without `which`, the whole message as one.
 * Total: what it cannot understand gets low confidence and a flag, never an error or a guess.
 */
export function parseRequest(text: string, context: ParseContext, which: PartOf = { number: 1, of: 1 }): IntentPacket {
  const understood = understand(text);
  const { requests } = understood;
  const request = requests[which.number - 1];
  if (request === undefined || requests.length !== which.of) return packetOf({ ...requests[0], target: null, action: 'unknown', flags: ['several_requests'] }, understood, context);
  return packetOf(request, understood, context);
}

/** The part of a message that can be a request, and the grammar of its language. */
export function reading(text: string): { readonly part: RequestPart; readonly grammar: Grammar } {
  const part = requestPart(text);
  return { part, grammar: grammarFor(part.sentences.join(' '), [english, german, french, spanish]) };
}

function understand(text: string): Understanding {
  const { part, grammar } = reading(text);
  const markers = scanMarkers(text);
  const requests = messageRequests(part.sentences, grammar);
  return { part, grammar, markers, requests: markers.length > 0 ? [requests[0]] : requests };
}

function packetOf(request: MessageRequest, { part, grammar, markers, requests }: Understanding, context: ParseContext): IntentPacket {
  const said = timeOf(request, part, requests, context, grammar);
  const flags = new Set<Flag>([...request.flags, ...said.flags]);
  if (request.target === null && !flags.has('several_targets') && !flags.has('several_requests') && !flags.has('too_many_requests')) flags.add('no_target');
  if (part.truncated) flags.add('truncated');
  if (part.sentences.some((sentence) => clausesOf(sentence, grammar).some(({ asks }) => asks !== null) && isBeyond(withoutNames(sentence), grammar.language))) flags.add('language_unclear');
  if (markers.some((marker) => marker.class === 'homograph_address')) flags.add('homograph_address');
  if (markers.length > 0) flags.add('prompt_injection_suspected');
  const marked = markers.length > 0;
  const target = marked ? null : request.target;
  const raised = [...flags];
  const parts = confidenceParts({
    action: request.action,
    directness: request.directness,
    target,
    named: request.named,
    effective: said.effective,
    dated: saysTime(request.own, grammar) ? 'beside' : 'elsewhere',
    language: grammar.language,
    flags: raised,
  });
  return {
    action: request.action,
    target,
    effective: said.effective,
    // beside a marker every free text is the attacker's to choose
    claimedRequester: marked ? null : part.claimedRequester,
    reason: marked ? null : reasonIn(requests.length === 1 ? part.sentences : [...request.own, ...request.context]),
    source: 'text',
    confidence: confidenceOf(parts),
    confidenceParts: parts,
    flags: raised,
    markers,
    parser: parserName,
  };
}

/** The time of one request. Where another one of the message has a time, having none does not mean now. */
function timeOf(request: MessageRequest, part: RequestPart, requests: readonly MessageRequest[], context: ParseContext, grammar: Grammar): SaidTime {
  if (requests.length === 1) return saidTime(part.sentences, context, grammar);
  const own = saysTime(request.own, grammar) ? request.own : request.context;
  const said = saidTime(own, context, grammar);
  const elsewhere = request.leftWithoutTime || saysTime(part.sentences, grammar);
  return said.flags.includes('no_date') && elsewhere ? { effective: null, flags: ['date_unclear'] } : said;
}

function saysTime(texts: readonly string[], { time }: Grammar): boolean {
  return texts.some((text) => time.says.test(text));
}

/** A name may be written in any script: what is judged is the words around it. */
function withoutNames(sentence: string): string {
  return sentence.replace(/\S{1,64}@\S{1,255}/gu, ' ').replace(/(?<!\p{L})\p{Lu}[\p{L}'’-]*/gu, ' ');
}

function reasonIn(sentences: readonly string[]): string | null {
  for (const sentence of sentences) {
    const found = /(?:\bbecause|\bdue to|\breason:|\bwegen|\bweil|\bparce que|\bporque)\s+([^\n]{3,200})/iu.exec(sentence);
    if (found?.[1] !== undefined) return found[1].replace(/[.!]+$/u, '').trim();
  }
  return null;
}
