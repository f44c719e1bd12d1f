import { Html, html } from '#edge';

/** A whole page: landmarks, one heading, our own stylesheet and nothing of others. */
export function layout(page: { readonly title: string; readonly main: Html; readonly script?: boolean }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${page.title} · Gatehouse</title>
<link rel="stylesheet" href="/assets/page.css">
${page.script === true ? new Html('<script src="/assets/approve.js" defer></script>') : undefined}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><span class="brand">Gatehouse</span><span>Approvals</span></header>
<main id="main">
${page.main}
</main>
<footer>Gatehouse never asks for a password. Compare the address and the short code with your Slack message.</footer>
</body>
</html>
`.text;
}
