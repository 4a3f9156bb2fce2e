import { errorExplanations } from '#contract/error-explanations.ts';
import { type ErrorEntry, errors, type FixedBy } from '#contract/errors.ts';
import { explanations } from '#contract/explanations.ts';
import { ownFailures } from '#web/widget/own-failures.ts';
import { pageHead, sentence, table } from './page.ts';

const PURPOSE = `This page is for everyone who got an error code from a gate, from the widget or from the audit trail. It says for each code what it means, why
it occurs, and how to fix it.

A refusal is \`{"code":"...","message":"...","requestId":"..."}\`. The code is stable; the message may change. The message may add details after the
sentence below. An administrator sees the exact reason of a refusal with \`widget-gate explain <requestId>\`.`;

const WHO: Readonly<Record<FixedBy, string>> = {
  integrator: 'the developer who calls the gate',
  administrator: 'a System Administrator of the gate',
  operator: 'the operator of the gate or of the upstream',
  nobody: 'nobody',
};

/** docs/errors.md */
export function errorsPage(): string {
  const codes = Object.keys(errors);
  const reasons = Object.entries(explanations).filter(([reason]) => !codes.includes(reason));
  return `${[
    pageHead('Errors', PURPOSE),
    '## Refusals of the gate',
    ...Object.entries<ErrorEntry>(errors).map(([code, entry]) => refusal(code as keyof typeof errors, entry)),
    '## Reasons in the audit trail',
    'These appear in the audit trail, in `widget-gate explain`, and as `reason` of an inspected token. Callers do not see them in refusals.',
    ...reasons.map(([reason, { why, remedy }]) => `### ${reason}\n\n- **Why:** ${why}\n- **Fix:** ${remedy}`),
    '## Failures that the widget finds',
    'The widget reports these in the `error` event and in the console of the browser.',
    table(
      ['code', 'meaning'],
      Object.entries(ownFailures).map(([code, message]) => [`\`${code}\``, sentence(message.replace(/\.$/, ''))]),
    ),
  ].join('\n\n')}\n`;
}

function refusal(code: keyof typeof errors, { status, message, fixedBy }: ErrorEntry): string {
  const { why, remedy } = errorExplanations[code];
  return `### ${code}

Status ${status}. ${message}

- **Why:** ${why}
- **Fix:** ${remedy}
- **Fixed by:** ${WHO[fixedBy]}.`;
}
