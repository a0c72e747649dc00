"use strict";
// The worker: it runs the sampler, a Go program, so that the page never waits for it.
// wasm_exec.js, Go's own, stands before this in the worker's text.
//
// From the page:  {packed} or {module} once, then {wish}.
// To the page:    {module}, {ready}, {frame}, {drawn}, {failed}.

// What the Go program calls, by these names.
for (const name of ["ready", "frame", "drawn"]) {
  self[name] = (text) => self.postMessage({ [name]: JSON.parse(text) });
}
self.failed = (reason) => self.postMessage({ failed: reason });

self.onmessage = async ({ data }) => {
  try {
    if (data.wish) return self.draw(JSON.stringify(data.wish));
    const module = data.module ?? (await unpack(data.packed));
    self.postMessage({ module });
    const go = new Go();
    await go.run(await WebAssembly.instantiate(module, go.importObject));
    self.failed("The sampler has ended; load the page again.");
  } catch (error) {
    self.failed(String(error));
  }
};

// unpack turns base64 of gzip of a wasm file into a module.
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(plain).arrayBuffer());
}
