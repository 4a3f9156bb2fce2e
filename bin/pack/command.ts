import { main } from '#cli/main.ts';

// The command line where it is installed: without the checks and helps of a checkout.
process.exitCode = await main(process.argv.slice(2));
