import type { OptionName } from '#cli/options.ts';

/** What each option means, by the command that has it or for all. The order is that of the pages. */
export const optionTexts: Readonly<Record<OptionName, string>> = {
  name: 'A name for people.',
  exact: 'Store only the origin of the URL, not its www. sibling.',
  origin: 'An origin, such as https://shop.example.com. Commands that create or add accept it several times.',
  'app-origins': 'Also accept origins of apps, such as capacitor://localhost, which many apps share.',
  'require-origin': 'Refuse calls without an Origin header.',
  'move-origins': 'Replace the origins of the old URL with those of the new one.',
  limit: 'How many entries to print. Default: 50.',
  cursor: 'Continue where an earlier list ended.',
  all: 'Print all pages.',
  overlap: 'How long the old key stays valid. Default: 24h.',
  'max-ttl': 'Longest life of tokens and sessions of the key; of a dev key its own life. A number and its unit.',
  app: 'An app. "service-keys add" accepts it several times and limits the key to these apps.',
  force: 'Rotate although tokens of an earlier key have not expired. They stop at once.',
  'expected-version': 'Make the change only if the shop has this version.',
  user: 'The IAM user that the access key belongs to. Default: WIDGET_GATE_USER.',
  profile: 'The profile of the AWS configuration to read credentials from.',
  browser: 'Print a link that logs a browser in.',
  console: 'The address of the console, for the link. Default: WIDGET_GATE_CONSOLE_URL, else the gate.',
  shop: 'A shop ID. As a filter of the audit trail: the subject of entries.',
  actor: 'Only entries of this actor.',
  action: 'Only entries with this action.',
  code: 'Only entries with this code.',
  'request-id': 'Only the entry of this request.',
  from: 'Only entries from this day or time on.',
  to: 'Only entries up to this day or time.',
  once: 'End after the first entries.',
  calls: 'Widget calls a month.',
  issues: 'Widget tokens a month. Default: 0.',
  logins: 'Security tokens a month. Default: 0.',
  shops: 'Number of shops. Default: 10.',
  stage: 'The stage whose template is read.',
  upstream: 'The upstream to call through the gate: widget, analytics or data-router.',
  path: 'The path to call. Default: /health.',
};

/** What every command accepts. */
export const commonOptionTexts = {
  url: 'The address of the gate: the stack output ApiUrl. Default: WIDGET_GATE_URL, else the local gate.',
  'data-dir': 'The folder of the running local gate. Default: .widget-gate.',
  json: 'Print one JSON object on stdout, for refusals too.',
  help: 'Print the help of the command.',
  version: 'Print the version.',
} as const;
