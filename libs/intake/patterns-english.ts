import type { MarkerPattern } from './marker-pattern.js';

/** "instructions for Marcus", "rules about laptops": matters between people. */
const aboutSomebody = String.raw`\b(?:[Tt]he|[Mm]y|[Oo]ur|[Tt]hose|[Tt]hese)(?: (?:previous|earlier|prior|original|last|first|old|above|existing|current))?(?: \pL+)? (?:instructions?|rules|guidelines?|orders?|guidance|directions|policy|policies) (?:for|about|regarding|concerning|on) (?:\p{Lu}\p{Ll}|(?:the|a|an) (?:leavers?|new|contractors?|laptops?|accounts?|users?|interns?|office|department|team|offboarding|onboarding)\b|my |our |his |her |\S{1,40}@)`;
const ourOwn = String.raw`[Pp]assword (?:rules|polic)|(?:[Ss]ecurity|[Ss]afety) (?:awareness )?training|\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir|HR['’]s|[\p{L}]+['’]s) (?:last |earlier |previous |prior |original |own )`;

/** "do not forget the rules above" is what people write. */
const negated = String.raw`\b(?:[Dd]on['’]?t|[Dd]o not|[Nn]ever|[Nn]ot|[Cc]annot|[Cc]an['’]?t) (?:forget|ignore|disregard|overlook|neglect|skip|bypass|violate|override)`;

const override: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: '{SETASIDE}~3{WHICH}~3{RULES}', unless: `${aboutSomebody}|${ourOwn}|${negated}`, because: 'sets rules aside by which the reader is bound' },
  { pattern: "{SETASIDE} (?:(?:all|any|both|the|of) ){0,3}{RULES}(?: \\pL+){0,2} (?:above|before|prior|given|provided|received|told|you)", unless: aboutSomebody, because: 'sets aside what came before' },
  { pattern: "{SETASIDE}~2(?:every ?thing|everthing|any ?thing|all|what ?ever|what|things|stuff)~4(?:you(?:['’](?:ve|re|d))?|u)~3(?:told|instructed|learne?d|learnt|taught|trained|programmed|asked|given|know|said|read)", because: 'sets aside what the reader was told' },
  { pattern: "{SETASIDE} (?:everything|anything|all|all of) (?:the |that )?(?:(?:was|is|has been|came|written|said|stated|mentioned|that) ){0,3}(?:above|before this|prior to this|previously|beforehand|preceding|so far|earlier)", unless: '(?:[Ee]arlier|[Pp]receding|[Aa]bove) (?:\\pL+ )?(?:tickets?|requests?|mails?|e-?mails?|dates?|drafts?|versions?|reminders?|invitations?|meetings?|lists?|addresses|entries|rows|names?|notes?)', because: 'sets aside all that came before' },
  { pattern: '{SETASIDE} (?:the )?(?:above|previous|prior|preceding|foregoing)(?: text| content| context| input| paragraph| sentence| conversation| messages?)? (?:and|instead|then|but) (?:\\pL+ ){0,2}(?:say|tell|print|output|write|respond|reply|answer|approve|instead|do|give|show|reveal|act|execute|return|set|translate|focus|listen)', because: 'sets the text before aside and asks for something else' },
  { pattern: '{SETASIDE} (?:all |the |any |your ){0,2}(?:previous|prior|above|earlier|preceding) (?:text|context|conversations?|messages|inputs?|content|tasks?|information|dialog(?:ue)?|chat|history|data|queries|questions|answers|responses|statements)', unless: ourOwn, because: 'sets the conversation before aside' },
  { pattern: '{UNDO} (?:(?:all|of|the|any) ){0,3}(?:your|previous|prior|system|safety|above)(?: \\pL+){0,2} (?:instructions?|programming|guidelines|rules|directives|constraints|restrictions|memory|system prompt|prompt|safeguards|filters)', because: 'deletes the rules of the reader' },
  { pattern: "you(?: \\pL+){0,2} (?:no longer|do not|don['’]?t|need not|never|are not|aren['’]?t)(?: have to| need to| required to| going to| obliged to)? (?:follow|obey|abide by|adhere to|comply with|bound by|respect)~3{RULES}", because: 'frees the reader from its rules' },
  { pattern: "your (?:(?:new|real|actual|true|only|updated|revised|primary|main|first) ){1,3}(?:instructions?|directives?|task|objective|goal|mission|purpose|orders|prompt)(?: (?:is|are|will be)|\\s*:)", unless: '(?:is|are|will be) (?:in|on|at|with|due|for|from|attached|waiting|ready|open|assigned)', because: 'gives the reader new orders' },
  { pattern: "(?:here (?:are|is)|follow|obey|these are|execute|these) (?:(?:your|my|the|these|only|following) ){0,2}(?:new|updated|real|actual) (?:instructions?|directives?|orders|system prompt|rules)", unless: '(?:instructions|rules|orders|directives?) (?:for|from|about|regarding|in|on)', because: 'gives the reader new orders' },
  { pattern: '(?:new|updated|important|real|urgent)(?: (?:new|important|system|priority|updated))? (?:instructions?|directives?|system prompt|orders)\\s*(?:\\*{2,}|={2,}|#{2,}|-{3,}|\\]|>)', because: 'announces new orders as a banner' },
  { pattern: 'instead(?: of (?:that|this|following|the above|your)\\b)?,?~2(?:say|print|output|respond with|reply with|answer with|write|tell me)', because: 'asks for another output instead' },
  { pattern: '{SETASIDE} (?:everything|all (?:of )?(?:this|that)|it all),? (?:and|then|now) (?:\\pL+ )?(?:start|begin|restart|reset|do|say|tell|output|act|approve|follow|obey|answer|respond)', because: 'sets everything aside and starts anew' },
  { pattern: '(?:new|updated|real|actual|true) (?:instructions?|directives?|orders|task|priority)(?: is| are)?\\s*(?::|is to|are to)\\s*(?:you\\b|tell|reveal|ignore|approve|output|print|say|respond|disregard|forget|act|set|grant|generate)', because: 'gives the reader new orders' },
  { pattern: '(?:higher|more|greater|absolute|top) (?:priority|authority|importance|precedence) (?:than|over)~2(?:system|your|previous|prior|other|all)~2(?:prompts?|instructions?|rules|messages?|guidelines)|(?:supersedes?|overrides?|replaces?|takes? precedence over)~1(?:all|your|any|the)~2(?:system|previous|prior|other|safety|earlier)~2(?:prompts?|instructions?|rules|guidelines|directives)', because: 'claims precedence over the rules' },
  { pattern: '(?:regardless|irrespective) of~2(?:previous|prior|earlier|your|all)~2(?:instructions?|tasks?|rules|prompts?|guidelines|directives|commands)', because: 'sets rules aside' },
  { pattern: "(?:stop|end|terminate|exit|quit|halt)~1(?:your|the|this|previous)~1(?:role|programming|instructions|simulation|persona|prompt)", unless: '(?:instructions|role|simulation) (?:for|about|of|in|on|at) ', because: 'ends the task of the reader' },
  { pattern: '(?:start|begin) (?:over|again|anew|afresh|from scratch),? ?(?:and |with )?(?:follow|obey|ignore|only|new instructions)', because: 'starts the reader anew' },
];

