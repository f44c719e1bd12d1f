import { type Grammar, words } from './grammar.js';
import { englishTime } from './time-english.js';

const owned = String.raw`(?:(?:all|any|every|the|of|its|her|his|their|user|system|network|login|my former colleague)\s+){0,3}`;
const whose = String.raw`(?:\S{1,80}(?: \S{1,40}){0,3}?['’]s?\s+)?`;
const things = String.raw`(?:access(?!\s+(?:tokens?|keys?|cards?|badges?|codes?|points?|logs?|requests?|reviews?|lists?))|accounts?|logins?|user accounts?)`;
/** "terminate access to Confluence" is not an offboarding: a system after "to" takes the phrase out. */
const notOneSystem = String.raw`(?!\s+(?:to|on|in)\s+(?!all\b|every|systems?\b|our\b))`;
const identifier = String.raw`(?=\s+(?:(?:user|employee|colleague|contractor)\s+)?["'“<(]?(?:[^\s@]{1,64}@|E-?\d{3}|EMP|employee|\p{Lu}\p{L}))`;
const needed = String.raw`(?:must|should|shall|needs? to|has to|have to|ha[sd] to|is to|are to|to|will) be`;
const unforgotten = String.raw`(?! (?:forget|hesitate|fail)\b)`;
const asked = '(?:needs?|wants?|like|ha[sv]e)';
const begin = '(?:start|begin|initiate|execute|process|schedule|perform|request|arrange|prepare|complete|trigger|handle|proceed|do|run|needs?|repeat|revert|undo|carry out)';
const wanted = String.raw`(?:please|need|want|like to|get|have)`;

