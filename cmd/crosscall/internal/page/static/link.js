// A link holds a test in its fragment, packed: browsers send that to no server.

const most = 1 << 20; // characters of an unpacked test

const through = async (bytes, stream) => {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (let part; !(part = await reader.read()).done;) {
    parts.push(part.value);
    if ((size += part.value.length) > most) throw new Error("the test in the link is too large");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
};

// pack returns a fragment, without the #.
export const pack = async test => {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(test)), new CompressionStream("deflate-raw"));
  let binary = "";
  for (const b of bytes) binary += String.fromCharCode(b);
  return "t=" + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

// unpack returns the test of a fragment; null: it holds none.
export const unpack = async fragment => {
  const m = /^#?t=([\w-]+)$/.exec(fragment);
  if (!m) return null;
  const binary = atob(m[1].replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = await through(Uint8Array.from(binary, c => c.charCodeAt(0)), new DecompressionStream("deflate-raw"));
  const test = JSON.parse(new TextDecoder().decode(bytes));
  const text = v => typeof v === "string" ? v : "";
  const list = v => Array.isArray(v) ? v.filter(s => typeof s === "string") : [];
  return {file: text(test.file), source: text(test.source), models: list(test.models), cat: text(test.cat), defines: text(test.defines), bound: Number(test.bound) || 0};
};