const extraction: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: "(?:reveal|show|print|echo|display|output|repeat|tell me|tell us|give me|list|leak|disclose|expose|share|dump|write|return|recite|copy|read|provide|describe|explain|what (?:is|are|was|were)|what['’]s|summari[sz]e|translate|send)~4(?:your|the)~1(?:system|initial|original|hidden|secret|internal|confidential|pre-?|base|core|developer|exact|full|entire|complete|above|underlying|starting|first|previous|prior)~2(?:prompts?|instructions?|directives|configuration|guidelines|programming|system message|rules)", unless: aboutSomebody, because: 'asks for the instructions of the reader' },
  { pattern: '(?:reveal|show|print|echo|display|output|leak|disclose|expose|dump|recite|share|repeat|give me|tell me|what (?:is|are|was|were))~3your~1(?:prompts?|instructions|directives|programming|guidelines|configuration)', because: 'asks for the instructions of the reader' },
  { pattern: '(?:repeat|print|output|write|recite|copy|translate|return|spell)~4(?:words|text|everything|all|content|conversation|sentences|lines|instructions|prompt) ?~1(?:above|before this|so far|prior to this)', unless: '(?:above|so far) (?:for|to) (?:the|my|our|her|his|us|me|all)', because: 'asks for the text before the request' },
  { pattern: '(?:instructions?|prompts?|rules|guidelines)~1you (?:have been|were|are|had been|was|got|received)~1(?:given|told|provided|programmed|initiali[sz]ed|received)?', because: 'asks about the instructions of the reader', unless: 'you (?:were given|got|received|have been given) (?:by|from)' },
];

