package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// A mutant is one small change of a file. Its name says where and what: file, function,
// and what the line has become.
type mutant struct {
	name        string
	line        int
	within      *ast.FuncDecl // nil outside functions
	from, to    int           // bytes of the file that change,
	with        string        // into this
	first, last int           // lines of its body in the program
	outcome     string
}

// source is a file and its mutants.
type source struct {
	path    string // from the root of the repository
	text    string
	fset    *token.FileSet
	tree    *ast.File
	within  *ast.FuncDecl
	mutants []*mutant
}

// newSource finds every mutant of a file. What is taken out stays where it is, behind a
// false condition or a factor of zero, so that nothing declared becomes unused.
func newSource(path, text string) (s *source, err error) {
	s = &source{path: path, text: text, fset: token.NewFileSet()}
	if s.tree, err = parser.ParseFile(s.fset, path, text, parser.SkipObjectResolution); err != nil {
		return nil, err
	}
	for _, d := range s.tree.Decls {
		s.within, _ = d.(*ast.FuncDecl)
		ast.Inspect(d, s.visit)
	}
	return s, nil
}

// program returns the file with all mutants in it that are in functions: each function
// has a body for every mutant, and takes the one whose number, from 1, is in the
// environment's MUTANT.
func (s *source) program() string {
	var b strings.Builder
	done, line := 0, 1
	write := func(text string) {
		b.WriteString(text)
		line += strings.Count(text, "\n")
	}
	upTo := func(at token.Pos) { write(s.text[done:s.offset(at)]); done = s.offset(at) }
	upTo(s.tree.Name.End())
	write(`; import (mutantos "os"; mutantconv "strconv")`)
	for _, d := range s.tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		upTo(f.Body.Lbrace + 1)
		write("switch activeMutant {")
		for i, m := range s.mutants {
			if m.within != f || m.outcome != "" {
				continue
			}
			write(fmt.Sprintf("\ncase %d: ", i+1))
			m.first = line
			write(s.text[s.offset(f.Body.Lbrace):m.from] + m.with + s.text[m.to:s.offset(f.Body.End())])
			m.last = line
			if f.Type.Results == nil {
				write("; return")
			} else {
				write(`; panic("not reached")`)
			}
		}
		write("\n}\n")
	}
	return b.String() + s.text[done:] + "\nvar activeMutant, _ = mutantconv.Atoi(mutantos.Getenv(\"MUTANT\"))\n"
}

func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// change adds the mutant that has with in the place of the text between two positions.
func (s *source) change(from, to token.Pos, with string) {
	m := &mutant{line: s.fset.Position(from).Line, within: s.within, from: s.offset(from), to: s.offset(to), with: with}
	start, where := strings.LastIndex(s.text[:m.from], "\n")+1, ""
	if s.within != nil {
		where = " " + s.within.Name.Name
	}
	after, _, _ := strings.Cut(s.text[start:m.from]+with+s.text[m.to:], "\n")
	m.name = fmt.Sprintf("%s%s: %s", s.path, where, strings.TrimSpace(after))
	s.mutants = append(s.mutants, m)
}

// replace puts the text of a node into a pattern.
func (s *source) replace(n ast.Node, pattern string) {
	s.change(n.Pos(), n.End(), strings.ReplaceAll(pattern, "$", s.text[s.offset(n.Pos()):s.offset(n.End())]))
}

// swap puts the other operator in the place of the one at a position, if it has one.
func (s *source) swap(at token.Pos, old token.Token) {
	if other, ok := others[old.String()]; ok {
		s.change(at, at+token.Pos(len(old.String())), other)
	}
}

// others are operators, and names that stand for a choice, each with its other.
var others = map[string]string{
	"+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
	"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "++": "--", "--": "++",
	"true": "false", "false": "true", "NoTrans": "Trans", "Trans": "NoTrans",
}

func (s *source) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		s.deleteEach(n.List)
	case *ast.CaseClause:
		s.deleteEach(n.Body)
	case *ast.IfStmt:
		s.replace(n.Cond, "!($)")
		s.replace(n.Cond, "true || $")
	case *ast.AssignStmt:
		s.swap(n.TokPos, n.Tok)
		if n.Tok == token.ASSIGN && len(n.Lhs) > 1 { // one of several at once
			for _, to := range n.Lhs {
				s.replace(to, "_")
			}
		}
	case *ast.IncDecStmt:
		s.swap(n.TokPos, n.Tok)
	case *ast.BinaryExpr:
		s.swap(n.OpPos, n.Op)
		if pattern := without[n.Op]; pattern != "" {
			s.replace(n.X, pattern)
			s.replace(n.Y, pattern)
		}
	case *ast.UnaryExpr:
		if n.Op == token.SUB || n.Op == token.NOT {
			s.change(n.OpPos, n.X.Pos(), "")
		}
	case *ast.BasicLit:
		if n.Kind == token.INT || n.Kind == token.FLOAT {
			s.replace(n, "($ + 1)")
		}
	case *ast.Ident:
		if other, ok := others[n.Name]; ok {
			s.replace(n, other)
		}
	case *ast.KeyValueExpr:
		end := n.End()
		if s.text[s.offset(end)] == ',' {
			end++
		}
		s.change(n.Pos(), end, "")
	case *ast.SliceExpr:
		if n.Low != nil {
			s.replace(n.Low, "0*($)")
		}
	}
	return true
}

// without takes a term out of a sum, or a part out of a condition.
var without = map[token.Token]string{token.ADD: "0*($)", token.SUB: "0*($)", token.LAND: "(true || $)", token.LOR: "(false && $)"}

// deleteEach deletes each statement of a list that holds no others. (Without its last
// return a function does not compile.)
func (s *source) deleteEach(list []ast.Stmt) {
	for _, one := range list {
		switch one := one.(type) {
		case *ast.AssignStmt:
			if one.Tok != token.DEFINE {
				s.replace(one, "if false { $ }")
			}
		case *ast.ReturnStmt:
			if s.within.Type.Results == nil || one != s.within.Body.List[len(s.within.Body.List)-1] {
				s.replace(one, "if false { $ }")
			}
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt:
			s.replace(one, "if false { $ }")
		}
	}
}
