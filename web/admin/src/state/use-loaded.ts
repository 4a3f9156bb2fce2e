import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Refusal } from '../api/call.ts';
import { keepAnswer, recallAnswer } from './answers.ts';

export interface Loaded<T> {
  /** The last loaded value, from here or from an earlier visit. */
  readonly value: T | undefined;
  readonly refusal: Refusal | undefined;
  readonly isLoading: boolean;
  reload(): void;
  /** Applies the response of a change. */
  replace(value: T): void;
}

/** Loads a value, and shows the last known one until the response arrives. */
export function useLoaded<T>(key: string, load: () => Promise<Answer<T>>): Loaded<T> {
  const [state, setState] = useState<{ key: string; refusal?: Refusal; isLoading: boolean }>({ key, isLoading: true });
  const [round, setRound] = useState(0);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    let isCurrent = true;
    setState({ key, isLoading: true });
    void loader.current().then((answer) => {
      if (!isCurrent) return;
      if (answer.ok) keepAnswer(key, answer.value);
      setState({ key, isLoading: false, ...(!answer.ok && { refusal: answer.refusal }) });
    });
    return () => {
      isCurrent = false;
    };
  }, [key, round]);

  const reload = useCallback(() => setRound((last) => last + 1), []);
  const replace = useCallback(
    (value: T) => {
      keepAnswer(key, value);
      setState({ key, isLoading: false });
    },
    [key],
  );
  const isOfNow = state.key === key;
  return {
    value: recallAnswer<T>(key),
    refusal: isOfNow ? state.refusal : undefined,
    isLoading: !isOfNow || state.isLoading,
    reload,
    replace,
  };
}
