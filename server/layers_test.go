package server_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "godrift.dev/"

// layers is the house, floor by floor: what each room may import of godrift
// itself, with the reason. A room without a row fails the test.
var layers = []struct {
	room   string
	may    []string
	reason string
}{
	{"server/drift", nil, "the nouns are plain data that everyone shares"},
	{"server/drift/releases", []string{"server/drift"}, "release data is a noun like the others"},
	{"server/drift/knowntools", []string{"server/drift"}, "what is known about tools is a noun like the others"},
	{"server/drift/ports", nil, "what Go builds for is a noun like the others"},
	{"server/drift/record", []string{"server/drift", "shared"}, "how a record is written and read is a part of the noun; its schema is published in shared"},
	{"server/config", nil, "what the user has chosen is read in one place, and everyone obeys it"},
	{"server/observe/pins", []string{"server/drift"}, "a format knows bytes, not where they come from"},
	{"server/observe/goenv", []string{"server/drift"}, "layers are a function of files and an environment"},
	{"server/observe/modgraph", []string{"server/drift"}, "what a module cache holds is a fact like others"},
	{"server/observe/toolchain", []string{"server/drift"}, "selection is a function of values, so that it can be replayed"},
	{"server/observe/gocache", []string{"server/drift"}, "a cache is a folder, whoever uses it"},
	{"server/observe/tools", []string{"server/drift"}, "what a program was built with is a function of its bytes"},
	{"server/observe/cgo", []string{"server/drift"}, "how a C compiler is asked, and what its answer means, is a function of values"},
	{"server/observe/host", []string{"server/drift"}, "what a machine is stands in a few files and variables"},
	{"server/observe/workspace", []string{"server/drift", "server/observe/"}, "the one observer that puts the others together"},
	{"server/judge/policy", []string{"server/drift"}, "policy is data about findings"},
	{"server/judge/rules", []string{"server/drift", "server/judge/policy"}, "the judges know nothing but the nouns"},
	{"server/judge/readers", []string{"server/drift"}, "what a program would take is a function of a snapshot"},
	{"server/judge/health", []string{"server/drift"}, "a score is a function of findings"},
	{"server/remember", []string{"server/drift", "server/config"}, "memory stores nouns and judges nothing"},
	{"server/terminal", nil, "what a shell left behind is a file of variables"},
	{"server/tell", []string{"server/drift", "shared"}, "a renderer gets a report and renders it"},
	{"server/tell/alert", []string{"server/drift", "server/config", "server/tell"}, "an alert is a rendering that is sent; where it waits and how programs start is handed in"},
	{"server/tell/telemetry", []string{"server/drift", "server/config"}, "numbers are made from the nouns, and sent where the user's own configuration says"},
	{"server/watch", []string{"server/drift"}, "the disk's changes become events, nothing more"},
	{"server/shell", []string{"server/drift"}, "what a shell is told is a function of values"},
	{"server/ask", []string{"server/drift", "server/shell"}, "the one room that starts a program to learn something: observers start none"},
	{"server/act", []string{"server/drift", "server/remember", "server/shell"}, "the only writer to the world, which writes its journal first"},
	{"server/engine", []string{"server/drift", "server/config", "server/observe/workspace", "server/observe/modgraph", "server/observe/host", "server/observe/gocache", "server/observe/cgo", "server/judge/", "server/remember", "server/watch", "server/shell", "server/terminal", "server/ask", "server/act", "server/tell"}, "the one loop"},
	{"server/face/cli", []string{"server/drift", "server/config", "server/engine", "server/tell", "server/tell/alert", "server/tell/telemetry", "shared"}, "a face asks the engine and renders; a person tries out, lists and silences alerts without a monitor, and a CI job sends what a check found"},
	{"server/face/lsp", []string{"server/drift", "server/engine", "server/tell", "shared"}, "a face asks the engine and renders"},
	{"server/face/monitor", []string{"server/drift", "server/config", "server/engine", "server/tell", "server/tell/telemetry", "server/tell/alert", "server/face/monitor/web", "shared"}, "a face asks the engine and renders; this one obeys the user's configuration besides"},
	{"server/face/monitor/web", []string{"server/drift", "server/config", "server/engine", "server/tell", "shared"}, "the monitor's page and what it asks are a face; that it is reached over a network is its business alone"},
	{"server/cmd/godrift", []string{"server/face/", "server/engine"}, "main picks the face"},
	{"shared", nil, "what both halves agree on depends on neither"},
}

