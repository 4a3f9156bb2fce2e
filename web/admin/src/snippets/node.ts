import { KEY_VARIABLE, type Place } from './place.ts';

export const nodeSnippet = ({
  origin,
  shopId,
}: Place): string => `// widget-token.mjs, for Node 18 and later. The key comes from ${KEY_VARIABLE}.
const url = '${origin}/api/shops/${shopId}/widget-token';
const KEEP_MILLISECONDS = 23 * 60 * 60 * 1000;
const CHECK_MILLISECONDS = 60 * 1000;

let kept = { key: undefined, token: undefined, until: 0, checkAt: 0 };

/** A widget token to put into a page: a new one after 23 hours, for another key, or once the gate stops accepting it. */
export function widgetToken() {
  const key = process.env.${KEY_VARIABLE};
  const now = Date.now();
  if (key !== kept.key || now >= kept.until) keep(key, fetchToken(key), now + KEEP_MILLISECONDS);
  else if (now >= kept.checkAt) {
    const checked = kept.token.then((token) => checkToken(key, token));
    keep(key, checked, kept.until);
  }
  return kept.token;
}

function keep(key, token, until) {
  const mine = { key, token, until, checkAt: Date.now() + CHECK_MILLISECONDS };
  // One that failed is not kept.
  token.catch(() => {
    if (kept === mine) kept = { key: undefined, token: undefined, until: 0, checkAt: 0 };
  });
  kept = mine;
}

async function fetchToken(key) {
  const { ok, answer } = await call(key, url);
  if (!ok) throw new Error(\`\${answer.code}: \${answer.message} (request \${answer.requestId})\`);
  return answer.token;
}

/** The token, or a new one where the gate says that it accepts it no longer. If the gate does not answer, the token stays. */
async function checkToken(key, token) {
  const { answer } = await call(key, \`\${url}/inspect\`, { token }).catch(() => ({ answer: {} }));
  // A reason with an origin speaks of this call; in pages of the shop the token is valid.
  const isRefused = answer.valid === false && !answer.reason.startsWith('origin_');
  return isRefused || answer.code === 'invalid_api_key' ? fetchToken(key) : token;
}

async function call(key, to, body) {
  const response = await fetch(to, {
    method: 'POST',
    headers: { 'X-Shop-API-Key': key, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  return { ok: response.ok, answer: await response.json() };
}
`;
