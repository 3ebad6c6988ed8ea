// Engines answer requests: a server by HTTP, or WebAssembly in a worker. Each has
// run(request, tell), which returns {reply, cancel}: reply is a promise of a Reply, and is
// rejected with "cancelled" if cancel was called.

const decoder = () => new TextDecoder();

// server asks the server that the page is from.
export const server = () => ({
  run(request, tell) {
    const abort = new AbortController();
    const ask = async () => {
      const answer = await fetch("api", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(request), signal: abort.signal});
      const reader = answer.body.getReader(), text = decoder();
      let rest = "", reply = null;
      for (let part; !(part = await reader.read()).done;) {
        rest += text.decode(part.value, {stream: true});
        const lines = rest.split("\n");
        rest = lines.pop();
        for (const line of lines) {
          const message = JSON.parse(line);
          if (message.progress) tell(message.progress);
          reply = message.reply || reply;
        }
      }
      return reply || {error: {message: `The server ended its answer early (${answer.status}).`}};
    };
    const failed = e => {
      if (abort.signal.aborted) throw "cancelled";
      return {error: {message: `The server does not answer: ${e.message || e}`}};
    };
    return {reply: ask().catch(failed), cancel: () => abort.abort()};
  },
});

// gunzip returns bytes as they are, or what they are if they are packed: some servers unpack
// a file *.gz on their own.
const gunzip = async bytes => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
};

const get = async name => {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
};

// local checks in the browser. All that it needs is fetched once, at the beginning.
export const local = () => {
  const load = async () => {
    const [packed, exec, worker] = await Promise.all([
      get("checker.wasm.gz").then(a => a.arrayBuffer()), get("wasm_exec.js").then(a => a.text()), get("worker.js").then(a => a.text()),
    ]);
    const module = await WebAssembly.compile(await gunzip(new Uint8Array(packed)));
    const script = URL.createObjectURL(new Blob([exec, "\n", worker], {type: "text/javascript"}));
    return {module, script};
  };
  let loaded = null, worker = null;
  const start = async () => {
    loaded ??= load();
    const {module, script} = await loaded;
    const w = new Worker(script);
    await new Promise((resolve, reject) => {
      w.onmessage = resolve;
      w.onerror = e => reject(new Error(e.message));
      w.postMessage(module);
    });
    return w;
  };
  const ready = () => worker ??= start();
  ready().catch(() => { loaded = worker = null; }); // the first request says why
  return {
    run(request, tell) {
      let cancel;
      const cancelled = new Promise((_, reject) => {
        cancel = () => {
          worker?.then(w => w.terminate(), () => {});
          worker = null;
          ready().catch(() => {});
          reject("cancelled");
        };
      });
      const ask = async () => {
        const w = await ready();
        return new Promise(resolve => {
          const gone = what => {
            worker = null;
            w.terminate();
            resolve({error: {message: `The checker stopped, most likely because it ran out of memory: ${what}`}});
          };
          w.onerror = e => gone(e.message);
          w.onmessage = e => {
            if (e.data === "gone") return gone("it has ended");
            const message = JSON.parse(e.data);
            if (message.progress) tell(message.progress);
            if (message.reply) resolve(message.reply);
          };
          w.postMessage(JSON.stringify(request));
        });
      };
      const failed = e => {
        loaded = worker = null;
        return {error: {message: `The checker cannot be loaded: ${e.message || e}`}};
      };
      return {reply: Promise.race([ask().catch(failed), cancelled]), cancel};
    },
  };
};
