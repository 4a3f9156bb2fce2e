/** A refusal as an AWS service answers it: `code` is the service's own error name. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** Further members of the answer's body. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export const unknownOperation = (operation: string): AwsError =>
  new AwsError('UnknownOperationException', `The operation ${operation} is not implemented by the local host.`);

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
