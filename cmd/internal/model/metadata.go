package model

import (
	"encoding/json"
	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// describe trusts nothing: a checkpoint may come from anywhere.
func describe(f *nn.File) (*Model, error) {
	meta := f.Metadata
	if err := checkFormat(meta["format"], meta["version"]); err != nil {
		return nil, err
	}
	c, err := config.Parse(meta["config"], "configuration in the checkpoint")
	if err != nil {
		return nil, err
	}
	if meta["vocabulary"] != vocabulary(c) {
		return nil, fmt.Errorf("metadata says vocabulary %q, expected %q", meta["vocabulary"], vocabulary(c))
	}
	var sizes datasets.Histogram
	if err := json.Unmarshal([]byte(meta["sizes"]), &sizes); err != nil {
		return nil, fmt.Errorf("metadata key \"sizes\": %w", err)
	}
	if err := checkSizes(sizes); err != nil {
		return nil, fmt.Errorf("metadata key \"sizes\": %w", err)
	}
	step, err := strconv.Atoi(meta["step"])
	if err != nil || step < 0 {
		return nil, fmt.Errorf("metadata key \"step\" is %q, expected a number of steps", meta["step"])
	}
	if want, have := c.Field().Parameters(), numbers(f); have < want { // before New makes room for them
		return nil, fmt.Errorf("%d numbers for a network of %d parameters", have, want)
	}
	moments, err := readMoments(meta)
	if err != nil {
		return nil, err
	}
	losses, cpu, err := readHistory(meta)
	if err != nil {
		return nil, err
	}
	m, err := New(c, sizes, moments)
	if err != nil {
		return nil, err
	}
	m.Step, m.Losses, m.CPU = step, losses, cpu
	return m, nil
}

// checkFormat returns an error for a file that this program cannot read, newer
// ones by their version.
func checkFormat(format, version string) error {
	if format != "equifm" {
		return fmt.Errorf("metadata says format %q, expected \"equifm\"", format)
	}
	v, err := strconv.Atoi(version)
	if err != nil || v < 1 {
		return fmt.Errorf("metadata says version %q, expected 1 to %s", version, formatVersion)
	}
	if newest, _ := strconv.Atoi(formatVersion); v > newest {
		return fmt.Errorf("written by a newer program: version %s, this one reads up to %s", version, formatVersion)
	}
	return nil
}

// readMoments returns the moments in a checkpoint's metadata; version 1 has none.
func readMoments(meta map[string]string) (m flow.Moments, err error) {
	text, there := meta["moments"]
	if !there {
		return m, nil
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, fmt.Errorf("metadata key \"moments\": %w", err)
	}
	if !(m.Data >= 0 && m.Noise >= 0 && m.Both*m.Both <= m.Data*m.Noise*(1+1e-9)) || math.IsInf(m.Data+m.Noise, 0) {
		return m, fmt.Errorf("metadata key \"moments\": %s are no variances and covariance", text)
	}
	return m, nil
}

// readHistory returns the losses at the last saves and the processor time, s;
// older checkpoints have neither.
func readHistory(meta map[string]string) (losses []float64, cpu float64, err error) {
	if text, ok := meta["losses"]; ok {
		if err := json.Unmarshal([]byte(text), &losses); err != nil {
			return nil, 0, fmt.Errorf("metadata key \"losses\": %w", err)
		}
	}
	if text, ok := meta["cpu_seconds"]; ok {
		if cpu, err = strconv.ParseFloat(text, 64); err != nil || !(cpu >= 0) {
			return nil, 0, fmt.Errorf("metadata key \"cpu_seconds\" is %q, expected seconds", text)
		}
	}
	return losses, cpu, nil
}

// numbers returns how many the file holds.
func numbers(f *nn.File) (n int) {
	for _, e := range f.Entries {
		in := 1
		for _, d := range e.Shape {
			in *= d
		}
		n += in
	}
	return n
}

// checkSizes returns an error for a histogram that sizes cannot be drawn from.
func checkSizes(h datasets.Histogram) error {
	sum := 0
	for n, c := range h.Counts {
		if c < 0 || c > 0 && n == 0 || c > math.MaxInt-sum {
			return fmt.Errorf("%d molecules of %d atoms", c, n)
		}
		sum += c
	}
	if sum == 0 || sum != h.Total {
		return fmt.Errorf("a total of %d where the counts add up to %d, expected at least one molecule", h.Total, sum)
	}
	return nil
}

// vocabulary spells the feature channels, such as "H C N O F Z".
func vocabulary(c config.Config) string {
	v := c.Vocabulary()
	var words []string
	for _, e := range v.Elements {
		words = append(words, e.String())
	}
	if v.AtomicNumber {
		words = append(words, "Z")
	}
	return strings.Join(words, " ")
}
