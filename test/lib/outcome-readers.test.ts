import { type ErrorCode, errors } from '#contract/errors.ts';
import { type FunctionName, functions } from '#contract/functions.ts';
import { type Decision, type Gauge, gauges, METRICS_NAMESPACE, type outcomes } from '#contract/metrics.ts';
import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

const { operations } = synthesizeStage('prod', {
  production: true,
  canaryShopId: 'shop_canary',
  canaryOrigin: 'https://canary.example.com',
});

/** `<function> <counter>` of every counter of ours that some alarm reads. */
const readByAlarms = new Set(
  resourcesOf(operations, 'AWS::CloudWatch::Alarm').flatMap(([, { Metrics = [], ...alarm }]) =>
    [alarm, ...Metrics.map(({ MetricStat }: Properties) => MetricStat?.Metric ?? {})]
      .filter(({ Namespace }) => Namespace === METRICS_NAMESPACE)
      .map(({ MetricName, Dimensions }) => {
        const service = Dimensions.find(({ Name }: Properties) => Name === 'service');
        return `${service?.Value ?? 'gateway'} ${MetricName}`;
      }),
  ),
);

const [[, { DashboardBody }]] = resourcesOf(operations, 'AWS::CloudWatch::Dashboard') as [[string, Properties]];
const dashboard = DashboardBody['Fn::Join'][1].filter((part: unknown) => typeof part === 'string').join('') as string;
/** Codes that the dashboard finds whichever function counted them. */
const searched = [...dashboard.matchAll(/\\"([a-z_]+)\\"/g)].map(([, code]) => code);
const isOnDashboard = (service: FunctionName, name: Decision | Gauge): boolean =>
  searched.includes(name) || new RegExp(`"${name}"[^\\]]*"service","${service}"`).test(dashboard);

/** Every function that answers calls: all but those that the calendar or Secrets Manager starts. */
const answering = (Object.keys(functions) as FunctionName[]).filter(
  (name) => !['ring-rotation', 'signing-key-rotation', 'ring-age', 'canary'].includes(name),
);

test.each(answering)('an alarm reads how often %s could not answer', (name) => {
  expect(readByAlarms).toContain(`${name} service_unavailable`);
});

test.each<[FunctionName, Decision | Gauge]>([
  ['widget-authorizer', 'corrupt_record'],
  ['widget-endpoint', 'upstream_failed'],
  ['widget-endpoint', 'upstream_unavailable'],
  ['analytics-endpoint', 'upstream_failed'],
  ['analytics-endpoint', 'upstream_unavailable'],
  ['data-router-endpoint', 'upstream_failed'],
  ['data-router-endpoint', 'upstream_unavailable'],
  ['token-issuer', 'api_key_in_browser'],
  ['token-inspector', 'api_key_in_browser'],
  ['security-token-issuer', 'api_key_in_browser'],
  ['temp-token-issuer', 'api_key_in_browser'],
  ['analytics-authorizer', 'api_key_in_browser'],
  ['widget-authorizer', 'api_key_in_browser'],
  ['session-exchange', 'api_key_in_browser'],
  ['data-router-authorizer', 'api_key_in_browser'],
  ['widget-authorizer', 'unauthorized'],
  ['widget-authorizer', 'origin_not_allowed'],
  ['analytics-authorizer', 'unauthorized'],
  ['analytics-authorizer', 'origin_not_allowed'],
  ['admin-login', 'login_failed'],
  ['admin-login', 'not_in_admin_group'],
  ['ring-age', 'ring_age_days'],
  ['ring-age', 'signing_key_age_days'],
  ['canary', 'smoke_failed'],
  ['canary', 'smoke_passed'],
])('an alarm reads of %s: %s', (service, name) => {
  expect(readByAlarms).toContain(`${service} ${name}`);
});

/** Which function counts what is not a refusal. */
const COUNTED_BY: Readonly<Record<keyof typeof outcomes, FunctionName>> = {
  allowed: 'widget-authorizer',
  issued: 'token-issuer',
  inspected: 'token-inspector',
  answered: 'widget-endpoint',
  security_token_issued: 'security-token-issuer',
  temp_token_issued: 'temp-token-issuer',
  session_handled: 'session-exchange',
  preflight_answered: 'cors-preflight',
  analytics_allowed: 'analytics-authorizer',
  dev_key_used: 'analytics-authorizer',
  analytics_answered: 'analytics-endpoint',
  data_router_allowed: 'data-router-authorizer',
  data_router_answered: 'data-router-endpoint',
  public_keys_shown: 'jwks',
  challenged: 'admin-login',
  logged_in: 'admin-login',
  admin_allowed: 'admin-authorizer',
  administered: 'admin-api',
  audit_delayed: 'admin-api',
  corrupt_record: 'widget-authorizer',
  smoke_passed: 'canary',
  smoke_failed: 'canary',
};

/** What no alarm reads and the dashboard does not show: for a look into CloudWatch's metrics only. */
const UNREAD_OUTCOMES = [
  // Diagnosis for a shop; its failures are watched.
  'inspected',
  // The calls themselves are on the dashboard as they are let through; what an upstream does to them is watched.
  'answered',
  'analytics_answered',
  'data_router_answered',
  // Fetched by upstreams once in five minutes; its failures are watched.
  'public_keys_shown',
  // Parts of a handshake whose end, an analytics call let through, is on the dashboard.
  'temp_token_issued',
  'session_handled',
  'preflight_answered',
  // Only in stages for development; each use is a log line.
  'dev_key_used',
  // Of administrators there are few; each login and change is in the audit trail.
  'challenged',
  'logged_in',
  'administered',
];

/** Refusals that say something of one caller's request and nothing of the gate. */
const UNREAD_CODES = [
  ...['invalid_json', 'invalid_request', 'conflicting_aliases', 'invalid_expires_in', 'invalid_path', 'bad_request'],
  ...['not_a_url', 'not_https', 'not_an_origin', 'ip_literal', 'single_label_host', 'loopback_in_production'],
  ...['malformed_host', 'too_long', 'cross_site_request', 'key_without_origins', 'dev_keys_disabled'],
  ...['not_found', 'shop_not_found', 'service_key_not_found', 'request_not_found', 'search_stopped', 'unknown_origin'],
  ...['version_conflict', 'rotation_in_progress', 'no_rotation_in_progress', 'key_not_live', 'nothing_to_undo'],
  ...['too_many_origins', 'too_many_service_keys', 'id_taken', 'precondition_failed'],
  ...['app_origin', 'client_token_reused', 'dev_ids_missing', 'ids_malformed', 'shop_not_deletable'],
  ...['request_too_large', 'token_too_large'],
  // The gateway's own, which no function counts: it is in the access log.
  'forbidden',
];

test('every outcome is read by an alarm or shown on the dashboard, or is named here with the reason why not', () => {
  const unread = Object.entries(COUNTED_BY).filter(
    ([name, service]) => !readByAlarms.has(`${service} ${name}`) && !isOnDashboard(service, name as Decision),
  );
  expect(unread.map(([name]) => name).sort()).toEqual([...UNREAD_OUTCOMES].sort());
  for (const name of Object.keys(gauges)) expect(readByAlarms).toContain(`ring-age ${name}`);
});

test('every refusal of the catalog is read by an alarm or shown on the dashboard, or is named here', () => {
  const alarmed = [...readByAlarms].map((read) => read.split(' ')[1]);
  const unread = (Object.keys(errors) as ErrorCode[]).filter(
    (code) => !alarmed.includes(code) && !searched.includes(code),
  );
  expect(unread.sort()).toEqual([...UNREAD_CODES].sort());
});
