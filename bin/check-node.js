// Plain JavaScript, because a Node that is too old for TypeScript must be able to run it.
const [major, minor] = process.versions.node.split('.').map(Number);

/** Whether this Node cannot run TypeScript as it is. */
export const isTooOld = major < 22 || (major === 22 && minor < 18);

/** Ends the process with one line that says what to do. */
export function refuseOldNode() {
  console.error(
    `Widget Gate needs Node 22.18 or later; this is ${process.versions.node}. On Linux, "npm ci" without --omit=optional installs Node 24 for its scripts; elsewhere install Node 24.`,
  );
  process.exit(1);
}

// Run by itself before other commands: node bin/check-node.js && node …
if (isTooOld && /check-node\.js$/.test(process.argv[1])) refuseOldNode();
