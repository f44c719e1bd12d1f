import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import type { TLSSocket } from 'node:tls';
import type { Request } from 'express';
import { CodedError } from '#decider';
import { answerUnreadable } from './unreadable.js';

/** The verified common name of the peer's client certificate, or undefined where it showed none that the authority signed. */
export function peerName(request: Request): string | undefined {
  const socket = request.socket as Partial<TLSSocket>;
  if (socket.authorized !== true || !socket.getPeerCertificate) return undefined;
  const name = socket.getPeerCertificate().subject.CN;
  return typeof name === 'string' ? name : undefined;
}

/**
 * Starts listening on `host:port` (0 picks a free port) and answers the bound address.
 * @throws CodedError `configuration` naming the variable, where nothing can listen there.
 */
export async function listen(app: INestApplication, address: string, variable: string): Promise<string> {
  const { host, port } = hostPort(address, variable);
  await app.init();
  const server = app.getHttpServer() as Server;
  server.on('clientError', answerUnreadable);
  // not by Nest, which prints the fault and its stack beside our one line
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(variable, address, cause)));
    server.listen(port, host, resolve);
  });
  return `${host}:${String((server.address() as AddressInfo).port)}`;
}

/** Splits `host:port`. */
export function hostPort(address: string, variable: string): { host: string; port: number } {
  const match = /^([a-z0-9.-]+):(\d{1,5})$/i.exec(address);
  const [, host, port] = match ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) throw new CodedError('configuration', `${variable}: must be host:port`);
  return { host, port: Number(port) };
}

/** The fault of an address that cannot be listened on, as an operator is told it. */
export function cannotListen(variable: string, address: string, cause: unknown): CodedError {
  return new CodedError('configuration', `${variable}: cannot listen on ${address} (${nameOf(cause)})`, { cause });
}

function nameOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}
