package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// source is what the generator reads out of the Go source itself, because
// reflection does not know it: doc comments, and the values of named strings.
type source struct {
	// docs maps "pkgpath.Type" and "pkgpath.Type.Field" to their comments.
	docs map[string]string
	// values maps "pkgpath.Type" to the declared constants of a string type, in
	// order.
	values map[string][]string
}

// readSource parses packages of the module, given by folder below root.
func readSource(root string, dirs ...string) (*source, error) {
	src := &source{docs: map[string]string{}, values: map[string][]string{}}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				return nil, fmt.Errorf("read the Go source of %s: %w", dir, err)
			}
			src.add("godrift.dev/"+dir, file)
		}
	}
	return src, nil
}

func (s *source) add(pkg string, file *ast.File) {
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				name := pkg + "." + spec.Name.Name
				s.docs[name] = text(spec.Doc, gen.Doc)
				if str, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range str.Fields.List {
						for _, ident := range field.Names {
							s.docs[name+"."+ident.Name] = text(field.Doc, field.Comment)
						}
					}
				}
			case *ast.ValueSpec:
				ident, ok := spec.Type.(*ast.Ident)
				if !ok || gen.Tok != token.CONST {
					continue
				}
				for _, value := range spec.Values {
					lit, ok := value.(*ast.BasicLit)
					if !ok || lit.Kind != token.STRING {
						continue
					}
					word, err := strconv.Unquote(lit.Value)
					if err != nil {
						continue // the compiler would have refused it
					}
					name := pkg + "." + ident.Name
					s.values[name] = append(s.values[name], word)
				}
			}
		}
	}
}

func text(groups ...*ast.CommentGroup) string {
	for _, group := range groups {
		if t := strings.TrimSpace(group.Text()); t != "" {
			return t
		}
	}
	return ""
}
