export interface PageContext {
  /** Where widget.js and the gate are. */
  readonly gateUrl: string;
  /** This server under a name that the shop did not register. */
  readonly foreignUrl: string;
}

/** The shop's page: the tag as every shop embeds it, and what happens when something is wrong. */
export const shopPage = (context: PageContext, token: string): string =>
  page(
    'Kettle & Crumb',
    `<main>
<h1>Kettle &amp; Crumb</h1>
<p>A shop that embeds a widget. Search for <q>mug</q> or <q>oak</q>.</p>
<div id="shop-search"></div>
<script src="${context.gateUrl}/widget.js"
  data-token="${token}"
  data-token-url="/widget-token"
  data-container="#shop-search"
  data-theme="auto"></script>
<section aria-labelledby="try">
<h2 id="try">What if …</h2>
<div class="buttons">
<button data-try="good">all is well</button>
<button data-try="tampered">the token is tampered with</button>
<button data-try="expired">the token is 25 hours old</button>
<button data-try="foreign">another site uses the token</button>
<button data-try="revoked">the shop's key was revoked</button>
</div>
<div id="outcome" role="status" aria-live="polite"></div>
<iframe id="foreign" title="A page of another site" hidden></iframe>
</section>
<script src="/shop.js" data-gate="${context.gateUrl}" data-foreign="${context.foreignUrl}" data-page-token="${token}"></script>
</main>`,
  );

/** The portal's page: a dashboard for a user that the portal logged in. */
export const portalPage = (context: PageContext): string =>
  page(
    'Portal',
    `<main>
<h1>Portal</h1>
<p>A portal that embeds a dashboard for its user Ada: by a session that a cookie keeps, and by a security token.</p>
<h2>Session</h2>
<div id="by-session"></div>
<script src="${context.gateUrl}/widget.js" data-token-url="/temp-token" data-view="dashboard" data-container="#by-session"></script>
<h2>Security token</h2>
<div id="by-token"></div>
<script src="${context.gateUrl}/widget.js" data-token-url="/security-token" data-view="dashboard" data-container="#by-token"></script>
</main>`,
  );

/** What another site would do with a token that it copied. */
export const foreignPage = (context: PageContext): string =>
  page('Another site', `<p id="outcome">…</p><script src="/foreign.js" data-gate="${context.gateUrl}"></script>`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title.replace('&', '&amp;')}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop.css">
</head>
<body>
<nav aria-label="Pages"><a href="/">Shop</a><a href="/portal">Portal</a></nav>
${body}
</body>
</html>
`;
