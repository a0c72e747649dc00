# The golden numbers of qm9_split.json: python3 qm9_split.py qm9.xyz.gz > qm9_split.json
import gzip, json, re, sys
import numpy as np
np.random.seed(0)
out = {"seed0_uint32": [int(v) for v in np.random.RandomState(0).randint(0, 2**32, size=700, dtype=np.uint32)][-5:],
       "seed0_permutation10": [int(v) for v in np.random.RandomState(0).permutation(10)],
       "seed0_permutation1000_first20": [int(v) for v in np.random.RandomState(0).permutation(1000)[:20]],
       "seed0_permutation130831_first10": [int(v) for v in np.random.RandomState(0).permutation(130831)[:10]],
       "seed42_permutation100000_last10": [int(v) for v in np.random.RandomState(42).permutation(100000)[-10:]]}
pairs = [re.match(r"gdb=(\d+) split=(\w+)", l) for l in gzip.open(sys.argv[1], "rt") if l.startswith("gdb=")]
pairs = [(int(m[1]), m[2]) for m in pairs]
pick = np.random.RandomState(1).choice(len(pairs), 600, replace=False)
out["gdb_split"] = [pairs[i] for i in sorted(pick)]
s = json.dumps(out, separators=(",", ":")).replace('],"', '],\n"').replace('{"','{\n"',1).replace('],[','],[')
print(s)
