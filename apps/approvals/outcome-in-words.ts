import type { ApprovalView } from '#approvals';

/** How a request ended, for those who were asked. */
export function outcomeInWords({ outcome, because }: Pick<ApprovalView, 'outcome' | 'because'>): { readonly title: string; readonly says: string } {
  switch (outcome) {
    case 'granted':
      return { title: 'Approved', says: 'Enough people approved. It is carried out as it was shown.' };
    case 'rejected':
      return { title: 'Rejected', says: 'It was rejected. Nothing is carried out on it.' };
    case 'expired':
      return { title: 'Expired', says: 'The time ran out before enough people had decided. Nothing is carried out on it.' };
    case 'superseded':
      return { title: 'Withdrawn', says: `Something that it rests on has changed: ${changes(because)}. Votes on it count no more. Where a decision is still needed, a new message asks for it.` };
    case 'open':
      return { title: 'Closed', says: 'Nothing is left to decide here.' };
  }
}

const NEWS: Readonly<Record<string, string>> = {
  soft_done: 'Soft phase done: the accounts are disabled and can still be given back. The hard phase follows when its window has passed.',
  done: 'Done: every phase was carried out, and the case has ended.',
  reinstated: 'Reinstated: everything was given back as it was before, and the case has ended.',
  denied: 'The case has ended: the policy refused it, and nothing was carried out.',
  blocked: 'The case has ended: the policy blocked it, and nothing was carried out.',
  rejected: 'The case has ended: it was rejected.',
  expired: 'The case has ended: nobody decided in time.',
  joined: 'The case has ended: it goes on in another case about the same person.',
};

/** How the case got on since; undefined for what there is nothing to say about. */
export function newsInWords(news: string): string | undefined {
  return NEWS[news];
}

const CHANGED: Readonly<Record<string, string>> = {
  outcome: 'what the policy decides',
  band: 'how risky it is',
  plan: 'what would be done',
  policy: 'the policy',
  data: "the policy's settings",
  phases: 'what the approval covers',
  quorum: 'how many people must approve',
  'facts.subject': 'whom it is about',
  'facts.cases': 'which closed cases there are',
  'facts.resolved': 'whether one person could be identified',
  'facts.privilege': 'the privileges of the account',
  'facts.production_owner': 'the ownership of production systems',
  'facts.recent_escalation': 'a recent gain of rights',
  'facts.hris_status': 'what the HRIS says',
  'facts.findings': 'what was found in checking the request',
};

function changes(because: readonly string[]): string {
  const words = because.map((name) => CHANGED[name] ?? name.replace(/^facts\./, '').replaceAll('_', ' '));
  return words.length === 0 ? 'it is no longer asked' : words.join('; ');
}
