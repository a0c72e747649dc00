"use strict";
// The viewer: one frame in 3D, by 3Dmol.js, balls and sticks.

// Colours are the field's; carbon and the lines around atoms such that they show on a light
// screen and on a dark one.
const colours = { H: "#f2f2f0", N: "#3c64e6", O: "#e0362c", F: "#4fb84a", S: "#d9a514", P: "#e8832a", Cl: "#2f9e44", Br: "#a0522d",
  I: "#7b3fa0", B: "#e6a5a5", Si: "#c9a27e" };
const others = "#b0659c";
const light = { carbon: "#5b6068", line: "#23272d" };
const dark = { carbon: "#868c95", line: "#0c0e11" };

// How much of space is in view at least, Å from the middle: the width of the noise, and of
// most molecules, so that the camera hardly has to move on the way.
const radius = 3.7;

const viewer = {
  // start returns false where the browser has no WebGL: all but the picture works then.
  start(element) {
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    try {
      this.view = $3Dmol.createViewer(element, { backgroundAlpha: 0, backgroundColor: "white", antialias: true, disableFog: true,
        minimumZoomToDistance: radius });
    } catch {
      this.view = null;
    }
    if (!this.view) return false;
    this.paint();
    this.dark.addEventListener("change", () => this.paint());
    for (const touched of ["pointerdown", "wheel"]) element.addEventListener(touched, () => this.touched?.(), { passive: true });
    return true;
  },

  paint() {
    const { carbon, line } = this.dark.matches ? dark : light;
    colours.C = carbon;
    this.view.setViewStyle({ style: "outline", width: 0.035, color: line });
    if (this.shown) this.show(this.shown);
  },

  show(frame) {
    if (!this.view) return;
    this.shown = frame;
    const { elements, x, bonds } = frame;
    const atoms = elements.map((elem, i) => ({ elem, x: x[3 * i], y: x[3 * i + 1], z: x[3 * i + 2], bonds: [], bondOrder: [], serial: i }));
    for (const [i, j, order] of bonds) {
      for (const [from, to] of [[i, j], [j, i]]) {
        atoms[from].bonds.push(to);
        atoms[from].bondOrder.push(order);
      }
    }
    for (const elem of elements) colours[elem] ??= others;
    this.view.removeAllModels();
    const model = this.view.addModel();
    model.addAtoms(atoms);
    const colorscheme = { prop: "elem", map: colours };
    model.setStyle({}, { stick: { radius: 0.11, colorscheme }, sphere: { scale: 0.24, colorscheme } });
    this.view.render();
  },

  // fit brings all of a frame into view.
  fit(ms = 0) {
    this.view?.zoomTo({}, ms);
  },

  turn(on) {
    this.view?.spin(on ? "y" : false, 0.5, true);
  },
};