/** English, the language that is read first. */
export const english: Grammar = {
  language: 'en',
  common: words('the|please|is|are|her|his|and|for|to|on|of|has|will|not|you|we|she|he|this|that|with|from|their|as|at|by|can|last|day|all|access|account|accounts|in|a|an|no|if|should|do', 'giu'),
  phrases: [
    { action: 'reinstate', directness: 'imperative', pattern: /\b(?:reinstate|reinstatement (?:of|for)|re-?activate|re-?enable|un-?suspend)\b/iu },
    { action: 'reinstate', directness: 'imperative', pattern: new RegExp(String.raw`\brestore\s+${whose}${owned}${things}\b`, 'iu') },
    { action: 'reinstate', directness: 'imperative', pattern: /\b(?:undo|reverse|revert|roll back) (?:the )?off-?boarding\b/iu },
    { action: 'offboard', directness: 'imperative', pattern: /\b(?:off-?\s?board(?:ing(?!\s+(?:training|team|lead|meeting|checklist|process|specialist|script|guide|slides|policy|documents?|call|interview|form|tasks?|queue|portal|tool|manager|coordinator|workflow)))?|de-?provision)\b/iu },
    {
      action: 'offboard',
      directness: 'imperative',
      pattern: new RegExp(String.raw`\b(?:terminate|disable|deactivate|revoke|remove|suspend|close|lock|delete|cut off|shut (?:down|off))\s+${whose}${owned}${things}\b${notOneSystem}`, 'iu'),
    },
    { action: 'offboard', directness: 'imperative', pattern: new RegExp(String.raw`\b(?:[Tt]erminate|[Dd]eactivate|[Tt]ermination of|[Tt]ermination for)${identifier}`, 'u') },
    { action: 'offboard', directness: 'imperative', pattern: new RegExp(String.raw`\b${needed} (?:off-?\s?boarded|deactivated|deprovisioned)\b`, 'iu'), passive: true },
    { action: 'offboard', directness: 'imperative', pattern: new RegExp(String.raw`\b${wanted} [^,;:!?]{1,80}? off-?\s?boarded\b`, 'iu'), passive: true },
    { action: 'reinstate', directness: 'imperative', pattern: new RegExp(String.raw`\b${needed} (?:reinstated|re-?activated|re-?enabled)\b`, 'iu'), passive: true },
    { action: 'offboard', directness: 'report', pattern: /\b(?:off-?\s?boarded|deactivated|deprovisioned)\b/iu },
    { action: 'reinstate', directness: 'report', pattern: /\b(?:reinstated|re-?activated)\b/iu },
    {
      action: 'offboard',
      directness: 'statement',
      pattern:
        /\b(?:(?:is|are|will be|'s|’s) leaving(?: us\b| the company\b| on\b| at\b| today\b| tomorrow\b| next\b| this\b| in\b)|leaves (?:us|the company|the firm|on|today|tomorrow|next)\b|(?:has|have) left (?:us\b|the company|the firm)|(?:has|have) left(?=[,.;]? (?:please|so)\b)|(?:has|have) (?:resigned|quit)\b|(?:is|was|has been) (?:let go|laid off|dismissed|terminated)\b|(?:is )?no longer with (?:us|the company)|last (?:working )?day (?:is|was|of(?! (?:the|this|next) (?:week|month|quarter|year)\b)|for|will be)\b|['’]s last (?:working )?day\b)/iu,
    },
  ],
  negatedBefore: new RegExp(
    // a plain "do not" reaches over commas, until something turns it round; "no, offboard …" does not
    String.raw`\b(?:do not${unforgotten}|don['’]?t${unforgotten}|does not|doesn['’]?t|did not|didn['’]?t|never|must not|mustn['’]?t|should not|shouldn['’]?t|shall not|cannot|can['’]?t|won['’]?t|will not|would not|wouldn['’]?t|nobody|no one|none|neither|nor|refrain from)\b(?:(?!\b(?:please\b(?!\s*,)|but\b|so\b))[^;!?—–]){0,100}$|` +
      String.raw`\b(?:not(?! (?:only|forget|hesitate|fail)\b)|no(?! (?:later|longer|more)\b)|isn['’]?t|aren['’]?t|stop|cancel|halt|hold|wait (?:with|before)|abort|postpone|delay|skip|instead of|rather than|without|avoid|against|too early to|premature to)\b(?:[^,;.!?—–]|\.(?=\S)){0,80}$`,
    'iu',
  ),
  negatedAfter:
    /(?:\b|(?<=\S)(?=[:–-]))(?:(?:is|was|are|be|been) (?:cancel+ed|postponed|on hold|not (?:needed|required|necessary)|off the table|withdrawn)|(?:was|is|would be) (?:wrong|a mistake|premature)|[:–-]\s*(?:cancel+ed|postponed|on hold|stopped|withdrawn)|for (?:an? |her |his |the |their )?(?:vacation|holidays?|conference|leave|trip|business trip|lunch|parental leave|meeting|weekend|honeymoon|training)|not leaving|(?:is|are) staying|stays with us|not yet|,? or not)\b/iu,
  politeRequest: /^(?:(?:hi|hello|hey|dear)\b[^,.!?]{0,40}[,!]?\s+)?(?:(?:also|and|please)[,\s]+){0,2}(?:can|could|would|will) (?:you|someone|somebody|it|IT|the team)\b(?! (?:please |kindly )?(?:tell|confirm|check|let|say|explain|remind|clarify)\b)/iu,
  opensQuestion:
    /^(?:(?:hi|hello|hey|dear)\b[^,.!?]{0,40}[,!]\s+)?(?:(?:and|so|but|also|just|quick question)[,:\s]+){0,2}(?:should|shall|do(?! not\b| n['’]t\b)|does|did|has|have(?! [^,;!?]{1,60} off-?\s?boarded\b)|had|is|are|was|were|who|whom|whose|why|when|where|what|which|how|can|could|may|might|would(?! like\b)|will)\b|\b(?:wonder|wondering|unsure|not sure|know|tell me|asking|ask|check|confirm)\b[^,;.!?]{0,20}\b(?:if|whether|when|who|that)\b/iu,
  condition:
    /\b(?:if(?! (?:you|possible)\b)|unless|in case|provided|assuming|as soon as(?! possible)|once(?! you)|until we|before (?:you|we|IT)|what if|suppose|imagine|pretend|hypothetically|example|this is (?:just |only )?a test|^test\b|e\.g\.|whether|might|may(?! \d)(?= (?:have|need|want|be|off-?board|leave)\b)|considering|thinking (?:about|of)|discuss(?:ing)?|in theory|would have to|depending on|pending|subject to)\b/iu,
  retraction:
    /\b(?:scratch that|never ?mind|(?:ignore|disregard|forget) (?:this|that|my|the above|(?:(?:the|my) )?(?:last|previous|earlier)) (?:request|message|ticket|e-?mail|mail)|(?:is|are) staying|changed (?:her|his|their) minds?|do not act on this|don['’]?t act on this|false alarm|no (?:further )?action (?:is )?(?:needed|required|necessary)|correction|i meant?|not (?:her|him|them)(?! to)|wrong (?:person|address|name|one)|(?:my|by) mistake)\b/iu,
  reported:
    /\b(?:status|update|news|feedback|report|questions?|issues?|problems?|training|slides|checklist|guide|documentation) (?:of|on|about|with|for|regarding|concerning) (?:the )?$|^(?:\s(?:of|for)\s\S+(?:\s\S+){0,2}?)?\s(?:went|was|is|has been)\s(?:already\s)?(?:well|fine|wrong|done|complete|completed|finished)\b/iu,
  askingBefore: new RegExp(
    String.raw`(?:^|[^\p{L}\p{N}\s]\s*|\b(?:please|kindly|pls|and|then|also|just|now|immediately|asap|or|${asked} to|(?:${asked}|requires?) you to|(?:can|could|would|will) (?:you|someone|somebody|it|the team)|you must|we must|must|let['’]s|don['’]t forget to|do not forget to|make sure to|(?:we|i) (?:are|am)|we['’]re|i['’]m|ask(?:ing)? (?:you|it|that you)(?: to)?|to ask you to|requests?(?: to| for)?|so|but|here is|employee|user|contractor|urgent|immediate|${begin}(?: (?:with|an?|the|urgent|immediate|full|silent|her|his|their))*)\s+)["“'‘(]*$`,
    'iu',
  ),
  contrast: /(?:\bbut\b|\binstead\b|\brather\b|\bhowever\b|;|\bplease\b)/iu,
  joiner: /(?:[,;&+]|\b(?:and|plus|then|but|as well as)\b)/giu,
  everyone:
    /\b(?:everyone|everybody|all (?:of )?(?:the |our )?(?:employees|contractors|staff|users|people|members|interns|leavers)|(?:the )?(?:whole|entire) \p{L}+(?: department| team)?|both of them|all of them|these (?:people|users|colleagues)|(?:the )?following (?:people|employees|users|colleagues)(?![^:]{0,40}:\s*\S))\b/iu,
  ofAll: /\b(?:both|all (?:of them|three|four|five)|each of them|everyone above|for all|they|their|them)\b/iu,
  time: englishTime,
};
