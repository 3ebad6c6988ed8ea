// The worker of the static form: runs the checker, after wasm_exec.js. Its first message is
// the compiled module, each later one a request; what it posts are page.Messages as text.
globalThis.crosscallReady = () => postMessage("ready");
onmessage = async first => {
  const go = new Go();
  onmessage = e => globalThis.crosscallAnswer(e.data, text => postMessage(text));
  const instance = await WebAssembly.instantiate(first.data, go.importObject);
  await go.run(instance);
  postMessage("gone");
};
