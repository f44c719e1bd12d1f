/** Makes a value when it is first asked for, and answers the same one ever after. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Makes one value for each thing asked about, when it is first asked for. */
export function onceEach<K extends object, T>(make: (about: K) => T): (about: K) => T {
  const made = new WeakMap<K, { readonly value: T }>();
  return (about) => {
    const known = made.get(about) ?? { value: make(about) };
    made.set(about, known);
    return known.value;
  };
}
