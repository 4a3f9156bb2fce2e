// Plain JavaScript that any Node runs: says what is wrong where an old one would only stumble over TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Widget Gate needs Node 22.18 or later; this is ${process.versions.node}.\n` +
      'On Linux `npm ci` brings Node 24 along as an optional dependency: run it without --omit=optional. Elsewhere install Node 24.',
  );
  process.exit(1);
}
