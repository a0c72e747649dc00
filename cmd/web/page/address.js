"use strict";
// The wish is in the page's address, after #, so that a link to a molecule is a link.

const address = {
  fields: ["atoms", "seed", "number", "steps"],

  // read returns what the address says, as text, without what it does not say.
  read() {
    const said = new URLSearchParams(location.hash.slice(1));
    return Object.fromEntries(this.fields.filter((f) => /^\d{1,20}$/.test(said.get(f) ?? "")).map((f) => [f, said.get(f)]));
  },

  // write does not leave an entry in the history for every molecule.
  write(wish) {
    const said = this.fields.map((f) => `${f}=${wish[f]}`).join("&");
    history.replaceState(null, "", "#" + said);
  },
};
