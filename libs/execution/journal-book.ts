import { type BookMachine, Cases, type Entry, type NewEntry } from '#ledger';
import { type CaseInJournal, EXECUTION_CASES } from './journal-codec.js';
import type { DoerEvent, RejectionsSummarised, SignatureRejected } from './journal-events.js';
import { type CaseExecution, decideExecution, evolveExecution, type ExecutionCommand, type ExecutionTerms, noExecution } from './order-execution.js';

/** All of a tenant's cases, folded from the journal. */
export interface DoerJournal {
  readonly cases: Cases<CaseInJournal>;
}

export type DoerCommand =
  | { readonly do: 'inCase'; readonly case: string; readonly command: ExecutionCommand }
  | { readonly do: 'reject'; readonly rejected: SignatureRejected }
  | { readonly do: 'summarise'; readonly summary: RejectionsSummarised };

const self = 'doer';

/** The case as the journal knows it. */
export function executionOf(state: DoerJournal, caseId: string): CaseExecution {
  return state.cases.get(caseId)?.execution ?? noExecution;
}

/** The machine of a tenant's journal. */
export function doerJournal(terms: ExecutionTerms): BookMachine<DoerJournal, DoerCommand> {
  return {
    initial: { cases: Cases.none(EXECUTION_CASES) },
    evolve: evolveJournal,
    decide(command, state, now): readonly NewEntry[] {
      switch (command.do) {
        case 'reject':
          return [{ type: 'doer.signature_rejected', case: null, actor: self, data: command.rejected }];
        case 'summarise':
          return [{ type: 'doer.rejections_summarised', case: null, actor: self, data: command.summary }];
        case 'inCase':
          return decideExecution(command.command, executionOf(state, command.case), terms, now).map(({ type, data }) => ({
            type,
            case: command.case,
            actor: self,
            data,
          }));
      }
    },
    entriesOf: (state, caseId) => state.cases.get(caseId)?.entries ?? 0,
  };
}

function evolveJournal(state: DoerJournal, entry: Entry): DoerJournal {
  const event = entry as Entry & DoerEvent;
  switch (event.type) {
    case 'journal.opened':
    case 'journal.reopened':
    case 'doer.signature_rejected':
    case 'doer.rejections_summarised':
      return state;
    default: {
      if (entry.case === null) return state;
      const execution = evolveExecution(executionOf(state, entry.case), event, entry.at);
      return { cases: state.cases.set(entry.case, { execution, entries: (state.cases.get(entry.case)?.entries ?? 0) + 1 }) };
    }
  }
}
