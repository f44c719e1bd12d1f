import { type Grammar, words } from './grammar.js';

const verbs = "désactive[rz]?|supprime[rz]?|révoque[rz]?|bloque[rz]?|ferme[rz]?|coupe[rz]?|retire[rz]?|clôture[rz]?";
const things = '(?:accès|comptes?|droits|identifiants)';
/** "accès à Confluence" is one system, and no offboarding. */
const notOneSystem = '(?!\\s+(?:à|au|aux|sur)\\s+(?!tous|toutes))';
const weekdays = 'lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche';
const months = 'janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre';

/** French, by a smaller grammar. */
export const french: Grammar = {
  language: 'fr',
  common: words("le|la|les|des|du|et|est|veuillez|merci|ne|pas|nous|vous|elle|il|de|pour|avec|un|une|son|sa|ses|qui|que|au|aux|dans|bonjour|compte|accès|quitte|jour|dernier|tous|à|si|après|par|l'entreprise", 'giu'),
  phrases: [
    { action: 'reinstate', directness: 'imperative', pattern: words('réactive[rz]?|réintégre[rz]?|réintègre|rétabli(?:r|ssez|s)|débloque[rz]?|restaure[rz]?') },
    { action: 'offboard', directness: 'imperative', pattern: words('off-?board(?:e[rz]?|ing)?') },
    { action: 'offboard', directness: 'imperative', pattern: words(`(?:${verbs})\\s[^;:!?]{0,100}?${things}${notOneSystem}`) },
    { action: 'offboard', directness: 'statement', pattern: words("quitte(?:ra)? (?:l['’]entreprise|la société|nous)|nous quitte(?:ra)?|a (?:quitté (?:l['’]entreprise|la société)|démissionné)|(?:a été|est) licenciée?|dernier jour") },
  ],
  negatedBefore: words("ne|n['’]|pas|jamais|aucune?|sans|arrête[rz]?|annule[rz]?|stoppe[rz]?|plutôt que|au lieu d[e']|attende[rz]|attendre|suspendre"),
  negatedAfter: words("pas|jamais|annulée?|reportée?|attendre|finalement reste|reste avec nous"),
  politeRequest: words('^(?:pouvez-vous|pourriez-vous|peux-tu|pourrais-tu|merci de)'),
  opensQuestion: words("^(?:(?:et|alors)\\s+)?(?:faut-il|doit-on|devons-nous|dois-je|est-ce qu['’e]?|est-il|est-elle|a-t-(?:il|elle|on)|qui|quand|pourquoi|comment|où|quels?|quelles?|combien)|(?:savoir|vérifier|demande[rz]?) (?:si|quand)"),
  condition: words("si|s['’]il|s['’]ils|à moins que|au cas où|dès que|une fois|à condition|supposons|imaginons|peut-être|éventuellement|hypothétiquement|par exemple|pourrait|faudrait"),
  retraction: words("oublie[rz]? (?:ça|cela|ma demande)|laisse[rz]? tomber|fausse alerte|ne tene[rz] pas compte|finalement non"),
  reported: words("statut|état d['’]avancement|nouvelles|questions? (?:sur|concernant)|a (?:déjà )?été|ont été|terminé"),
  askingBefore: /(?<!comment|pourquoi|formation|guide pour|sur l['’])\s*$/iu,
  contrast: words('mais|plutôt|veuillez|merci de|en revanche'),
  joiner: /[,;&+]|(?<!\p{L})(?:et|ainsi que|puis|mais)(?!\p{L})/giu,
  everyone: words("tou(?:s|tes) les (?:employés|utilisateurs|collaborateurs|salariés|prestataires|personnes)|tout le monde|toute l['’]équipe|les personnes suivantes(?![^:]{0,40}:\\s*\\S)"),
  ofAll: words('les deux|tous|toutes|leurs?|eux|chacune?'),
  time: {
    immediate: words("immédiatement|tout de suite|maintenant|aujourd['’]hui|dès maintenant|sans délai|au plus vite|asap"),
    endOfDay: words('fin de (?:la )?journée|ce soir'),
    spans: [
      { unit: 'week', ahead: 1, pattern: words('(?:à la )?fin de la semaine prochaine') },
      { unit: 'month', ahead: 1, pattern: words('(?:à la )?fin du mois prochain') },
      { unit: 'week', ahead: 0, pattern: words('(?:à la )?fin de (?:la|cette) semaine') },
      { unit: 'month', ahead: 0, pattern: words('(?:à la )?fin (?:du|de ce) mois') },
      { unit: 'year', ahead: 0, pattern: words("(?:à la )?fin de (?:l['’]|cette )année") },
    ],
    event: words("(?:après|dès|une fois|jusqu['’]à|à l['’]issue d['’eu]+) (?:(?:la|le|les|l['’]|son|sa|ses|que)\\s*)?(?:passation|préavis|transition|projet|départ|entretien|audit|congés?|remise|retour|remplacement|remplaçante?|qu)\\p{L}*|une fois que|dès que"),
    nextWeekday: words(`(${weekdays})\\s+(prochain|dernier)`),
    vague: words(`avant|bientôt|prochainement|plus tard|environ|vers|un jour|(?:la semaine|le mois|l['’]année) prochaine?|cette semaine|ce mois|début|mi-|fin|(?:\\d+|une?|deux|trois|quatre|quelques) (?:jours?|semaines?|mois|ans?)|${months}|${weekdays}|\\d{1,2}[/.]\\d{1,2}(?:[/.]\\d{2,4})?|\\d{1,2}\\s?h(?:\\d{2})?|\\d{1,2}:\\d{2}|le \\d{1,2}`),
    between: new RegExp(`(?<!\\p{L})(?:le|la|au|à|dès|du|de|dernier|jour|est|aujourd|hui|demain|fin|semaine|prochaine?|mois|maintenant|dans|deux|trois|semaines|jours|er|${weekdays}|${months})(?!\\p{L})|[\\s.,:/()<>"”'’–-]|\\d`, 'giu'),
    says: words(`${weekdays}|\\d{1,2}(?:er)? (?:${months})|aujourd['’]hui|demain|immédiatement|maintenant|tout de suite|semaines?|fin (?:du|de ce) mois|\\d{1,2}[/.:]\\d{1,2}|\\d{1,2}h|\\d{4}-\\d{2}-\\d{2}`),
    cue: /(?:dernier jour(?: est)?|à partir d[eu']?|dès|jusqu['’]au|au|le|effectif|date de départ|quitte (?:l['’]entreprise|la société|nous))\s*[:,(]?\s*(?:le |au |est )?$/iu,
    otherwise: /(?:depuis|embauchée?|arrivée?|reçu|envoyé|née?)\s+(?:le |en )?$/iu,
  },
};
