"use strict";
// The film: the frames of one molecule, noise first, shown as they come and again by hand.

const film = {
  frames: [],
  shown: -1,

  // show(frame) draws one; moved(k, of) says where the film is.
  begin(show, moved) {
    Object.assign(this, { frames: [], shown: -1, show, moved });
    cancelAnimationFrame(this.playing);
  },

  // add shows the newest frame when the screen next asks, and passes over those between.
  add(frame) {
    this.frames.push(frame);
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      if (this.frames.length) this.at(this.frames.length - 1);
    });
  },

  at(k) {
    if (k === this.shown || !this.frames[k]) return;
    this.shown = k;
    this.show(this.frames[k]);
    this.moved(k, this.frames.length - 1);
  },

  // replay takes about three seconds, whatever the number of frames.
  replay() {
    cancelAnimationFrame(this.playing);
    const began = performance.now();
    const last = this.frames.length - 1;
    const play = (now) => {
      const k = Math.min(last, Math.max(0, Math.floor(((now - began) / 3000) * last)));
      this.at(k);
      if (k < last) this.playing = requestAnimationFrame(play);
    };
    this.playing = requestAnimationFrame(play);
  },

  hold() {
    cancelAnimationFrame(this.playing);
  },
};