// only lists libraries that one room keeps to itself.
var only = []struct {
	library, room, reason string
}{
	{"go.lsp.dev/", "server/face/lsp", "the protocol library must stay replaceable"},
	{"github.com/fsnotify/fsnotify", "server/watch", "the watching library must stay replaceable"},
	{"modernc.org/sqlite", "server/remember", "the database is nobody else's business"},
	{"github.com/spf13/cobra", "server/face/cli", "commands are a face"},
	{"github.com/hashicorp/go-retryablehttp", "server/tell/alert", "only alerts are sent again"},
	{"github.com/DeRuina/timberjack", "server/tell/alert", "only the log of alerts rotates"},
	{"go.opentelemetry.io/", "server/tell/telemetry", "whoever measures tells telemetry, which knows the library"},
	{"github.com/prometheus/", "server/tell/telemetry", "whoever measures tells telemetry, which knows the library"},
	{"github.com/coder/websocket", "server/face/monitor/web", "who may connect is decided in one place"},
	{"text/template", "no room", "with it the linker keeps every method there is: a tenth of the program, which each process maps"},
	{"html/template", "no room", "with it the linker keeps every method there is: a tenth of the program, which each process maps"},
	{"os/exec", "server/act", "observers and judges start no process"},
}

// mayExec lists rooms besides act that may start a process, with the reason.
var mayExec = map[string]string{
	"server/face/cli": "check --staged, check --since and hook git ask git",
	"server/ask":      "a login shell, a compiler and the go command are asked by starting them, and what the user's own configuration names is told by starting it",
}

func TestLayers(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".." || entry.Name() == "node_modules" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel("..", file)
		if err != nil {
			return err
		}
		room := path.Dir(filepath.ToSlash(rel))
		if entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(room, "scripts/") {
			return nil
		}
		i := slices.IndexFunc(layers, func(l struct {
			room   string
			may    []string
			reason string
		},
		) bool {
			return l.room == room
		})
		if i < 0 {
			t.Errorf("%s: the room %s has no row in the table of layers", file, room)
			return nil
		}
		seen[room] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			checkLibrary(t, file, room, imported)
			inside, ok := strings.CutPrefix(imported, module)
			if !ok {
				continue
			}
			allowed := slices.ContainsFunc(layers[i].may, func(may string) bool {
				return inside == may || strings.HasSuffix(may, "/") && strings.HasPrefix(inside, may) ||
					may == "server/drift" && (inside == "server/drift/releases" || inside == "server/drift/ports" || inside == "server/drift/knowntools" || inside == "server/drift/record")
			})
			if !allowed {
				t.Errorf("%s imports %s; %s may import only %v: %s", file, inside, room, layers[i].may, layers[i].reason)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if !seen[l.room] {
			t.Errorf("the table of layers speaks of %s, which does not exist", l.room)
		}
	}
}

func checkLibrary(t *testing.T, file, room, imported string) {
	t.Helper()
	for _, o := range only {
		if imported != strings.TrimSuffix(o.library, "/") && !(strings.HasSuffix(o.library, "/") && strings.HasPrefix(imported, o.library)) {
			continue
		}
		if room == o.room || o.library == "os/exec" && mayExec[room] != "" {
			continue
		}
		t.Errorf("%s imports %s, which only %s may: %s", file, imported, o.room, o.reason)
	}
}
