import { errors } from '#contract/errors.ts';
import { explanations } from '#contract/explanations.ts';
import { ownFailures } from '#web/widget/own-failures.ts';

/** The page that a widget's failure links to: every code that a page can meet, each with an anchor. */
export function errorPage(): string {
  const reasons: Readonly<Record<string, { readonly why: string; readonly remedy: string } | undefined>> = explanations;
  const gate = Object.entries(errors).map(([code, { status, message }]) => {
    const reason = reasons[code];
    return section(code, [
      `${status}. ${message}`,
      ...(reason === undefined ? [] : [`${reason.why} ${reason.remedy}`]),
    ]);
  });
  const own = Object.entries(ownFailures).map(([code, message]) => section(code, [message]));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>What a widget's error codes mean</title>
</head>
<body>
<h1>What a widget's error codes mean</h1>
<h2>What the gate refuses</h2>
${gate.join('\n')}
<h2>What the widget finds by itself</h2>
${own.join('\n')}
</body>
</html>
`;
}

const section = (code: string, sentences: readonly string[]): string =>
  `<h3 id="${inHtml(code)}"><code>${inHtml(code)}</code></h3>\n${sentences.map((text) => `<p>${inHtml(text)}</p>`).join('\n')}`;

const inHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
