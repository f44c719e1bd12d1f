import { createHash } from 'node:crypto';
import { type ApprovalView, type AssertionOptions, canonicalBinding, challengeFor, type LinkPage, shortCode } from '#approvals';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
export const CASE = 'c-9f0d6a52-5b0e-4e6e-9d0a-3d1c2b4a5f60';
export const NONCE = Buffer.alloc(32, 3).toString('base64url');
/** A token of the right form; only the stub gatekeeper knows what it means. */
export const TOKEN = `${Buffer.from('{"approver":"p-10007"}').toString('base64url')}.${'A'.repeat(43)}`;

const canonical = canonicalBinding({
  tenant: 'acme', case: CASE, outcome: 'require_hitl', band: 'high', plan: digest('plan'), policy: digest('policy'), data: digest('data'),
  facts: { production_owner: true, hris_status: 'active' }, phases: ['soft', 'hard'],
});

/** What the approver of the story sees. */
export const VIEW: ApprovalView & Required<Pick<ApprovalView, 'risk'>> = {
  tenant: 'acme', case: CASE, request: 2,
  title: 'Offboard Dana Fields',
  requestedAt: '2026-11-23T09:58:00.000Z',
  requester: { id: 'p-10003', name: 'Rob Lane' },
  subject: { id: 'p-10042', name: 'Dana Fields', address: 'dana.fields@acme.example' },
  effective: 'Monday 23 November 2026 at 18:00 (Europe/Berlin)',
  risk: {
    score: 0.82, band: 'high',
    components: [
      { name: 'parse_confidence', value: 0.1, weight: 0.1, because: 'The request was understood well.' },
      { name: 'production_ownership', value: 1, weight: 0.4, because: 'Owns payments-db, a production system.' },
      { name: 'privilege', value: 0.9, weight: 0.35, because: 'Holds the role admin.' },
    ],
  },
  reasons: [{ rule: 'risk.require_hitl_from', text: 'A score from 0.75 on needs a human.' }],
  hris: 'The HRIS says: active, employee. It disagrees: last day missing.',
  preconditions: ['directory: It owns systems: they need another owner.'],
  plan: [
    { phase: 'soft', portal: 'directory', portalSays: 'directory', account: 'u-77', effects: [
      { effect: 'deactivate', says: 'disables the account', reversible: true }, { effect: 'end_sessions', says: 'ends every session', reversible: false },
    ] },
    { phase: 'soft', portal: 'scim', portalSays: 'scim', account: '2819c223', effects: [{ effect: 'deactivate', says: 'disables the account, which ends its access', reversible: true }] },
    { phase: 'hard', portal: 'directory', portalSays: 'directory', account: 'u-77', effects: [{ effect: 'delete_account', says: 'deletes the account', reversible: false }] },
  ],
  needed: 2,
  votes: [{ person: 'p-10008', vote: 'approve' }],
  outcome: 'open',
  because: [],
  news: null,
  deadline: '2026-11-24T09:58:00.000Z',
  canonical, digest: digest(canonical), shortCode: shortCode(digest(canonical)),
};

/** What the approver of an erasure sees: nothing was scored, and no HRIS was asked. */
export const ERASURE_VIEW: ApprovalView = {
  ...(({ risk: _risk, hris: _hris, preconditions: _preconditions, ...rest }): Omit<ApprovalView, 'risk' | 'hris' | 'preconditions'> => rest)(VIEW),
  title: 'Erase Dana Fields',
  effective: 'As soon as it is approved, for good',
  reason: 'She asked for it by letter.',
  reasons: [{ rule: 'hitl.erasure', text: 'What an erasure destroys is gone for good, so two people decide' }],
  plan: [{ phase: 'erase', portal: 'vault', portalSays: 'keys in Vault', account: 'p-10042', effects: [{ effect: 'destroy_keys', says: `destroys the keys of 1 closed case: ${CASE}`, reversible: false }] }],
};

export const OPTIONS: AssertionOptions = {
  challenge: challengeFor(NONCE, canonical), nonce: NONCE, rpId: 'localhost', allowCredentials: [{ type: 'public-key', id: 'Y3JlZGVudGlhbA' }], userVerification: 'required', timeout: 300_000,
};

export const PAGE: LinkPage = { state: 'open', view: VIEW, options: OPTIONS };

/** Text that tries everything: markup, script ends, Slack mentions and links, and characters that are not seen. */
export const HOSTILE = `</pre></script><script>alert(1)</script><img src=x onerror=alert(2)> <!channel> <@U0ONE> <https://evil.example|click> & "quoted" 'single' \u202Egnp.exe \u200B\u0000 *bold*`;
