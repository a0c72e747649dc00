"use strict";
// The page: what happens when. Its state is body's data-state: loading, ready, drawing,
// done, failed.

const at = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const quick = 50; // steps that lose little, and that one likes to wait for
let drawn = null; // the molecule on the screen, once it is one

function enter(state, text) {
  document.body.dataset.state = state;
  at("status").textContent = text;
  const busy = state === "loading" || state === "drawing";
  for (const id of ["draw", "next", "atoms", "steps"]) at(id).disabled = busy || !at("steps").options.length;
  for (const id of ["replay", "time"]) at(id).disabled = state !== "done";
  at("atoms").disabled ||= at("formula").value !== ""; // which says how many there are
  at("stop").hidden = state !== "drawing";
  at("next").hidden = state === "drawing";
}

// fill puts what an address says into the form, without what the form does not offer.
function fill(said) {
  for (const [field, value] of Object.entries(said)) {
    const offered = at(field).options;
    if (!offered || [...offered].some((o) => o.value === value)) at(field).value = value;
  }
}

// wish reads the form.
function wish() {
  const formula = at("formula").value.trim();
  return { atoms: formula ? 0 : +at("atoms").value, formula, seed: at("seed").value, number: +at("number").value, steps: +at("steps").value };
}

function draw() {
  const seed = at("seed");
  seed.setCustomValidity(/^\d+$/.test(seed.value) && BigInt(seed.value) >= 2n ** 64n ? "at most 18446744073709551615" : "");
  if (!at("wish").reportValidity()) return;
  const asked = wish();
  address.write(asked);
  verdict.hide();
  viewer.turn(false);
  drawn = null;
  let first = true;
  film.begin(
    (frame) => {
      viewer.show(frame);
      if (first) viewer.fit();
      first = false;
    },
    (k, of) => {
      at("time").max = drawn ? of : asked.steps;
      at("time").value = k;
    },
  );
  enter("drawing", "Noise");
  sampler.draw(asked);
}

sampler.start({
  ready(about) {
    const sizes = at("atoms"), steps = at("steps");
    if (!steps.options.length) {
      sizes.append(...about.sizes.map((n) => new Option(n, n)));
      const choices = [...new Set([20, quick, 100, 200, about.steps])].sort((a, b) => a - b);
      const words = { [quick]: ", quick", [about.steps]: ", as usual" };
      steps.append(...choices.map((n) => new Option(n + (words[n] ?? ""), n)));
      steps.value = quick;
      at("about").textContent = about.text + ".";
      fill(address.read());
      enter("ready", "Ready");
      draw();
    } else {
      enter(drawn ? "done" : "ready", "Stopped");
    }
  },
  frame(f) {
    film.add(f);
    at("status").textContent = `Step ${f.step} of ${f.of}, t = ${f.time.toFixed(2)}`;
  },
  drawn(d) {
    drawn = d;
    film.add(d);
    verdict.show(d);
    enter("done", `${d.name}: ${verdict.said(d)}`);
    at("view").setAttribute("aria-label", `${d.formula}, ${verdict.said(d)}`);
    requestAnimationFrame(() => {
      viewer.fit(calm ? 0 : 500);
      viewer.turn(at("turn").checked);
    });
  },
  failed(reason) {
    enter("failed", reason);
  },
});

at("formula").addEventListener("input", () => {
  at("atoms").disabled = at("formula").value !== "" || document.body.dataset.state === "drawing";
});
at("seed").addEventListener("input", () => at("seed").setCustomValidity(""));
at("wish").addEventListener("submit", (event) => {
  event.preventDefault();
  draw();
});
at("next").addEventListener("click", () => {
  at("number").value = +at("number").value + 1;
  draw();
});
at("stop").addEventListener("click", () => {
  enter("loading", "Stopping …");
  sampler.stop();
});
at("replay").addEventListener("click", () => film.replay());
at("time").addEventListener("input", () => {
  film.hold();
  film.at(+at("time").value);
});
at("turn").addEventListener("change", () => viewer.turn(at("turn").checked && drawn));
at("save").addEventListener("click", () => save(`${drawn.name}.sdf`, drawn.sdf));
for (const what of ["smiles", "command"]) {
  at(`copy-${what}`).addEventListener("click", () => copy(at(what)));
}
addEventListener("hashchange", () => {
  fill(address.read());
  if (document.body.dataset.state === "done") draw();
});

// save hands a text to the browser as a file.
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "chemical/x-mdl-sdfile" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// copy needs no permission where it selects instead: a page from a disk may have no clipboard.
async function copy(code) {
  getSelection().selectAllChildren(code);
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // the text stays selected, for Ctrl-C
  }
}

at("turn").checked = !calm;
viewer.touched = () => {
  at("turn").checked = false;
  viewer.turn(false);
};
if (!viewer.start(at("view"))) {
  at("view").textContent = "This browser has no WebGL, so there is no picture; all else works.";
}
