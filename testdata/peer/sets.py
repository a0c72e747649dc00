"""Three sets as a user might bring: 300 drug-like molecules, some with P, I, B, Si and Se, some with charges; and how training on them goes.

    python3 testdata/peer/sets.py own                    # own/drugs, a folder of SDF; own/odd.xyz; own/charged.sdf (RDKit 2022.09 or later)
    go build -o built/ ./cmd/train
    python3 testdata/peer/sets.py own built [KEY=VALUE ...]   # trains on each by tiny, and from the built-in model; keys are for -set

What the second makes lies in own/runs. It ends with 1 where something is said of divergence, or an element is sampled that the set lacks.
"""
import itertools, json, os, random, resource, subprocess, sys
D = sys.argv[1]
DRUGS = """
CC(=O)Oc1ccccc1C(=O)O CC(C)Cc1ccc(cc1)C(C)C(=O)O CC(=O)Nc1ccc(O)cc1 Cn1c(=O)c2c(ncn2C)n(C)c1=O CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc21
CN(C)CCCN1c2ccccc2CCc2ccccc21 CNCCC(Oc1ccc(cc1)C(F)(F)F)c1ccccc1 CC(C)NCC(O)COc1cccc2ccccc12 CC(C)NCC(O)COc1ccc(CC(N)=O)cc1
Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F COc1ccc2[nH]c(nc2c1)S(=O)Cc1ncc(C)c(OC)c1C Clc1ccccc1C1C(=C(C)NC(C)=C1C(=O)OC)C(=O)OCC
CCOC(=O)c1ncn2c1CN(C)C(=O)c1cc(F)ccc12 CN1CCCC1c1cccnc1 NC(=O)c1cnccn1 NNC(=O)c1ccncc1 CCN(CC)CC(=O)Nc1c(C)cccc1C CCN(CC)CCOC(=O)c1ccc(N)cc1
Nc1ccc(cc1)S(=O)(=O)Nc1ncccn1 Cc1cc(NS(=O)(=O)c2ccc(N)cc2)no1 COc1cc(Cc2cnc(N)nc2N)cc(OC)c1OC OC(Cn1cncn1)(Cn1cncn1)c1ccc(F)cc1F CN(C)C(=N)NC(N)=N
CN1C2CCC1CC(C2)OC(=O)C(CO)c1ccccc1 CC(=O)CC(c1ccccc1)C1=C(O)c2ccccc2OC1=O NS(=O)(=O)c1cc(C(=O)O)c(NCc2ccco2)cc1Cl NS(=O)(=O)c1cc2c(cc1Cl)NCNS2(=O)=O
CCCCC1=NC2(CCCC2)C(=O)N1Cc1ccc(cc1)-c1ccccc1-c1nnn[nH]1 C1CCC(CC1)(CC(=O)O)CN CC(C)CC(CN)CC(=O)O CN(C)CCc1c[nH]c2ccc(CS(=O)(=O)N(C)C)cc12
CCCc1nn(C)c2c1nc([nH]c2=O)-c1cc(ccc1OCC)S(=O)(=O)N1CCN(C)CC1 Clc1ccc(cc1)C(N1CCN(CCOCC(=O)O)CC1)c1ccccc1 CCOC(=O)N1CCC(=C2c3ccc(Cl)cc3CCc3cccnc32)CC1
CN(C)CCOC(c1ccccc1)c1ccccc1 CN1CCN(CC1)C1=Nc2cc(Cl)ccc2Nc2ccccc21 CC1=C(CCN2CCC(CC2)c2noc3cc(F)ccc23)C(=O)N2CCCCC2=N1
OC1(CCN(CCCC(=O)c2ccc(F)cc2)CC1)c1ccc(Cl)cc1 COc1ccc(CCN(C)CCCC(C#N)(C(C)C)c2ccc(OC)c(OC)c2)cc1OC CNC1CCC(c2ccc(Cl)c(Cl)c2)c2ccccc12
CN(C)CCCC1(OCc2cc(ccc12)C#N)c1ccc(F)cc1 CC(NC(C)(C)C)C(=O)c1cccc(Cl)c1 CC(N)Cc1ccccc1 CNC(C)C(O)c1ccccc1 NCCc1ccc(O)c(O)c1
CC(C)(C)NCC(O)c1ccc(O)c(CO)c1 CN1CCc2cccc3c2C1Cc1ccc(O)c(O)c1-3 COc1cccc(OC)c1C(=O)NC1CCCN1C OC(=O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O
CCn1cc(C(=O)O)c(=O)c2cc(F)c(N3CCNCC3)cc12 CC(C)=CCCC(C)=CCO CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O
CC1(C)SC2C(NC(=O)C(N)c3ccc(O)cc3)C(=O)N2C1C(=O)O CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O CC12CCC3c4ccc(O)cc4CCC3C1CCC2O
CC(=O)C1CCC2C3CCC4=CC(=O)CCC4(C)C3CCC12C CN1C2CCC1CC(C2)OC(=O)c1ccccc1 COc1ccc2nccc(C(O)C3CC4CCN3CC4C=C)c2c1 CCN(CC)CCCC(C)Nc1ccnc2cc(Cl)ccc12
Cc1ncc([N+](=O)[O-])n1CCO O=[N+]([O-])c1ccc(C=NN2CC(=O)NC2=O)o1 CC(O)(CS(=O)(=O)c1ccc(F)cc1)C(=O)Nc1ccc(C#N)c(c1)C(F)(F)F
Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(n1)-c1cccnc1 COc1cc2ncnc(Nc3ccc(F)c(Cl)c3)c2cc1OCCCN1CCOCC1 COCCOc1cc2ncnc(Nc3cccc(c3)C#C)c2cc1OCCOC
CNC(=O)c1cc(Oc2ccc(NC(=O)Nc3ccc(Cl)c(c3)C(F)(F)F)cc2)ccn1 CC(C)c1nc(cs1)CN(C)C(=O)NC(C(C)C)C(=O)O Nc1nc2c(ncn2COCCO)c(=O)[nH]1
Cc1cn(C2CC(N=[N+]=[N-])C(CO)O2)c(=O)[nH]c1=O NC1=NC(=O)N(C=C1)C1CSC(CO)O1 O=c1[nH]cc(F)c(=O)[nH]1 CCCC(C)C1(CC)C(=O)NC(=O)NC1=O
O=C1NC(=O)C(c2ccccc2)(c2ccccc2)N1 NC(=O)N1c2ccccc2C=Cc2ccccc21 CC(C)N1CCN(CC1)c1ccc(OC)cc1 Fc1ccc(cc1)C(=O)C1CCN(CCn2c(=O)[nH]c3ccccc3c2=O)CC1
CS(=O)(=O)Nc1ccc(cc1Oc1ccccc1)[N+](=O)[O-] Cc1cnc(s1)NC(=O)C1=C(O)c2ccccc2S(=O)(=O)N1C OC(=O)Cc1ccccc1Nc1c(Cl)cccc1Cl COc1ccc2cc(ccc2c1)C(C)C(=O)O
CC1=C(CC(=O)O)c2cc(F)ccc2C1=Cc1ccc(cc1)S(C)=O CC(C)(Oc1ccc(cc1)C(=O)c1ccc(Cl)cc1)C(=O)OC(C)C CCC(C)(C)C(=O)OC1CC(C)C=C2C=CC(C)C(CCC3CC(O)CC(=O)O3)C12
CCCCCOc1ccc(cc1)C(=O)NCCN1CCOCC1 NC(Cc1ccc(O)cc1)C(=O)NCC(=O)O Brc1ccc2nc(NC3=NCCN3)cnc2c1 Clc1cccc(Cl)c1NC1=NCCN1
OCCN1CCN(CCCN2c3ccccc3Sc3ccc(Cl)cc32)CC1 CN(C)CCCN1c2ccccc2Sc2ccc(Cl)cc21 CC(=O)Nc1nnc(s1)S(N)(=O)=O CCNC1CC(C)S(=O)(=O)c2sc(cc12)S(N)(=O)=O
COC(=O)C(c1ccccc1Cl)N1CCc2sccc2C1 CN(C)c1ccc2nc3ccc(cc3sc2c1)N(C)C O=C(O)c1ccccc1O OC(CN1CCCCC1)(c1ccccc1)C1CC2CC1C=C2
CC(C)NCC(O)c1ccc(NS(C)(=O)=O)cc1 CCOC(=O)C(CCc1ccccc1)NC(C)C(=O)N1CCCC1C(=O)O CC(CS)C(=O)N1CCCC1C(=O)O
""".split()
LINKS = ["C(=O)N", "NC(=O)", "S(=O)(=O)N", "CN", "OC", "CC", "C(=O)NC", "NC(=O)N"]
LEFT = ["c1ccc(F)cc1","c1ccc(Cl)cc1","c1ccncc1","c1ccsc1","c1ccoc1","C1CCNCC1","c1ccc(OC)cc1","c1ccc2[nH]ccc2c1","C1CCOC1","c1cc(C)on1","C1CC1","c1ccc(C#N)cc1"]
RIGHT = ["C1CCN(C)CC1","c1ccc(Br)cc1","C1CCCC1","c1ncc[nH]1","c1ccc(C(F)(F)F)cc1","c1ccc(N(C)C)cc1","C1CCS(=O)(=O)CC1","c1cccc2ncccc12","CC(C)C","c1csc(C)n1"]
ODD = """
CP(C)C CP(=O)(C)C COP(=O)(OC)OC CI ICC Ic1ccccc1 CB(O)O OB(O)c1ccccc1 CB(C)C C[Si](C)(C)C C[SiH2]C O[Si](C)(C)C C[Si](C)(C)c1ccccc1 C[Se]C C[SeH]
c1cc[se]c1 C[Se]c1ccccc1 ICCI CCP(CC)CC FB(F)c1ccccc1 C[Si](C)(C)C#C C[Se][Se]C IC=C CP(=O)(O)O B1OCCO1 C1CC[SiH2]C1 OP(O)c1ccccc1
C[Si](C)(C)O[Si](C)(C)C ClP(Cl)c1ccccc1 BrC[Si](C)(C)C
""".split()
CHARGED = """
[NH4+] C[NH3+] CC(=O)[O-] C[N+](C)(C)C [NH3+]CC(=O)[O-] [NH3+]C(C)C(=O)[O-] c1cc[nH+]cc1 C[n+]1ccccc1 CS(=O)(=O)[O-] [O-]c1ccccc1 C[S+](C)C
CCC(=O)[O-] C[NH2+]C CC[NH3+] O=C([O-])c1ccccc1 [O-]C(=O)CC(=O)[O-] NC(=[NH2+])N [O-][N+](=O)C C[N+](C)(C)CC(=O)[O-] C[P+](C)(C)C [NH3+]CC[NH3+]
CC(=O)C([O-])=O [O-]C=O C[NH+](C)C c1c[nH+]c[nH]1
""".split()

