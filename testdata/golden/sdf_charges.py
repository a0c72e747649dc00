# Charged molecules as RDKit writes them, each in V2000 and in V3000, with RDKit's SMILES and total charge as data items:
# python3 sdf_charges.py > sdf_charges.sdf
from rdkit import Chem
from rdkit.Chem import AllChem

for name, text in (
    ("ammonium", "[NH4+]"), ("acetate", "CC(=O)[O-]"), ("glycine, zwitterion", "[NH3+]CC(=O)[O-]"), ("nitromethane", "C[N+](=O)[O-]"),
    ("methyl azide", "CN=[N+]=[N-]"), ("tetrafluoroborate", "F[B-](F)(F)F"), ("methylpyridinium", "C[n+]1ccccc1"), ("sulfate", "[O-]S(=O)(=O)[O-]"),
    ("trimethylsulfonium", "C[S+](C)C"), ("phenyldiazonium", "N#[N+]c1ccccc1"), ("phosphonium ylide", "C[P+](C)(C)[CH2-]"), ("cyclopentadienide", "[cH-]1cccc1"),
    ("edta", "[O-]C(=O)C[NH+](CC[NH+](CC(=O)[O-])CC(=O)[O-])CC(=O)[O-]"), ("magnesium chloride", "[Mg+2].[Cl-].[Cl-]"), ("pyridine oxide", "[O-][n+]1ccccc1")):
    m = Chem.AddHs(Chem.MolFromSmiles(text))
    if AllChem.EmbedMolecule(m, randomSeed=1):
        AllChem.EmbedMolecule(m, randomSeed=1, useRandomCoords=True)
    m.SetProp("_Name", name)
    smiles, charge = Chem.MolToSmiles(m), Chem.GetFormalCharge(m)
    for v3000 in (False, True):
        print(Chem.MolToMolBlock(m, forceV3000=v3000) + f"> <smiles>\n{smiles}\n\n> <charge>\n{charge}\n\n$$$$")
