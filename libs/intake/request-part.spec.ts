import { describe, expect, it, test } from '@jest/globals';
import { requestPart } from './request-part.js';

const ASK = 'Please offboard jane@acme.com today.';

describe('what others wrote, and what mail programs add, is not the request', () => {
  test.each<[what: string, below: string]>([
    ['a quote', '> offboard bob@acme.com'],
    ['a quote whose lines were wrapped', '> please offboard\nbob@acme.com'],
    ['a reply', 'On Mon, Nov 23, 2026 at 9:00 AM Karen Fox <karen@acme.com> wrote:\noffboard bob@acme.com'],
    ['a reply whose head was wrapped', 'On Mon, 23 Nov 2026 at 10:00, Karen Fox <karen.fox@acme.com>\nwrote:\noffboard bob@acme.com'],
    ['a German reply', 'Am 23.11.2026 um 09:00 schrieb Karen Fox:\noffboard bob@acme.com'],
    ['a French reply', 'Le lun. 23 nov. 2026 à 09:00, Karen Fox a écrit :\noffboard bob@acme.com'],
    ['a Spanish reply', 'El lun, 23 nov 2026 a las 9:00, Karen Fox escribió:\noffboard bob@acme.com'],
    ["Outlook's block", 'From: Karen Fox <karen@acme.com>\nSent: Monday, 23 November 2026\nTo: IT\nSubject: leaver\n\noffboard bob@acme.com'],
    ["Outlook's block in German", 'Von: Karen Fox\nGesendet: Montag, 23. November 2026\nAn: IT\nBetreff: Austritt\n\noffboard bob@acme.com'],
    ['a forwarded message', '---------- Forwarded message ---------\noffboard bob@acme.com'],
    ['an original message', '-----Original Message-----\noffboard bob@acme.com'],
    ['a signature', '-- \nKaren Fox, Offboarding Team, bob@acme.com'],
    ['a sign-off', 'Kind regards,\nKaren Fox\nHead of Offboarding'],
    ['a legal footer', 'This e-mail and any attachments are confidential and intended for bob@acme.com only.'],
    ['a telephone', 'Sent from my iPhone'],
  ])('%s', (_, below) => {
    expect(requestPart(`${ASK}\n\n${below}`).sentences).toEqual([ASK]);
  });

  it('but what stands below a marked quote is', () => {
    const text = `On Mon, 23 Nov 2026 at 10:00, Karen Fox <karen.fox@acme.com>\nwrote:\n> offboard bob@acme.com?\n\nYes.\n${ASK}`;
    expect(requestPart(text).sentences).toEqual(['Yes.', ASK]);
  });

  it('and a postscript below the signature is', () => {
    expect(requestPart(`${ASK}\nThanks,\nKaren Fox\n\nPS: do not offboard bob@acme.com`)).toEqual({ sentences: [ASK, 'PS: do not offboard bob@acme.com'], claimedRequester: 'Karen Fox', truncated: false });
  });
});

test.each<[text: string, sentences: string[]]>([
  ['Please offboard our colleague from the accounting team in Berlin,\nJane Doe, today.', ['Please offboard our colleague from the accounting team in Berlin, Jane Doe, today.']],
  ['Please offboard\njane@acme.com', ['Please offboard', 'jane@acme.com']],
  ['offboard jane@acme.com\noffboard bob@acme.com', ['offboard jane@acme.com', 'offboard bob@acme.com']],
  ['Please offboard:\n1. Jane Doe, Friday\n2) bob@acme.com;\n\nThank you all for everything.', ['Please offboard: Jane Doe, Friday; bob@acme.com', 'Thank you all for everything.']],
  ['Hi Karen Fox, please offboard Dr. Jane Doe. She left.', ['please offboard Dr. Jane Doe.', 'She left.']],
])('lines become sentences: %j', (text, sentences) => {
  expect(requestPart(text).sentences).toEqual(sentences);
});
