# What RDKit and Open Babel read in sdf_written.sdf: python3 sdf_readback.py sdf_written.sdf > sdf_readback.json
# With a second argument it only says whether the two agree: python3 sdf_readback.py ANY.sdf compare
import json, subprocess, sys

from rdkit import Chem, RDLogger, rdBase

RDLogger.DisableLog("rdApp.*")


def rdkit(path):
    for m in Chem.SDMolSupplier(path, sanitize=False, removeHs=False):
        pos = m.GetConformer().GetPositions().tolist() if m.GetNumAtoms() else []
        yield dict(
            name=m.GetProp("_Name"), elements=[a.GetSymbol() for a in m.GetAtoms()], pos=[[round(v, 4) for v in p] for p in pos],
            bonds=sorted([*sorted((b.GetBeginAtomIdx(), b.GetEndAtomIdx())), int(b.GetBondTypeAsDouble())] for b in m.GetBonds()),
            properties={k: m.GetProp(k) for k in m.GetPropNames()})


def v3000(text):
    """Records of Open Babel's own V3000, to which it turns what it has read; its coordinates have six digits."""
    for record in text.split("$$$$\n")[:-1]:
        lines = record.split("\n")
        out, mode = dict(name=lines[0], elements=[], pos=[], bonds=[]), None
        for w in (l.split()[2:] for l in lines if l.startswith("M  V30")):
            if w[0] in ("BEGIN", "END"):
                mode = w[1] if w[0] == "BEGIN" else None
            elif mode == "ATOM":
                out["elements"].append(w[1])
                out["pos"].append([round(float(v), 4) for v in w[2:5]])
            elif mode == "BOND":
                out["bonds"].append([*sorted((int(w[2]) - 1, int(w[3]) - 1)), int(w[1])])
        out["bonds"].sort()
        yield out


def obabel(path):
    run = subprocess.run(["obabel", "-isdf", path, "-osdf", "-x3"], capture_output=True, text=True, check=True)
    return v3000(run.stdout)


def alike(a, b):
    near = all(abs(u - v) <= 1e-4 + 1e-5 * abs(u) for p, q in zip(a["pos"], b["pos"]) for u, v in zip(p, q))
    return near and all(a[k] == b[k] for k in ("name", "elements", "bonds"))


both = dict(rdkit=list(rdkit(sys.argv[1])), openbabel=list(obabel(sys.argv[1])))
if len(sys.argv) > 2:
    same = sum(map(alike, both["rdkit"], both["openbabel"]))
    print(len(both["rdkit"]), "records in RDKit", rdBase.rdkitVersion, len(both["openbabel"]), "in Open Babel,", same, "alike")
else:
    print(json.dumps(both, separators=(",", ":")).replace('{"name"', '\n{"name"'))
