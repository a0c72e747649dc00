package main

import (
	"encoding/json"
	"io"

	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/report"
	"equifm/nn/parallel"
)

// runApart judges every file as a sample by itself, and prints mean and standard deviation
// over them. A bad file is an error before anything is printed: a mean without it would be
// another.
func (o options) runApart(among parallel.Ranks, train *report.Evaluation, line *progress.Line, stdin io.Reader, out io.Writer) error {
	var s report.Spread
	for _, path := range o.files {
		e := report.New(table, o.workers, train)
		e.Ranks, e.Stated, e.Told = among, o.bonds == "file", line.Add
		line.Begin("judging "+path+":", " molecules", 0, 0)
		err := o.read(e, path, stdin, nil, nil)
		line.End()
		if err != nil {
			return err
		}
		s.Files, s.Reports = append(s.Files, path), append(s.Reports, e.Report(train))
	}
	if o.json {
		return json.NewEncoder(out).Encode(s)
	}
	s.Table(out)
	return nil
}
