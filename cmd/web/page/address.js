"use strict";
// The wish is in the page's address, after #, so that a link to a molecule is a link.

const address = {
  fields: { atoms: /^\d{1,4}$/, formula: /^([A-Z][a-z]?\d{0,3})+$/, seed: /^\d{1,20}$/, number: /^\d{1,7}$/, steps: /^\d{1,4}$/ },

  // read returns what the address says, as text, without what it does not say.
  read() {
    const said = new URLSearchParams(location.hash.slice(1));
    return Object.fromEntries(Object.keys(this.fields).filter((f) => this.fields[f].test(said.get(f) ?? "")).map((f) => [f, said.get(f)]));
  },

  // write does not leave an entry in the history for every molecule.
  write(wish) {
    const said = Object.keys(this.fields).filter((f) => wish[f] !== "").map((f) => `${f}=${wish[f]}`).join("&");
    history.replaceState(null, "", "#" + said);
  },
};
