import { describe, expect, it } from '@jest/globals';
import { formFor, readPage } from './link-page.js';

const page = `<!doctype html><html><head><title>no</title></head><body><h1>Leaver &amp; owner</h1><script>alert(1)</script>
<script id='webauthn-options' type="application/json">{"challenge":"abc","rpId":"localhost","allowCredentials":[{"id":"k1","type":"public-key"}]}</script>
<form method="post" action='/decide/tok&#x2F;1'><input type=hidden name=csrf value="a&quot;b"><input type="hidden" name="vote"><textarea name="reason"></textarea></form>
</body></html>`;

describe('a link page', () => {
  it('is read for its text, its form and its passkey options', () => {
    expect(readPage(page)).toEqual({
      text: 'Leaver & owner',
      options: { challenge: 'abc', rpId: 'localhost', allowCredentials: [{ id: 'k1' }] },
      forms: [{ action: '/decide/tok/1', fields: { csrf: 'a"b', vote: '' } }],
    });
  });

  it('has a form for the vote: one of its own before a general one, and none on a page that asks nothing', () => {
    const both = readPage(`<form action="/both"><input type="hidden" name="csrf" value="1"></form>
      <form action="/no"><input type="hidden" name="csrf" value="2"><input type="hidden" name="vote" value="reject"></form>`);
    expect(formFor(both, 'approve')?.action).toBe('/both');
    expect(formFor(both, 'reject')?.action).toBe('/no');
    expect(formFor(readPage('<p>This link was used.</p><form action="/search"><input name="q"></form>'), 'approve')).toBeUndefined();
  });

  it.each(['not json', '[]', '{"challenge":1}'])('whose options are nonsense has none: %s', (inner) => {
    expect(readPage(`<script id="webauthn-options">${inner}</script>`).options).toBeUndefined();
  });
});
