// Web writes a page that draws molecules in the browser: a folder for any static host,
// or to be opened as it is. Whoever looks at it needs no Go, no server and no network;
// what it draws is what cmd/sample draws.
//
//	go run ./cmd/web -out site
//
// It calls go build, to make the sampler a program for browsers, and is therefore run
// in the repository.
//
// The page is the files of page/, one idea each: plain scripts, for modules are among
// what a page from the disk may not load. Its Go is package onscreen below this one,
// which knows of no browser, and sampler/, which knows of nothing else.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/ranks"
	"equifm/cmd/internal/usage"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	status := exit.Code(err)
	if status != 0 {
		ranks.Complain(os.Stderr, "web", err)
	}
	os.Exit(status)
}

func define(f *flag.FlagSet) (out *string, asJSON *bool) {
	out = f.String("out", "site", "`folder` to write; it is made where there is none")
	asJSON = f.Bool("json", false, "print what was written as one JSON object; .docs/json.md has the fields")
	return out, asJSON
}

// help is the command's page.
var help = usage.Page{
	Command: "web",
	What:    "Web writes a page that draws molecules in the browser, with the sampler and the built-in model in it. It calls\ngo build, and is therefore run in the repository.",
	Groups:  []usage.Group{{Title: "Output", Flags: []string{"out", "json"}, Examples: []string{"-out site", "-out site -json"}}},
}

// done is what -json prints.
type done struct {
	Out   string `json:"out"`
	Index string `json:"index"` // the file to open
	Files int    `json:"files"`
	Bytes int    `json:"bytes"` // of all files
}

func run(args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("web", flag.ContinueOnError)
	out, asJSON := define(f)
	help.On(f, stderr)
	if err := f.Parse(args); err != nil {
		return exit.Usage{Err: err}
	}
	if _, err := usage.Read(f); err != nil {
		return exit.Usage{Err: err}
	}
	if f.NArg() > 0 {
		return exit.Usage{Err: fmt.Errorf("unexpected argument %q; the folder is named with -out", f.Arg(0))}
	}
	if err := checkFolder(*out); err != nil {
		return err
	}
	s, err := build()
	if err != nil {
		return err
	}
	size, err := s.write(*out)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(stdout).Encode(done{*out, filepath.Join(*out, "index.html"), len(s), size})
	}
	fmt.Fprintf(stdout, "%s: a page of %.1f MB; open %s, or put the folder on any web server\n", *out, float64(size)/1e6, filepath.Join(*out, "index.html"))
	return nil
}
