"use strict";
// The page: thumbs to choose a molecule by, the molecule chosen in 3D, and how it came about.

const at = (id) => document.getElementById(id);
const unpack = (frame) => ({ elements: frame.e, x: frame.x.map((v) => v / 100), bonds: frame.b, t: frame.t });

// flat looks at a molecule along its thinnest direction: positions with the nearest last.
function flat(x) {
  const n = x.length / 3;
  const mean = [0, 1, 2].map((c) => x.reduce((s, v, i) => s + (i % 3 === c ? v : 0), 0) / Math.max(n, 1));
  const rows = Array.from({ length: n }, (_, i) => [0, 1, 2].map((c) => x[3 * i + c] - mean[c]));
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const unit = (a) => { const l = Math.hypot(...a) || 1; return a.map((v) => v / l); };
  const widest = (off) => {
    let v = [0.61, 0.53, 0.59];
    for (let k = 0; k < 40; k++) {
      const next = [1e-9, 0, 0];
      for (const r of rows) { const d = dot(r, v); for (let c = 0; c < 3; c++) next[c] += d * r[c]; }
      if (off) { const d = dot(next, off); for (let c = 0; c < 3; c++) next[c] -= d * off[c]; }
      v = unit(next);
    }
    return v;
  };
  const first = widest();
  const second = widest(first);
  const third = cross(first, second);
  return rows.map((r) => [dot(r, first), dot(r, second), dot(r, third)]);
}

// drawing is a molecule as a flat picture.
function drawing({ elements, x, bonds }) {
  const p = flat(x);
  const far = Math.max(2.2, ...p.map((r) => Math.max(Math.abs(r[0]) / 1.15, Math.abs(r[1]))));
  const scale = 44 / (far + 0.6);
  const places = p.map((r) => [57.5 + scale * r[0], 50 - scale * r[1], r[2]]);
  const shapes = [];
  for (const [i, j, order] of bonds) {
    const [a, b] = [places[i], places[j]];
    shapes.push([(a[2] + b[2]) / 2 - 0.3, `<line class="bond" x1="${a[0].toFixed(1)}" y1="${a[1].toFixed(1)}" x2="${b[0].toFixed(1)}" y2="${b[1].toFixed(1)}" stroke-width="${(scale * (0.09 + 0.09 * order)).toFixed(1)}"/>`]);
  }
  elements.forEach((e, i) => {
    const fill = e === "C" ? "var(--carbon)" : (colours[e] ?? others);
    shapes.push([places[i][2], `<circle class="atom" cx="${places[i][0].toFixed(1)}" cy="${places[i][1].toFixed(1)}" r="${(scale * (e === "H" ? 0.27 : 0.4)).toFixed(1)}" fill="${fill}"/>`]);
  });
  shapes.sort((a, b) => a[0] - b[0]);
  return `<svg viewBox="0 0 115 100" aria-hidden="true">${shapes.map((s) => s[1]).join("")}</svg>`;
}

function formula(element, text) {
  element.replaceChildren(...text.split(/(\d+)/).filter(Boolean).map((part) => {
    if (!/^\d/.test(part)) return part;
    const sub = document.createElement("sub");
    sub.textContent = part;
    return sub;
  }));
}

// why says what keeps a molecule from being valid in one piece.
const why = (m) => (m.valid ? (m.fragments > 1 ? `${m.fragments} pieces` : "") : m.reason);

const film = {
  frames: [],
  open(frames) {
    cancelAnimationFrame(this.playing);
    this.frames = frames.map(unpack);
    const way = at("way"), last = this.frames.length - 1;
    way.hidden = last < 1;
    at("time").max = Math.max(last, 1);
    this.at(last);
  },
  at(k) {
    this.shown = k;
    const frame = this.frames[k];
    at("time").value = k;
    at("at").textContent = `t = ${(frame.t ?? 0).toFixed(2)}`;
    show(frame);
  },
  // play takes about four seconds, whatever the number of frames.
  play() {
    cancelAnimationFrame(this.playing);
    const began = performance.now(), last = this.frames.length - 1;
    const step = (now) => {
      const k = Math.min(last, Math.max(0, Math.floor(((now - began) / 4000) * last)));
      if (k !== this.shown) this.at(k);
      if (k < last) this.playing = requestAnimationFrame(step);
    };
    this.playing = requestAnimationFrame(step);
  },
};

let inSpace = false;
function show(frame) {
  if (inSpace) viewer.show(frame);
  else at("view").innerHTML = drawing(frame);
}

function choose(m, button) {
  for (const b of document.querySelectorAll(".thumb")) b.setAttribute("aria-pressed", String(b === button));
  formula(at("formula"), m.formula);
  const good = m.valid && m.fragments === 1;
  at("verdict").replaceChildren(...[[m.stable, m.stable ? "stable" : "not stable"], [m.valid, m.valid ? "valid" : "not valid"], ...(m.valid ? [[good, good ? "one piece" : `${m.fragments} pieces`]] : [])]
    .flatMap(([ok, word], i) => {
      const span = document.createElement("span");
      span.className = ok ? "good" : "bad";
      span.textContent = `${ok ? "✓" : "✗"} ${word}`;
      return i ? [" · ", span] : [span];
    }));
  at("reason").textContent = m.valid ? "" : m.reason;
  at("smiles").textContent = m.smiles;
  at("hint").textContent = `Molecule ${m.number} of the sample, ${m.e.length} atoms.` + (m.film >= 0 ? " How it came about is below the picture." : "");
  film.open(m.film >= 0 ? sample.films[m.film] : [m]);
  if (inSpace) viewer.fit();
}

function shelf(id, molecules) {
  if (!molecules.length) {
    const none = document.createElement("p");
    none.className = "empty";
    none.textContent = "none";
    at(id).append(none);
  }
  for (const m of molecules) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "thumb";
    button.innerHTML = drawing(unpack(m));
    const name = document.createElement("span"), note = document.createElement("span");
    formula(name, m.formula);
    note.textContent = why(m) || (m.stable ? "stable" : "valid");
    button.title = [m.formula, why(m) || m.smiles].join(": ");
    button.append(name, note);
    if (m.film >= 0) {
      const mark = document.createElement("span");
      mark.className = "film";
      mark.textContent = "▶";
      mark.title = "with the way it came about";
      button.append(mark);
    }
    button.addEventListener("click", () => choose(m, button));
    at(id).append(button);
  }
}

inSpace = viewer.start(at("view"));
shelf("good", sample.good);
shelf("bad", sample.bad);
at("time").addEventListener("input", () => { cancelAnimationFrame(film.playing); film.at(Number(at("time").value)); });
at("play").addEventListener("click", () => film.play());
addEventListener("resize", () => inSpace && viewer.view.resize());
document.querySelector(".thumb")?.click();
document.body.dataset.state = "done";
