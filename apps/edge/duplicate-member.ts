/** What stands open where a text of JSON is read: an object with the names it has had so far, or a list. */
interface Open {
  readonly names: Set<string> | null;
  /** The member or item that is read now. */
  at: string | number;
}

/**
 * Where a text of JSON names one member of an object twice, as `target.kind` or `cases.0.id`; undefined where none does.
 * Readers differ in which of the two they take (RFC 8259, section 4), so what one has checked another may not see.
 * Names are compared as they are meant, not as they are escaped. One pass, without recursion.
 * @param text - what `JSON.parse` takes.
 */
export function duplicateMember(text: string): string | undefined {
  const open: Open[] = [];
  let lastString = '';
  for (let i = 0; i < text.length; i += 1) {
    const inner = open.at(-1);
    switch (text[i]) {
      case '"': {
        const end = closingQuote(text, i);
        lastString = text.slice(i, end + 1);
        i = end;
        break;
      }
      case ':':
        // outside of a string it stands behind a name and nowhere else
        if (inner?.names) {
          const name = JSON.parse(lastString) as string;
          inner.at = name;
          if (inner.names.has(name)) return open.map(({ at }) => at).join('.');
          inner.names.add(name);
        }
        break;
      case ',':
        if (typeof inner?.at === 'number') inner.at += 1;
        break;
      case '{':
        open.push({ names: new Set(), at: '' });
        break;
      case '[':
        open.push({ names: null, at: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
    }
  }
  return undefined;
}

function closingQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
