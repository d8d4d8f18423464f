package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
)

// A fault replaces a part of a file by another text.
type fault struct {
	file       string
	source     []byte
	start, end int
	with       string
	number     int    // of the line
	function   string // in which it is
}

// changed is the file with the fault.
func (f fault) changed() []byte {
	return []byte(string(f.source[:f.start]) + f.with + string(f.source[f.end:]))
}

func (f fault) before() string { return string(f.source[f.start:f.end]) }

// line names the fault in one line. It does not name the number of the line, which changes
// with every edit above it.
func (f fault) line() string {
	return fmt.Sprintf("%s: %s: %s -> %s", f.file, f.function, oneLine(f.before()), oneLine(f.with))
}

func oneLine(text string) string {
	if words := strings.Fields(text); len(words) > 0 {
		return strings.Join(words, " ")
	}
	return "nothing"
}

// diff shows the lines that the fault changes.
func (f fault) diff() string {
	first := strings.LastIndexByte(string(f.source[:f.start]), '\n') + 1
	last := len(f.source)
	if i := strings.IndexByte(string(f.source[f.end:]), '\n'); i >= 0 {
		last = f.end + i
	}
	before := string(f.source[first:last])
	after := string(f.source[first:f.start]) + f.with + string(f.source[f.end:last])
	return fmt.Sprintf("%s:%d\n-%s\n+%s\n", f.file, f.number,
		strings.ReplaceAll(before, "\n", "\n-"), strings.ReplaceAll(after, "\n", "\n+"))
}

// faultsIn finds every fault that can be made in a package.
func faultsIn(dir, pattern string) (all []fault, err error) {
	files, err := sources(dir, pattern)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found, err := faultsOf(file, source)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// A finder collects the faults of one file.
type finder struct {
	files    *token.FileSet
	file     string
	source   []byte
	function string
	found    []fault
}

func faultsOf(file string, source []byte) ([]fault, error) {
	f := &finder{files: token.NewFileSet(), file: file, source: source}
	parsed, err := parser.ParseFile(f.files, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, declaration := range parsed.Decls {
		if function, is := declaration.(*ast.FuncDecl); is && function.Body != nil {
			f.function = function.Name.Name
			f.body(function.Type, function.Body)
			ast.Inspect(function.Body, f.visit)
		} else if declaration, is := declaration.(*ast.GenDecl); is && declaration.Tok != token.IMPORT {
			f.function = "-"
			ast.Inspect(declaration, f.visit)
		}
	}
	return f.found, nil
}

// replace notes the fault that a node, or what is between two places, is another text.
func (f *finder) replace(from, to token.Pos, with string) {
	start, end := f.files.Position(from), f.files.Position(to)
	f.found = append(f.found, fault{f.file, f.source, start.Offset, end.Offset, with, start.Line, f.function})
}

func (f *finder) text(n ast.Node) string {
	return string(f.source[f.files.Position(n.Pos()).Offset:f.files.Position(n.End()).Offset])
}

// body lets a function return at once, where the zero values of its results have names.
func (f *finder) body(of *ast.FuncType, body *ast.BlockStmt) {
	if len(body.List) == 0 {
		return
	}
	named := of.Results == nil || len(of.Results.List[0].Names) > 0
	if named {
		f.replace(body.Lbrace+1, body.Lbrace+1, " if true { return }; ")
	}
}

// opposites are the operators of which one is easily written for the other.
var opposites = map[token.Token]token.Token{
	token.LAND: token.LOR, token.LOR: token.LAND, token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if other, is := opposites[n.Op]; is && !f.concatenates(n) {
			f.replace(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), other.String())
		}
	case *ast.IfStmt:
		f.replace(n.Cond.Pos(), n.Cond.End(), "!("+f.text(n.Cond)+")")
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.BasicLit:
		f.literal(n)
	case *ast.Ident:
		if other := map[string]string{"true": "false", "false": "true"}[n.Name]; other != "" {
			f.replace(n.Pos(), n.End(), other)
		}
	case *ast.ReturnStmt:
		f.result(n)
	}
	return true
}

// concatenates reports whether a + joins texts, where a - does not compile.
func (f *finder) concatenates(n *ast.BinaryExpr) bool {
	return n.Op == token.ADD && strings.ContainsAny(f.text(n), "\"`")
}

func (f *finder) literal(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	if value, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
		f.replace(n.Pos(), n.End(), strconv.FormatInt(value+1, 10))
	}
}

// result lets a function that returns an error return none.
func (f *finder) result(n *ast.ReturnStmt) {
	if len(n.Results) == 0 {
		return
	}
	last := n.Results[len(n.Results)-1]
	if text := f.text(last); text == "err" || strings.HasPrefix(text, "unavailable(") || strings.HasPrefix(text, "refuse(") {
		f.replace(last.Pos(), last.End(), "nil")
	}
}

// statements leaves each statement out that the others can do without.
func (f *finder) statements(list []ast.Stmt) {
	for _, statement := range list {
		switch s := statement.(type) {
		case *ast.ExprStmt, *ast.DeferStmt, *ast.IncDecStmt, *ast.GoStmt:
			f.replace(s.Pos(), s.End(), "")
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				f.replace(s.Pos(), s.End(), blank(f, s))
			}
		}
	}
}

// blank uses the right-hand side of an assignment, so that no variable becomes unused. Where that is all
// that the assignment does, nothing is left.
func blank(f *finder, s *ast.AssignStmt) string {
	switch {
	case len(s.Lhs) == 1 && f.text(s.Lhs[0]) == "_":
		return ""
	case s.Tok != token.ASSIGN:
		return "_ = " + f.text(s.Rhs[0])
	}
	var right []string
	for _, value := range s.Rhs {
		right = append(right, f.text(value))
	}
	return strings.TrimSuffix(strings.Repeat("_, ", len(s.Lhs)), ", ") + " = " + strings.Join(right, ", ")
}
