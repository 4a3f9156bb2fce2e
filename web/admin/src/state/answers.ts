/** What was read last, by what was asked, so that going back shows it at once. Never holds an API key. */
const answers = new Map<string, unknown>();

export const recallAnswer = <T>(key: string): T | undefined => answers.get(key) as T | undefined;

export function keepAnswer(key: string, value: unknown): void {
  answers.set(key, value);
}

export function forgetAnswers(): void {
  answers.clear();
}
