package draw

import (
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"equifm/molecule"
)

// Sizes of a picture, in pixels.
const (
	panelSize   = 190
	captionSize = 18
	pixelsPerÅ  = 20.0 // shrunk where a molecule would not fit
)

// SVG draws molecules as balls and sticks, each seen along its thinnest
// direction, in a grid of so many columns. graphs are their bonds, captions the
// lines beneath; both are as long as molecules.
func SVG(w io.Writer, molecules []*molecule.Molecule, graphs []*molecule.Graph, captions []string, columns int) error {
	rows := (len(molecules) + columns - 1) / columns
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">`+"\n",
		columns*panelSize, rows*(panelSize+captionSize))
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	for i, m := range molecules {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", i%columns*panelSize, i/columns*(panelSize+captionSize))
		drawMolecule(&b, m, graphs[i])
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#444">%s</text></g>`+"\n",
			panelSize/2, panelSize+8, html.EscapeString(captions[i]))
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// shape is something to draw at a depth, far first.
type shape struct {
	depth float64
	svg   string
}

func drawMolecule(b *strings.Builder, m *molecule.Molecule, g *molecule.Graph) {
	if m.Len() == 0 {
		return
	}
	p, scale := flatten(m)
	var shapes []shape
	for _, bond := range g.Bonds {
		shapes = append(shapes, drawBond(p[bond.I], p[bond.J], bond.Order, scale))
	}
	for i, e := range m.Elements {
		shapes = append(shapes, shape{p[i][2], fmt.Sprintf(
			`<circle cx="%.1f" cy="%.1f" r="%.1f" fill="%s" stroke="#333" stroke-width="0.8"/>`, p[i][0], p[i][1], scale*ballRadius(e), colour(e))})
	}
	slices.SortStableFunc(shapes, func(a, b shape) int {
		switch {
		case a.depth < b.depth:
			return -1
		case a.depth > b.depth:
			return 1
		}
		return 0
	})
	for _, s := range shapes {
		b.WriteString(s.svg + "\n")
	}
}

// drawBond draws one line, or more for higher orders, a little behind its middle.
func drawBond(p, q [3]float64, order molecule.BondOrder, scale float64) shape {
	lines := int(order)
	if order == molecule.Aromatic {
		lines = 2
	}
	dx, dy := q[0]-p[0], q[1]-p[1]
	length := max(math.Hypot(dx, dy), 1e-9)
	gap := 0.18 * scale
	var s strings.Builder
	for k := range lines {
		off := gap * (float64(k) - float64(lines-1)/2)
		ox, oy := -dy/length*off, dx/length*off
		fmt.Fprintf(&s, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#777" stroke-width="%.1f"/>`,
			p[0]+ox, p[1]+oy, q[0]+ox, q[1]+oy, max(1, 0.12*scale))
	}
	return shape{(p[2]+q[2])/2 - 1e-3, s.String()}
}

// flatten turns a molecule so that its widest plane is the picture's, and
// returns pixel positions with depth, and the pixels of an Å.
func flatten(m *molecule.Molecule) (p [][3]float64, scale float64) {
	n := m.Len()
	x := mat.NewDense(n, 3, nil)
	for c := range 3 {
		mean := 0.0
		for i := range n {
			mean += m.Pos[i][c] / float64(n)
		}
		for i := range n {
			x.Set(i, c, m.Pos[i][c]-mean)
		}
	}
	var spread, axes, turned mat.Dense
	spread.Mul(x.T(), x)
	var eigen mat.EigenSym
	turned.CloneFrom(x)
	if eigen.Factorize(mat.NewSymDense(3, spread.RawMatrix().Data), true) { // ascending
		eigen.VectorsTo(&axes)
		turned.Mul(x, &axes)
	}
	reach := 1.0
	for i := range n {
		reach = max(reach, math.Abs(turned.At(i, 2)), math.Abs(turned.At(i, 1)))
	}
	scale = min(pixelsPerÅ, (panelSize/2-8)/(reach+0.4))
	p = make([][3]float64, n)
	for i := range p {
		p[i] = [3]float64{panelSize/2 + scale*turned.At(i, 2), panelSize/2 + scale*turned.At(i, 1), scale * turned.At(i, 0)}
	}
	return p, scale
}

// ballRadius is a third of a typical covalent radius or so, Å.
func ballRadius(e molecule.Element) float64 {
	switch {
	case e == molecule.H:
		return 0.26
	case e <= molecule.F:
		return 0.40
	}
	return 0.55
}

// colours are those of Corey, Pauling and Koltun, or near them.
var colours = map[molecule.Element]string{
	molecule.H: "#ffffff", molecule.C: "#666666", molecule.N: "#3b5bdb", molecule.O: "#e03131", molecule.F: "#69db7c",
	molecule.P: "#f08c00", molecule.S: "#ffd43b", molecule.Cl: "#2f9e44", molecule.Br: "#a61e4d", molecule.I: "#7048e8",
	molecule.B: "#ffa8a8",
}

func colour(e molecule.Element) string {
	if c, ok := colours[e]; ok {
		return c
	}
	return "#d6336c"
}
