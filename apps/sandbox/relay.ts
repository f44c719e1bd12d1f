import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Credentials, Caller, type Incoming } from './outgoing.js';
import { answerTo, type Answer, type Call, type Running, running, send } from './service.js';

export interface RelayOptions {
  readonly port: number;
  /** The relay's own certificate, and the authority that clients' certificates must come from. */
  readonly tls: Required<Credentials>;
  /** The doer's address. */
  readonly target: URL;
  /** By common name of the client: the identity under which its deliveries go on. */
  readonly identities: Readonly<Record<string, Required<Credentials>>>;
  readonly clock: () => Date;
}

/** One delivery as it passed. */
export interface Delivery {
  readonly number: number;
  readonly at: string;
  readonly identity: string;
  readonly path: string;
  readonly body: string;
  /** The doer's answer; 0 when it was held or the doer did not answer. */
  readonly status: number;
}

const KEPT = 1000;

/** Stands between gatekeeper and doer as whoever holds the wire would: it reads, keeps, holds back and sends again. */
export class Relay {
  /** `hold` keeps what comes and tears the sender's connection down. */
  mode: 'pass' | 'hold' = 'pass';
  private readonly kept: Delivery[] = [];
  private readonly callers: ReadonlyMap<string, Caller>;
  private count = 0;

  constructor(private readonly options: RelayOptions) {
    this.callers = new Map(Object.entries(options.identities).map(([name, credentials]) => [name, new Caller(credentials)]));
  }

  /** The last deliveries, oldest first. */
  deliveries(): readonly Delivery[] {
    return this.kept;
  }

  get identities(): readonly string[] {
    return [...this.callers.keys()];
  }

  /** Sends a body of one's own as `identity`; undefined for an identity it does not have. */
  async sendAs(identity: string, body: string): Promise<Incoming | undefined> {
    return this.callers.get(identity)?.call(this.forwarded('POST', '/v1/packets', Buffer.from(body)));
  }

  start(): Promise<Running> {
    const { tls, port } = this.options;
    const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' }, (request, response) => {
      const identity = commonName(request.socket as TLSSocket);
      void answerTo(request, (call) => this.pass(identity, call)).then((answer) => (answer.status === 0 ? request.socket.destroy() : send(response, answer)));
    });
    return running(server, port, 'https');
  }

  close(): void {
    for (const caller of this.callers.values()) caller.close();
  }

  // status 0 means that the connection is torn down
  private async pass(identity: string, call: Call): Promise<Answer> {
    const caller = this.callers.get(identity);
    if (!caller) return { status: 403 };
    const path = `/${call.path.join('/')}`;
    const status = this.mode === 'hold' ? 0 : await this.forward(caller, call, path);
    this.keep({ number: ++this.count, at: this.options.clock().toISOString(), identity, path, body: call.body.toString('utf8'), status });
    return { status };
  }

  private async forward(caller: Caller, call: Call, path: string): Promise<number> {
    const method = call.method === 'GET' ? 'GET' : 'POST';
    return caller.call(this.forwarded(method, path, call.body)).then(
      ({ status }) => status,
      () => 0,
    );
  }

  private forwarded(method: 'GET' | 'POST', path: string, body: Buffer) {
    return { method, url: new URL(path, this.options.target), headers: { 'content-type': 'application/json' }, body } as const;
  }

  private keep(delivery: Delivery): void {
    this.kept.push(delivery);
    if (this.kept.length > KEPT) this.kept.shift();
  }
}

function commonName(socket: TLSSocket): string {
  const name: unknown = socket.getPeerCertificate().subject.CN;
  return typeof name === 'string' ? name : '';
}
