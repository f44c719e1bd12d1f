import type { Duplex } from 'node:stream';
import { problem } from './problem.js';

const WORDS: Readonly<Record<string, { readonly line: string; readonly code: string; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { line: '431 Request Header Fields Too Large', code: 'headers_too_large', detail: 'The headers may hold 16 KiB at most.' },
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', code: 'request_timeout', detail: 'The request did not arrive whole in time: send it again.' },
};
const NOT_HTTP = { line: '400 Bad Request', code: 'not_http', detail: 'The bytes are not a request of HTTP/1.1.' };

/** Answers what never became a request, and so reaches no filter, with problem details too. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { line, code, detail } = WORDS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify(problem(Number(line.slice(0, 3)), code, detail));
  socket.end(`HTTP/1.1 ${line}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`);
}
