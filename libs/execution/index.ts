export { DeliveryDesk } from './delivery-desk.js';
export { ExecutionRunner, type Journal, type RunnerOptions } from './execution-runner.js';
export { type DoerCommand, type DoerJournal, doerJournal, executionOf } from './journal-book.js';
export { JOURNAL_CODEC } from './journal-codec.js';
export * from './journal-events.js';
export { type CaseExecution, decideExecution, evolveExecution, type ExecutionCommand, type ExecutionEvent, type ExecutionTerms, nextExecution, noExecution, openOrder, type OrderExecution, type Receive } from './order-execution.js';
export type { PortalHands } from './portal-run.js';
export { sealState, type StateOwner, unsealState } from './sealed-state.js';
