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
	{"^BenchmarkKernels$/./^fast$", 32 * 256, "element"},
	{"^BenchmarkPairKernels$/./^fast$", 18 * 17, "pair"},
}

func main() {
	log.SetFlags(0)
	dir, err := os.MkdirTemp("", "count")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	assembly, plain := build(dir, "assembly"), build(dir, "plain", "-tags=noasm")
	fmt.Printf("%-20s %10s %10s %7s\n", "kernel", "assembly", "Go", "ratio")
	for _, w := range works {
		names, ours := assembly.count(w.pattern)
		_, theirs := plain.count(w.pattern)
		if len(ours) != len(names) || len(theirs) != len(names) {
			log.Fatalf("%d and %d counts of %q", len(ours), len(theirs), names)
		}
		for i, name := range names {
			fmt.Printf("%-20s %10.2f %10.2f %7.1f  a %s\n", name, ours[i]/w.size, theirs[i]/w.size, theirs[i]/ours[i], w.unit)
		}
	}
}

// A binary is a test of package kernel, with the package's functions by address.
type binary struct {
	path  string
	funcs []function
}

// A function is a kernel's or a test's; a closure of a test's table calls the
// former.
type function struct {
	gosym.Func
	test, call bool
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
		if name, ok := strings.CutPrefix(f.Name, "equifm/autograd/kernel."); ok {
			test := strings.HasSuffix(source, "_test.go") || strings.HasPrefix(name, "init")
			call := strings.HasPrefix(name, "init.func") || name == "benchGemm"
			b.funcs = append(b.funcs, function{f, test, call})
		}
	}
	sort.Slice(b.funcs, func(i, j int) bool { return b.funcs[i].Entry < b.funcs[j].Entry })
	return b
}

// The tests print a line for each benchmark. qemu prints a block of instructions when it translates it, and the address of
// each block that it enters.
var (
	translated = regexp.MustCompile(`^0x(\w+): `)
	benchmark  = regexp.MustCompile(`(?m)^Benchmark\w+/(\w+)/.*(?:fast|ours)`)
	entered    = regexp.MustCompile(`^Trace \d+: \S+ \[\w+/(\w+)/`)
)

// count runs benchmarks once, and returns their names, and for each the instructions
// in functions that are no tests. They are those between one entry of a closure that
// calls a kernel and the next.
func (b *binary) count(pattern string) (names []string, counts []float64) {
	first, last := b.funcs[0].Entry, b.funcs[len(b.funcs)-1].End
	cmd := exec.Command("qemu-aarch64", "-d", "in_asm,nochain,exec", "-dfilter", fmt.Sprintf("0x%x..0x%x", first, last),
		b.path, "-test.run=^$", "-test.benchtime=1x", "-test.bench="+pattern)
	var stdout strings.Builder
	cmd.Stdout = &stdout
	out, err := cmd.StderrPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	block, length := uint64(0), map[uint64]int{}
	var calls []float64
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "IN:") {
			block = 0
		} else if m := translated.FindStringSubmatch(line); m != nil {
			if block == 0 {
				block = address(m[1])
				length[block] = 0
			}
			length[block]++
		} else if m := entered.FindStringSubmatch(line); m != nil {
			pc := address(m[1])
			f := b.at(pc)
			switch {
			case f.call && pc == f.Entry:
				calls = append(calls, 0)
			case !f.test && len(calls) > 0:
				calls[len(calls)-1] += float64(length[pc])
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		log.Fatal(err)
	}
	for _, n := range calls {
		if n > 0 {
			counts = append(counts, n)
		}
	}
	for _, m := range benchmark.FindAllStringSubmatch(stdout.String(), -1) {
		names = append(names, m[1])
	}
	return names, counts
}

func address(hex string) uint64 {
	a, err := strconv.ParseUint(hex, 16, 64)
	if err != nil {
		log.Fatal(err)
	}
	return a
}

// at returns the function at an address.
func (b *binary) at(pc uint64) function {
	i := sort.Search(len(b.funcs), func(i int) bool { return b.funcs[i].Entry > pc }) - 1
	if i >= 0 && pc < b.funcs[i].End {
		return b.funcs[i]
	}
	return function{test: true}
}
