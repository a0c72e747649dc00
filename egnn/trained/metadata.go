package trained

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn/safetensors"
)

// formatVersion changes when older programs could not read a new checkpoint.
//
//	1  the key path.angle, no output, loss.pair or moments
//	2  moments; the optimiser's state under its own name
const formatVersion = "2"

// Metadata returns what a checkpoint says of the model beside its numbers.
func (m *Model) Metadata() (map[string]string, error) {
	sizes, errSizes := json.Marshal(m.Sizes)
	moments, errMoments := json.Marshal(m.Moments)
	meta := map[string]string{
		"format": "equifm", "version": formatVersion, "config": m.Config.String(), "step": strconv.Itoa(m.Step),
		"vocabulary": channels(m.Config.Vocabulary()), "sizes": string(sizes), "moments": string(moments),
		"cpu_seconds": strconv.FormatFloat(m.CPU, 'f', 3, 64),
	}
	var errCondition, errTheta error
	if m.Condition != nil {
		var condition []byte
		condition, errCondition = json.Marshal(m.Condition)
		meta["condition"] = string(condition)
	}
	if m.Theta != nil {
		var theta []byte
		theta, errTheta = json.Marshal(m.Theta)
		meta["schedule"] = string(theta)
	}
	return meta, errors.Join(errSizes, errMoments, errCondition, errTheta)
}

// readTheta returns the parameters of a learned schedule; nil where none was learned.
func readTheta(meta map[string]string, c config.Config) (theta []float64, err error) {
	text, there := meta["schedule"]
	if !there {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &theta); err != nil {
		return nil, fmt.Errorf("metadata key \"schedule\": %w", err)
	}
	l, learned := c.FlowPath().H.(*schedule.Learned)
	if !learned || len(theta) != len(l.Theta) {
		return nil, fmt.Errorf("metadata key \"schedule\" has %d parameters of a learned schedule, for path.h = %q", len(theta), c.Path.H)
	}
	for _, v := range theta {
		if math.Abs(v) > 1e3 {
			return nil, fmt.Errorf("metadata key \"schedule\": a parameter is %v, expected -1000 to 1000", v)
		}
	}
	return theta, nil
}

// describe reads what Metadata has written, of any version; the parameters are
// not read. It trusts nothing: a checkpoint may come from anywhere.
func describe(f *safetensors.File) (*Model, error) {
	meta := f.Metadata
	if err := checkFormat(meta["format"], meta["version"]); err != nil {
		return nil, err
	}
	c, err := config.Parse(meta["config"], "configuration in the checkpoint")
	if err != nil {
		return nil, err
	}
	if want := channels(c.Vocabulary()); meta["vocabulary"] != want {
		return nil, fmt.Errorf("metadata says vocabulary %q, expected %q", meta["vocabulary"], want)
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
	if want, have := c.Shape().Parameters(), numbers(f); have < want { // before egnn.New makes room for them
		return nil, fmt.Errorf("%d numbers for a network of %d parameters", have, want)
	}
	moments, err := readMoments(meta)
	if err != nil {
		return nil, err
	}
	cpu, err := readCPU(meta)
	if err != nil {
		return nil, err
	}
	condition, err := readCondition(meta, c)
	if err != nil {
		return nil, err
	}
	theta, err := readTheta(meta, c)
	if err != nil {
		return nil, err
	}
	return &Model{Config: c, Sizes: sizes, Moments: moments, Theta: theta, Step: step, CPU: cpu, Condition: condition}, nil
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
	if !(m.Data >= 0 && m.Noise >= 0 && m.Both*m.Both <= m.Data*m.Noise*(1+1e-9)) || !(m.Features >= 0) || math.IsInf(m.Data+m.Noise+m.Features, 0) {
		return m, fmt.Errorf("metadata key \"moments\": %s are no variances and covariance", text)
	}
	return m, nil
}

// readCPU returns the processor time, s; older checkpoints have none.
func readCPU(meta map[string]string) (cpu float64, err error) {
	text, there := meta["cpu_seconds"]
	if !there {
		return 0, nil
	}
	if cpu, err = strconv.ParseFloat(text, 64); err != nil || !(cpu >= 0) {
		return 0, fmt.Errorf("metadata key \"cpu_seconds\" is %q, expected seconds", text)
	}
	return cpu, nil
}

// numbers returns how many the file holds.
func numbers(f *safetensors.File) (n int) {
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

// channels spells the feature channels, such as "H C N O F Z".
func channels(v datasets.Vocabulary) string {
	var words []string
	for _, e := range v.Elements {
		words = append(words, e.String())
	}
	if v.AtomicNumber {
		words = append(words, "Z")
	}
	return strings.Join(words, " ")
}
