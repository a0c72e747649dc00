// Command count counts the instructions that package kernel executes on arm64 in
// one call of every benchmark, with and without its assembly, under
// qemu-aarch64. It prints the table of the package's documentation:
//
//	go run -C autograd/kernel/asm ./neon/count
package main

import (
	"bufio"
	"debug/elf"
	"debug/gosym"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Benchmarks, and what one call is divided by.
var works = []struct {
	pattern string
	size    float64
	unit    string
}{
	{"^BenchmarkGemm$/^NN$/^306x32x32$/^ours$", 306 * 32 * 32, "multiply-add"},
	{"^BenchmarkKernels$/%s/^fast$", 32 * 256, "element"},
	{"^BenchmarkPairKernels$/%s/^fast$", 18 * 17, "pair"},
}

func main() {
	log.SetFlags(0)
	only := flag.String("run", "", "kernels to count, a regular expression")
	flag.Parse()
	dir, err := os.MkdirTemp("", "count")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	assembly, plain := build(dir, "assembly"), build(dir, "plain", "-tags=noasm")
	fmt.Printf("%-20s %10s %10s %7s\n", "kernel", "assembly", "Go", "ratio")
	for _, w := range works {
		for _, name := range kernels(assembly, w.pattern) {
			if !regexp.MustCompile(*only).MatchString(name) {
				continue
			}
			pattern := w.pattern
			if strings.Contains(pattern, "%s") {
				pattern = fmt.Sprintf(pattern, "^"+name+"$")
			}
			a, p := assembly.count(pattern), plain.count(pattern)
			fmt.Printf("%-20s %10.2f %10.2f %7.1f  a %s\n", name, a/w.size, p/w.size, p/a, w.unit)
		}
	}
}

// A binary is a test of package kernel and its functions that are no tests, by
// address.
type binary struct {
	path  string
	funcs []gosym.Func
}

func build(dir, name string, flags ...string) *binary {
	b := &binary{path: filepath.Join(dir, name)}
	cmd := exec.Command("go", append([]string{"test", "-c", "-o", b.path}, append(flags, ".")...)...)
	cmd.Dir, cmd.Stderr = "..", os.Stderr
	cmd.Env = append(os.Environ(), "GOARCH=arm64", "GOOS=linux", "CGO_ENABLED=0")
	if err := cmd.Run(); err != nil {
		log.Fatal(err)
	}
	file, err := elf.Open(b.path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	lines, err := file.Section(".gopclntab").Data()
	if err != nil {
		log.Fatal(err)
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(lines, file.Section(".text").Addr))
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range table.Funcs {
		source, _, _ := table.PCToLine(f.Entry)
		if strings.HasPrefix(f.Name, "equifm/autograd/kernel.") && !strings.HasSuffix(source, "_test.go") {
			b.funcs = append(b.funcs, f)
		}
	}
	sort.Slice(b.funcs, func(i, j int) bool { return b.funcs[i].Entry < b.funcs[j].Entry })
	return b
}

// kernels lists the names that stand for %s in a pattern.
func kernels(b *binary, pattern string) []string {
	if !strings.Contains(pattern, "%s") {
		return []string{"Sgemm"}
	}
	out, err := exec.Command("qemu-aarch64", b.path, "-test.run=^$", "-test.benchtime=1x", "-test.bench="+fmt.Sprintf(pattern, ".")).Output()
	if err != nil {
		log.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^Benchmark\w+/(\w+)/fast`).FindAllStringSubmatch(string(out), -1) {
		names = append(names, m[1])
	}
	return names
}

var trace = regexp.MustCompile(`^Trace \d+: \S+ \[\w+/(\w+)/`)

// count runs a benchmark once, an instruction at a time, and counts those in the
// functions that are no tests.
func (b *binary) count(pattern string) float64 {
	first, last := b.funcs[0].Entry, b.funcs[len(b.funcs)-1].End
	cmd := exec.Command("qemu-aarch64", "-singlestep", "-d", "nochain,exec", "-dfilter", fmt.Sprintf("0x%x..0x%x", first, last),
		b.path, "-test.run=^$", "-test.benchtime=1x", "-test.bench="+pattern)
	out, err := cmd.StderrPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		m := trace.FindSubmatch(lines.Bytes())
		if m == nil {
			continue
		}
		pc, err := strconv.ParseUint(string(m[1]), 16, 64)
		if err != nil {
			log.Fatal(err)
		}
		i := sort.Search(len(b.funcs), func(i int) bool { return b.funcs[i].Entry > pc }) - 1
		if i >= 0 && pc < b.funcs[i].End {
			n++
		}
	}
	if err := cmd.Wait(); err != nil {
		log.Fatal(err)
	}
	return float64(n)
}
