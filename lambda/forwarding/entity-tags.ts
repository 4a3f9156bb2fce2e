import { hash } from 'node:crypto';
import { headers } from '#contract/headers.ts';
import { withoutOurCookies } from '../platform/cookies.ts';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';

/** `entity-tag` of RFC 9110 §8.8.3; the quoted text cannot contain a quote. */
const TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;
const MARK_CHARS = 16;
const TAGS = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"|\*/g;

/**
 * Entity tags that belong to one caller. A browser that has another caller's response under this URL, because `Vary` separates them, asks
 * with the tag of that response (RFC 9111 §4.1). Many upstreams use a version of their data as the tag, the same for all callers, and would
 * confirm with 304 a response of another caller. So every tag gets a mark of the caller on its way to the page, and only tags with that
 * mark reach the upstream.
 */
export class CallerTags {
  readonly #caller: readonly unknown[];
  #mark: string | undefined;

  /** `dropped`: names, in lower case, of headers that are credentials on this route. */
  constructor(identity: Readonly<Record<string, string>>, sent: MultiValueHeaders, dropped: readonly string[] = []) {
    // Every token of a shop has its own time, but not its own response.
    const { [headers.tokenIssuedAt]: _issuedAt, ...verified } = identity;
    const own = dropped.includes('authorization') ? [] : headerValues(sent, 'authorization');
    this.#caller = [
      verified,
      own,
      headerValues(sent, 'cookie')
        .map(withoutOurCookies)
        .filter((cookies) => cookies !== ''),
    ];
  }

  /** The tag as the page gets it; undefined for a text that is not one entity tag, which a browser would send back unchanged. */
  marked(values: readonly string[]): string | undefined {
    const match = values.length === 1 ? TAG.exec((values[0] as string).trim()) : null;
    return match === null ? undefined : `${match[1] ?? ''}"${match[2]}${this.#ending()}"`;
  }

  /**
   * The members of a list of tags, such as `If-None-Match`: each as the upstream knows it, or `foreign` if it belongs to another caller.
   */
  unmarked(values: readonly string[]): { readonly own: string[]; readonly foreign: string[] } {
    const own: string[] = [];
    const foreign: string[] = [];
    for (const [tag] of values.join(',').matchAll(TAGS)) {
      const ending = `${this.#ending()}"`;
      if (tag === '*') own.push(tag);
      else if (tag.endsWith(ending)) own.push(`${tag.slice(0, -ending.length)}"`);
      else foreign.push(tag);
    }
    return { own, foreign };
  }

  /** Computed at the first use: most calls have no tag. */
  #ending(): string {
    this.#mark ??= hash('sha256', JSON.stringify(this.#caller), 'base64url').slice(0, MARK_CHARS);
    return `.${this.#mark}`;
  }
}