def make():
    from rdkit import Chem, RDLogger
    from rdkit.Chem import AllChem
    RDLogger.DisableLog("rdApp.*")
    rng = random.Random(7)

    def joined():
        yield from DRUGS
        pool = list(itertools.product(LEFT, LINKS, RIGHT))
        rng.shuffle(pool)
        for a, link, b in pool:
            first = Chem.MolFromSmiles(a)
            at = [x.GetIdx() for x in first.GetAtoms() if x.GetTotalNumHs() and x.GetSymbol() == "C"]
            both = Chem.RWMol(Chem.CombineMols(first, Chem.MolFromSmiles(link + b)))
            both.AddBond(rng.choice(at), first.GetNumAtoms(), Chem.BondType.SINGLE)
            try:
                Chem.SanitizeMol(both)
            except Exception:
                continue
            yield Chem.MolToSmiles(both)

    def embed(smiles, seed):
        m = Chem.AddHs(Chem.MolFromSmiles(smiles))
        if AllChem.EmbedMolecule(m, randomSeed=seed):
            return None
        try:
            AllChem.MMFFOptimizeMolecule(m, maxIters=1000)
        except Exception:
            pass
        return m

    os.makedirs(f"{D}/drugs", exist_ok=True)
    seen = set()
    for s in joined():
        if len(seen) == 300: break
        mol = Chem.MolFromSmiles(s)
        if mol is None: continue
        c = Chem.MolToSmiles(mol)
        m = None if c in seen else embed(s, 1)
        if m is None: continue
        m.SetProp("_Name", c)
        Chem.MolToMolFile(m, f"{D}/drugs/d{len(seen):03}.sdf")
        seen.add(c)
    with open(f"{D}/odd.xyz", "w") as f:
        for s, seed in itertools.product(ODD, range(1, 11)):
            m = embed(s, seed)
            if m is not None: f.write(Chem.MolToXYZBlock(m))
    w = Chem.SDWriter(f"{D}/charged.sdf")
    for s, seed in itertools.product(CHARGED, range(1, 13)):
        m = embed(s, seed)
        if m is not None: w.write(m)
    w.close()

