// Command mutants tells which changes of the code its tests do not notice. It takes the
// files named, or those in which every line is a formula, and makes one small change at a
// time: a statement is left out, a term of a sum, a part of a condition; an operator or a
// constant is another. Each time it runs the package's tests:
//
//	nice go run ./testdata/mutants [-v] [file …]
//
// A mutant that a test fails on, or that does not end, is killed. One that survives is
// code without a test, unless it does what the original does: those are in
// equivalent.txt under their reasons, and only the quick tests run on them. Any other
// survivor is printed, as is a reason that excuses nothing, and the exit status is 1. The
// tree is not touched.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

var files = []string{"egnn/edge.go", "egnn/message.go", "egnn/coordinates.go", "flow/loss.go", "flow/path.go", "eot/align.go"}

const (
	workers = 2
	quick   = 200 * time.Millisecond // tests up to this go first, in one run
	patient = 30 * time.Second       // and ten times what tests take: what is not done by then never will be
)

// What becomes of a mutant.
const (
	killed      = "killed"
	equivalent  = "equivalent"
	survived    = "survived"
	notCompiled = "not compiled"
)

var (
	verbose = flag.Bool("v", false, "print what becomes of every mutant")
	excused = make(map[string]bool) // the names in equivalent.txt
	dir     string                  // for what is compiled
	cpu     atomic.Int64            // processor time of all that was run, ns
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if flag.NArg() > 0 {
		files = flag.Args()
	}
	text, err := os.ReadFile("testdata/mutants/equivalent.txt")
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(line, "\t"); ok {
			excused[name] = true
		}
	}
	if dir, err = os.MkdirTemp("", "mutants"); err != nil {
		log.Fatal(err)
	}
	remarks, total := 0, make(map[string]int)
	for _, file := range files {
		var s *source
		if s, err = tryAll(filepath.ToSlash(file)); err != nil {
			log.Printf("%s: %v", file, err)
			break
		}
		remarks += s.report(total)
	}
	printCount("all", total)
	fmt.Println("processor time:", time.Duration(cpu.Load()).Round(time.Second))
	os.RemoveAll(dir)
	if err != nil || remarks > 0 {
		os.Exit(1)
	}
}

// report prints what became of the mutants, adds it to the total, and returns how many
// things there are to mend.
func (s *source) report(total map[string]int) (remarks int) {
	count := make(map[string]int)
	for _, m := range s.mutants {
		count[m.outcome]++
		total[m.outcome]++
		if *verbose || m.outcome == survived {
			fmt.Printf("%s:%d: %s: %s\n", s.path, m.line, m.outcome, m.name)
		}
		if m.outcome == equivalent {
			delete(excused, m.name)
		}
	}
	for name := range excused {
		if strings.HasPrefix(name, s.path) {
			fmt.Println("no survivor:", name)
			remarks++
		}
	}
	printCount(s.path, count)
	return remarks + count[survived]
}

func printCount(of string, count map[string]int) {
	fmt.Printf("%-20s %5d %s %5d %s %5d %s %5d %s\n", of, count[killed], killed, count[equivalent], equivalent,
		count[survived], survived, count[notCompiled], notCompiled)
}

// tryAll tries every mutant of a file: those in functions in one program, compiled once,
// each of the others in its own.
func tryAll(path string) (*source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := newSource(path, string(text))
	if err != nil {
		return nil, err
	}
	for {
		out, err := s.compile("all", s.program())
		if err == nil {
			break
		}
		if !s.blame(out) { // those that do not compile stay out of the next program
			return nil, fmt.Errorf("%w\n%s", err, out)
		}
	}
	out, err := run(time.Hour, filepath.Dir(path), 0, filepath.Join(dir, "all.test"), "-test.v")
	if err != nil {
		return nil, fmt.Errorf("its tests fail as it is: %w\n%s", err, out)
	}
	stages, group := stagesOf(out), new(errgroup.Group)
	group.SetLimit(workers)
	for i, m := range s.mutants {
		if m.outcome == "" {
			group.Go(func() error { m.outcome = s.try(i+1, m, stages); return nil })
		}
	}
	return s, group.Wait()
}

var errorLine = regexp.MustCompile(`(?m)^[^ \n]+\.go:(\d+):`)

// blame finds the mutants that a compiler's messages are about.
func (s *source) blame(messages string) (found bool) {
	for _, message := range errorLine.FindAllStringSubmatch(messages, -1) {
		line, _ := strconv.Atoi(message[1])
		for _, m := range s.mutants {
			if m.within != nil && m.outcome == "" && m.first <= line && line <= m.last {
				m.outcome, found = notCompiled, true
			}
		}
	}
	return found
}

// stage is tests that run in one go, and how long they may take.
type stage struct {
	tests []string
	limit time.Duration
}

var passed = regexp.MustCompile(`(?m)^--- PASS: (\S+) \(([0-9.]+s)\)$`)

// stagesOf shares out tests by the time that they take: the quick ones go together, then
// each of the others.
func stagesOf(log string) []stage {
	stages := []stage{{limit: patient}}
	for _, m := range passed.FindAllStringSubmatch(log, -1) {
		took, _ := time.ParseDuration(m[2])
		if took > quick {
			stages = append(stages, stage{[]string{m[1]}, patient + 10*took})
			continue
		}
		stages[0].tests = append(stages[0].tests, m[1])
		stages[0].limit += 10 * took
	}
	return stages
}

// try runs the tests on the mutant of a number and says what becomes of it.
func (s *source) try(number int, m *mutant, stages []stage) string {
	program := "all"
	if m.within == nil {
		program = strconv.Itoa(number)
		if _, err := s.compile(program, s.text[:m.from]+m.with+s.text[m.to:]); err != nil {
			return notCompiled
		}
	}
	outcome := survived
	if excused[m.name] {
		stages, outcome = stages[:1], equivalent
	}
	for _, g := range stages {
		only := "-test.run=^(" + strings.Join(g.tests, "|") + ")$"
		if _, err := run(g.limit, filepath.Dir(s.path), number, filepath.Join(dir, program+".test"), "-test.failfast", only); err != nil {
			return killed
		}
	}
	return outcome
}

// compile makes dir/name.test, the package's tests with text in the file's place.
func (s *source) compile(name, text string) (out string, err error) {
	path, err := filepath.Abs(s.path)
	if err != nil {
		return "", err
	}
	base := filepath.Join(dir, name)
	if err := os.WriteFile(base+".go", []byte(text), 0o644); err != nil {
		return "", err
	}
	if err := os.WriteFile(base+".json", fmt.Appendf(nil, `{"Replace": {%q: %q}}`, path, base+".go"), 0o644); err != nil {
		return "", err
	}
	return run(time.Hour, ".", 0, "go", "test", "-c", "-vet=off", "-gcflags=-e", "-overlay="+base+".json", "-o="+base+".test", "./"+filepath.Dir(s.path))
}

// run runs a command in a folder, on one processor and with a mutant awake, 0 for none.
func run(limit time.Duration, folder string, mutant int, command string, args ...string) (out string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c := exec.CommandContext(ctx, command, args...)
	c.Dir, c.Env = folder, append(os.Environ(), "GOMAXPROCS=1", "MUTANT="+strconv.Itoa(mutant))
	text, err := c.CombinedOutput()
	if c.ProcessState != nil {
		cpu.Add(int64(c.ProcessState.UserTime() + c.ProcessState.SystemTime()))
	}
	return string(text), err
}
