import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { type ModelAnswer, modelFlags, parseRequest, readModelAnswer, withModel } from './index.js';

const [, section = ''] = readFileSync('docs/intake.md', 'utf8').split(/\n## The model\n|\n## Ticket systems\n/);
const context = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' };
const named = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/gu)].map(([, name]) => name ?? '');

describe('docs/intake.md, the model', () => {
  const rows = section.split('| message | the model says | what stands | confidence | flags |\n')[1]?.split('\n\n')[0]?.split('\n').slice(1).map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim())) ?? [];

  it('has examples', () => {
    expect(rows.length).toBeGreaterThan(5);
  });

  test.each(rows.map(([message = '', says = '', stands = '', confidence = '', flags = '']) => ({ message, says, stands, confidence, flags })))('$message: $says', ({ message, says, stands, confidence, flags }) => {
    const before = parseRequest(message, context);
    const agreeing: ModelAnswer = { action: before.action, asks: message.includes('offboard') ? 'offboard' : message.split(' jan')[0] ?? '', target: before.target?.value ?? null, when: before.effective?.text ?? null, reason: null, confidence: 1, flags: [] };
    const [value = ''] = named(says);
    const said = { action: { action: 'offboard' }, target: { target: value }, confidence: { confidence: Number(value) }, flag: { flags: [value] } }[says.split(' ')[0] ?? ''];
    const answer = readModelAnswer(JSON.stringify({ ...agreeing, ...said }));
    expect(answer).toBeDefined();
    const { packet } = withModel(before, message, answer ?? agreeing, context);
    expect(stands.startsWith('action') ? `action ${packet.action}` : `target ${packet.target?.value ?? 'none'}`).toBe(stands);
    expect([String(packet.confidence), packet.flags]).toEqual([confidence, named(flags)]);
  });

  it('shows an answer of the form that is taken, and names every flag that a model may raise', () => {
    const shown = /```json model-answer\n([^`]+)```/u.exec(section)?.[1] ?? '';
    expect(readModelAnswer(shown)).toEqual(JSON.parse(shown));
    expect(named(/`flags` are any of ([^.]+)\./u.exec(section)?.[1] ?? '')).toEqual([...modelFlags]);
  });
});
