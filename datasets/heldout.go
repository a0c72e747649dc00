package datasets

// heldOutShare of a set that says nothing of splits is held out for validation.
const heldOutShare = 0.05

// HoldOut moves a twentieth of a set in which no molecule says split= from "train" to
// "valid", so that it can be seen whether what is learned carries over. Which ones
// depends on their number alone. It returns how many are held out: 0 of a set that has
// splits, of fewer than ten molecules, or where it has been done.
func (s *Set) HoldOut() int {
	n := len(s.Molecules)
	if !s.unsplit || n < 10 {
		return 0
	}
	most := max(1, int(heldOutShare*float64(n)))
	held := make([]bool, n)
	for _, i := range numpyPermutation(0, n)[:most] {
		held[i] = true
	}
	s.Splits = map[string][]int{}
	for i := range s.Molecules {
		split := "train"
		if held[i] {
			split = "valid"
		}
		s.Splits[split] = append(s.Splits[split], i)
	}
	s.Held, s.unsplit = most, false
	return most
}
