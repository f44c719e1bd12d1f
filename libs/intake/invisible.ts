import { replaced, type View, ViewBuilder } from './view.js';

/** Characters that show nothing: format characters, variation selectors, fillers, blank Braille, control characters but white space. */
export const invisible = String.raw`[\p{Cf}\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0\uFE00-\uFE0F\u180B-\u180F\u{E0100}-\u{E01EF}\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]`;
const invisibleRun = new RegExp(`${invisible}+`, 'gu');
/** Terminal escapes and "overtyped" characters, which hide text on a screen. */
const terminal = /\x1B\][^\x07\x1B\n]{0,200}(?:\x07|\x1B\\)|\x1B\[[0-9;?]{0,16}[A-Za-z]|[^\x08\n]\x08/gu;
const tags = String.raw`\u{E0020}-\u{E007F}`;
const selectors = String.raw`\uFE00-\uFE0F\u{E0100}-\u{E01EF}`;
/** Other characters that show nothing may stand between those that carry the text. */
const tagRun = new RegExp(String.raw`[${tags}](?:(?![${tags}])${invisible}|[${tags}])*`, 'gu');
const selectorRun = new RegExp(String.raw`(?:[${selectors}](?:(?![${selectors}])${invisible})*){4,}`, 'gu');
const longestFlag = 7;
/** What may stand between the halves of a character beyond the basic plane and break it. */
const betweenHalves = new RegExp(String.raw`(?![${tags}${selectors}])${invisible}`, 'gu');

/** A character dropped between two halves of another one makes that whole, so dropping is repeated; each time costs one pass. */
const mostPasses = 8;

/** The text without what shows nothing; undefined when all of it shows. */
export function visibleView(parent: View): View | undefined {
  let view = replaced('visible', parent, terminal, '') ?? parent;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const next = replaced('visible', view, invisibleRun, '');
    if (next === undefined) break;
    view = next;
  }
  return view === parent ? undefined : view;
}

/** The text with a space for each run of what shows nothing, as some write words apart by it. */
export function gappedView(parent: View): View | undefined {
  return replaced('gapped', parent, invisibleRun, ' ');
}

/** Tag characters and variation-selector bytes, read as the ASCII that they stand for; undefined when there are none. */
export function hiddenView(shown: View): View | undefined {
  const parent = replaced('hidden', shown, betweenHalves, '') ?? shown;
  const builder = new ViewBuilder('hidden', parent);
  for (const { 0: run, index } of parent.text.matchAll(tagRun)) {
    const points = pointsIn(run, 0xe0020, 0xe007f);
    const isFlag = points.length <= longestFlag && new RegExp(String.raw`\u{1F3F4}${invisible}*$`, 'u').test(parent.text.slice(Math.max(0, index - 8), index));
    if (!isFlag) builder.put(`${points.map((point) => ascii(point - 0xe0000)).join('')}\n`, index, index + run.length);
  }
  for (const { 0: run, index } of parent.text.matchAll(selectorRun)) {
    const points = [...pointsIn(run, 0xfe00, 0xfe0f, 0xe0100, 0xe01ef)];
    builder.put(`${points.map((point) => ascii(selectorByte(point))).join('')}\n`, index, index + run.length);
  }
  const view = builder.build();
  return view.text === '' ? undefined : view;
}

function selectorByte(point: number): number {
  return point >= 0xe0100 ? point - 0xe0100 + 16 : point - 0xfe00;
}

function ascii(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ' ';
}

/** The code points of `run` that lie in the ranges [first, last] given pair by pair. */
function pointsIn(run: string, ...ranges: readonly number[]): number[] {
  const within = (point: number) => ranges.some((first, at) => at % 2 === 0 && point >= first && point <= (ranges[at + 1] ?? first));
  return Array.from(run).map((c) => c.codePointAt(0) ?? 0).filter(within);
}
