package experiment

import (
	"fmt"
	"slices"
	"strings"

	"equifm/egnn/trained/config"

	"github.com/BurntSushi/toml"
)

// checkKeys returns an error for every key that nothing has.
func (f *File) checkKeys(meta toml.MetaData) (errs []error) {
	known := slices.DeleteFunc(config.Keys(), func(key string) bool { return key == "name" || key == "seed" }) // the file has its own
	count := map[string]int{}                                                                                  // of arms: the decoder tells their keys one arm after another
	for _, key := range meta.Keys() {
		name := key.String()
		if name == "arm" {
			count["arm"]++
			continue
		}
		section, rest, _ := strings.Cut(name, ".")
		switch section {
		case "base", "quick", "long":
			if rest != "" && !slices.Contains(known, rest) {
				errs = append(errs, f.at(name, unknown(rest, known)))
			}
		case "arm":
			if !slices.Contains(armKeys, rest) && !slices.Contains(known, rest) {
				errs = append(errs, f.at(fmt.Sprintf("arm[%d].%s", count["arm"]-1, rest), unknown(rest, slices.Concat(known, armKeys))))
			}
		}
	}
	for _, key := range meta.Undecoded() {
		if slices.Contains([]string{"base", "quick", "long", "arm"}, key[0]) {
			continue // looked at above: to the decoder they are maps
		}
		errs = append(errs, f.at(key.String(), unknown(key.String(), []string{"title", "question", "preset", "seeds", "reference", "chain", "figures", "equal_time",
			"measure.nfe", "measure.noise", "measure.number", "measure.from", "measure.straightness", "measure.alignment", "measure.evaluation", "measure.information", "measure.estimators", "measure.correlate", "measure.sizes", "measure.training", "base", "quick", "long", "arm",
			"halving.rungs", "halving.rungs.steps", "halving.rungs.seeds", "halving.rungs.keep", "oracle", "oracle.property", "oracle.number", "oracle.quick", "oracle.long",
			"oracle.quick.hidden", "oracle.quick.edge", "oracle.quick.layers", "oracle.quick.steps", "oracle.quick.batch", "oracle.quick.lr", "oracle.quick.seed", "earlier", "earlier.name", "earlier.what", "earlier.figures", "earlier.fate"})))
	}
	return errs
}

// unknown says which known key is nearest.
func unknown(key string, known []string) string {
	return fmt.Sprintf("unknown key %q; the nearest known one is %q", key, config.Nearest(key, known))
}

// at is an error about a key, with its line.
func (f *File) at(key, text string) error {
	if line := f.lines[key]; line > 0 {
		return fmt.Errorf("line %d: %s", line, text)
	}
	return fmt.Errorf("%s", text)
}

// check returns an error for every setting out of range.
func (f *File) check() (errs []error) {
	if f.Title == "" || f.Question == "" {
		errs = append(errs, fmt.Errorf("title and question are missing, expected a line each"))
	}
	if len(f.Seeds) == 0 || len(f.Arms) == 0 || len(f.Figures) == 0 {
		errs = append(errs, fmt.Errorf("%d seeds, %d arms, %d figures; expected at least one of each", len(f.Seeds), len(f.Arms), len(f.Figures)))
	}
	for i, s := range f.Seeds {
		if slices.Contains(f.Seeds[:i], s) {
			errs = append(errs, f.at("seeds", fmt.Sprintf("seeds has %d twice: the second would be the same runs", s)))
		}
	}
	for _, key := range f.Figures {
		if _, ok := figures[key]; !ok {
			errs = append(errs, f.at("figures", fmt.Sprintf("figures has %q, expected some of %s", key, strings.Join(FigureKeys(), ", "))))
		}
	}
	var names []string
	for i, arm := range f.Arms {
		name, _ := arm["name"].(string)
		if what, ok := arm["what"].(string); !ok && arm["what"] != nil || name == "" || slices.Contains(names, name) {
			errs = append(errs, f.at(fmt.Sprintf("arm[%d].name", i), fmt.Sprintf("arm %d: name = %q, what = %q, expected a name of its own and a line of text", i+1, name, what)))
		}
		names = append(names, name)
	}
	if f.Reference == "" && len(names) > 0 {
		f.Reference = names[0]
	}
	if len(names) > 0 && !slices.Contains(names, f.Reference) {
		errs = append(errs, f.at("reference", fmt.Sprintf("reference = %q, expected one of the arms %s", f.Reference, strings.Join(names, ", "))))
	}
	for i, arm := range f.Arms {
		if against, ok := arm["against"].(string); arm["against"] != nil && (!ok || !slices.Contains(names, against) || against == names[i]) {
			errs = append(errs, f.at(fmt.Sprintf("arm[%d].against", i), fmt.Sprintf("against = %q, expected another one of the arms %s", arm["against"], strings.Join(names, ", "))))
		}
	}
	for i, arm := range f.Arms {
		if _, ok := armSizes(arm); !ok {
			errs = append(errs, f.at(fmt.Sprintf("arm[%d].sizes", i), fmt.Sprintf("sizes = %v, expected %s", arm["sizes"], expectedSizes)))
		}
	}
	for _, err := range append(f.Measure.check(f), f.Halving.check(f), f.Oracle.check(f)) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

func (m Measure) check(f *File) (errs []error) {
	for _, n := range slices.Concat(m.NFE, m.Alignment, m.Evaluation, []int{m.Number}) {
		if n < 1 || n > 100_000 {
			errs = append(errs, fmt.Errorf("measure has %d, expected whole numbers of 1 to 100,000", n))
		}
	}
	if !goodSizes(m.Sizes) {
		errs = append(errs, f.at("measure.sizes", fmt.Sprintf("measure.sizes = %v, expected %s", m.Sizes, expectedSizes)))
	}
	if !goodSizes(m.Training) || len(m.Training) > 0 && m.Training[0] < 2 {
		errs = append(errs, f.at("measure.training", fmt.Sprintf("measure.training = %v, expected %s, from 2 on", m.Training, expectedSizes)))
	}
	for _, t := range m.From {
		if !(t > 0 && t <= 1) {
			errs = append(errs, f.at("measure.from", fmt.Sprintf("measure.from has %v, expected times above 0, at most 1", t)))
		}
	}
	for i, t := range m.Information {
		if !(t > 0 && t < 1) || i > 0 && t >= m.Information[i-1] || len(m.Information) < 2 {
			errs = append(errs, f.at("measure.information", fmt.Sprintf("measure.information has %v, expected two falling times or more between 0 and 1", t)))
		}
	}
	for _, key := range m.Correlate {
		if _, ok := figures[key]; !ok || len(m.Correlate) < 2 {
			errs = append(errs, f.at("measure.correlate", fmt.Sprintf("measure.correlate has %q, expected two or more of %s", key, strings.Join(FigureKeys(), ", "))))
		}
	}
	if m.Estimators < 0 || m.Estimators == 1 {
		errs = append(errs, f.at("measure.estimators", fmt.Sprintf("measure.estimators = %d, expected 2 or more trials, or 0 for none", m.Estimators)))
	}
	return errs
}

func errorsFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
