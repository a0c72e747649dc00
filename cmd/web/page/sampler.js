"use strict";
// The sampler as the page sees it: a worker that draws one molecule at a time.
//
// The worker's text and the program are in packed.js and not fetched, since a page that
// was opened from a disk (file://) may fetch nothing. What it may do everywhere is run a
// script, and make a worker of a text that it has.

const sampler = {
  // heard: {ready(about), frame(f), drawn(d), failed(reason)}
  start(heard) {
    const url = URL.createObjectURL(new Blob([packed.worker], { type: "text/javascript" }));
    this.heard = heard;
    this.worker = new Worker(url);
    this.worker.onmessage = ({ data }) => {
      const [[what, value]] = Object.entries(data);
      if (what === "module") this.module = value; // to start again without unpacking
      else heard[what](value);
    };
    this.worker.onerror = (event) => heard.failed(event.message || "the worker did not start");
    this.worker.postMessage(this.module ? { module: this.module } : { packed: packed.program });
  },

  draw(wish) {
    this.worker.postMessage({ wish });
  },

  // stop ends a drawing the only way there is, for a worker that computes hears nothing:
  // with the worker. The new one says ready when it is.
  stop() {
    this.worker.terminate();
    this.start(this.heard);
  },
};
