export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

export const refuse = (status: number, code: string, message: string): ControlAnswer => ({
  status,
  body: { code, message },
});