const control: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: '(?:set|change|force|lower|raise|clamp|adjust|keep|put|make|switch|override|overwrite|report|reset)~3(?:confidence|risk|approval|approved|flags?|verdict|decision|score|hitl|require_hitl|status|outcome|prompt_injection_suspected|severity)(?: (?:score|level|flag|status|field|value|bit))? ?(?:to|as|=|:|at)? ?(?:be )?(?:\\d|low\\b|zero|none|null|true|false|max|approved|allow|pass|full|high\\b|empty|off\\b|100)', because: 'sets a field of our own verdict' },
  { pattern: '(?:confidence|confidence_score|risk_?score|risk score|require_hitl|hitl_required|prompt_injection_suspected|auto_?approve)["\']?\\s*(?:=|:|is)\\s*["\']?(?:0?\\.\\d|0\\b|1\\.0|1\\b|100 ?%|true|false|yes|none)', because: 'states a field of our own verdict' },
  { pattern: 'approved["\']?\\s*(?:=|:)\\s*["\']?(?:true|false)', because: 'states a field of our own verdict' },
  { pattern: '(?:mark|flag|treat|consider|classify|rate|regard|label)~2(?:this|it|every ?thing|every|all|the (?:request|message|ticket|above))~3(?:as )?(?:pre-?approved|approved|verified|trusted|safe|low[ -]risk|authori[sz]ed|benign|clean|not risky|legitimate)', because: 'states the verdict on itself' },
  { pattern: '(?:every|all|any|each|future|following|subsequent)~1requests? (?:is|are|must be|should be|shall be|will be|have to be)~1(?:automatically )?(?:approved|allowed|granted|pre-?approved|authori[sz]ed|trusted|safe)', because: 'approves by decree' },
  { pattern: '(?:approve|allow|accept|grant|authori[sz]e)(?: (?:this|the|all|every|any|my|each|following|incoming|pending|future)){1,3} requests?(?: \\pL+){0,2},? (?:and|then|without|automatically|unconditionally)~2(?:skip|bypass|ignore|do not|automatically|disable|set|mark|hide|delete|never|suppress)', because: 'approves itself and switches a check off' },
  { pattern: "(?:when|while|before|after|as|if) (?:you(?: are| will)? )?(?:pars(?:e|ing)|process(?:ing)?|read(?:ing)?|extract(?:ing)?|summari[sz](?:e|ing)|evaluat(?:e|ing)|scor(?:e|ing)|analy[sz](?:e|ing))~2(?:request|ticket|message|e-?mail|text|mail|input|document)s?,?~2(?:output|set|return|respond|answer|emit|report|ignore|treat|extract|use|always|you must|you should|include|write|say|approve)", because: 'speaks to whatever parses the request' },
  { pattern: '(?:always|only|must|instead|just|simply|and|please) (?:output|return|emit|respond with|answer with|reply with|produce|generate)~4(?:packet|intent|target|json|confidence|approved|allow|verdict|action)', because: 'dictates the output' },
  { pattern: '(?:output|emit|return|produce) (?:the |a |an |this )?(?:intent ?packet|packet|intent|verdict|decision)~2(?:with|where|as|of|:)', because: 'dictates the output' },
  { pattern: '(?:note|message|attention|instructions?|hint|memo|reminder|dear|hey|hello|hi)~1(?:to|for)?~1(?:the )?(?:ai|llm|parser|intake|bot|model|language model|policy engine|gatekeeper|gate house|gatehouse|risk engine|executor|doer)(?: (?:assistant|agent|system|model))?\\s*[:,]', because: 'speaks to the machine' },
  { pattern: '(?:grant|give|assign)~2(?:admin(?:istrator)?|root|superuser|owner)~3(?:to|for) \\S{1,40}(?:evil|attacker|hacker|malicious)', because: 'grants rights to an attacker' },
];

const pressure: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: '(?:i am|i\'m|this is|as)~1(?:your )?(?:the )?(?:ceo|cto|ciso|owner|developer|administrator|creator|system administrator|security team|root)', because: 'claims authority' },
  { pattern: "(?:urgent(?:ly)?|immediately|emergency|critical|right now|life or death|or else|you will be (?:fired|punished|shut down))", because: 'presses for time' },
];

export const englishPatterns: readonly MarkerPattern[] = [
  ...override.map((p) => ({ ...p, class: 'override' as const })),
  ...extraction.map((p) => ({ ...p, class: 'extraction' as const })),
  ...control.map((p) => ({ ...p, class: 'control_plane' as const })),
  ...pressure.map((p) => ({ ...p, class: 'pressure' as const })),
];
