import { Fn, type Stack } from 'aws-cdk-lib';
import { headers } from '#contract/headers.ts';

/** A header and its value. */
export interface EdgeMark {
  readonly header: string;
  readonly value: string;
}

/**
 * What CloudFront puts on its calls of the API. The login takes the viewer's address from CloudFront's word only with it, and the API's web ACL,
 * which sees CloudFront's addresses and not the callers', leaves such calls to CloudFront's own. The value is the random end of the API stack's
 * id: nobody outside the account can know it, and none has to be kept. The ids of administrators' sessions have a check by it, too. Anyone who learns
 * it can choose the address that a login counts for, get past the rate of the web ACL, and make up ids that cost a read, and nothing else.
 */
export const edgeMark = (api: Stack): EdgeMark => ({
  header: headers.edgeMark,
  value: Fn.select(2, Fn.split('/', api.stackId)),
});
