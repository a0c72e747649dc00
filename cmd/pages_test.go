package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"equifm/egnn/trained/config"

	"github.com/BurntSushi/toml"
)

// What the pages for readers name in code type is there: files and folders,
// identifiers as package.Name or package.Type.Name, and keys of the configuration.
func TestPagesNameWhatExists(t *testing.T) {
	known := identifiers(t)
	for key := range keys(t) {
		known[key] = true
	}
	for _, page := range []string{"house.md", "method.md"} {
		text, err := os.ReadFile(filepath.Join("..", ".docs", page))
		if err != nil {
			t.Fatal(err)
		}
		named := 0
		for _, code := range inline.FindAllStringSubmatch(string(text), -1) {
			word, _, _ := strings.Cut(code[1], " ")
			switch {
			case isPath(word):
				_, err := os.Stat(filepath.Join("..", strings.TrimSuffix(word, "/…")))
				if named++; err != nil {
					t.Errorf("%s: %v", page, err)
				}
			case dotted.MatchString(word):
				if named++; !known[word] {
					t.Errorf("%s: %s is no identifier and no key", page, word)
				}
			}
		}
		if named < 50 {
			t.Errorf("%s names %d files, identifiers and keys: are they still in code type?", page, named)
		}
		for _, link := range links.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join("..", ".docs", link[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}

// Every package that others may import has a row in the table of rooms, a page that
// teaches it, and an example.
func TestRoomsAreAllThere(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", ".docs", "house.md"))
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range mayImport {
		room := "\n| `" + strings.TrimPrefix(pkg, "equifm/") + "` |"
		if !strings.Contains(string(text), room) {
			t.Errorf("house.md has no row for %s", pkg)
		}
		dir := filepath.Join("..", strings.TrimPrefix(pkg, "equifm/"))
		if _, err := os.Stat(filepath.Join(dir, "doc.go")); err != nil {
			t.Error(err)
		}
		if !hasExample(t, dir) {
			t.Errorf("%s has no example", pkg)
		}
	}
}

// hasExample says whether a package's tests have an example.
func hasExample(t *testing.T, dir string) bool {
	tests, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range tests {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc Example") {
			return true
		}
	}
	return false
}

var (
	inline = regexp.MustCompile("`([^`\n]+)`")
	links  = regexp.MustCompile(`\]\(([^):#]+)\)`)
	dotted = regexp.MustCompile(`^[a-z0-9]+(\.[A-Za-z0-9_]+)+$`)
	room   = regexp.MustCompile(`^[a-z]+$`)
)

// isPath says whether a word names a file or folder of the repository.
func isPath(word string) bool {
	if strings.Contains(word, "/") || strings.HasSuffix(word, ".go") {
		return true
	}
	_, err := os.Stat(filepath.Join("..", word))
	return room.MatchString(word) && err == nil
}

// keys are the dotted names of all settings.
func keys(t *testing.T) map[string]bool {
	var sections map[string]any
	if _, err := toml.Decode(config.Default().String(), &sections); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for section, settings := range sections {
		table, _ := settings.(map[string]any)
		for key := range table {
			names[section+"."+key] = true
		}
	}
	return names
}

// identifiers are the names declared in the module's packages: package.Name, and
// package.Type.Name of methods and fields.
func identifiers(t *testing.T) map[string]bool {
	names := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			declared(f.Name.Name, decl, names)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// declared puts what a declaration of a package names into names.
func declared(pkg string, decl ast.Decl, names map[string]bool) {
	if f, ok := decl.(*ast.FuncDecl); ok {
		if f.Recv == nil {
			names[pkg+"."+f.Name.Name] = true
		} else {
			names[pkg+"."+typeName(f.Recv.List[0].Type)+"."+f.Name.Name] = true
		}
		return
	}
	for _, spec := range decl.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				names[pkg+"."+name.Name] = true
			}
		case *ast.TypeSpec:
			names[pkg+"."+spec.Name.Name] = true
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					for _, name := range field.Names {
						names[pkg+"."+spec.Name.Name+"."+name.Name] = true
					}
				}
			}
		}
	}
}

// typeName is the name of a receiver's type, without pointer and type parameters.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
