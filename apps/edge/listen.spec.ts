import 'reflect-metadata';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, expect, it } from '@jest/globals';
import { listen, READINESS, ReadinessController } from './index.js';

@Module({ controllers: [ReadinessController], providers: [{ provide: READINESS, useValue: {} }] })
class EmptyModule {}

const apps: INestApplication[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

async function anApp(): Promise<INestApplication> {
  const app = await NestFactory.create(EmptyModule, { logger: ['error', 'fatal'] });
  apps.push(app);
  return app;
}

/** Everything that comes back for raw bytes, up to the end of the connection. */
async function answerTo(address: string, bytes: string): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect(Number(port), host);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

it('names the variable of an address that is taken, and prints nothing beside it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = `127.0.0.1:${String((taken.address() as AddressInfo).port)}`;
  const printed: unknown[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (chunk) => printed.push(chunk) > 0;
  try {
    await expect(listen(await anApp(), address, 'SOME_LISTEN')).rejects.toMatchObject({ code: 'configuration', message: `SOME_LISTEN: cannot listen on ${address} (EADDRINUSE)` });
  } finally {
    process.stderr.write = write;
    taken.close();
  }
  expect(printed).toEqual([]);
});

it('names the variable of a port that is none', async () => {
  await expect(listen(await anApp(), '127.0.0.1:65536', 'SOME_LISTEN')).rejects.toMatchObject({ code: 'configuration', message: expect.stringContaining('SOME_LISTEN') });
});

it.each([
  ['a method that is none', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'not_http'],
  ['headers that are none', 'GET / HTTP/1.1\r\nfoo bar\r\n\r\n', 400, 'not_http'],
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
])('answers %s with problem details', async (_, bytes, status, code) => {
  const [head = '', body = ''] = (await answerTo(await listen(await anApp(), '127.0.0.1:0', 'SOME_LISTEN'), bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} .*\r\nContent-Type: application/problem\\+json`));
  expect(JSON.parse(body)).toMatchObject({ type: `urn:gatehouse:problem:${code}`, status, code });
});
