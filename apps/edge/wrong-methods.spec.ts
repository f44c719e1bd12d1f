import 'reflect-metadata';
import { Controller, Get, HttpCode, Module, Options, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { listen, ProblemFilter, readJson, refuseWrongMethods } from './index.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): string[] {
    return [];
  }

  @Post()
  @HttpCode(204)
  add(): void {
    return undefined;
  }

  @Post('newest')
  @HttpCode(204)
  renew(): void {
    return undefined;
  }

  @Options('newest/part')
  @HttpCode(204)
  ask(): void {
    return undefined;
  }

  @Get(':id')
  one(@Param('id') id: string): { id: string } {
    return { id };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestExpressApplication;
let origin: string;
beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(ThingsModule, { bodyParser: false, logger: ['error', 'fatal'] });
  refuseWrongMethods(app);
  readJson(app, 100);
  app.useGlobalFilters(new ProblemFilter(() => undefined));
  origin = `http://${await listen(app, '127.0.0.1:0', 'SOME_LISTEN')}`;
});
afterAll(() => app.close());

describe('an address that is known', () => {
  test.each([
    ['PUT', '/things', 'GET, HEAD, POST'],
    ['OPTIONS', '/things', 'GET, HEAD, POST'],
    ['DELETE', '/things/7', 'GET, HEAD'],
    ['POST', '/Things/7/', 'GET, HEAD'],
    ['PUT', '/things/newest', 'GET, HEAD, POST'],
    ['GET', '/things/newest/part', 'OPTIONS'],
  ])('is not asked by %s %s, but by %s', async (method, path, allowed) => {
    // what it says is not looked at
    const answer = await fetch(origin + path, { method, ...(method !== 'GET' && { body: '{"a":', headers: { 'content-type': 'text/plain' } }) });
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('content-type')]).toEqual([405, allowed, 'application/problem+json; charset=utf-8']);
    expect(await answer.json()).toMatchObject({ type: 'urn:gatehouse:problem:method_not_allowed', status: 405, code: 'method_not_allowed', detail: `This address is asked by ${allowed}.` });
  });

  test.each([['GET', '/things', 200], ['HEAD', '/things', 200], ['POST', '/things', 204], ['GET', '/things/newest', 200], ['POST', '/things/newest', 204], ['OPTIONS', '/things/newest/part', 204]])('is asked by %s %s', async (method, path, status) => {
    expect((await fetch(origin + path, { method })).status).toBe(status);
  });
});

it('says nothing of methods at an address that is not', async () => {
  for (const method of ['GET', 'PUT', 'OPTIONS']) {
    const answer = await fetch(`${origin}/nothing`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([404, null]);
  }
});