def elements(path):
    return {w[0] for w in map(str.split, open(path)) if len(w) == 4 and w[0].isalpha() and w[0].istitle()}

def learned(lines):
    """The elements that the command says it has found."""
    line = next(l for l in lines if "of the elements " in l)
    return set(line.split("of the elements ")[1].split(":")[0].split())

def train(built, name, data, start, keys):
    out = f"{D}/runs/{name}"
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    p = subprocess.run([f"{built}/train", *start, "-data", data, "-out", out, "-workers", "1", *(x for k in keys for x in ("-set", k))], text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "GOMAXPROCS": "1"})
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    if p.returncode: sys.exit(p.stdout)
    lines = p.stdout.splitlines()
    wrong = [l for l in lines if "coming apart" in l or "come apart" in l]
    strange = elements(f"{out}/samples.xyz") - learned(lines)
    c = json.load(open(f"{out}/metrics.json"))["counts"]
    share = lambda k: f"{100 * c[k]['k'] / c[k]['n']:.1f}"
    last = [json.loads(l) for l in open(f"{out}/log.jsonl")]
    last = [l for l in last if "step" in l][-1]
    print(f"{name}: {last['step']} steps, {seconds:.0f} CPU-seconds; atoms {share('atom_stability')}, molecules {share('molecule_stability')}, valid {share('validity')},"
          f" connected {share('connected')} of {c['validity']['n']}; elements that the set lacks {sorted(strange)}; of divergence {wrong}", flush=True)
    return not wrong and not strange

if len(sys.argv) == 2:
    make()
else:
    fine = [train(sys.argv[2], f"{os.path.splitext(s)[0]}-{how}", f"{D}/{s}", start, sys.argv[3:])
            for s in ("charged.sdf", "odd.xyz", "drugs") for how, start in (("tiny", []), ("qm9", ["-from", "qm9"]))]
    sys.exit(not all(fine))
