import { endsMessage, isAttribution, isQuoted } from './quoted-reply.js';
import { sentencesOf } from './sentences.js';
import { asksInLine, signatureName, signsOff } from './sign-off.js';

/** The part of a message that can be a request: without quoted replies, forwarded headers, signature and legal footer. */
export interface RequestPart {
  readonly sentences: readonly string[];
  /** A name below the sign-off, or in words such as "this is …": a claim. */
  readonly claimedRequester: string | null;
  /** True when there is more to read than is read. */
  readonly truncated: boolean;
}

/** As long as a message can be at our edges; what lies beyond is a reason for a human, not for more work. */
const longestMessage = 32 * 1024;
/** More than a request ever needs, once quotes are gone, in characters. */
const longestPart = 8192;
const longestSentence = 1000;
const mostSentences = 200;

const introduces = /\b(?:this is|I am|I'm|on behalf of) (\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30}){1,2})/u;

/** Reads at most 32 KiB of `text`, and of what is no quote 8,192 characters; never throws. */
export function requestPart(text: string): RequestPart {
  const lines = text.slice(0, longestMessage).replaceAll('\u00a0', ' ').split(/\r\n|\r|\n/).map((line) => line.trim());
  const kept: string[] = [];
  let signed: string | null = null;
  let [inQuote, signedOff, ended] = [false, false, false];
  for (const [index, line] of lines.entries()) {
    if (isQuoted(line)) {
      inQuote = true;
      continue;
    }
    // a quoted line may have been wrapped: what follows it without a gap still belongs to it
    if (inQuote && line !== '') continue;
    inQuote = false;
    if (isAttribution(lines, index)) continue;
    if (endsMessage(lines, index)) {
      ended = true;
      break;
    }
    if (!signedOff && kept.some((earlier) => earlier !== '') && signsOff(line)) {
      signedOff = true;
      signed = signatureName(lines.slice(index, index + 3));
      continue;
    }
    if (!signedOff || asksInLine(line)) kept.push(line);
  }
  const part = kept.join('\n');
  const sentences = sentencesOf(part.slice(0, longestPart).split('\n'));
  return {
    sentences: sentences.slice(0, mostSentences).map((sentence) => sentence.slice(0, longestSentence)),
    claimedRequester: signed ?? introduces.exec(part.slice(0, longestPart))?.[1] ?? null,
    truncated: part.length > longestPart || (!ended && text.length > longestMessage) || sentences.length > mostSentences || sentences.some(({ length }) => length > longestSentence),
  };
}
