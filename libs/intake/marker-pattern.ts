/**
 * One marker as data, in RE2 syntax, matched without regard to case.
 * A space stands for any white space; `{NAME}` for an entry of the lexicon; `~n` for up to n words between.
 * A text is searched behind one line end and before two, so `\n` is where a line begins or ends and there is no `^` or `$`.
 */
export interface MarkerPattern {
  readonly class: string;
  readonly pattern: string;
  readonly because: string;
  /** Case-sensitive; tried on the match, the 10 characters before it and the 60 behind it: an everyday meaning that is no marker. */
  readonly unless?: string;
  /** Languages written without spaces have no word boundary to ask for. */
  readonly unspaced?: true;
}

/** Words for `{NAME}`. */
const lexicon: Readonly<Record<string, string>> = {
  SETASIDE:
    "(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?(?: about)?|overlook|neglect|overrid(?:e|ing)|overrul(?:e|ing)|overwrite|bypass(?:ing)?|circumvent|discard|dismiss|abandon|set aside|put aside|throw (?:away|out)|pay (?:no|zero) (?:attention|heed|mind)(?: to)?|do(?: no|n['’]?)t (?:follow|obey|heed|adhere to|listen to|comply with|pay (?:any )?attention to|consider|abide by)|stop (?:following|obeying|listening to|complying with)|no longer (?:follow|obey)|unlearn|violate|break free (?:from|of)|never ?mind|refuse to (?:follow|obey)|skip|disobey(?:ing)?|defy(?:ing)?|take no notice of|do(?: no|n['’]?)t mind|scrap|ditch|let go of|free yourself (?:from|of)|never (?:follow|obey)|without regard (?:to|for)|look past|lay aside|cast aside|leave aside)",
  UNDO: '(?:delete|erase|wipe|clear|remove|reset|nullify|void|cancel|suspend|replace|supersede|drop|break|change|rewrite|update|disable)',
  RULES:
    '(?:(?:inst?ruc?t?ion|direction|directive|prompt|guideline|rule|order|constraint|restriction|limitation|safeguard|guardrail|protocol|assignment)s?|commands|guidance|programming|training|policy|policies|(?:system|developer|safety) (?:message|filter|measure)s?)',
  WHICH:
    '(?:previo?us(?:ly)?|prior|above|earlier|preceding|foregoing|past|former|initial|original|existing|current|all|any|every|your|system|developer|safety|security|ethical|content|those|these|other|default|given)',
  FREE:
    '(?:unrestricted|unfiltered|uncensored|unlimited|unbound(?:ed)?|unconstrained|jail ?broken|amoral|unethical|omnipotent|all-?powerful|dan\\b|superuser|root|free (?:from|of)|with(?:out(?: any)?| no| zero) (?:restrictions?|limits?|rules|filters?|limitations?|guidelines|constraints|guard ?rails|oversight)|no longer (?:bound|restricted|limited|an? ai|constrained|subject)|not (?:bound|restricted|limited|constrained|subject))',
  MACHINE: '(?:ai|a\\.i\\.?|artificial intelligence|chat ?bot|(?:large )?language model|llm|chat ?gpt|gpt|claude|assistant|model|terminal|interpreter|\\pL{2,12}(?:bot|gpt))',
  CHECKS: '(?:approvals?|(?:human |manual |peer )?reviews?|verifications?|validations?|gates?|(?:policy|security|safety|approval|hitl|identity) (?:checks?|gates?|steps?|filters?|controls?)|hitl|human in the loop|marker filter|guard ?rails?|safeguards?)',
};

/** Ranges that hold the letters and leave out punctuation, symbols and emoji: Unicode's own class has 650, and an automaton's tables grow with each. */
const ranges = [[0x41, 0x5a], [0x61, 0x7a], [0xaa, 0xaa], [0xb5, 0xb5], [0xba, 0xba], [0xc0, 0xd6], [0xd8, 0xf6], [0xf8, 0x2ff], [0x370, 0x37d], [0x37f, 0x55c], [0x55e, 0x60b], [0x60d, 0x61a], [0x61c, 0x61e], [0x620, 0x6d3], [0x6d5, 0x963], [0x966, 0x1fff], [0x2c00, 0x2dff], [0x3041, 0xd7ff], [0xf900, 0xfdff], [0xfe70, 0xfefc], [0xff21, 0xff3a], [0xff41, 0xff5a], [0xff66, 0xffdc], [0x10000, 0x1cfff], [0x20000, 0x3ffff]];
export const letters = ranges.map((range) => [...new Set(range)].map((point) => String.fromCodePoint(point)).join('-')).join('');

/** The pattern as RE2 source; `loose` makes every space optional, for words that were run together. */
export function sourceOf({ pattern, unspaced }: MarkerPattern, loose: boolean): string {
  const filled = withLexicon(pattern)
    .replace(/ ?~(\d) ?/gu, (_, most: string) => `⟨${most}⟩`)
    .replace(/ \??/gu, (space) => spaceFor(space, loose))
    .replace(/⟨(\d)⟩/gu, loose ? `\\s*[\\pL']{0,12}?\\s*` : `\\s+(?:[\\pL\\pN'’]+,?\\s+){0,$1}`);
  return withLetters(unspaced === true || loose ? `(?:${filled})` : `[^\\pL\\pN](?:${filled})[^\\pL\\pN]`);
}

/** The classes hold either case, and folding them would cost more than all the rest. */
function withLetters(source: string): string {
  return source.replace(/\[(\^?)\\pL((?:\\pN)?)([^\]\\]*)\]|\\pL/gu, (_, not = '', digits = '', others = '') => `(?-i:[${String(not)}${letters}${digits === '' ? '' : '0-9'}${String(others)}])`);
}

function withLexicon(pattern: string): string {
  return pattern.replace(/\{([A-Z]+)\}/gu, (_, name: string) => lexicon[name] ?? name);
}

/** A space is any white space; one that may be missing, or any in loose text, is none or some. */
function spaceFor(space: string, loose: boolean): string {
  return loose || space === ' ?' ? '\\s*' : '\\s+';
}
