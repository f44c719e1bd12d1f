import { type TimeWords, words } from './grammar.js';

const weekday = '(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun';
const month = 'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec';
const number = 'one|two|three|four|five|six|seven|eight|nine|ten|a|an|few|couple|half|several|some';

/** Times in English, beside the dates that chrono reads. */
export const englishTime: TimeWords = {
  immediate: /\b(?:now|immediately|right away|asap|as soon as possible|at once|effective today|today|straight ?away|with immediate effect|without delay)\b/iu,
  endOfDay: /\b(?:end of (?:the )?(?:working |business )?(?:day|business)|eod|eob|cob|close of business)\b/iu,
  spans: [
    { unit: 'week', ahead: 1, pattern: /\b(?:the )?end of (?:the )?(?:next|coming) week\b/iu },
    { unit: 'month', ahead: 1, pattern: /\b(?:the )?(?:end|last day) of (?:the )?(?:next|coming) month\b/iu },
    { unit: 'week', ahead: 0, pattern: /\b(?:(?:the )?end of (?:the |this )?week|eow)\b/iu },
    { unit: 'month', ahead: 0, pattern: /\b(?:(?:the )?(?:end|last day) of (?:the |this )?month|eom|month[ -]end)\b/iu },
    { unit: 'quarter', ahead: 0, pattern: /\b(?:(?:the )?end of (?:the |this )?quarter|eoq)\b/iu },
    { unit: 'year', ahead: 0, pattern: /\b(?:(?:the )?end of (?:the |this )?year|eoy|year[ -]end)\b/iu },
  ],
  event: new RegExp(
    String.raw`\b(?:(?:after|once|upon|until|till|as soon as|when)\s+(?!(?:${weekday}|${month}|\d|today|tomorrow|tonight|noon|midnight|hours|end of|the end|possible|you\b|the \d|eod|cob|close of|business|work|lunch|this|next|all)\b|\d)(?:(?:the|her|his|their|our|we|she|he|they|it|a|an)\s+)?\p{L}|(?:following|pending)\s+(?:the |her |his |their )?(?:handover|hand-over|notice period|transition|project|replacement|exit interview|knowledge transfer|audit|approval|confirmation|return))`,
    'iu',
  ),
  nextWeekday: new RegExp(String.raw`\b(next|last|coming)\s+((?:mon|tues?|wednes|thurs?|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b`, 'iu'),
  vague: new RegExp(
    String.raw`\b(?:(?<!as )soon|before|shortly|sometime|eventually|fortnight|(?:${number}|\d+)[ -](?:\p{L}+ )?(?:days?|weeks?|months?|quarters?|years?|hours?)|(?:next|this|coming|mid|early|late|last)[ -](?:week|month|quarter|year|weekend|few)|weeks?|months?|quarter|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:in|by|end of|until|from|mid|early|late|during|of) (?:${month})|(?:\d{1,2}) ?(?:${month})|(?:january|february|march|april|june|july|august|september|october|november|december)|(?:the )?\d{1,2}(?:st|nd|rd|th)|around|approximately|roughly|tb[cda]|to be (?:confirmed|determined|announced)|after next|q[1-4]|(?:end|start|beginning|middle|first|last day) of (?!(?:the )?(?:working |business )?(?:day|business)\b)|christmas|easter|new year|holidays?|notice period|further notice|garden(?:ing)? leave|\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?|\d{1,2}:\d{2})\b`,
    'iu',
  ),
  between: new RegExp(
    String.raw`\b(?:on|by|at|from|as of|of|effective|starting|until|last|working|day|is|was|the|this|next|end|today|tomorrow|tonight|now|immediately|asap|noon|midnight|eod|cob|close|business|week|month|morning|afternoon|evening|days?|weeks?|hours?|in|est|edt|pst|pdt|cet|cest|utc|gmt|bst|et|pt|${number}|${weekday}|${month}|\d{1,4}(?:st|nd|rd|th|am|pm)?)\b|[\s.,:/()<>"”'’–-]|\d`,
    'giu',
  ),
  says: words(
    String.raw`${weekday}|january|february|march|april|june|july|august|september|october|november|december|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)\.? \d{1,2}|\d{1,2} (?:${month})|today|tomorrow|tonight|now|immediately|asap|as soon as possible|at once|right away|immediate effect|eod|cob|eow|eom|week|weeks|month|noon|midnight|close of business|end of (?:the )?(?:day|business)|\d{1,2}[/.:]\d{1,2}|\d{4}-\d{2}-\d{2}|\d{1,2} ?(?:am|pm)|\d{1,2}(?:st|nd|rd|th)|days?(?<=\d days?)`,
  ),
  cue: /(?:last (?:working )?day(?: is| was| will be)?|effective|as of|from|starting|until|by|leav(?:es|ing)(?: us| the company)?|on|at|termination date|end date|exit date)\s*[:,(]?\s*(?:on |the |date |is )?$/iu,
  otherwise: /\b(?:since|joined|hired|started|sent|received|born|dated|spoke|talked|met|discussed|agreed|returned)\s+(?:us |it |her |him |them )?(?:on |in |at )?$/iu,
};
