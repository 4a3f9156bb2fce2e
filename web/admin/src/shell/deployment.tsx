import { useStatus } from '../status/use-status.ts';

/** Which gate this is: that of production looks like none of the others. */
export function Deployment() {
  const { value: status } = useStatus();
  if (status === undefined)
    return (
      <p class="deployment">
        <span class="skeleton-text" />
      </p>
    );
  // `widget-gate:123456789012:prod`
  const [stage = '', account = ''] = status.deployment.split(':').reverse();
  return (
    <p class="deployment" title={status.deployment}>
      <span class={`stage ${status.keyEnvironment}`}>
        {stage}
        {status.keyEnvironment === 'live' && ' · production'}
      </span>
      <span>{account}</span>
    </p>
  );
}
