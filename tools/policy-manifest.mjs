// node policy-manifest.mjs POLICY.WASM INSPECT.JSON, in policies/: prints the manifest of a built bundle.
// It refuses rules that could not answer for themselves: a finding without METADATA, an unknown kind, an id used twice.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [wasmFile, inspectFile] = process.argv.slice(2);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const byKey = (key) => (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
const { namespaces, annotations } = JSON.parse(readFileSync(inspectFile, 'utf8'));
const files = [...new Set(Object.values(namespaces).flat())].filter((file) => /(?<!_test)\.rego$/u.test(file)).sort();

const rules = annotations
  .filter(({ annotations: notes }) => ['rule', 'document'].includes(notes.scope) && notes.custom?.id !== undefined)
  .map(({ annotations: notes, location, path }) => ({
    id: notes.custom.id,
    title: notes.title ?? '',
    description: (notes.description ?? '').trim().replaceAll(/\s+/gu, ' '),
    package: path.slice(1, -1).map((part) => part.value).join('.'),
    file: location.file,
  }))
  .sort(byKey((rule) => rule.id));

const entrypoints = annotations
  .filter(({ annotations: notes }) => notes.entrypoint === true)
  .map(({ path }) => path.slice(1).map((part) => part.value).join('/'))
  .sort();

const wrong = [];
rules.forEach((rule, i) => {
  if (rule.id === rules[i + 1]?.id) wrong.push(`${rule.file}: the id ${rule.id} is used twice`);
  if (rule.title === '' || rule.description === '') wrong.push(`${rule.file}: ${rule.id} needs a title and a description`);
  if (!/^(?:(?:block|deny|hitl|allow)\.[a-z_]+|quorum)$/u.test(rule.id)) wrong.push(`${rule.file}: ${rule.id} is not of a known kind`);
});
for (const file of files) {
  const findings = readFileSync(file, 'utf8').split('rego.metadata.rule()').length - 1;
  const named = rules.filter((rule) => rule.file === file && rule.id !== 'quorum').length;
  const prose = file.endsWith('/verdict.rego') ? 1 : 0; // there the call is only spoken of
  if (findings - prose !== named) wrong.push(`${file}: ${findings} findings, but ${named} of them have METADATA with an id`);
}
if (entrypoints.length === 0) wrong.push('no rule is marked as an entrypoint');
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}

const manifest = {
  wasm: sha256(readFileSync(wasmFile)),
  entrypoints,
  rego: Object.fromEntries(files.map((file) => [file, sha256(readFileSync(file))])),
  rules: rules.map(({ id, title, description, package: name }) => ({ id, title, description, package: name })),
};
console.log(JSON.stringify(manifest, null, 2));
