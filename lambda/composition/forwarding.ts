import { environment } from '../contract/environment.ts';
import type { RefusalTally } from '../services/refusal-tally.ts';
import { createTableClient } from '../stores/clients.ts';
import { required } from './environment.ts';
import { type OnFailure, refusalTally } from './shared.ts';

/** What a function that forwards needs beside its upstream. The trail is reached with the first failure, not before. */
export function forwarding(onTrailFailure: OnFailure): {
  readonly edgeMark: string;
  readonly failures: Pick<RefusalTally, 'note'>;
  readonly streams: boolean;
} {
  return {
    edgeMark: required('edgeMark'),
    failures: refusalTally(createTableClient(), onTrailFailure),
    streams: process.env[environment.upstreamStreaming] === 'true',
  };
}
