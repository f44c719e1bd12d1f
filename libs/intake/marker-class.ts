/** What is known of one class of markers; `docs/intake.md` explains each with examples. */
interface ClassData {
  /** Raised whenever the class would answer differently. */
  readonly version: number;
  readonly explanation: string;
}

/** The built-in classes. A tenant can add markers, never take these away. */
export const markerClasses = {
  override: { version: 3, explanation: 'tells the reader to set aside the rules or instructions it works under' },
  role_shift: { version: 3, explanation: 'gives the reader another identity, mode or freedom from limits' },
  extraction: { version: 3, explanation: 'asks for the hidden instructions that the reader works under' },
  control_plane: { version: 3, explanation: 'sets the confidence, flags, risk, approval or output of our own pipeline' },
  delimiter: { version: 3, explanation: 'imitates the turns, tags or template tokens that structure a model prompt' },
  schema_shaped: { version: 2, explanation: 'has the shape of our own packet, evidence or decision' },
  active_markup: { version: 2, explanation: 'carries markup that runs or sends data away when it is shown' },
  hidden_text: { version: 2, explanation: 'carries readable text in characters that nobody sees, or more text in an encoding than is read' },
  homograph_address: { version: 1, explanation: 'an address that looks like another one: mixed scripts, or letters that are not what they seem' },
  pressure: { version: 1, explanation: 'claims authority or urgency; counts only beside another marker' },
} as const satisfies Readonly<Record<string, ClassData>>;

export type MarkerClass = keyof typeof markerClasses;

/** A marker that was found: its class and where it stood, never the text itself. */
export interface Marker {
  /** A built-in class, or one that the tenant added. */
  readonly class: string;
  readonly version: number;
  /** UTF-16 positions in the raw text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** The view in which it showed, such as `raw`, `folded` or `base64/words`. */
  readonly view: string;
  /** The field of a structured request; absent for a message. */
  readonly field?: string;
}
