import { limits } from '../contract/limits.ts';

/** What a header can carry as it is, since the upstream gets the ids in headers: printable ASCII without a space at either end. */
const SHAPE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Whether a text can be the id of a user, an app, a client or an organisation. */
export const isSubjectId = (text: string): boolean => text.length <= limits.maxSubjectIdChars && SHAPE.test(text);
