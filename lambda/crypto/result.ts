/** An expected result as a value: success, or a refusal with a tagged reason. Exceptions are for bugs and outages. */
export type Result<Value, Reason extends string> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly reason: Reason;
      /** The part of the request that caused the refusal, as a sentence for the caller. */
      readonly detail?: string;
    };

export const success = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

export const refusal = <Reason extends string>(
  reason: Reason,
  detail?: string,
): { readonly ok: false; readonly reason: Reason; readonly detail?: string } => ({
  ok: false,
  reason,
  ...(detail !== undefined && { detail }),
});
