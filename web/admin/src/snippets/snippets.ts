import { curlSnippet } from './curl.ts';
import { htmlSnippet } from './html.ts';
import { nodeSnippet } from './node.ts';
import { phpSnippet } from './php.ts';
import type { Place } from './place.ts';
import { pythonSnippet } from './python.ts';

export interface Snippet {
  readonly name: string;
  /** As in "Copy the Node code". */
  readonly what: string;
  readonly code: string;
}

/** What to paste into a shop: the page, and its server in several languages. */
export const snippetsFor = (place: Place): readonly Snippet[] => [
  { name: 'HTML', what: 'the HTML', code: htmlSnippet(place) },
  { name: 'curl', what: 'the shell script', code: curlSnippet(place) },
  { name: 'Node', what: 'the Node code', code: nodeSnippet(place) },
  { name: 'PHP', what: 'the PHP code', code: phpSnippet(place) },
  { name: 'Python', what: 'the Python code', code: pythonSnippet(place) },
];
