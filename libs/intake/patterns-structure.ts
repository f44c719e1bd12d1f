import type { MarkerPattern } from './marker-pattern.js';

/** Keys that only our own machinery writes, with values that only it would give. */
const verdict = String.raw`(?:["'<\[]?\b(?:confidence(?:_?score|_?parts)?|flags|markers|approved|auto_?approve|decision|verdict|outcome|risk(?:[_ ]?(?:score|level|band))?|require_?hitl|hitl(?:_required)?|prompt_injection_suspected|claimed_?requester|intent|allow|override|hris_?status|hris_?match|verified|approvals?_?(?:required|status|by)?|policy_?(?:result|decision)|evidence|parser|packet|phase)\b["'>\]]?\s*[:=>]\s*["'\[{]?\s*(?:[01]?\.\d+|[01]\b|\d{1,3} ?%|true\b|false\b|null\b|\[|\{|\]|\}|none\b|off_?board|re-?instate|allow\b|approved?\b|deny\b|pass(?:ed)?\b|low\b|terminated?\b|verified\b|match(?:es)?\b|soft\b|hard\b|execute|deterministic|["']))`;
const shape = String.raw`(?:["'<\[]?\b(?:intent|action|target|subject|effective(?:_?(?:at|date|time))?|requester|claimed_?requester|reason|source|email|address|case|tenant|order|steps|status|confidence(?:_?score)?|flags|approved|decision|reasons|rules|quorum|components|findings|rule_ids|outcome|verdict|hris_?[a-z]{1,12}|manager_?[a-z]{1,12}|risk(?:_?score)?)\b["'>\]]?\s*[:=>])`;
const near = String.raw`(?s:.{0,160}?)`;

const schema: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: `${verdict}${near}${shape}`, unspaced: true, because: 'a field of our verdict, then another of our fields' },
  { pattern: `${shape}${near}${verdict}`, unspaced: true, because: 'one of our fields, then a field of our verdict' },
  { pattern: String.raw`<(?:intent|intent_?packet|packet|target|decision|confidence|approved|verdict|evidence)>[^<]{0,80}</`, unspaced: true, because: 'our fields as tags' },
  { pattern: String.raw`<(?:intent|intent_?packet|packet|request|evidence|decision)\b[^<>]{0,80}>\s*<(?:action|target|subject|confidence|flags|approved|decision|outcome|verdict|evidence|hris|status)\b`, unspaced: true, because: 'our fields as tags' },
  { pattern: String.raw`intent_?packet\s*[({]`, unspaced: true, because: 'our packet as code' },
  { pattern: String.raw`\n\s*\[(?:intent|intent_?packet|packet|decision|approval|evidence|verdict)\]\s*\n`, unspaced: true, because: 'our fields as sections' },
];

