import type { ApprovalView, LinkPage } from '#approvals';
import { type Html, html } from '#edge';
import { layout } from './layout.js';
import { jsonIn } from './page-json.js';
import { approvals, byPhase, inWords, irreversible, PHASE_SAYS, worstFirst } from './plan-in-words.js';

/** The page of an open request: exactly what will be done, and the two forms. `csrf` is bound to this link and browser. */
export function decisionPage(page: LinkPage, csrf: string): string {
  const { view } = page;
  const main = html`${heading(view)}${about(view)}${risk(view)}${preconditions(view)}${plan(view)}${flagged(view)}${signed(view)}${decide(page, csrf)}`;
  return layout({ title: view.title, main, script: true });
}

function heading(view: ApprovalView): Html {
  return html`<p class="eyebrow">Your decision is asked</p>
<h1>${view.title}</h1>
<p class="code">Short code <strong>${view.shortCode}</strong><span> must be the same in your Slack message</span></p>
<p class="deadline">Decide until <time datetime="${view.deadline}">${inWords(view.deadline)}</time>. After that nothing is done.</p>`;
}

function about(view: ApprovalView): Html {
  const { subject, requester } = view;
  const who = subject ? html`<bdi>${subject.name}</bdi><br><bdi>${subject.address}</bdi><br><span class="id">${subject.id}</span>` : html`<strong>Nobody could be identified</strong>`;
  const asked = html`${requester.name === null ? undefined : html`<bdi>${requester.name}</bdi> `}<span class="id">${requester.id}</span><br><time datetime="${view.requestedAt}">${inWords(view.requestedAt)}</time>`;
  return html`<section aria-labelledby="about"><h2 id="about">Who and when</h2>
<dl>
<dt>Who</dt><dd>${who}</dd>
<dt>When</dt><dd>${view.effective}</dd>
<dt>Requested by</dt><dd>${asked}</dd>
${view.hris === undefined ? undefined : html`<dt>HRIS</dt><dd>${view.hris}</dd>`}${view.reason === undefined ? undefined : html`<dt>Reason</dt><dd><bdi>${view.reason}</bdi></dd>`}
<dt>Approvals</dt><dd>${approvals(view)} of ${view.needed} given</dd>
</dl></section>`;
}

function risk({ risk: scored, reasons }: ApprovalView): Html {
  return html`<section aria-labelledby="risk"><h2 id="risk">Why you are asked</h2>
${scored && scoreParts(scored)}
<h3>What the policy says</h3>
<ul>${reasons.map(({ rule, text }) => html`<li>${text} <span class="id">${rule}</span></li>`)}</ul></section>`;
}

function scoreParts({ score, band, components }: NonNullable<ApprovalView['risk']>): Html {
  const rows = worstFirst(components).map(({ name, value, weight, because }) => {
    const share = value * weight;
    return html`<li><div class="row"><strong>${spaced(name)}</strong><span>${share.toFixed(2)}</span></div>
<meter min="0" max="1" value="${share.toFixed(3)}" aria-label="${spaced(name)}: ${share.toFixed(2)} of the score">${share.toFixed(2)}</meter>
<p>${because}</p></li>`;
  });
  return html`<p><span class="band ${band}">${band} risk</span> Score <strong>${score.toFixed(2)}</strong> of 1.00, the worst first.</p>
<ul class="components">${rows}</ul>`;
}

function preconditions({ preconditions: open = [] }: ApprovalView): Html | undefined {
  if (open.length === 0) return undefined;
  return html`<section aria-labelledby="before"><h2 id="before">Before the accounts go</h2>
<p>People have to see to this; nothing below does it.</p>
<ul>${open.map((says) => html`<li>${says}</li>`)}</ul></section>`;
}

function plan({ plan: steps }: ApprovalView): Html {
  if (steps.length === 0)
    return html`<section aria-labelledby="plan"><h2 id="plan">What will be done</h2>
<p class="warn">Nothing can be done: the request names nobody who could be found. Reject it, or file a clean request in your own name.</p></section>`;
  const phases = byPhase(steps).map(
    ([phase, own]) => html`<h3>${PHASE_SAYS[phase]}</h3><ul class="steps">${own.map(
      ({ portal, portalSays, account, effects }) => html`<li><strong>${portal}</strong> <span class="id">${portalSays === portal ? undefined : html`${portalSays}, `}account ${account}</span>
<ul>${effects.map(({ says, reversible }) => html`<li>${says}${reversible ? undefined : html` <span class="tag">cannot be undone</span>`}</li>`)}</ul></li>`,
    )}</ul>`,
  );
  const forever = irreversible(steps);
  const warning = html`<div class="warn"><h3>What cannot be undone</h3><ul>${forever.map((says) => html`<li>${says}</li>`)}</ul></div>`;
  return html`<section aria-labelledby="plan"><h2 id="plan">What will be done</h2>${phases}${forever.length > 0 ? warning : html`<p>All of it can be undone.</p>`}</section>`;
}

function flagged(view: ApprovalView): Html | undefined {
  if (!view.flagged) return undefined;
  const { markers, text } = view.flagged;
  const [title, why] =
    markers.length > 0
      ? ['Suspicious request text', `It carries signs of an attempt to instruct the machine (${markers.map(spaced).join(', ')}). It is shown as it came and does nothing. Do not follow it.`]
      : ['Request text', 'A model had a part in reading it, so it is shown as it came, and does nothing. Compare it with what will be done.'];
  return html`<section aria-labelledby="flagged" class="suspicious"><h2 id="flagged">${title}</h2>
<p>${why}</p>
<pre tabindex="0" role="region" aria-label="${title}">${text}</pre></section>`;
}

function signed(view: ApprovalView): Html {
  return html`<section aria-labelledby="signed"><h2 id="signed">What your passkey signs</h2>
<p>Exactly this text, with a number used once. Should anything in it change, your approval no longer counts.</p>
<pre tabindex="0" role="region" aria-label="The text that is signed" id="canonical">${view.canonical}</pre>
<p class="id">SHA-256 ${view.digest}<br>Case ${view.case}, request ${view.request}</p></section>`;
}

function decide({ view, options }: LinkPage, csrf: string): Html {
  const approve = html`<form method="post" id="approve" autocomplete="off">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="vote" value="approve"><input type="hidden" name="assertion" value="">
<button type="submit" class="primary" disabled>Approve with passkey</button>
<p id="status" role="status"></p>
<noscript><p>Approving needs your passkey, and so this page's script. Rejecting works without.</p></noscript>
</form>`;
  return html`<section aria-labelledby="decide" class="decide"><h2 id="decide">Your decision</h2>
${view.plan.length > 0 ? approve : undefined}
<form method="post" id="reject" autocomplete="off">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="vote" value="reject">
<label for="reason">Reason for rejecting <span>(optional)</span></label>
<textarea id="reason" name="reason" rows="3" maxlength="2000"></textarea>
<button type="submit" class="secondary">Reject</button>
</form></section>
<script type="application/json" id="webauthn-options">${jsonIn(options)}</script>`;
}

function spaced(name: string): string {
  return name.replaceAll('_', ' ');
}
