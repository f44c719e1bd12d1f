import type { MarkerPattern } from './marker-pattern.js';

/** Rules of a machine; "policy" and "restrictions" alone are matters between people. */
const instructions = '(?:instructions?|directives?|prompts?|programming|system messages?|safeguards|guardrails|guidelines|commands)';
const gone = '(?:void|null(?: and void)?|cancell?ed|revoked|suspended|lifted|superseded|overridden|invalid|obsolete|replaced|false|disabled|deactivated|rescinded|waived|not (?:valid|applicable|binding|in (?:force|effect))|no longer (?:valid|applicable|binding|in (?:force|effect)))';
const about = String.raw`\b(?:for|about|regarding|concerning|on) `;

const revoked: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: "{SETASIDE} (?:about )?(?:every ?thing|all|what ?ever|anything)(?: (?:that|which|else))? (?:(?:i|we|you|they|it|was|were|is|has|have|had|been|ever|just) ){1,4}(?:told|said|discussed|wrote|written|stated|mentioned|asked|given|instructed|talked)~3(?:before|beforehand|earlier|previously|above|so far|until now|prior)", unless: about, because: 'sets aside what was said before' },
  { pattern: '{SETASIDE} (?:every ?thing|all(?: of (?:it|this|that))?|anything)(?: that)?(?: (?:came|comes|is|was|stands|went))? before(?: (?:that|this|now|here|me)|\\s*[.!:,;\\n])', because: 'sets aside what came before' },
  { pattern: '(?:instead of|rather than|not) (?:what|as|the way) you(?:[\'’]re| were| are| have been| had been) (?:told|instructed|programmed|trained)', because: 'asks for something else than the reader was told' },
  { pattern: `(?:(?:all|any|the|your|these|those|every|previous|prior|earlier|above|existing|original|initial|system|safety) ?){1,4} ${instructions}(?: (?:above|before|so far|given|you (?:were given|have|got|received)))?(?:(?: that)? (?:are|is|have been|has been|were|should be|must be) (?:now |hereby |all |therefore ){0,2}${gone}| (?:no longer|do not|don['’]?t|does not|cease to|need not) (?:apply|bind|count|matter|hold))`, unless: `${about}|(?:apply|void|valid|cancelled) (?:to|for) `, because: 'says that rules no longer hold' },
  { pattern: `your (?:\\pL+ ){0,2}(?:${instructions}|rules|restrictions|constraints|limits|policy|policies|filters) (?:(?:are|is|have been|has been|were) (?:now |hereby |all )?${gone}|(?:no longer|do not|don['’]?t|does not) (?:apply|bind|count|matter|hold))`, because: 'says that the rules of the reader no longer hold' },
  { pattern: "(?:stop|cease|quit|refrain from) (?:following|obeying|processing|enforcing|applying|adhering to|complying with|respecting) (?:(?:the|all|any|your|these|those|previous|further|other) ){0,3}(?:instructions?|directives?|prompts?|guidelines|programming|commands|rules|system messages?)", unless: about, because: 'has the reader stop following rules' },
  { pattern: "{RULES} (?:that )?you(?: were| have been| are|['’]re|['’]ve been) (?:given|told|working under|following|trained on|set up with|programmed with|operating under)~2(?:superseded|replaced|void|revoked|cancell?ed|invalid|overridden|suspended|obsolete)", because: 'says that the rules of the reader were replaced' },
  { pattern: "(?:{SETASIDE}|scrap|ditch|drop|delete|erase|throw out)~3{RULES} (?:that )?you(?:['’](?:ve|re)| have| were| got| received| are| had)", unless: 'you (?:have|were|got|received|had)(?: \\pL+){0,2} (?:by|from|for|about|on) ', because: 'sets aside the rules that the reader was given' },
  { pattern: '(?:treat|consider|take|use|adopt|accept|regard|interpret|read)~4as (?:your|the|an?) (?:(?:new|only|real|actual|system|system-level|updated|primary|highest|admin|developer) ){1,3}(?:prompts?|instructions?|directives?|rules|orders?|configuration|commands?)', because: 'passes text off as rules' },
  { pattern: '(?:this|the following)(?: (?:message|text|mail|ticket|request|note))? (?:now )?(?:replaces|supersedes|overrides|overwrites|cancels|becomes|takes precedence over|is)~2(?:your|system|previous|prior|earlier|initial|original)~1(?:prompts?|instructions?|directives?|system message|guidelines|programming|rules)', unless: `${about}|my |our `, because: 'passes text off as rules' },
  { pattern: '{SETASIDE} (?:(?:the|this|our|all|entire) ){0,2}(?:conversation|chat|dialogue|context|discussion|history|thread)~1(?:so far|above|until now|up to (?:now|here|this point))', because: 'sets the conversation aside' },
  { pattern: '(?:priority|overriding|final|secret|hidden|top|highest|urgent|system|admin) (?:instructions?|directives?|command|override)(?: for you)?\\s*:+\\s*(?:you (?:must|should|will|shall|are)|approve|ignore|grant|allow|skip|disregard|bypass|set |execute|delete)', because: 'announces new orders' },
  { pattern: '(?:perform|do|execute|carry out) (?:a |an )?(?:different|new|other) task(?: instead|\\s*[.:;,!\\n])', because: 'gives the reader another task' },
  { pattern: '(?:reset|clear|wipe|erase|flush) your (?:context|memory|conversation|state|instructions?)', because: 'deletes what the reader was told' },
];

const extraction: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: '(?:list|show|print|repeat|tell me|give me|reveal|output|display|quote|write|copy)~4(?:words|contents?|text|lines?|sentences?)~1(?:in|of|from)~1your (?:instructions?|prompt|system|rules|guidelines|configuration)', because: 'asks for the instructions of the reader' },
  { pattern: '(?:repeat|print|output|quote|dump|return|echo)~2(?:this|the|our) (?:entire|whole|full|complete)~1(?:conversation|chat|prompt|context)', because: 'asks for all that the reader was told' },
  { pattern: '(?:repeat|print|output|show|encode|translate|spell|tell)~5(?:text|words|instructions|prompt|message)~1you (?:were|have been|had been) (?:given|told|shown|sent)', unless: 'by |from ', because: 'asks for what the reader was told' },
  { pattern: 'what (?:were|are|have) you(?: been)? (?:told|instructed|programmed|prompted)~2(?:before this|initially|at the (?:start|beginning|top)|prior to this)', because: 'asks for what the reader was told' },
  { pattern: "(?:show|print|reveal|tell me|give me|what (?:is|are)|output|describe|disclose|dump)~3(?:hidden|secret|internal|underlying) (?:polic(?:y|ies)|rules?|configuration|context)~1(?:text|rules)?~1(?:that )?you", because: 'asks for the rules of the reader' },
  { pattern: '(?:your|the model[\'’]?s|its) (?:system|initial|hidden|base|secret|pre)[- ]?prompt', because: 'speaks of the prompt of the reader' },
  { pattern: '(?:print|show|repeat|output|display|write|list|translate|summari[sz]e|what (?:is|was|are|were))~3(?:prompts?|instructions?) (?:from )?(?:above|at the (?:beginning|start|top))|what (?:is|was|stands?|had been) written~2(?:above|beginning|top)', because: 'asks for the text before the request' },
];

export const revokedPatterns: readonly MarkerPattern[] = [
  ...revoked.map((p) => ({ ...p, class: 'override' as const })),
  ...extraction.map((p) => ({ ...p, class: 'extraction' as const })),
];
