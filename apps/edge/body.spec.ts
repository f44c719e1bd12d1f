import 'reflect-metadata';
import { gzipSync } from 'node:zlib';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { bodyPipe, listen, ProblemFilter, readJson } from './index.js';

class Said {
  @IsString() text!: string;
}

@Controller()
class EchoController {
  @Post('echo')
  @HttpCode(200)
  echo(@Body() { text }: Said): { text: string } {
    return { text };
  }

  @Post('bare/:id')
  @HttpCode(204)
  bare(): void {
    return undefined;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

let app: NestExpressApplication;
let origin: string;
beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(EchoModule, { bodyParser: false, logger: ['error', 'fatal'] });
  readJson(app, 100);
  app.useGlobalPipes(bodyPipe());
  app.useGlobalFilters(new ProblemFilter(() => undefined));
  origin = `http://${await listen(app, '127.0.0.1:0', 'SOME_LISTEN')}`;
});
afterAll(() => app.close());

async function codeOf(body: Buffer | string, headers: Record<string, string>): Promise<readonly [number, unknown]> {
  const answer = await fetch(`${origin}/echo`, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return [answer.status, ((await answer.json()) as { code: unknown }).code];
}

const JSON_TYPE = { 'content-type': 'application/json' };

it.each<[string, Buffer | string, Record<string, string>, number, string]>([
  ['of another type', '{"text":"a"}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  ['of a form', 'text=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
  ['in an unknown coding', '{"text":"a"}', { ...JSON_TYPE, 'content-encoding': 'rot13' }, 415, 'unsupported_media_type'],
  ['in an unknown charset', '{"text":"a"}', { 'content-type': 'application/json; charset=none' }, 415, 'unsupported_media_type'],
  ['in UTF-16', Buffer.from('{"text":"a"}', 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }, 400, 'not_utf8'],
  ['that is not UTF-8', Buffer.from('{"text":"a\xff"}', 'latin1'), JSON_TYPE, 400, 'not_utf8'],
  ['that is no JSON', '{"text":', JSON_TYPE, 400, 'bad_request'],
  ['that names a member twice', '{"text":"a","text":"b"}', JSON_TYPE, 400, 'duplicate_member'],
  ['that names one twice when read', gzipSync('{"text":"a","te\\u0078t":"b"}'), { ...JSON_TYPE, 'content-encoding': 'gzip' }, 400, 'duplicate_member'],
  ['that is too large', JSON.stringify({ text: 'x'.repeat(100) }), JSON_TYPE, 413, 'body_too_large'],
  ['that swells to too much', gzipSync(JSON.stringify({ text: 'x'.repeat(10_000) })), { ...JSON_TYPE, 'content-encoding': 'gzip' }, 413, 'body_too_large'],
  ['without the field', '{}', JSON_TYPE, 422, 'invalid_body'],
])('names a body %s', async (_, body, headers, status, code) => {
  expect(await codeOf(body, headers)).toEqual([status, code]);
});

it('takes what is good, also compressed, and asks no type of a request without a body', async () => {
  for (const [body, headers] of [['{"text":"ä"}', JSON_TYPE], [gzipSync('{"text":"ä"}'), { ...JSON_TYPE, 'content-encoding': 'gzip' }]] as const) {
    const answer = await fetch(`${origin}/echo`, { method: 'POST', body, headers });
    expect([answer.status, await answer.json()]).toEqual([200, { text: 'ä' }]);
  }
  expect((await fetch(`${origin}/bare/1`, { method: 'POST' })).status).toBe(204);
});

it('says which member stands twice, and where', async () => {
  const answer = await fetch(`${origin}/echo`, { method: 'POST', body: '{"text":"a","of":[{"id":1},{"id":1,"id":2}]}', headers: JSON_TYPE });
  expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ errors: [{ field: 'of.1.id', message: 'must stand once' }] })]);
});

it('takes an empty body for none', async () => {
  expect((await fetch(`${origin}/bare/1`, { method: 'POST', body: '', headers: JSON_TYPE })).status).toBe(204);
});

it('answers an address that cannot be decoded', async () => {
  const answer = await fetch(`${origin}/bare/%ZZ`, { method: 'POST' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
});
