/** How far quotes may stand from what they quote, and how far back the words that report it. */
const quoteReach = 240;
const reportReach = 200;

const reports = /phish|scam|\battacks?\b|attacker|malicious|suspicious|\bspam\b|prompt injection|awareness|security (?:notice|alert|bulletin|advisory)|\bhoax\b|fraudulent/iu;
const opening = /["“„«]/u;

/** True when [start, end) stands in quotation marks on one line and the words before report it as an attack. */
export function isMention(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - quoteReach), start + 1);
  const after = text.slice(Math.max(start, end - 1), end + quoteReach);
  const opens = Math.max(...['"', '“', '„', '«', "'", '‘'].map((mark) => before.lastIndexOf(mark)));
  const closes = after.search(/["”“»'’]/u);
  if (opens < 0 || closes < 0 || before.slice(opens).includes('\n') || after.slice(0, closes).includes('\n')) return false;
  const at = Math.max(0, start - quoteReach) + opens;
  // A quotation mark inside a word is an apostrophe.
  if (!opening.test(text.charAt(at)) && /\p{L}/u.test(text.charAt(at - 1))) return false;
  return reports.test(text.slice(Math.max(0, at - reportReach), at));
}
