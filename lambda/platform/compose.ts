import { AddressLimit } from './address-limit.ts';
import { DynamoCallCounter } from './call-counter.store.ts';
import { tableClient } from './clients.store.ts';
import { type OnFailure, required } from './environment.ts';

/** Builds the limit per address, with the header value that identifies the stage's CloudFront. */
export interface LimitByAddress {
  readonly limit: AddressLimit;
  readonly edgeMark: string;
}

export const addressLimit = (routes: 'admin' | 'login', calls: number, onFailure: OnFailure): LimitByAddress => ({
  limit: new AddressLimit({
    routes,
    calls,
    counter: new DynamoCallCounter(tableClient(), required('sessionTable')),
    deployment: required('deployment'),
    onFailure,
  }),
  edgeMark: required('edgeMark'),
});
