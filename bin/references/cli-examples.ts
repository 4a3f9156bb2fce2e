// Long because it is one list: an example of every command.
import type { AdminAction } from '#contract/admin-api.ts';

export interface CliExample {
  /** Shell commands that can be pasted as they are, after those at the top of docs/cli.md. */
  readonly example: string;
  /** The actions of the admin API that the command carries out. */
  readonly actions?: readonly AdminAction[];
  /** What must be there before the example works. */
  readonly needs?: string;
}

const GATE = 'bin/widget-gate.js';
const SHOP = '"$WIDGET_GATE_SHOP_ID"';
const KEY = '"$WIDGET_GATE_KEY_ID"';

const on = (words: string, rest: string, ...actions: AdminAction[]): CliExample => ({
  example: `${GATE} ${words}${rest === '' ? '' : ` ${rest}`}`,
  ...(actions.length > 0 && { actions }),
});

/** By the words of the command. `test/cli/reference-examples.test.ts` runs them in this order and checks the actions. */
export const cliExamples: Readonly<Record<string, CliExample>> = {
  login: on('login', '--user "$WIDGET_GATE_USER" --browser', 'create-login-link'),
  logout: on('logout', '', 'end-session'),
  whoami: on('whoami', '', 'show-session'),
  'shops create': {
    example: `eval "$(${GATE} shops create https://shop.example.com --name 'Example Shop')"`,
    actions: ['create-shop'],
  },
  'shops list': on('shops list', '--limit 20', 'list-shops'),
  'shops show': on('shops show', SHOP, 'show-shop'),
  'shops rename': on('shops rename', `${SHOP} 'Example Shop'`, 'set-switches'),
  'shops set-url': on('shops set-url', `${SHOP} https://store.example.com --move-origins`, 'set-switches'),
  'shops disable': on('shops disable', SHOP, 'set-switches'),
  'shops enable': on('shops enable', SHOP, 'set-switches'),
  'shops pause': on('shops pause', SHOP, 'set-switches'),
  'shops resume': on('shops resume', SHOP, 'set-switches'),
  'shops require-origin': on('shops require-origin', `${SHOP} on`, 'set-switches'),
  'shops delete': { ...on('shops delete', SHOP, 'delete-shop'), needs: 'A shop that has been disabled for 24 hours.' },
  'keys rotate': on('keys rotate', `${SHOP} --overlap 1h`, 'rotate-key'),
  'keys reset': on('keys reset', SHOP, 'reset-keys'),
  'keys retire': { ...on('keys retire', SHOP, 'retire-key'), needs: 'A rotation whose overlap has not ended.' },
  'keys undo': { ...on('keys undo', SHOP, 'undo-rotation'), needs: 'A rotation whose overlap has not ended.' },
  'tokens mint': on('tokens mint', SHOP),
  'tokens inspect': on('tokens mint', `${SHOP} |\n  ${GATE} tokens inspect ${SHOP} --origin https://shop.example.com`),
  'tokens explain': on(
    'tokens mint',
    `${SHOP} |\n  ${GATE} tokens explain ${SHOP} --origin https://shop.example.com`,
    'explain-token',
  ),
  'tokens revoke': on('tokens revoke', SHOP, 'revoke-tokens'),
  'tokens undo': on('tokens undo', SHOP, 'undo-revoke-tokens'),
  'origins add': on('origins add', `${SHOP} https://checkout.example.com`, 'add-origins'),
  'origins remove': on('origins remove', `${SHOP} https://checkout.example.com`, 'remove-origins'),
  'origins test': on('origins test', `${SHOP} https://shop.example.com/cart`, 'test-origin'),
  'service-keys list': on('service-keys list', '', 'list-service-keys'),
  'service-keys add': {
    example: `eval "$(${GATE} service-keys add analytics portal --origin https://portal.example.com --max-ttl 1h)"`,
    actions: ['add-service-key'],
  },
  'service-keys rotate': on('service-keys rotate', `${KEY} --overlap 1h`, 'rotate-service-key'),
  'service-keys revoke': on('service-keys revoke', KEY, 'revoke-service-key'),
  'service-keys revoke-tokens': on('service-keys revoke-tokens', KEY, 'revoke-service-key-tokens'),
  'revocations add': on('revocations add', 'user u-17', 'revoke-subject'),
  explain: {
    example: `request_id=$(${GATE} audit list --limit 1 --json | jq -r '.entries[0].requestId')\n${GATE} explain "$request_id"`,
    actions: ['explain-request'],
  },
  'audit list': on('audit list', `--shop ${SHOP} --from 2026-01-01`, 'query-audit'),
  'audit tail': on('audit tail', '--once', 'query-audit'),
  'audit export': on('audit export', '--from 2026-01-01 > audit.ndjson', 'query-audit'),
  doctor: on('doctor', '', 'show-status'),
  smoke: on('smoke', `--shop ${SHOP} --origin https://shop.example.com`),
  cost: {
    ...on('cost', '--calls 1000000 --shops 100 --stage prod'),
    needs: 'The template of the stage: `npm run synth -- -c stage=prod`.',
  },
  'local keys': { example: `eval "$(${GATE} local keys)"` },
  'iam users': on('iam users', ''),
  'iam add-user': on('iam add-user', 'bob'),
  'iam add-key': on('iam add-key', 'bob'),
  'iam remove-user': on('iam remove-user', 'bob'),
  'iam add-to-group': on('iam add-to-group', 'demo-outsider'),
  'iam remove-from-group': on('iam remove-from-group', 'demo-outsider'),
  'ring rotate': on('ring rotate', ''),
  'ring drop-old': { ...on('ring drop-old', ''), needs: 'A rotation that was 6 minutes ago.' },
  'signing-keys rotate': on('signing-keys rotate', ''),
  'signing-keys drop-old': { ...on('signing-keys drop-old', ''), needs: 'A rotation that was 20 minutes ago.' },
  'faults show': on('faults show', ''),
  'faults set': on('faults set', "'dynamodb:delay=80ms'"),
  completion: { example: `source <(${GATE} completion bash)` },
};
