const personName = /^\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’.-]{0,30}){0,3}$/u;
const signOff =
  /^(?:many thanks|thanks|thank you|thx|ty|cheers|(?:kind |best |warm |many )?regards|all the best|best wishes|best|br|sincerely|yours(?: sincerely| faithfully)?|mit (?:freundlichen|besten) grüßen|(?:viele|beste|liebe|freundliche) grüße|vg|lg|mfg|danke(?: dir| euch| ihnen)?|vielen dank|cordialement|bien à vous|merci(?: beaucoup| d'avance)?|(?:un )?saludos?(?: cordiales)?|atentamente|(?:muchas )?gracias)(?: (?:in advance|a lot|so much|again|all|team|everyone|im voraus))?[\s,.!]{0,4}(.{0,60})$/iu;
const asks =
  /^(?:[-*•]\s*)?(?:p\.?\s?(?:p\.?\s?)?s\.?\s?[:.,]?\s+|(?:also|and|please|kindly|bitte|merci de|por favor|can you|could you|off-?board|deactivate|disable|terminate|revoke|reinstate|remove|do not|don['’]t|cancel|stop|scratch that|never ?mind|actually|désactive[rz]|desactiv[ae]r?|deaktivieren?|sperren?|nicht|stopp)(?!\p{L}))/iu;

/** True for a line that says goodbye and no more than a name beside it. */
export function signsOff(line: string): boolean {
  const found = signOff.exec(line.slice(0, 120));
  const behind = found?.[1]?.trim().replace(/[.!]$/u, '') ?? '-';
  return found !== null && (behind === '' || personName.test(behind)) && line.length <= 120;
}

/** The name beside the sign-off or in the two lines below it. */
export function signatureName(lines: readonly string[]): string | null {
  const beside = signOff.exec((lines[0] ?? '').slice(0, 120))?.[1]?.trim() ?? '';
  return [beside, ...lines.slice(1)].find((line) => personName.test(line)) ?? null;
}

/** A line below the sign-off that asks all the same: a postscript, or a verb at its head. */
export function asksInLine(line: string): boolean {
  return asks.test(line.slice(0, 80));
}
