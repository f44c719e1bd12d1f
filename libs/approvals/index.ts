export type { ApprovalView, AssertionOptions, LinkPage, ViewComponent, ViewEffect, ViewStep, VoteReceipt } from './approval-view.js';
export { type Approver, APPROVER_ROLE, eligible, type Passkey, quorumReached, standing, type Vote } from './approver.js';
export type { AssertionFault } from './assertion.js';
export { type Band, bandOf, type Binding, bindingDigest, canonicalBinding, differences, sameBinding, shortCode } from './binding.js';
export { LINK_TOKEN, type LinkClaim, linkExpired, mintLink, readLink } from './link.js';
export { challengeFor, countedBackwards, counterOf, type PasskeyProof, recheckPasskeyProof, verifyAssertion } from './passkey-proof.js';
export { type ButtonTarget, buttonValue, REJECT_ACTION, type SlackAction, type SlackFault, verifySlackRequest, verifySlackSignature } from './slack-request.js';
