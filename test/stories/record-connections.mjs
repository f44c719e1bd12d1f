// node --import=…/record-connections.mjs?to=FILE: one JSON line in FILE for each thread of the process, and for each address that one turns to.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

const file = new URL(import.meta.url).searchParams.get('to');
const record = (what) => appendFileSync(file, `${JSON.stringify({ process: process.argv[1], ...what })}\n`);

/** Replaces a method by one that tells of each call first. */
function watch(object, name, tell) {
  const original = object[name];
  object[name] = function watched(...args) {
    const told = tell(args);
    if (told !== undefined) record(told);
    return Reflect.apply(original, this, args);
  };
}

// every TCP, TLS and HTTP/2 client goes through this one method, fetch as well; inside, the arguments come as a list in a list
watch(net.Socket.prototype, 'connect', (args) => {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null) return { kind: 'tcp', host: first.path ?? first.host ?? 'localhost', port: Number(first.port ?? 0) };
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { kind: 'tcp', host: first, port: 0 };
  return { kind: 'tcp', host: typeof second === 'string' ? second : 'localhost', port: Number(first) };
});

for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname', 'resolveMx', 'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv', 'resolveTxt', 'reverse']) {
  for (const from of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    if (typeof from[name] === 'function') watch(from, name, ([host]) => ({ kind: 'dns', host: String(host), port: 0 }));
  }
}

for (const name of ['send', 'connect']) watch(dgram.Socket.prototype, name, (args) => ({ kind: 'udp', host: JSON.stringify(args.filter((arg) => typeof arg === 'string')), port: 0 }));

// a thread that is started without its parent's arguments is recorded all the same
threads.Worker = class extends threads.Worker {
  constructor(entry, options = {}) {
    super(entry, { ...options, ...(options.execArgv && { execArgv: [...options.execArgv, `--import=${import.meta.url}`] }) });
  }
};

syncBuiltinESMExports();
record({ kind: threads.isMainThread ? 'process' : 'thread', host: '', port: 0 });
