import { type Grammar, words } from './grammar.js';

const verbs = 'deaktivier(?:e|en|t)|sperr(?:e|en|t)|lösch(?:e|en|t)|entfern(?:e|en|t)|entzieh(?:e|en|t)|entzogen|schließ(?:e|en|t)|beend(?:e|en|et)';
const things = '(?:Zugang|Zugänge|Zugriff|Zugriffe|Zugriffsrechte|Konto|Konten|Accounts?|Benutzerkonto|Benutzerkonten|Berechtigungen)';
/** "Zugang zu Confluence" is one system, and no offboarding. */
const notOneSystem = '(?!\\s+(?:zu|zum|zur|auf|in)\\s+(?!allen))';
const weekdays = 'montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag';
const months = 'januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember';
const anything = '[^;:!?]{0,100}?';

/** German, by a smaller grammar. */
export const german: Grammar = {
  language: 'de',
  common: words('der|die|das|den|dem|des|und|ist|bitte|nicht|kein|keine|wir|sie|er|von|für|mit|am|zum|zur|im|ein|eine|einen|wird|hat|uns|heute|sofort|ab|alle|konto|zugang|sein|seine|ihr|ihre|auf|dass|soll|sollen|wenn|falls|oder|nach', 'giu'),
  phrases: [
    { action: 'reinstate', directness: 'imperative', pattern: words('reaktivier(?:e|en|t)|(?:wieder|erneut) (?:frei(?:schalten|geben)|aktivier(?:en|t))|entsperr(?:e|en|t)|wiederherstell(?:en|t)') },
    { action: 'offboard', directness: 'imperative', pattern: words('off-?board(?:en?|et|ing)?|geoffboardet') },
    { action: 'offboard', directness: 'imperative', pattern: words(`(?:${verbs})\\s${anything}${things}${notOneSystem}`) },
    { action: 'offboard', directness: 'imperative', pattern: words(`${things}${notOneSystem}\\s${anything}(?:${verbs})`) },
    {
      action: 'offboard',
      directness: 'statement',
      pattern: words('verlässt (?:uns|das Unternehmen|die Firma)|hat (?:uns|das Unternehmen|die Firma) verlassen|scheidet|ausgeschieden|hat gekündigt|wurde (?:gekündigt|entlassen)|letzter (?:Arbeitstag|Tag)'),
    },
  ],
  negatedBefore: words('nicht|kein(?:e|en|er|em|es)?|niemals|nie|ohne|stopp(?:e|en|t)?|statt|anstatt|stornier(?:e|en|t)|storno|abbrechen|warten|verschieb(?:e|en|t)|weder|noch nicht'),
  negatedAfter: words('nicht|kein(?:e|en|er|em|es)?|niemals|nie|stornier(?:en|t)|abbrechen|abgesagt|verschoben|stoppen|hinfällig|erledigt|noch warten|bleibt'),
  politeRequest: words('^(?:bitte\\s+)?(?:könn(?:t|ten|tet|en)|kannst|würde(?:n|t|st)?)\\s+(?:Sie|ihr|du|jemand|wir)(?:\\s+bitte)?'),
  opensQuestion: words('^(?:(?:und|also|kurze Frage)[,:]?\\s+)?(?:soll(?:en|ten|te)?|wird|wurde|ist|sind|hat|haben|wer|wen|wem|wessen|wann|warum|wieso|wo|was|welche[rsn]?|wie|darf|dürfen|muss|müssen|kann|könnte)|(?:wissen|prüfen|klären|fragen?|unsicher)\\s?,?\\s(?:ob|wann)'),
  condition: words('wenn|falls|sofern|sobald|ob|vorausgesetzt|angenommen|eventuell|vielleicht|möglicherweise|gegebenenfalls|ggf|könnte|würde|hypothetisch|zum Beispiel|z\\.\\s?B|außer'),
  retraction: words('vergiss(?:t)? (?:das|es)|hat sich erledigt|doch nicht|nehme (?:das|es) zurück|Fehlalarm|bleibt doch|ignorier(?:e|en|t) (?:Sie )?(?:das|(?:die|meine) (?:letzte|vorherige|frühere))'),
  reported: words('Status|Stand|Rückfrage|Fragen? (?:zu|zum|zur)|(?:wurde|ist) (?:bereits|schon|gestern)|abgeschlossen'),
  askingBefore: /(?<!wie|wie man|warum|Anleitung zum|Thema|über das|zur|Schulung|Fragen zum)\s*$/iu,
  contrast: words('aber|sondern|stattdessen|bitte|jedoch'),
  joiner: /[,;&+]|(?<!\p{L})(?:und|sowie|dann|aber)(?!\p{L})/giu,
  everyone: words('alle[nr]? (?:Mitarbeiter(?:innen)?|Kollegen|Benutzer|Nutzer|Personen|Externen)|jede[rn]?|die (?:ganze|gesamte) \\p{L}+|folgende[nr]? (?:Personen|Mitarbeiter|Benutzer)(?![^:]{0,40}:\\s*\\S)'),
  ofAll: words('beide[nr]?|alle|für alle|ihnen|deren'),
  time: {
    immediate: words('sofort(?:ige[rn]?)?|umgehend|ab sofort|jetzt|heute|unverzüglich|schnellstmöglich|asap'),
    endOfDay: words('(?:Ende des (?:Arbeits)?tages|Feierabend|Dienstschluss|Geschäftsschluss|Büroschluss)'),
    spans: [
      { unit: 'week', ahead: 1, pattern: words('Ende (?:der )?nächste[rn]? Woche') },
      { unit: 'month', ahead: 1, pattern: words('Ende (?:des )?nächsten Monats') },
      { unit: 'week', ahead: 0, pattern: words('Ende (?:der|dieser) Woche|Wochenende') },
      { unit: 'month', ahead: 0, pattern: words('(?:zum )?(?:Ende (?:des|dieses) Monats|Monatsende)') },
      { unit: 'quarter', ahead: 0, pattern: words('Ende (?:des|dieses) Quartals|Quartalsende') },
      { unit: 'year', ahead: 0, pattern: words('Ende (?:des|dieses) Jahres|Jahresende') },
    ],
    event: words('(?:nach|sobald|nachdem|bis nach) (?:(?:der|dem|den|ihrer?|seiner?|die|er|sie|wir)\\s+)?(?:Übergabe|Kündigungsfrist|Projekt\\p{L}*|Urlaub|Elternzeit|Austrittsgespräch|Audit|Prüfung|Rückgabe|Vertretung|Nachfolge\\p{L}*|fertig|zurück)|sobald|nachdem|solange'),
    nextWeekday: words(`(nächste[rnm]?|letzte[rnm]?|kommende[rnm]?)\\s+(${weekdays})`),
    vague: words(`vor|bald|demnächst|irgendwann|später|ungefähr|etwa|circa|ca\\.|voraussichtlich|(?:nächste|kommende|diese|letzte)[rnms]? (?:Woche|Monat|Monats|Jahr|Quartal)|Anfang|Mitte|Ende|(?:\\d+|ein(?:e[rmn]?)?|zwei|drei|vier|fünf|sechs|paar|einigen) (?:Tage[n]?|Wochen?|Monate?n?|Jahre?n?)|${months}|${weekdays}|\\d{1,2}\\.\\d{1,2}\\.?(?:\\d{2,4})?|\\d{1,2}\\.|\\d{1,2}:\\d{2}|\\d{1,2} Uhr`),
    between: new RegExp(`(?<!\\p{L})(?:am|ab|bis|zum|um|Uhr|letzter|Arbeitstag|Tag|ist|heute|morgen|übermorgen|sofort|der|den|dem|Ende|nächste[rn]?|Woche|Monat|in|zwei|drei|einer|Wochen|Tagen|${weekdays}|${months})(?!\\p{L})|[\\s.,:/()<>"”'’–-]|\\d`, 'giu'),
    says: words(`${weekdays}|\\d{1,2}\\.\\s?(?:${months})|\\d{1,2}\\.\\d{1,2}\\.|heute|morgen|übermorgen|sofort|umgehend|ab sofort|jetzt|Woche|Wochen|Monats?|Monatsende|\\d{1,2}[.:]\\d{2}|\\d{1,2} Uhr|\\d{4}-\\d{2}-\\d{2}|Feierabend|asap`),
    cue: /(?:letzter (?:Arbeitstag|Tag)(?: ist)?|ab|am|zum|bis|per|wirksam|Austritt(?:sdatum)?|uns)\s*[:,(]?\s*(?:zum |am |den |dem |ist )?$/iu,
    otherwise: /(?:seit|eingestellt|begonnen|gesendet|geboren|besprochen|vereinbart)\s+(?:am |dem |im )?$/iu,
  },
};
