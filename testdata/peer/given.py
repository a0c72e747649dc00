"""How many molecules of a formula, and around a part, are valid and in one piece, beside free draws at the same sizes.

    go build -o built/ ./cmd/sample ./cmd/eval
    python3 testdata/peer/given.py built qm9-told qm9.xyz.gz 20

20 molecules each for the first 20 formulas, and around ten ring systems, of 2,000 molecules of QM9's test split (C, H, N, O; seed 0);
a fifth argument, formula or scaffold, does one of them. What it makes lies in built/given.
"""
import collections, gzip, json, math, os, random, subprocess, sys
built, model, DATA, K = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
only = sys.argv[5] if len(sys.argv) > 5 else "both"
SAMPLE, EVAL, EXTRA = f"{built}/sample", f"{built}/eval", os.environ.get("EXTRA", "").split()
D = f"{built}/given"
os.makedirs(D, exist_ok=True)

def read(path):
    op = gzip.open if path.endswith(".gz") else open
    with op(path, "rt") as f:
        while True:
            line = f.readline()
            if not line.strip(): return
            n, comment = int(line), f.readline()
            atoms = []
            for _ in range(n):
                w = f.readline().split()
                atoms.append((w[0], tuple(map(float, w[1:4]))))
            yield comment, atoms

def formula(atoms):
    c = collections.Counter(a for a, _ in atoms)
    return "".join(e + (str(c[e]) if c[e] > 1 else "") for e in ["C", "H", "N", "O", "F"] if c[e])

def count(path):
    j = json.loads(subprocess.run([EVAL, "-json", path], check=True, capture_output=True, text=True).stdout)
    c = j["counts"]["connected"]
    return c["k"], c["n"]

def sample(out, n, *more):
    subprocess.run([SAMPLE, "-model", model, "-n", str(n), "-seed", "1", "-out", out, *EXTRA, *more], check=True, capture_output=True, text=True)
    return list(read(out))

def core(atoms):
    R = {"H": .31, "C": .76, "N": .71, "O": .66, "F": .57}
    n = len(atoms)
    adj = {i: {j for j in range(n) if j != i and math.dist(atoms[i][1], atoms[j][1]) < 1.25 * (R[atoms[i][0]] + R[atoms[j][0]])} for i in range(n)}
    alive = set(range(n))
    while True:
        leaves = [i for i in alive if len(adj[i] & alive) < 2]
        if not leaves: break
        alive -= set(leaves)
    if not alive: return []
    comp, todo = set(), [min(alive)]
    while todo:
        i = todo.pop()
        if i in comp: continue
        comp.add(i); todo += list(adj[i] & alive)
    return sorted(comp)

cache = D + "/test.json"
if not os.path.exists(cache):
    test = [a for c, a in read(DATA) if "split=test" in c and all(e in "CHNO" for e, _ in a)]
    json.dump(random.Random(0).sample(test, 2000), open(cache, "w"))
test = [[(e, tuple(p)) for e, p in a] for a in json.load(open(cache))]

if only in ("both", "formula"):
    formulas = []
    for a in test:
        f = formula(a)
        if f not in [g for g, _ in formulas]: formulas.append((f, len(a)))
        if len(formulas) == 20: break
    free, got, exact, total = {}, [0, 0], 0, 0
    base = [0, 0]
    for f, n in formulas:
        if n not in free:
            sample(f"{D}/free{n}.xyz", K, "-atoms", str(n)); free[n] = count(f"{D}/free{n}.xyz")
        mols = sample(f"{D}/{f}.xyz", K, "-formula", f)
        exact += sum(formula(a) == f for _, a in mols); total += len(mols)
        k, m = count(f"{D}/{f}.xyz")
        got[0] += k; got[1] += m; base[0] += free[n][0]; base[1] += free[n][1]
        print(f"{f:12s} {k}/{m}   free at {n} atoms {free[n][0]}/{free[n][1]}", flush=True)
    a, b = got[0] / got[1], base[0] / base[1]
    print(f"formula: {exact} of {total} have it; connected and valid {100*a:.1f}%, free {100*b:.1f}%, ratio {a/b:.3f} (bar 0.8)", flush=True)

if only in ("both", "scaffold"):
    scaffolds, seen = [], set()
    for a in test:
        c = core(a)
        if len(c) < 3 or len(c) > len(a) - 4: continue
        key = (formula([a[i] for i in c]))
        if key in seen: continue
        seen.add(key); scaffolds.append((formula(a), [a[i] for i in c]))
        if len(scaffolds) == 10: break
    got, base, worst, wrong = [0, 0], [0, 0], 0.0, 0
    for s, (of, part) in enumerate(scaffolds):
        p = f"{D}/scaffold{s}.xyz"
        with open(p, "w") as o:
            o.write(f"{len(part)}\nring of {of}\n" + "".join(f"{e} {x:.6f} {y:.6f} {z:.6f}\n" for e, (x, y, z) in part))
        mols = sample(f"{D}/grown{s}.xyz", K, "-scaffold", p)
        for _, m in mols:
            wrong += [e for e, _ in m[:len(part)]] != [e for e, _ in part]
            worst = max(worst, max(math.dist(m[i][1], part[i][1]) for i in range(len(part))))
        k, n = count(f"{D}/grown{s}.xyz")
        fk = fn = 0
        for size, c in sorted(collections.Counter(len(m) for _, m in mols).items()):
            sample(f"{D}/f.xyz", c, "-atoms", str(size)); x, y = count(f"{D}/f.xyz"); fk += x; fn += y
        got[0] += k; got[1] += n; base[0] += fk; base[1] += fn
        print(f"ring {formula(part):8s} of {of:12s} {k}/{n}   free at its sizes {fk}/{fn}", flush=True)
    a, b = got[0] / got[1], base[0] / base[1]
    print(f"scaffold: farthest {worst:.1e} A, wrong elements {wrong}; connected and valid {100*a:.1f}%, free {100*b:.1f}%, ratio {a/b:.3f} (bar 0.6)")
