import { createHmac } from 'node:crypto';

/** What the customer keeps in its secret store. */
export interface CustomerSecrets {
  readonly shopId: string;
  readonly apiKey: string;
  /** An earlier key that was replaced at once, to show the effect. */
  readonly revokedApiKey: string;
  readonly analyticsKey: string;
}

/** An answer of the gate, as the page shows it. */
export interface GateAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A widget token is valid for 24 hours; an hour before that a new one is fetched. */
const KEPT_MILLISECONDS = 23 * 3_600_000;
/** The user that the portal's own login returned. */
const USER = { userid: 'ada', appid: 'sales' };

/** The gate, as a customer's server calls it. */
export class GateClient {
  readonly #gateUrl: string;
  readonly #secrets: CustomerSecrets;
  #kept: { readonly token: Promise<string>; readonly since: number } | undefined;

  constructor(gateUrl: string, secrets: CustomerSecrets) {
    this.#gateUrl = gateUrl;
    this.#secrets = secrets;
  }

  /** The shop's widget token: one call in 23 hours, however many pages are asked for meanwhile. */
  widgetToken(): Promise<string> {
    if (this.#kept === undefined || Date.now() - this.#kept.since > KEPT_MILLISECONDS) {
      const token = this.issueWith(this.#secrets.apiKey).then(tokenIn);
      const kept = { token, since: Date.now() };
      this.#kept = kept;
      token.catch(() => {
        if (this.#kept === kept) this.#kept = undefined;
      });
    }
    return this.#kept.token;
  }

  issueWith(apiKey: string): Promise<GateAnswer> {
    return this.#post(`/api/shops/${this.#secrets.shopId}/widget-token`, { 'X-Shop-API-Key': apiKey });
  }

  issueWithRevokedKey(): Promise<GateAnswer> {
    return this.issueWith(this.#secrets.revokedApiKey);
  }

  /** A token that the shop signed itself, 25 hours ago. */
  expiredToken(): string {
    const { shopId, apiKey } = this.#secrets;
    const signed = `${shopId}:${Math.floor(Date.now() / 1_000) - 25 * 3_600}`;
    const hmac = createHmac('sha256', apiKey).update(signed).digest('hex');
    return Buffer.from(`${signed}:${hmac}`).toString('base64');
  }

  async securityToken(): Promise<string> {
    return tokenIn(await this.#post('/devapi/v4/core/login/token', this.#analytics(), USER));
  }

  async tempToken(): Promise<string> {
    return tokenIn(await this.#post('/api/auth/temp-token', this.#analytics(), USER));
  }

  #analytics(): Record<string, string> {
    return { 'X-API-Key': this.#secrets.analyticsKey };
  }

  async #post(path: string, headers: Record<string, string>, body?: object): Promise<GateAnswer> {
    const answer = await fetch(this.#gateUrl + path, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
}

function tokenIn({ status, body }: GateAnswer): string {
  if (status === 200 && typeof body.token === 'string') return body.token;
  throw new Error(`the gate answered ${status} ${String(body.code)}`);
}
