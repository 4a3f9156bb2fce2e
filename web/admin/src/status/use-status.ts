import { ask } from '../api/ask.ts';
import type { StatusView } from '../api/views.ts';
import { type Loaded, useLoaded } from '../state/use-loaded.ts';

export const useStatus = (): Loaded<StatusView> => useLoaded('status', () => ask<StatusView>('show-status'));
