/** The part of a message that can be a request: without quoted replies, forwarded headers and signature. */
export interface RequestPart {
  readonly sentences: readonly string[];
  /** A name below the sign-off, or in words such as "this is …": a claim. */
  readonly claimedRequester: string | null;
  /** True when the message was longer than what is read. */
  readonly truncated: boolean;
}

/** More than a request ever needs; what lies beyond is a reason for a human, not for more work. */
const longest = 8192;

const quotedBelow = /^(?:on .{4,120} wrote:|-{2,} ?original message ?-{2,}|-{2,} ?forwarded message ?-{2,}|from: .{2,200}|_{10,})\s*$/i;
const signOff = /^(?:thanks|thank you|many thanks|thx|cheers|best|best wishes|(?:kind |best |warm )?regards|sincerely|yours)\b[\s,.!]{0,4}(.{0,60})$/i;
const personName = /^\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’.-]{0,30}){0,3}$/u;
const introduces = /\b(?:this is|I am|I'm|on behalf of) (\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30}){1,2})/u;
const abbreviated = /(?:^|\s)(?:\p{Lu}|Mr|Mrs|Ms|Dr|St|Prof|no|No|approx|e\.g|i\.e)\.$/u;

/** Reads at most 8,192 characters of `text`; never throws. */
export function requestPart(text: string): RequestPart {
  const lines = text.slice(0, longest).split(/\r\n|\r|\n/);
  const kept: string[] = [];
  let signed: string | null = null;
  for (const [index, line] of lines.entries()) {
    const bare = line.trim();
    if (bare === '--' || quotedBelow.test(bare)) break;
    if (bare.startsWith('>')) continue;
    const off = kept.some((earlier) => earlier !== '') ? signOff.exec(bare) : null;
    if (off !== null && index > 0) {
      signed = [off[1]?.trim() ?? '', ...lines.slice(index + 1, index + 3).map((l) => l.trim())].find((l) => personName.test(l)) ?? null;
      break;
    }
    kept.push(bare);
  }
  const sentences = kept.flatMap(splitSentences);
  return {
    sentences,
    claimedRequester: signed ?? introduces.exec(kept.join('\n'))?.[1] ?? null,
    truncated: text.length > longest,
  };
}

/** Splits after . ! ? followed by white space, but not after an initial or a title. */
function splitSentences(line: string): string[] {
  const sentences: string[] = [];
  let current = '';
  for (const piece of line.split(/(?<=[.!?])\s+/)) {
    current = current === '' ? piece : `${current} ${piece}`;
    if (abbreviated.test(current.slice(-12))) continue;
    sentences.push(current);
    current = '';
  }
  if (current !== '') sentences.push(current);
  return sentences.filter((sentence) => sentence !== '');
}
