package cgo

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/build"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// ListArgs are the arguments of a go command that lists every package which is built in
// a folder, for [ParseList]. Nothing is compiled, and git is not asked.
var ListArgs = []string{"list", "-e", "-deps", "-buildvcs=false", "-json=ImportPath,Name,Dir,Standard,DepOnly,Module,CgoFiles,CgoPkgConfig,Imports,ImportMap,Error", "./..."}

// listed is what go list prints of one package.
type listed struct {
	ImportPath, Name, Dir  string
	Standard, DepOnly      bool
	Module                 *struct{ Path, Version string }
	CgoFiles, CgoPkgConfig []string
	Imports                []string
	ImportMap              map[string]string
	Error                  *struct{ Err string }
}

// ParseList reads what a go command with ListArgs and CGO_ENABLED=1 prints.
func ParseList(files drift.Files, dir string, t Target, minor int, output []byte) (drift.CgoNeeds, error) {
	needs := drift.CgoNeeds{Dir: dir, Packages: []drift.CgoPackage{}}
	decoder := json.NewDecoder(bytes.NewReader(output))
	imports := map[string][]string{}
	withC := map[string]bool{}
	var programs []string
	for {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return needs, fmt.Errorf("read what go list prints: %w", err)
		}
		for i, path := range p.Imports {
			if mapped := p.ImportMap[path]; mapped != "" {
				p.Imports[i] = mapped
			}
		}
		imports[p.ImportPath] = p.Imports
		if p.Name == "main" && !p.DepOnly {
			programs = append(programs, p.ImportPath)
		}
		if len(p.CgoFiles) == 0 {
			if p.Error != nil && needs.Problem == "" && !strings.Contains(p.Error.Err, "build constraints exclude") {
				needs.Problem = drift.MaskText(drift.Clip(p.Error.Err))
			}
			continue
		}
		withC[p.ImportPath] = true
		pkg := drift.CgoPackage{
			Path: p.ImportPath, Dir: p.Dir, Files: p.CgoFiles, Own: !p.DepOnly, Standard: p.Standard, PkgConfig: p.CgoPkgConfig,
			Need: NeedOf(files, p.Dir, p.ImportPath, p.Standard, t, minor),
		}
		if p.Module != nil {
			pkg.Module, pkg.Version = p.Module.Path, p.Module.Version
		}
		needs.Packages = append(needs.Packages, pkg)
	}
	for _, path := range programs {
		needs.Programs = append(needs.Programs, drift.CgoProgram{Path: path, Links: linked(path, imports, withC)})
	}
	sortPackages(needs.Packages)
	return needs, nil
}

func sortPackages(list []drift.CgoPackage) {
	rank := func(p drift.CgoPackage) int {
		switch {
		case p.Own:
			return 0
		case !p.Standard:
			return 1
		}
		return 2
	}
	slices.SortFunc(list, func(a, b drift.CgoPackage) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Path, b.Path)) })
}

// linked are the packages with C code that a program is linked with.
func linked(path string, imports map[string][]string, withC map[string]bool) []string {
	links := []string{}
	seen := map[string]bool{path: true}
	for todo := []string{path}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if withC[at] {
			links = append(links, at)
		}
		for _, next := range imports[at] {
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	slices.Sort(links)
	return links
}

// stubs are packages that are built without cgo only to fail when they are used.
var stubs = []string{"github.com/mattn/go-sqlite3"}

// NeedOf says what becomes of a package where cgo is off, from its files.
func NeedOf(files drift.Files, dir, path string, standard bool, t Target, minor int) drift.CgoNeed {
	if standard {
		return drift.CgoFallback
	}
	if slices.Contains(stubs, path) {
		return drift.CgoStub
	}
	with, err := Context(files, t, minor, true).ImportDir(dir, 0)
	if err != nil {
		return drift.CgoRequired
	}
	without, err := Context(files, t, minor, false).ImportDir(dir, 0)
	if err != nil {
		return drift.CgoRequired // no Go file is left
	}
	// Files that are there only without cgo stand in for those with C code.
	for _, f := range without.GoFiles {
		if !slices.Contains(with.GoFiles, f) {
			return drift.CgoFallback
		}
	}
	return drift.CgoRequired
}

// maxFolders bounds the folders that are looked through for C code.
const maxFolders = 100_000

// Own finds the packages below a folder that have C code for a target, without
// asking a go command: import paths are told from the module's where there is one.
// What the go command passes by is passed by.
func Own(files drift.Files, dir, module string, t Target, minor int) drift.CgoNeeds {
	needs := drift.CgoNeeds{Dir: dir, Packages: []drift.CgoPackage{}, OwnOnly: true}
	todo, looked := []string{dir}, 0
	for len(todo) > 0 && looked < maxFolders {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		looked++
		entries, err := files.ReadDir(at)
		if err != nil {
			continue
		}
		mentions := false
		for _, e := range entries {
			name := e.Name()
			switch {
			case e.IsDir():
				if name == "vendor" || name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
					continue
				}
				sub := filepath.Join(at, name)
				if _, err := files.Stat(filepath.Join(sub, "go.mod")); err != nil { // else another module
					todo = append(todo, sub)
				}
			case e.Type().IsRegular() && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !mentions:
				text, err := files.ReadFile(filepath.Join(at, name))
				mentions = err == nil && bytes.Contains(text, []byte(`"C"`))
			}
		}
		if mentions {
			needs.Packages = append(needs.Packages, ownPackage(files, dir, at, module, t, minor)...)
		}
	}
	sortPackages(needs.Packages)
	return needs
}

func ownPackage(files drift.Files, dir, at, module string, t Target, minor int) []drift.CgoPackage {
	pkg, err := Context(files, t, minor, true).ImportDir(at, 0)
	var several *build.MultiplePackageError
	if err != nil && !errors.As(err, &several) || len(pkg.CgoFiles) == 0 {
		return nil
	}
	path := module
	if rel, err := filepath.Rel(dir, at); err == nil && rel != "." {
		path = strings.TrimPrefix(module+"/"+filepath.ToSlash(rel), "/")
	}
	return []drift.CgoPackage{{
		Path: path, Dir: at, Files: pkg.CgoFiles, Own: true, Module: module, PkgConfig: pkg.CgoPkgConfig,
		Need: NeedOf(files, at, path, false, t, minor),
	}}
}
