// What the test asks of node-resque: `node node_resque.js PORT COMMAND ARGUMENTS..`; it answers with a line of JSON.
const { Queue, Worker } = require("node-resque");

const [, , port, command, ...rest] = process.argv;
const connection = { pkg: "ioredis", host: "127.0.0.1", port: Number(port), database: 0, namespace: "resque" };

async function withQueue(use) {
  const queue = new Queue({ connection });
  queue.on("error", fail);
  await queue.connect();
  const answer = await use(queue);
  await queue.end();
  return answer;
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

// Performs this many jobs of a queue; answers with the class and the arguments of each, and with what it returned.
async function work(queue, count) {
  const performed = [];
  const perform = (a, b) => a + b;
  const worker = new Worker({ connection, queues: [queue], timeout: 50 }, { Add: { perform } });
  worker.on("error", fail);
  worker.on("failure", (_queue, job, failure) => fail(new Error(`${JSON.stringify(job)}: ${failure}`)));
  const all = new Promise((resolve) => {
    worker.on("success", (_queue, job, result) => {
      performed.push([job.class, job.args, result]);
      if (performed.length === count) resolve();
    });
  });
  await worker.connect();
  worker.start();
  await all;
  await worker.end();
  return performed;
}

const commands = {
  enqueue: (queue, name, from, to) =>
    withQueue(async (it) => {
      for (let number = Number(from); number < Number(to); number++) await it.enqueue(queue, name, [number]);
    }),
  // To the second, as Resque keeps delayed jobs.
  enqueueIn: (milliseconds, queue, name, number) =>
    withQueue((it) => it.enqueueIn(Number(milliseconds), queue, name, [Number(number)])),
  work: (queue, count) => work(queue, Number(count)),
  failed: () => withQueue((it) => it.failed(0, -1)),
  retry: () => withQueue(async (it) => Promise.all((await it.failed(0, -1)).map((job) => it.retryAndRemoveFailed(job)))),
  workers: () => withQueue((it) => it.workers()),
  stats: () => withQueue((it) => it.stats()),
};

commands[command](...rest).then((answer) => console.log(JSON.stringify(answer ?? null)), fail);
