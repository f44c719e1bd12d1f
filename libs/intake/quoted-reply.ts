/** How mail programs begin what they quote, in the four languages that are read. */
const attribution =
  /^(?:on .{4,250} wrote|am .{4,250} schrieb .{1,120}|.{1,120} schrieb am .{4,120}|le .{4,250} a [ée]crit|el .{4,250} escribi[óo])\s*:$/iu;
const attributionBegins = /^(?:on|am|le|el) .{0,80}\d{1,4}.{0,160}$/iu;
const separator =
  /^(?:-{2,} ?(?:original message|original appointment|forwarded message|urspr[üu]ngliche nachricht|weitergeleitete nachricht|message d'origine|message transf[ée]r[ée]|mensaje original|mensaje reenviado) ?-{2,}|begin forwarded message:|_{10,})$/iu;
const from = /^\*?(?:from|von|de|expéditeur) ?:\*? .{2,200}$/iu;
const header = /^\*?(?:sent|date|to|subject|cc|gesendet|datum|an|betreff|envoy[ée]|à|objet|enviado( el)?|para|asunto|fecha) ?:/iu;
const footer =
  /^[\s*_]*(?:(?:this|the) (?:e-?mail|message|communication|information)\b.{0,120}\b(?:confidential|privileged|intended)|confidentiality (?:notice|note)|disclaimer\b|diese (?:e-?mail|nachricht)\b.{0,120}\bvertraulich|ce (?:message|courriel|mail)\b.{0,120}\bconfidentiel|este (?:mensaje|correo)\b.{0,120}\bconfidencial|sent from (?:my|outlook|mail)\b|get outlook for\b|von meinem .{2,30} gesendet|envoy[ée] (?:de|depuis) mon\b|enviado desde mi\b|please consider the environment\b|\[?(?:external|caution)\b.{0,20}(?:e-?mail|sender))/iu;

export function isQuoted(line: string): boolean {
  return /^(?:>|&gt;)/u.test(line);
}

/** The line that introduces quoted lines, each of them marked: what stands below them is the writer's again. */
export function isAttribution(lines: readonly string[], at: number): boolean {
  const length = attributionLength(lines, at);
  const behind = length === 0 ? undefined : lines.slice(at + length, at + length + 3).find((line) => line !== '');
  if (behind !== undefined) return isQuoted(behind);
  // the second line of one that was wrapped
  return at > 0 && attributionLength(lines, at - 1) === 2 && isAttribution(lines, at - 1);
}

/** True where everything from this line on is quoted, forwarded, a signature or a legal footer. */
export function endsMessage(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (line === '--' || separator.test(line) || attributionLength(lines, at) > 0) return true;
  if (footer.test(line)) return true;
  return from.test(line) && lines.slice(at + 1, at + 5).some((below) => header.test(below));
}

/** The lines that an attribution takes: 1, or 2 when it was wrapped; 0 for any other line. */
function attributionLength(lines: readonly string[], at: number): 0 | 1 | 2 {
  const line = (lines[at] ?? '').slice(0, 300);
  if (attribution.test(line)) return 1;
  const next = (lines[at + 1] ?? '').slice(0, 300);
  return attributionBegins.test(line) && /:$/u.test(next) && attribution.test(`${line} ${next}`) ? 2 : 0;
}
