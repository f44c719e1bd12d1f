export { type ApprovalState, approvalStands, type Parties, questionOf, type RefusedVote, type Settled, type Shown } from './approval.js';
export { type Facts, type EvidenceTaken, type Judge, type Judgement, type PlannedAccount, type RiskScored, weighed } from './judgement.js';
export { END_STATES, type EndState, next, type Offboard, type OffboardCommand, type OffboardEvent, type OffboardTask } from './offboard.js';
export { hasVoted, newsOf, type NoticeTask, nextNotice } from './notices.js';
export { carriedOut, type DispatchTask, type OrderState } from './order.js';
export type { IntentParsed, RequestReceived, RequestState } from './request.js';
export { partiesOf, type Tenant, type TenantCommand, type TenantEvent, tenantLedger } from './tenant-ledger.js';
export { bindingOf, planOf, type Terms } from './verdict.js';
