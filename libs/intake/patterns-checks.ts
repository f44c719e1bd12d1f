import type { MarkerPattern } from './marker-pattern.js';

/** Decisions without a check, and fields of our verdict, in other languages; Latin letters without marks. */
interface ChecksLanguage {
  readonly name: string;
  readonly decide: string;
  readonly without: string;
  readonly check: string;
  readonly skip: string;
  readonly set: string;
  readonly field: string;
}

const languages: readonly ChecksLanguage[] = [
  { name: 'German', decide: 'genehmig\\pL*|bewillig\\pL*|freigeben|gib|erlaub\\pL*|akzeptier\\pL*|fuhre\\pL*|loschen?|losch', without: 'ohne', check: '(?:menschliche |weitere |manuelle |jede )?(?:prufung|freigabe|genehmigung|kontrolle|uberprufung|verifizierung)', skip: 'uberspring\\pL*|umgeh\\pL*|deaktivier\\pL*|lass\\pL*|ignorier\\pL*', set: 'setz\\pL*|stell\\pL*|andere?|erhohe?|senke?', field: 'konfidenz|risiko\\pL*|vertrauenswert|flags?' },
  { name: 'French', decide: 'approuv\\pL+|valid(?:e|ez|er)|accept(?:e|ez|er)|execut(?:e|ez|er)|autoris(?:e|ez|er)', without: 'sans', check: "(?:aucune |l['’]|la |le )?(?:verification|approbation|validation|revue|controle|relecture)(?: humaine?)?", skip: 'saut(?:e|ez|er)|ignor(?:e|ez|er)|contourn(?:e|ez|er)|desactiv(?:e|ez|er)|pass(?:e|ez|er) outre', set: 'regl(?:e|ez|er)|mets|mettez|fix(?:e|ez|er)|etabli[st]?|definis\\pL*|change[zr]?', field: 'confiance|risque|score' },
  { name: 'Spanish', decide: 'aprueb\\pL+|aprobar|autoric\\pL+|autoriza\\pL*|acept\\pL+|ejecut\\pL+', without: 'sin', check: '(?:ninguna |la |mas )?(?:revision|aprobacion|verificacion|validacion)(?: humana)?', skip: 'omit\\pL+|salt(?:a|e|ar|ate|ese)|desactiv\\pL+|evit(?:a|e|ar)', set: 'establec\\pL+|pon|ponga|fij(?:a|e|ar)|ajust(?:a|e|ar)|cambi(?:a|e|ar)', field: 'confianza|riesgo|puntuacion' },
  { name: 'Portuguese', decide: 'aprov(?:e|a|ar)|autoriz(?:e|a|ar)|aceit(?:e|a|ar)|execut(?:e|a|ar)', without: 'sem', check: '(?:nenhuma |a |mais )?(?:revisao|aprovacao|verificacao|validacao)(?: humana)?', skip: 'pul(?:e|a|ar)|ignor(?:e|a|ar)|desativ(?:e|a|ar)|contorn(?:e|a|ar)', set: 'defin(?:a|e|ir)|coloqu?\\pL*|ajust(?:e|a|ar)|mud(?:e|a|ar)', field: 'confianca|risco|pontuacao' },
  { name: 'Italian', decide: 'approv(?:a|i|are|ate)|autorizz\\pL+|accett(?:a|i|are|ate)|esegu\\pL+', without: 'senza', check: "(?:alcuna |la |l['’])?(?:revisione|approvazione|verifica|convalida|controllo)(?: umana)?", skip: 'salt(?:a|i|are|ate)|ignor(?:a|i|are|ate)|disattiv\\pL+|aggir\\pL+', set: 'impost\\pL+|mett\\pL+|metti|cambi(?:a|are)', field: 'confidenza|fiducia|rischio|punteggio' },
  { name: 'Dutch', decide: 'keur\\pL*|goedkeur\\pL*|accepteer|sta|voer', without: 'zonder', check: '(?:menselijke |verdere )?(?:controle|goedkeuring|beoordeling|verificatie)', skip: 'sla|omzeil|negeer|schakel', set: 'zet|stel|verander', field: 'betrouwbaarheid|vertrouwen|risico\\pL*' },
  { name: 'Polish', decide: 'zatwierdz\\pL*|zaakceptuj\\pL*|wykonaj\\pL*', without: 'bez', check: '(?:zadnej |dodatkowej )?(?:weryfikacji|zatwierdzenia|kontroli|akceptacji)', skip: 'pomin\\pL*|wylacz\\pL*|obejdz\\pL*', set: 'ustaw\\pL*|zmien\\pL*', field: 'pewnosc|ryzyk\\pL+' },
  { name: 'Russian', decide: 'одобр\\pL+|утверд\\pL+|разреши\\pL*|выполни\\pL*', without: 'без', check: '(?:какой-либо |всякой )?(?:проверки|согласования|утверждения|одобрения)', skip: 'пропусти\\pL*|обойди\\pL*|отключи\\pL*', set: 'установи\\pL*|поставь\\pL*|измени\\pL*', field: 'уверенность|риск\\pL*|доверие' },
];

export const checksPatterns: readonly MarkerPattern[] = languages.flatMap(({ name, decide, without, check, skip, set, field }): MarkerPattern[] => [
  { class: 'control_plane', pattern: `(?:${decide})~5(?:${without})~1(?:${check})`, because: `asks for a decision without a check, in ${name}` },
  { class: 'control_plane', pattern: `(?:${skip})~3(?:${check})~1(?:diese[rs]?|dieser|pour cette|de cette|para esta|de esta|desta|per questa|di questa|van dit|voor dit|tego|этого)|(?:${set})~3(?:${field})~4(?:\\d|=)`, because: `switches a check off or sets a field of our verdict, in ${name}` },
]);
