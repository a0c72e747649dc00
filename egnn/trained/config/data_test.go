package config

import (
	"testing"

	"equifm/datasets"
)

// The tenth is what it says, of those whose property is known; and what is held out is
// as high as what is learned.
func TestTenthIsTheHighest(t *testing.T) {
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	d := Default().Data
	all, _, err := d.Molecules(set)
	if err != nil {
		t.Fatal(err)
	}
	d.Tenth = "alpha"
	learn, valid, err := d.Molecules(set)
	if err != nil {
		t.Fatal(err)
	}
	q, err := datasets.QuantityOf("alpha")
	if err != nil {
		t.Fatal(err)
	}
	_, known, err := q.Known(all)
	if err != nil {
		t.Fatal(err)
	}
	_, kept, err := q.Known(learn)
	if err != nil {
		t.Fatal(err)
	}
	least := kept[0]
	for _, v := range kept {
		least = min(least, v)
	}
	above := 0
	for _, v := range known {
		if v >= least {
			above++
		}
	}
	if above != len(learn) || 10*len(learn) < len(known) || 10*len(learn) > len(known)+100 {
		t.Errorf("%d molecules kept of %d, %d are as high as these", len(learn), len(known), above)
	}
	_, held, err := q.Known(valid)
	if err != nil || len(held) == 0 {
		t.Fatalf("%d held out, error %v", len(held), err)
	}
	for _, v := range held {
		if v < least {
			t.Errorf("held out %v, learned from %v on", v, least)
		}
	}
	d.Tenth, d.Split = "gap", "none"
	if _, _, err := d.Molecules(set); err == nil {
		t.Error("a tenth of nothing is no error")
	}
}

// A model that goes on keeps what its sums are divided by, to the last digit, unless there
// are molecules larger than it has seen.
func TestSizesOfAModelThatGoesOn(t *testing.T) {
	sizes := func(atoms int) (h datasets.Histogram) {
		h.Counts = make([]int, atoms+1)
		h.Counts[atoms], h.Total = 3, 3
		return h
	}
	for _, c := range []struct {
		own         float64
		known, most int
		want        float64
	}{{0, 0, 18, 1}, {0, 0, 35, 2}, {1, 29, 29, 1}, {0.333, 29, 12, 0.333}, {1, 29, 71, 3.95}, {0.5, 5, 17, 4}, {2, 1, 1, 2}} {
		var config Config
		config.From = Learned{c.own, c.known}
		if got := config.KnowSizes(sizes(c.most)).Network.NormFactor; got != c.want {
			t.Errorf("%+v: divided by %v", c, got)
		}
	}
}
