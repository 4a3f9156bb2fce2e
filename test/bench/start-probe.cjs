// Run as a process of its own: loads a bundle, makes one decision, prints the milliseconds since the process began.
const [bundle, event] = process.argv.slice(2);
require(bundle)
  .handler(JSON.parse(event))
  .then((answer) => {
    const { Effect } = answer.policyDocument.Statement[0];
    process.stdout.write(JSON.stringify({ Effect, milliseconds: performance.now() }));
    process.exit(0);
  });
