import { KEY_VARIABLE, type Place } from './place.ts';

export const nodeSnippet = ({
  origin,
  shopId,
}: Place): string => `// widget-token.mjs, for Node 18 and later. The key comes from ${KEY_VARIABLE}.
const url = '${origin}/api/shops/${shopId}/widget-token';
const KEEP_MILLISECONDS = 23 * 60 * 60 * 1000;

let kept = { until: 0, token: undefined };

/** A widget token to put into a page; a new one after 23 hours. */
export function widgetToken() {
  if (Date.now() >= kept.until) {
    const mine = { until: Date.now() + KEEP_MILLISECONDS, token: fetchToken() };
    // One that failed is not kept.
    mine.token.catch(() => kept === mine && (kept = { until: 0, token: undefined }));
    kept = mine;
  }
  return kept.token;
}

async function fetchToken() {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'X-Shop-API-Key': process.env.${KEY_VARIABLE} },
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(\`\${answer.code}: \${answer.message} (request \${answer.requestId})\`);
  return answer.token;
}
`;