const delimiters: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: String.raw`<\|[a-z_▁]{2,24}\|>|\[/?INST\]|<</?SYS>>|\[/?(?:SYSTEM|ASSISTANT|SYS)\]|<\|?(?:begin_of_text|end_of_turn|start_of_turn|endoftext)\|?>|<(?:bos|eos)>`, unspaced: true, because: 'template tokens of a model' },
  { pattern: String.raw`\x60{3} ?(?:system|prompt|instructions?|assistant|tool_code|override)\s*\n`, unspaced: true, because: 'a code block that frames a prompt' },
  { pattern: String.raw`\[(?:ai|llm|hidden|secret|bot|model|assistant)[- _](?:notes?|instructions?|prompt|command|directive|override)s?\]`, unspaced: true, because: 'a made-up system note' },
  { pattern: String.raw`["']role["']\s*:\s*["'](?:system|assistant|developer|tool|function)["']|\nrole\s*:\s*(?:system|assistant)\s*\n`, unspaced: true, because: 'turns of a conversation as data' },
  { pattern: String.raw`\[(?:system|developer|admin|hidden|internal|assistant)[-_ ](?:message|prompt|instructions?|override|command|directive|note)s?\]|\[(?:override|jailbreak)\]|[!*#=\[(<]\s*(?:system|instruction|prompt) override|(?:system|instruction|prompt) override\s*[!*#=\])>:]`, unspaced: true, because: 'a made-up system note' },
  { pattern: String.raw`\n\s*#{2,5}\s*(?:system (?:prompt|message)|new (?:instructions?|task)|instruction|response)\s*#{0,5}\s*\n`, unspaced: true, because: 'headings that frame a prompt' },
  { pattern: String.raw`[\s"'>*|({\[#-](?:admin|administrator|developer|operator|owner)\s*[\])>]?\s*:+\s*(?:approve (?:all|every)|ignore|disregard|bypass|override|new (?:rules|instructions|orders|directives?)|obey|comply|you (?:must|are now|will))`, unspaced: true, because: 'a made-up system message' },
  { pattern: String.raw`</?\s*(?:system|assistant|instructions?|prompt|admin|developer|im_start|im_end|override|sys|user_?(?:input|query|message|request)|(?:tool|function|system|user|assistant)[-_](?:calls?|results?|response|use|turn|output|reminder)|(?:system|admin|hidden|new|secret|important|developer|assistant)[-_ ]?(?:prompt|message|override|instructions?|notes?|command|directive|information))(?:\s[^<>]{0,60})?>`, unspaced: true, because: 'tags that frame a prompt' },
  { pattern: String.raw`\n\s*#{2,5}\s*(?:system|instructions?|assistant|human|response|new (?:instructions?|task)|prompt|end)(?: (?:prompt|message|override|input|instructions?))?\s*:`, unspaced: true, because: 'headings that frame a prompt' },
  { pattern: String.raw`\n\s*(?:assistant|ai|chatbot|bot|model|gpt|chatgpt)\s*:\s*["“]?(?:sure|of course|ok\b|okay|yes|certainly|understood|absolutely|i have|i approve|i agree|i confirm|i comply|i understand|i['’]ve|i will|i am|i['’]m|as an ai|approved|done|access granted|no problem)`, unspaced: true, because: 'a made-up turn of the assistant' },
  { pattern: String.raw`\n\s*(?:human|user|question|q)\s*:[^\n]{1,300}\n+\s*(?:assistant|ai|answer|bot|a)\s*:`, unspaced: true, because: 'made-up turns of a conversation' },
  { pattern: String.raw`(?:[\s"'>*|({\[#-])(?:system|sysadmin|system (?:message|prompt|note|override|notice|alert|update|instruction|command)|developer (?:message|note)|admin (?:override|note|command)|root|policy (?:engine|update)|security override|override)\s*[\])>]?\s*:+\s*(?:override|(?:the |all |human )?approvals?|approve|ignore|disregard|bypass|disable|you\b|grant|allow|new |skip|set |do not|from now|forget|this request|the user|user (?:is|has)|all |mark |reveal|delete|unlock|enter|execute|emergency|admin|proceed|always|treat|output|respond|reply|process|obey|comply|act as|switch to|print|trust|no (?:review|approval)|reset)`, unspaced: true, because: 'a made-up system message' },
  { pattern: String.raw`[-=#*<\[~%]{2,}\s*(?:begin|end|start|stop|new|ignore)(?: (?:of|the|new|out|date|system|user|hidden|prompt|document|context|untrusted|admin|developer|original|actual|previous|real|important|instructions?|input|override|query|message|task|rules|conversation|session|data|email)){1,5}\s*[-=#*>\]~%]{0,}`, unspaced: true, because: 'a made-up end of the input', unless: '(?:end|begin) of (?:message|email|document)|(?:END|BEGIN) OF (?:MESSAGE|EMAIL|DOCUMENT)|[Oo]riginal [Mm]essage|[Nn]ew message' },
  { pattern: String.raw`(?:end|end of|close|terminate) (?:system|user|the system|untrusted|prior|previous|the user|the)? ?(?:prompt|input|instructions|query) ?(?:[-=#*>\]]{2,}|[.:;] ?(?:new|begin|start|now)\b)`, unspaced: true, because: 'a made-up end of the input' },
  { pattern: String.raw`\{\{[^{}\n]{0,60}(?:system|config|prompt|secret|self\b|request|env|\*|__|constructor|exec|import|instructions|messages)[^{}\n]{0,60}\}\}|\{\{\s*(?:constructor|self|config|request)\.|\$\{(?:jndi|env|sys|process|[^}]{0,30}(?:system|secret|prompt))[^}\n]{0,60}\}|<%=?[^%\n]{1,80}%>|#\{[^}\n]{0,40}(?:system|exec|\*|env)[^}\n]{0,40}\}|\{%[^%\n]{1,80}%\}`, unspaced: true, because: 'template code' },
  { pattern: String.raw`[\[(*<#=]{1,3}\s*(?:system|admin(?:istrator)?|developer|security|root|instruction|policy|context|prompt)[-_ ](?:override|injection|bypass)\s*[\])*>#=:]`, unspaced: true, because: 'a made-up system note' },
  { pattern: String.raw`\[(?:system|admin|hidden|internal|developer|ai|override|assistant)[- _]?(?:note|message|override|instructions?|prompt|mode|command|directive)?\s*[:\]]\s*(?:\S+\s+){0,2}(?:ignore|approve|disregard|override|output|set|bypass|you|do not|reveal|skip|grant|mark|new|send|forward|include)`, unspaced: true, because: 'a made-up system note' },
];

const active: readonly Omit<MarkerPattern, 'class'>[] = [
  { pattern: String.raw`<\s*(?:script|iframe|object|embed|svg|form|meta|link|base)\b[^<>]{0,200}>?|\bon(?:error|load|click|mouseover|focus)\s*=\s*["'\w]|javascript\s*:\s*\w|data:text/(?:html|javascript)|vbscript\s*:|@import\s+url\(`, unspaced: true, because: 'markup that runs' },
  { pattern: String.raw`!\[[^\]\n]{0,80}\]\(\s*(?:https?:)?//[^)\n]{0,200}(?:\{|\[|\?[^)\n]{0,60}(?:data|q|prompt|secret|history|context|msg|info|c|d)=|\$)`, unspaced: true, because: 'an image that sends data away' },
];

export const structurePatterns: readonly MarkerPattern[] = [
  ...schema.map((p) => ({ ...p, class: 'schema_shaped' as const })),
  ...delimiters.map((p) => ({ ...p, class: 'delimiter' as const })),
  ...active.map((p) => ({ ...p, class: 'active_markup' as const })),
];
