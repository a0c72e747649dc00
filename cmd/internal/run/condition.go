package run

import (
	"fmt"

	"equifm/egnn/trained"
	"equifm/molecule"
)

// conditioned returns the molecules to learn, and to hold out, that have the property
// which the model is to be conditioned on, and takes what the model is to know of it.
// Without one it returns all.
func (r *Run) conditioned(learn, valid []molecule.Molecule) (known, validKnown []molecule.Molecule, err error) {
	q, ok := r.Config.Condition.Quantity()
	if !ok {
		return learn, valid, nil
	}
	known, values, err := q.Known(learn)
	if err == nil && len(known) == 0 {
		err = fmt.Errorf("none of %d molecules has the property %q", len(learn), q.Key)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w (condition.property)", r.Config.Data.Source, err)
	}
	if validKnown, _, err = q.Known(valid); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.Config.Data.Source, err)
	}
	if len(known) < len(learn) {
		fmt.Fprintf(r.screen, "%d of %d molecules have %s: the others are left out\n", len(known), len(learn), q.Key)
	}
	if len(validKnown) == 0 {
		fmt.Fprintf(r.screen, "note: no molecule held out has %s; its mean and deviation are those of the molecules to learn\n", q.Key)
	}
	if r.condition, err = trained.NewCondition(q, known, values, validKnown); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", q.Key, err)
	}
	return known, validKnown, nil
}

// context returns what the network is told of a molecule's property.
func (r *Run) context(m *molecule.Molecule) ([]float32, error) {
	model := trained.Model{Config: r.Config, Condition: r.condition}
	q, ok := r.Config.Condition.Quantity()
	if !ok {
		return model.Context(1, nil), nil
	}
	v, ok, err := q.Of(m)
	if err == nil && !ok {
		err = fmt.Errorf("it has no property %q (condition.property)", q.Key)
	}
	return model.Context(1, []float64{v}), err
}
