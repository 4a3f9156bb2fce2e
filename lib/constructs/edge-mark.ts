import { Fn, type Stack } from 'aws-cdk-lib';
import { headers } from '#contract/headers.ts';

/** A header and its value. */
export interface EdgeMark {
  readonly header: string;
  readonly value: string;
}

/**
 * The header that CloudFront adds to its calls of the API. Only with it does the login use the viewer's address from CloudFront, and the
 * API's web ACL, which sees CloudFront's addresses and not the callers', leaves such calls to CloudFront's own web ACL. The value is the
 * random end of the API stack's id: it is unknown outside the account, and no secret has to be stored. The check in the ids of
 * administrators' sessions uses it, too. Anyone who learns it can choose the address that a login counts for, bypass the rate of the web
 * ACL, and make up session ids that cost a read, but nothing else.
 */
export const edgeMark = (api: Stack): EdgeMark => ({
  header: headers.edgeMark,
  value: Fn.select(2, Fn.split('/', api.stackId)),
});
