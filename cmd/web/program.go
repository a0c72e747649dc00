package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is the sampler for browsers, and what goes with it.
type program struct {
	wasm     []byte
	support  []byte // wasm_exec.js of the Go that built it
	licences string // of all that the program holds
}

// sampler is the package that is built.
const sampler = "equifm/cmd/web/sampler"

// compile builds the program, without the names that only a debugger reads.
func compile() (p program, err error) {
	dir, err := os.MkdirTemp("", "equifm-web-*")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "sampler.wasm")
	if _, err := golang("build", "-trimpath", "-ldflags=-s -w", "-o", path, sampler); err != nil {
		return p, fmt.Errorf("%w; this command is run in the repository", err)
	}
	if p.wasm, err = os.ReadFile(path); err != nil {
		return p, err
	}
	root, err := golang("env", "GOROOT")
	if err != nil {
		return p, err
	}
	if p.support, err = os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js")); err != nil {
		return p, err
	}
	p.licences, err = licences(root)
	return p, err
}

// licences returns those of this module, of Go, and of the modules in the program.
func licences(root string) (all string, err error) {
	list, err := golang("list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}", sampler)
	if err != nil {
		return "", err
	}
	seen := map[string]bool{}
	for _, module := range append(strings.Split(list, "\n"), "Go\t\t"+root) {
		if module == "" || seen[module] {
			continue
		}
		seen[module] = true
		part := strings.Split(module, "\t")
		text, err := licenceIn(part[2])
		if err != nil {
			return "", fmt.Errorf("licence of %s: %w", part[0], err)
		}
		all += licence(strings.TrimSpace(part[0]+" "+part[1]), text)
	}
	return all, nil
}

// licenceIn returns the text of a module's licence, by the names that are usual.
func licenceIn(dir string) (string, error) {
	var text []byte
	var err error
	for _, name := range []string{"LICENSE", "LICENSE.txt", "COPYING"} {
		if text, err = os.ReadFile(filepath.Join(dir, name)); err == nil {
			return string(text), nil
		}
	}
	return "", err
}

func licence(of, text string) string {
	return of + "\n" + strings.Repeat("-", len(of)) + "\n\n" + strings.TrimSpace(text) + "\n\n\n"
}

// golang runs the go command for browsers, and returns what it prints.
func golang(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, bytes.TrimSpace(said.Bytes()))
	}
	return strings.TrimSpace(string(out)), nil
}
