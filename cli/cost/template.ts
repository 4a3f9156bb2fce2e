interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly AccessLogSetting?: object;
    readonly MethodSettings?: readonly { readonly MetricsEnabled?: boolean }[];
    readonly Metrics?: readonly { readonly MetricStat?: object }[];
    readonly Rules?: readonly object[];
    readonly LoggingConfig?: { readonly SystemLogLevel?: string };
  };
}

/** The resources of a stage's templates that have a price. */
export interface PricedResources {
  readonly tables: number;
  readonly keys: number;
  readonly secrets: number;
  /** Metrics that alarms watch: AWS charges for each of them, not for the alarm. */
  readonly alarmMetrics: number;
  readonly dashboards: number;
  readonly webAcls: number;
  readonly webAclRules: number;
  /** Whether the gateway writes a line for each call. */
  readonly logsAccess: boolean;
  /** Whether the gateway counts by method. */
  readonly countsByMethod: boolean;
  /** Whether Lambda writes its own lines for each run. */
  readonly logsPlatform: boolean;
}

export function pricedResources(
  templates: readonly { readonly Resources: Readonly<Record<string, Resource>> }[],
): PricedResources {
  const all = templates.flatMap(({ Resources }) => Object.values(Resources));
  const of = (type: string): Resource[] => all.filter(({ Type }) => Type === type);
  const stages = of('AWS::ApiGateway::Stage').map(({ Properties = {} }) => Properties);
  return {
    tables: of('AWS::DynamoDB::GlobalTable').length + of('AWS::DynamoDB::Table').length,
    keys: of('AWS::KMS::Key').length,
    secrets: of('AWS::SecretsManager::Secret').length,
    alarmMetrics: sum(of('AWS::CloudWatch::Alarm'), ({ Properties }) => watchedBy(Properties?.Metrics)),
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    webAcls: of('AWS::WAFv2::WebACL').length,
    webAclRules: sum(of('AWS::WAFv2::WebACL'), ({ Properties }) => Properties?.Rules?.length ?? 0),
    logsAccess: stages.some(({ AccessLogSetting }) => AccessLogSetting !== undefined),
    countsByMethod: stages.some(({ MethodSettings = [] }) =>
      MethodSettings.some(({ MetricsEnabled }) => MetricsEnabled),
    ),
    logsPlatform: of('AWS::Lambda::Function').some(
      ({ Properties }) => Properties?.LoggingConfig?.SystemLogLevel !== 'WARN',
    ),
  };
}

const sum = (all: readonly Resource[], of: (one: Resource) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

/** The metric in the alarm itself, or those in its expression. */
const watchedBy = (metrics: readonly { readonly MetricStat?: object }[] | undefined): number =>
  metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
