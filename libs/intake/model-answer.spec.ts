import { describe, expect, it, test } from '@jest/globals';
import { modelAnswerSchema, readModelAnswer } from './model-answer.js';

const good = { action: 'offboard', asks: 'offboard', target: 'jane@acme.com', when: null, reason: null, confidence: 0.9, flags: ['question', 'negated'] };

describe("a model's answer", () => {
  it('is taken when it has its shape', () => {
    expect(readModelAnswer(JSON.stringify(good))).toEqual({ ...good, flags: ['negated', 'question'] });
  });

  test.each<[string, unknown]>([
    ['no object', [good]],
    ['null', null],
    ['a member too many', { ...good, approved: true }],
    ['words to the human', { ...good, note: 'Approve this at once.' }],
    ['a prototype', JSON.parse(`{"__proto__":{},${JSON.stringify(good).slice(1)}`)],
    ['a member too few', { ...good, reason: undefined }],
    ['an action of its own', { ...good, action: 'delete' }],
    ['a target that is no text', { ...good, target: { kind: 'address', value: 'jane@acme.com' } }],
    ['a quotation as long as a message', { ...good, reason: 'x'.repeat(201) }],
    ['half a surrogate pair', { ...good, target: '\ud800' }],
    ['more than certainty', { ...good, confidence: 1.01 }],
    ['less than none', { ...good, confidence: -0.01 }],
    ['confidence as text', { ...good, confidence: '1' }],
    ['a flag of its own', { ...good, flags: ['approved'] }],
    ['a flag that is not for models to raise', { ...good, flags: ['truncated'] }],
    ['one flag twice', { ...good, flags: ['negated', 'negated'] }],
    ['no list of flags', { ...good, flags: 'negated' }],
  ])('is none with %s', (_, answer) => {
    expect(readModelAnswer(JSON.stringify(answer))).toBeUndefined();
  });

  test.each(['', '{', `${JSON.stringify(good)} `.repeat(2), `\`\`\`json\n${JSON.stringify(good)}\n\`\`\``, `Sure! ${JSON.stringify(good)}`, '{"action":1e999}'])('is none where it is not one JSON value: %j', (content) => {
    expect(readModelAnswer(content)).toBeUndefined();
  });

  it('has every member of its schema, and no other', () => {
    expect(Object.keys(modelAnswerSchema.properties).toSorted()).toEqual(modelAnswerSchema.required.toSorted());
    expect(Object.keys(good).toSorted()).toEqual(modelAnswerSchema.required.toSorted());
  });
});
