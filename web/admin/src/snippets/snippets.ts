import { curlSnippet } from './curl.ts';
import { htmlSnippet } from './html.ts';
import { nodeSnippet } from './node.ts';
import { phpSnippet } from './php.ts';
import { KEY_VARIABLE, type Place } from './place.ts';
import { pythonSnippet } from './python.ts';

export interface Snippet {
  readonly name: string;
  /** As in "Copy the Node code". */
  readonly what: string;
  readonly code: string;
  /** What is left to do. */
  readonly hint: string;
}

const HTML_HINT =
  'Write the token the way your templates print a value; widgetToken is what the server’s piece returns. Put both where the widget should be.';
const SERVER_HINT = `Set ${KEY_VARIABLE} to the shop’s API key on the server, and nowhere else. The code keeps a token for 23 of its 24 hours, and asks the gate once a minute whether it still accepts it.`;

/** What to paste into a shop: the page, and its server in several languages. */
export const snippetsFor = (place: Place): readonly Snippet[] => [
  { name: 'HTML', what: 'the HTML', code: htmlSnippet(place), hint: HTML_HINT },
  { name: 'curl', what: 'the shell script', code: curlSnippet(place), hint: SERVER_HINT },
  { name: 'Node', what: 'the Node code', code: nodeSnippet(place), hint: SERVER_HINT },
  { name: 'PHP', what: 'the PHP code', code: phpSnippet(place), hint: SERVER_HINT },
  { name: 'Python', what: 'the Python code', code: pythonSnippet(place), hint: SERVER_HINT },
];
