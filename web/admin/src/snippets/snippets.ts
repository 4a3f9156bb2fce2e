import { curlSnippet } from './curl.ts';
import { htmlSnippet } from './html.ts';
import { nodeSnippet } from './node.ts';
import { phpSnippet } from './php.ts';
import { KEY_VARIABLE, type Place } from './place.ts';
import { pythonSnippet } from './python.ts';

export interface Snippet {
  readonly name: string;
  /** For example "the Node code", in "Copy the Node code". */
  readonly what: string;
  readonly code: string;
  /** The remaining steps. */
  readonly hint: string;
}

const HTML_HINT =
  'Print the token as your templates print values; widgetToken is the return value of the server code. Insert both elements where the widget should appear.';
const SERVER_HINT = `Set ${KEY_VARIABLE} to the shop's API key, only on the server. The code caches a token for 23 of its 24 hours, and checks once a minute that the gate still accepts it.`;

/** The code to paste into a shop: for the page, and for its server in several languages. */
export const snippetsFor = (place: Place): readonly Snippet[] => [
  { name: 'HTML', what: 'the HTML', code: htmlSnippet(place), hint: HTML_HINT },
  { name: 'curl', what: 'the shell script', code: curlSnippet(place), hint: SERVER_HINT },
  { name: 'Node', what: 'the Node code', code: nodeSnippet(place), hint: SERVER_HINT },
  { name: 'PHP', what: 'the PHP code', code: phpSnippet(place), hint: SERVER_HINT },
  { name: 'Python', what: 'the Python code', code: pythonSnippet(place), hint: SERVER_HINT },
];
