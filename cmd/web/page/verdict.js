"use strict";
// The verdict: what is said of a molecule, in words.

const verdict = {
  show(drawn) {
    const j = drawn.judgement;
    formula(document.getElementById("made"), drawn.formula);
    const list = document.getElementById("verdict");
    list.replaceChildren(
      line(j.stable, "Stable", "Not stable", `${j.stable_atoms} of ${j.atoms} atoms have an allowed valence`),
      line(j.valid, "Valid", "Not valid", j.valid ? "its valences and aromatic rings make sense, by RDKit's rules" : j.reason),
      line(drawn.connected, "Connected", "Not connected", pieces(drawn)),
    );
    const smiles = document.getElementById("smiles");
    smiles.textContent = j.smiles ?? "";
    smiles.parentElement.hidden = !j.smiles;
    document.getElementById("command").textContent = drawn.command;
    document.getElementById("result").hidden = false;
  },

  hide() {
    document.getElementById("result").hidden = true;
  },

  // said is the verdict in a few words, for who does not see the picture.
  said(drawn) {
    const j = drawn.judgement;
    return [j.stable ? "stable" : "not stable", j.valid ? "valid" : "not valid", drawn.connected ? "connected" : "not connected"].join(", ");
  },
};

function pieces(drawn) {
  if (!drawn.judgement.valid) return "asked of valid molecules only";
  return drawn.connected ? "one piece" : `${drawn.judgement.fragments} pieces; the SMILES is the largest one's`;
}

function line(good, yes, no, why) {
  const item = document.createElement("li");
  item.className = good ? "good" : "bad";
  const word = document.createElement("strong");
  word.textContent = good ? yes : no;
  const note = document.createElement("span");
  note.textContent = why;
  item.append(word, note);
  return item;
}

// formula writes C7H10O2 with its numbers below the line.
function formula(element, text) {
  element.replaceChildren(
    ...text.split(/(\d+)/).filter(Boolean).map((part) => {
      if (!/^\d/.test(part)) return part;
      const sub = document.createElement("sub");
      sub.textContent = part;
      return sub;
    }),
  );
}
