# The golden numbers of qm9_halves.json:
#   python3 qm9_halves.py ../../datasets/qm9-uncharacterized.txt > qm9_halves.json
# EDM's halves of QM9's training set, as its code makes them: gen_splits_gdb9 (qm9/data/prepare/qm9.py)
# draws the splits with seed 0, process_xyz_files (prepare/process.py) keeps the archive's order within a
# split, and initialize_datasets (qm9/data/utils.py) permutes the training set with seed 42.
import hashlib, json, sys
import numpy as np
excluded = {int(line) - 1 for line in open(sys.argv[1]) if line.strip().isdigit()}  # ids in the list count from 1
included = np.array(sorted(set(range(133885)) - excluded))
np.random.seed(0)
train = included[np.random.permutation(len(included))[:100000]]
kept = set(train.tolist())
archive = [i + 1 for i in range(133885) if i in kept]  # gdb, in the archive's order
np.random.seed(42)
perm = np.random.permutation(len(archive))
n = len(archive) // 2
out = {"numpy": np.__version__}
for name, part in [("first", perm[:n]), ("second", perm[n:])]:
    gdb = [archive[i] for i in part]
    text = "".join("%d\n" % i for i in sorted(gdb))
    out[name] = {"count": len(gdb), "begins": gdb[:12], "ends": gdb[-12:],
                 "sha256_of_ascending_lines": hashlib.sha256(text.encode()).hexdigest()}
print(json.dumps(out, indent=1))
