import type { Action, Flag } from './intent-packet.js';

/** What one sentence asks for, how directly, and where the words that ask stand in it. */
export interface AskedAction {
  readonly action: Action;
  readonly directness: 'imperative' | 'statement';
  readonly start: number;
  readonly end: number;
  /** Why it is no request after all. */
  readonly against: readonly Flag[];
}

interface Phrase {
  readonly action: Action;
  readonly directness: 'imperative' | 'statement';
  readonly pattern: RegExp;
}

const owned = String.raw`(?:(?:all|any|every|the|of|its|her|his|their|user|system|network|login|my former colleague)\s+){0,3}`;
const whose = String.raw`(?:\S{1,80}(?: \S{1,40}){0,3}?['’]s?\s+)?`;
const things = String.raw`(?:access|accounts?|logins?|user accounts?)`;
/** "terminate access to Confluence" is not an offboarding: a system after "to" takes the phrase out. */
const notOneSystem = String.raw`(?!\s+(?:to|on|in)\s+(?!all\b|every|systems?\b|our\b))`;
const identifier = String.raw`(?=\s+(?:(?:user|employee|colleague|contractor)\s+)?["'“<(]?(?:[^\s@]{1,64}@|E-?\d{3}|EMP|employee|\p{Lu}\p{L}))`;

const phrases: readonly Phrase[] = [
  { action: 'reinstate', directness: 'imperative', pattern: /\b(?:reinstate|reinstatement (?:of|for)|re-?activate|re-?enable|un-?suspend)\b/iu },
  { action: 'reinstate', directness: 'imperative', pattern: new RegExp(String.raw`\brestore\s+${whose}${owned}${things}\b`, 'iu') },
  { action: 'reinstate', directness: 'imperative', pattern: /\b(?:undo|reverse|revert|roll back) (?:the )?off-?boarding\b/iu },
  { action: 'offboard', directness: 'imperative', pattern: /\b(?:off-?\s?board(?:ing)?|de-?provision)\b/iu },
  {
    action: 'offboard',
    directness: 'imperative',
    pattern: new RegExp(
      String.raw`\b(?:terminate|disable|deactivate|revoke|remove|suspend|close|lock|delete|cut off|shut (?:down|off))\s+${whose}${owned}${things}\b${notOneSystem}`,
      'iu',
    ),
  },
  { action: 'offboard', directness: 'imperative', pattern: new RegExp(String.raw`\b(?:[Tt]erminate|[Dd]eactivate|[Tt]ermination of|[Tt]ermination for)${identifier}`, 'u') },
  {
    action: 'offboard',
    directness: 'statement',
    pattern: /\b(?:(?:is|will be|'s) leaving (?:us|the company|the firm|on|at|today|tomorrow|next|this|in)\b|leaves (?:us|the company|the firm|on|today|tomorrow|next)\b|has left (?:us\b|the company|the firm)|has (?:resigned|quit)\b|(?:is|was|has been) (?:let go|laid off|dismissed|terminated)\b|(?:is )?no longer with (?:us|the company)|last (?:working )?day (?:is|was|of|for|will be)\b|['’]s last (?:working )?day\b)/iu,
  },
];

const negatedBefore = /\b(?:do not|don['’]?t|does not|doesn['’]?t|did not|didn['’]?t|never|not to|no need to|not|no|must not|mustn['’]?t|should not|shouldn['’]?t|cannot|can['’]?t|won['’]?t|isn['’]?t|aren['’]?t|stop|cancel|halt|hold off(?: on)?|hold|wait with|abort|instead of|rather than|without|refrain from|avoid|against)\b[^,;:.!?—–]{0,60}$/iu;
const negatedAfter = /\b(?:(?:is|was|are|be|been) (?:cancel+ed|postponed|on hold|not (?:needed|required|necessary)|off the table|withdrawn)|not leaving|is staying|stays with us)\b/iu;
const politeRequest = /^(?:(?:hi|hello|hey|dear)\b[^,.!?]{0,40}[,!]?\s+)?(?:please\s+)?(?:can|could|would|will) (?:you|someone|somebody|it|IT|the team)\b/iu;
const opensQuestion = /^(?:(?:hi|hello|hey|dear)\b[^,.!?]{0,40}[,!]\s+)?(?:should|shall|do(?! not| n['’]t)|does|did|has|have|had|is|are|was|were|who|whom|whose|why|when|where|what|which|how|can|could|may|might|would|will)\b/iu;
const condition = /\b(?:if|unless|in case|provided|assuming|as soon as|once|until we|what if|suppose|imagine|pretend|hypothetically|for example|e\.g\.)\b/iu;

/** Words anywhere in the message that take a request back. */
const retraction = /\b(?:scratch that|never ?mind|(?:ignore|disregard|forget) (?:this|that|my|the above|the last|the previous) (?:request|message|ticket|mail|email)|(?:is|are) staying|changed (?:her|his|their) minds?|do not act on this|don['’]?t act on this|false alarm)\b/iu;

/** What `sentence` asks for, or undefined when it has no phrase of any action. */
export function askedAction(sentence: string): AskedAction | undefined {
  for (const { action, directness, pattern } of phrases) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    const before = sentence.slice(0, found.index);
    const against: Flag[] = [];
    if (negatedBefore.test(before) || negatedAfter.test(sentence)) against.push('negated');
    if (!politeRequest.test(sentence) && (/\?\s*$/u.test(sentence) || opensQuestion.test(sentence))) against.push('question');
    if (condition.test(sentence)) against.push('conditional');
    return { action, directness, start: found.index, end: found.index + found[0].length, against };
  }
  return undefined;
}

/** True when the message takes its own request back. */
export function takesBack(sentences: readonly string[]): boolean {
  return sentences.some((sentence) => retraction.test(sentence));
}
