/** The last response to each query, so that going back shows it immediately. Never contains an API key. */
const answers = new Map<string, unknown>();

export const recallAnswer = <T>(key: string): T | undefined => answers.get(key) as T | undefined;

export function keepAnswer(key: string, value: unknown): void {
  answers.set(key, value);
}

export function forgetAnswers(): void {
  answers.clear();
}
