// node tools/image-files.mjs APP FOLDER: copies what the app can reach from its main.js, and nothing else, into FOLDER.
// Rooms by following imports in dist; packages by following their dependencies, as npm laid them out.
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [app, target] = process.argv.slice(2);
if (!app || !target) {
  console.error('usage: node tools/image-files.mjs APP FOLDER');
  process.exit(2);
}

// what a room reads at run time beside its own code
const DATA = { gatekeeper: ['policies/bundle', 'policies/tenant'], admin: ['policies'] };
const SPECIFIER = /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"](\.[^'"]+\.js)['"]/gm;

const { dependencies: declared, name, version, type, imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const files = new Set();
const packages = new Map();

function follow(file) {
  if (files.has(file)) return;
  files.add(file);
  for (const match of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
    const wanted = match[1] ?? match[2] ?? match[3] ?? '';
    // of a worker's two addresses, from source and from dist, only the one that is there counts
    if (wanted.startsWith('.') && !existsSync(resolve(dirname(file), wanted))) continue;
    if (wanted.startsWith('.')) follow(resolve(dirname(file), wanted));
    else if (wanted === '#edge') follow(join(root, 'dist/apps/edge/index.js'));
    else if (wanted.startsWith('#')) follow(join(root, 'dist/libs', wanted.slice(1), 'index.js'));
    else if (!wanted.startsWith('node:')) take(wanted, root);
  }
}

/** The package's folder as Node would find it from `from`, with everything that it depends on. */
function take(specifier, from) {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return takeFolder(folder);
    if (at === root || at === dirname(at)) return undefined;
  }
}

function takeFolder(folder) {
  if (packages.has(folder)) return;
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  packages.set(folder, true);
  // an optional peer comes along where Gatehouse itself depends on it; others are tools of the build, such as a compiler
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true || name in declared);
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) take(name, folder);
}

follow(join(root, 'dist/apps', app, 'main.js'));
mkdirSync(target, { recursive: true });
const carry = (path, options) => cpSync(path, join(target, relative(root, path)), options);
for (const file of files) carry(file);
/** A file of a package, as a second name for the same bytes where that can be: several images in a row are no several copies. */
function place(from, to) {
  try {
    linkSync(realpathSync(from), to);
  } catch {
    cpSync(from, to, { recursive: true, dereference: true });
  }
}
for (const folder of packages.keys()) {
  const carryFolder = (from) => {
    const to = join(target, relative(root, from));
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      // a package's nested packages are carried by their own names, so that none comes along unasked
      if (entry.name === 'node_modules') continue;
      if (entry.isDirectory()) carryFolder(join(from, entry.name));
      else place(join(from, entry.name), join(to, entry.name));
    }
  };
  carryFolder(folder);
}
for (const path of DATA[app] ?? []) carry(join(root, path), { recursive: true });
writeFileSync(join(target, 'package.json'), JSON.stringify({ name, version, type, imports }, null, 2));
const rooms = [...new Set([...files].map((file) => relative(join(root, 'dist'), dirname(file)).split('/').slice(0, 2).join('/')))].sort();
console.log(JSON.stringify({ app, rooms, packages: packages.size }));
