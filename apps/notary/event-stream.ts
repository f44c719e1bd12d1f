import type { Request, Response } from 'express';

const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';

/** Whether a client would rather be told how the work goes than wait for its end. */
export function wantsEvents(request: Request): boolean {
  return request.accepts([JSON_TYPE, STREAM_TYPE]) === STREAM_TYPE;
}

/** An answer as server-sent events (WHATWG HTML, 9.2); its head leaves with the first of them, so that until then a refusal has a status. */
export class EventStream {
  constructor(private readonly response: Response) {}

  get begun(): boolean {
    return this.response.headersSent;
  }

  /** One event of JSON. One that may be left out is, while the client does not read. */
  send(event: string, data: object, may: 'wait' | 'be left out' = 'wait'): void {
    if (!this.begun) this.response.writeHead(200, { 'content-type': STREAM_TYPE, 'cache-control': 'no-store' });
    if (may === 'wait' || !this.response.writableNeedDrain) this.response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** The last event. */
  end(event: string, data: object): void {
    this.send(event, data);
    this.response.end();
  }
}
