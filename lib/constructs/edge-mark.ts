import { Fn, type Stack } from 'aws-cdk-lib';
import { headers } from '../../lambda/contract/headers.ts';

/** A header and its value. */
export interface EdgeMark {
  readonly header: string;
  readonly value: string;
}

/**
 * What CloudFront puts on its calls of the API, so that the API's web ACL, which sees CloudFront's addresses and not the callers', leaves them to
 * CloudFront's own. The value is the random end of the API stack's id: nobody outside the account can know it, none has to be kept, and who
 * learns it gets past a rate and nothing else.
 */
export const edgeMark = (api: Stack): EdgeMark => ({
  header: headers.edgeMark,
  value: Fn.select(2, Fn.split('/', api.stackId)),
});
