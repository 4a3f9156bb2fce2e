import type { Header } from './portal.ts';

/** What marks the requests of a client: the headers that distinguish one from another. */
type Marks = readonly Header[];

const CHROMIUM =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15';
const OLD_SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Safari/605.1.15';

const metadata = (site: string, mode: string, dest: string): Header[] => [
  ['Sec-Fetch-Site', site],
  ['Sec-Fetch-Mode', mode],
  ['Sec-Fetch-Dest', dest],
];

/** Clients that run on servers; what undici's fetch sends was recorded from Node 20 and 24. */
export const serverClients: Readonly<Record<string, Marks>> = {
  'Node fetch': [
    ['User-Agent', 'node'],
    ['Accept-Language', '*'],
    ['Sec-Fetch-Mode', 'cors'],
  ],
  'Node fetch with a User-Agent of its own': [
    ['User-Agent', 'my-shop/1.0'],
    ['Accept-Language', '*'],
    ['Sec-Fetch-Mode', 'cors'],
  ],
  'Node fetch with the User-Agent of a browser': [
    ['User-Agent', CHROMIUM],
    ['Sec-Fetch-Mode', 'cors'],
  ],
  'undici 5': [
    ['User-Agent', 'undici'],
    ['sec-fetch-mode', 'cors'],
  ],
  'undici behind a proxy that drops User-Agent': [['sec-fetch-mode', 'cors']],
  'the edge runtime of Next.js': [
    ['User-Agent', 'Next.js Middleware'],
    ['Sec-Fetch-Mode', 'cors'],
  ],
  'curl with the header': [
    ['User-Agent', 'curl/8.14.1'],
    ['Sec-Fetch-Mode', 'cors'],
  ],
  curl: [['User-Agent', 'curl/8.14.1']],
  Deno: [
    ['User-Agent', 'Deno/2.5.6'],
    ['Accept-Language', '*'],
  ],
  Bun: [['User-Agent', 'Bun/1.3.3']],
  'PHP with Guzzle': [['User-Agent', 'GuzzleHttp/7']],
  'Python urllib': [['User-Agent', 'Python-urllib/3.11']],
  'a server that sets Origin': [
    ['User-Agent', 'my-shop/1.0'],
    ['Origin', 'https://shop.example.com'],
  ],
  // Sends no fetch metadata, as every Safari before 16.4: nothing that it sends is out of reach for a server.
  'Safari 15, which cannot be distinguished from a server': [
    ['User-Agent', OLD_SAFARI],
    ['Origin', 'https://shop.example.com'],
  ],
};

/** Requests that only a browser sends. */
export const browserClients: Readonly<Record<string, Marks>> = {
  'a page fetch in Chromium': [
    ['User-Agent', CHROMIUM],
    ['Sec-CH-UA', '"Chromium";v="143"'],
    ['Origin', 'https://shop.example.com'],
    ...metadata('cross-site', 'cors', 'empty'),
  ],
  'a page fetch in Firefox': [
    ['User-Agent', FIREFOX],
    ['Origin', 'https://shop.example.com'],
    ...metadata('cross-site', 'cors', 'empty'),
  ],
  'a page fetch in Safari': [
    ['User-Agent', SAFARI],
    ['Origin', 'https://shop.example.com'],
    ...metadata('cross-site', 'cors', 'empty'),
  ],
  'a page of the same origin': [['User-Agent', CHROMIUM], ...metadata('same-origin', 'cors', 'empty')],
  'a service worker': [
    ['User-Agent', CHROMIUM],
    ['Origin', 'https://shop.example.com'],
    ...metadata('same-site', 'no-cors', 'empty'),
  ],
  'a form post': [
    ['User-Agent', FIREFOX],
    ['Origin', 'null'],
    ...metadata('cross-site', 'navigate', 'document'),
    ['Sec-Fetch-User', '?1'],
  ],
  'an address that a user typed': [['User-Agent', CHROMIUM], ...metadata('none', 'navigate', 'document')],
  'a worker script': [['User-Agent', CHROMIUM], ...metadata('same-origin', 'same-origin', 'worker')],
  'a web view in an app': [
    ['User-Agent', `${CHROMIUM} wv`],
    ['Origin', 'https://localhost'],
    ...metadata('cross-site', 'cors', 'empty'),
  ],
  'a page behind a CDN that writes names in lower case': [
    ['user-agent', CHROMIUM],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-mode', 'cors'],
    ['sec-fetch-dest', 'empty'],
  ],
  'a page behind a proxy that keeps Sec-Fetch-Site alone': [['Sec-Fetch-Site', 'cross-site']],
  'a page behind a proxy that keeps Sec-Fetch-Dest alone': [['Sec-Fetch-Dest', 'empty']],
  'a page with the User-Agent of Node': [['User-Agent', 'node'], ...metadata('cross-site', 'cors', 'empty')],
};
