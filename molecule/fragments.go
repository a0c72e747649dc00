package molecule

// components labels the connected parts of s 0, 1, … in the order of their first
// atoms, and returns how many there are. stack is scratch.
func components(s *Structure, label []int32, stack *[]int32) (count int) {
	for i := range label {
		label[i] = -1
	}
	todo := (*stack)[:0]
	for i := range int32(len(label)) {
		if label[i] >= 0 {
			continue
		}
		label[i] = int32(count)
		todo = append(todo, i)
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, h := range s.around(at) {
				if label[h.to] < 0 {
					label[h.to] = int32(count)
					todo = append(todo, h.to)
				}
			}
		}
		count++
	}
	*stack = todo
	return count
}

// Fragments returns the atoms of each connected part, ascending, the parts in
// the order of their first atoms.
func (g *Graph) Fragments() [][]int { return NewStructure(g).Fragments() }

// Fragments returns the atoms of each connected part, ascending, the parts in
// the order of their first atoms.
func (s *Structure) Fragments() [][]int {
	s.link()
	label := make([]int32, len(s.Atoms))
	var stack []int32
	parts := make([][]int, components(s, label, &stack))
	for i, c := range label {
		parts[c] = append(parts[c], i)
	}
	return parts
}

// largest returns the label with most atoms, the first of equals.
func largest(label []int32, count int) int32 {
	size := make([]int, count)
	best := 0
	for _, c := range label {
		size[c]++
	}
	for c := range size {
		if size[c] > size[best] {
			best = c
		}
	}
	return int32(best)
}

// part returns the atoms labelled c, and the bonds between them, as a Structure
// of its own.
func (s *Structure) part(label []int32, c int32, part *Structure) {
	part.Atoms, part.Bonds = part.Atoms[:0], part.Bonds[:0]
	renumbered := make([]int32, len(label))
	for i, l := range label {
		if l == c {
			renumbered[i] = int32(len(part.Atoms))
			part.Atoms = append(part.Atoms, s.Atoms[i])
		}
	}
	for _, b := range s.Bonds {
		if label[b.I] == c {
			part.Bonds = append(part.Bonds, Bond{renumbered[b.I], renumbered[b.J], b.Order})
		}
	}
	part.link()
}
