import type { Refusal } from '../api/call.ts';
import { hrefOf } from '../route/route.ts';
import { refusalWords } from '../words/refusals.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';

interface RefusalBoxProps {
  readonly refusal: Refusal;
  readonly retryLabel?: string;
  onRetry?(): void;
}

/** What went wrong, what to do, and by which id it can be looked up. */
export function RefusalBox({ refusal, retryLabel = 'Try again', onRetry }: RefusalBoxProps) {
  const { code, detail, requestId, retryAfterSeconds } = refusal;
  const command = /^Run: (.+)$/.exec(detail ?? '')?.[1];
  return (
    <div class="notice danger" role="alert">
      <p>{refusalWords[code]}</p>
      {command !== undefined && (
        <div class="command">
          <code>{command}</code>
          <CopyButton text={command} what="the line" />
        </div>
      )}
      {detail !== undefined && command === undefined && <p>{detail}</p>}
      {retryAfterSeconds !== undefined && retryAfterSeconds > 1 && <p>The gate asks to wait {retryAfterSeconds} s.</p>}
      <p class="fine">
        <code>{code}</code>
        {requestId !== undefined && (
          <>
            {' · request '}
            <code>{requestId}</code>
            {' · '}
            {/* In a tab of its own: what was typed here stays. */}
            <a href={hrefOf(['explain', requestId])} target="_blank" rel="noopener">
              Explain this call (new tab)
            </a>
          </>
        )}
      </p>
      {onRetry !== undefined && <Button onClick={onRetry}>{retryLabel}</Button>}
    </div>
  );
}
