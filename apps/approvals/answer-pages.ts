import type { LinkPage } from '#approvals';
import { html } from '#edge';
import type { Decided } from './gatekeeper.js';
import { layout } from './layout.js';
import { outcomeInWords } from './outcome-in-words.js';

const OUTCOMES: Readonly<Record<string, string>> = {
  granted: 'Enough people have approved: it will be carried out as you were shown.',
  rejected: 'The request is rejected: nothing is carried out.',
  counted: 'Your approval counts. More people must approve before anything is done.',
};

/** The receipt of a decision: where it stands in the ledger, and how to check that without us. */
export function receiptPage(vote: 'approve' | 'reject', { outcome, receipt }: Decided): string {
  const title = vote === 'approve' ? 'You approved' : 'You rejected';
  const line = receipt.seq + 1;
  const main = html`<p class="eyebrow">Receipt</p><h1>${title}</h1>
<p>${OUTCOMES[outcome] ?? outcome}</p>
<section aria-labelledby="entry"><h2 id="entry">Your decision in the ledger</h2>
<dl><dt>Case</dt><dd class="id">${receipt.case}</dd><dt>Entry</dt><dd>${receipt.seq}</dd><dt>SHA-256</dt><dd class="id">${receipt.hash}</dd></dl></section>
<section aria-labelledby="verify"><h2 id="verify">How to verify it</h2>
<p>Keep this page. The ledger's export holds one entry a line, and entry ${receipt.seq} is line ${line}. With any copy of it, this must print the number above:</p>
<pre tabindex="0" role="region" aria-label="Command that verifies">sed -n '${line}p' ledger.jsonl | tr -d '\\n' | sha256sum</pre>
<p>The next entry names that number as its <code>prev</code>, so neither can change unseen.</p></section>`;
  return layout({ title, main });
}

/** A page that says one thing. */
export function noticePage(title: string, text: string): string {
  return layout({ title, main: html`<h1>${title}</h1><p>${text}</p>` });
}

/**
 * The page of a dead link: what came of the request, or the form that asks for a new link; nothing else of the case is shown.
 * `form` is where it goes and its csrf token, bound to this link and browser.
 */
export function deadLinkPage({ state, view }: LinkPage & { readonly state: keyof typeof DEAD_LINK }, form: { readonly action: string; readonly csrf: string }): string {
  const { title, text } = DEAD_LINK[state];
  if (state !== 'expired') {
    const { title: ended, says } = outcomeInWords(view);
    return layout({ title, main: html`<h1>${title}</h1><p>${text}</p>${view.outcome === 'open' ? undefined : html`<p><strong>${ended}.</strong> ${says}</p>`}` });
  }
  return layout({ title, main: html`<h1>${title}</h1><p>${text}</p>
<form method="post" action="${form.action}" autocomplete="off">
<input type="hidden" name="csrf" value="${form.csrf}">
<button type="submit" class="primary">Send me a new link</button>
</form>` });
}

/** What is said about a link that no longer opens a decision. */
export const DEAD_LINK = {
  used: { status: 409, title: 'This link was used', text: 'You have decided this already. A link works once; the receipt was shown then, and your Slack message shows the outcome.' },
  closed: { status: 409, title: 'This request is closed', text: 'Nothing is left to decide.' },
  expired: { status: 410, title: 'This link has expired', text: 'A link works for 15 minutes. Nothing was decided by it. Its page can send a new one to your Slack message, where this one came from.' },
} as const;
