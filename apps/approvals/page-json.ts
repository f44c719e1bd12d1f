import { Html } from '#edge';

/** JSON for a `<script type="application/json">`: no character that could end or open an element. */
export function jsonIn(value: unknown): Html {
  const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return new Html(text);
}
