// Loaded into each Agents Playground before it starts: it answers on this machine only, and ends with the demo.
// The Playground itself listens on every network address and outlives whoever started it.
const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, "127.0.0.1", ...rest.filter((part) => typeof part === "function"));
};

// the demo holds the other end of this pipe for as long as it lives, however it ends
process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0)).resume();
