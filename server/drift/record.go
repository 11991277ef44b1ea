package drift

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// RecordVersion is the version of the layout of a Record: of the meaning of its
// keys. It grows when a key changes its meaning, not when one is added.
const RecordVersion = 1

// Record is a snapshot as it is remembered: flat facts, each with a key. It
// holds no secrets: variables that are not the go command's are left out, and
// what is secret in the others is masked.
//
// The keys, each with one text as its value:
//
//	go.selected         the toolchain that runs in Root, for example "go1.25.3"
//	go.goroot           its GOROOT
//	go.how              how the go command comes to it: "local", "path", …
//	go.path             the go that PATH finds
//	go.error            what "go version" prints when it stops
//	env.NAME            the value of a variable that "go env" prints
//	env.NAME@layer      where it comes from: "process", "goenv /home/me/.config/go/env",
//	                    "go.env /usr/local/go/go.env", "default"
//	env.NAME@keyed      of a masked value: a keyed hash of the true one, which
//	                    tells that it changed and nothing else
//	pin.FILE:SOURCE     the text of a pin; FILE is relative to Root, with slashes;
//	pin.FILE:SOURCE#2   the second of that source in that file, and so on
//	host.NAME           os, version, arch, libc, shell, shellVersion, editor,
//	                    editorVersion, container, ci, wsl, remote
//	tool.NAME           the version of a tool that a shell would start, and the Go
//	                    that built it: "v0.21.0 go1.26.8"
//	probe.NAME          what a probe of the user's own says: the first line of what its
//	                    command prints
//	print.NAME          a fingerprint: gosum, goenv, modules, modfiles, gocache;
//	                    print.modules also says how many and of what:
//	                    "3f9ac2d1… 512 modules", "… required modules", "… vendored modules"
//	agreed              the agreed Go and the file that says so:
//	                    "1.25.3 (.go-version)"
//	score               the health of the workspace, 0 to 100
//
// A layer has no line: a line that is added above changes where a value
// stands, and not what it is.
type Record struct {
	Version int `json:"version"`
	// Time, Root and Of say when, where and in whose environment it was seen.
	// They take no part in ID.
	Time   time.Time         `json:"time"`
	Root   string            `json:"root"`
	Of     string            `json:"of"`
	Values map[string]string `json:"values"`
	// Modules are those that the fingerprint of the module graph stands for. They
	// take no part in ID and in neither encoding, and are nil where they are not
	// remembered, as of a state that was imported.
	Modules []ResolvedModule `json:"-"`
}

// ModuleList is what the fingerprint of the module graph stands for, if it is
// remembered.
func (r Record) ModuleList() (ModuleList, bool) {
	hash, scope, ok := ParseModulesFact(r.Values[KeyPrint+PrintModules])
	return ModuleList{Print: hash, Scope: scope, Modules: r.Modules}, ok && r.Modules != nil
}

// What the keys of a record begin or end with.
const (
	KeySelected = "go.selected"
	KeyGOROOT   = "go.goroot"
	KeyHow      = "go.how"
	KeyGoPath   = "go.path"
	KeyGoError  = "go.error"
	KeyAgreed   = "agreed"
	KeyScore    = "score"

	KeyEnv   = "env."
	KeyPin   = "pin."
	KeyHost  = "host."
	KeyTool  = "tool."
	KeyPrint = "print."
	KeyProbe = "probe."

	keyLayer = "@layer"
	keyKeyed = "@keyed"
)

// The fingerprints that a record may hold.
const (
	PrintGoSum   = "gosum"   // go.sum and go.work.sum in Root
	PrintGOENV   = "goenv"   // the file that go env -w writes
	PrintModules = "modules" // the module graph: see ModuleGraph.Fact
	PrintGOCACHE = "gocache" // the folder that GOCACHE names: which one it is, not what it holds
	// PrintModFiles is of the files that say which modules a repository wants: see
	// ModuleGraph.Said.
	PrintModFiles = "modfiles"
)

// EnvKey is the key of a variable's value.
func EnvKey(name string) string { return KeyEnv + name }

// LayerKey is the key of the layer that a variable's value comes from.
func LayerKey(name string) string { return KeyEnv + name + keyLayer }

// KeyedKey is the key of the keyed hash of a variable whose value is masked.
func KeyedKey(name string) string { return KeyEnv + name + keyKeyed }

// KeyVariable returns the variable that a key is about, and whether it is about
// one.
func KeyVariable(key string) (string, bool) {
	name, ok := strings.CutPrefix(key, KeyEnv)
	if !ok {
		return "", false
	}
	name, _, _ = strings.Cut(name, "@")
	return name, true
}

// Limits of a record. A workspace with more pins is remembered in part.
const (
	maxFacts     = 20_000
	maxKeyText   = 4 << 10
	maxValueText = 64 << 10
)

// ID is the hex SHA-256 of what was seen: the same state has the same ID,
// whoever saw it when and where.
func (r Record) ID() string {
	h := sha256.New()
	fmt.Fprintf(h, "godrift record %d\n", r.Version)
	var size [8]byte
	write := func(s string) {
		binary.BigEndian.PutUint64(size[:], uint64(len(s)))
		h.Write(size[:])
		h.Write([]byte(s))
	}
	for _, key := range slices.Sorted(maps.Keys(r.Values)) {
		write(key)
		write(r.Values[key])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ShortID is how an ID is shown to people: enough of it to be told apart.
func ShortID(id string) string { return id[:min(len(id), 10)] }

// Variable returns a variable of the record and the layer its value is from.
func (r Record) Variable(name string) (value, layer string, ok bool) {
	value, ok = r.Values[EnvKey(name)]
	return value, r.Values[LayerKey(name)], ok
}

// Secret reports whether the value of a variable is masked, so that it cannot be
// put back from the record.
func (r Record) Secret(name string) bool {
	_, ok := r.Values[KeyedKey(name)]
	return ok || strings.Contains(r.Values[EnvKey(name)], Masked)
}

// Recordable reports whether a variable may be remembered: it is one that "go
// env" prints, now or in a release to come.
func Recordable(name string) bool {
	switch name {
	case "GOGCCFLAGS":
		return false
	case "AR", "CC", "CXX", "FC", "GCCGO", "PKG_CONFIG":
		return true
	}
	rest, ok := strings.CutPrefix(name, "CGO_")
	if !ok {
		rest, ok = strings.CutPrefix(name, "GO")
	}
	return ok && rest != "" && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// goKeys are the keys that begin with "go.".
var goKeys = []string{KeySelected, KeyGOROOT, KeyHow, KeyGoPath, KeyGoError}

// isOther reports whether a key is one that is neither a variable's nor a pin's.
func isOther(key string) bool {
	return slices.Contains(goKeys, key) || key == KeyAgreed || key == KeyScore || otherKey().MatchString(key)
}

// otherKey is what the keys of hosts, fingerprints, probes and tools look like.
var otherKey = Pattern(`^(?:host\.[A-Za-z]{1,40}|print\.[a-z]{1,40}|probe\.[a-z][a-z0-9_-]{0,39}|tool\.[A-Za-z0-9][A-Za-z0-9._/@+-]{0,200})$`)

// isLayer reports whether a text says where a value comes from: a layer, some of
// them with a file.
func isLayer(text string) bool {
	kind, file, named := strings.Cut(text, " ")
	switch LayerKind(kind) {
	case LayerDefault:
		return !named
	case LayerProcess, LayerGOENV, LayerGoEnv:
		return !named || file != ""
	}
	return false
}

// isKeyed reports whether a text is a keyed hash: eight bytes in hex.
func isKeyed(text string) bool {
	return len(text) == 16 && strings.Trim(text, "0123456789abcdef") == ""
}

// Check returns why a record must not be stored: an unknown version or key, too
// much of it, or something that looks like a secret.
func (r Record) Check() error {
	switch {
	case r.Version != RecordVersion:
		return fmt.Errorf("a snapshot of version %d: this godrift knows version %d", r.Version, RecordVersion)
	case r.Time.IsZero() || r.Time.Year() < 1970 || r.Time.Year() > 9999:
		return fmt.Errorf("a snapshot without a time between 1970 and 9999")
	case len(r.Values) > maxFacts:
		return fmt.Errorf("a snapshot of %d facts: at most %d are kept", len(r.Values), maxFacts)
	case MaskText(r.Root) != r.Root || MaskText(r.Of) != r.Of:
		return fmt.Errorf("a snapshot of a folder or an environment whose name holds what looks like a secret")
	case len(r.Root) > maxKeyText || len(r.Of) > 100:
		return fmt.Errorf("a snapshot of a folder or an environment whose name is too long")
	}
	// Sorted, so that the same record is always refused for the same reason.
	for _, key := range slices.Sorted(maps.Keys(r.Values)) {
		if err := r.checkFact(key, r.Values[key]); err != nil {
			return err
		}
	}
	return nil
}

func (r Record) checkFact(key, value string) error {
	if len(key) > maxKeyText || len(value) > maxValueText {
		return fmt.Errorf("a fact that is too long: %q", Clip(key))
	}
	switch {
	case strings.HasPrefix(key, KeyPin):
		if !strings.Contains(key, ":") {
			return fmt.Errorf("a pin without a source: %q", Clip(key))
		}
		if file, source, _, _ := ParsePinKey(key); MaskText(file) != file || MaskText(string(source)) != string(source) {
			return fmt.Errorf("the name of a pin holds what looks like a secret: %q", Clip(MaskText(key)))
		}
		if MaskText(value) != value {
			return fmt.Errorf("%q holds what looks like a secret", Clip(key))
		}
		return nil
	case !strings.HasPrefix(key, KeyEnv):
		if !isOther(key) {
			return fmt.Errorf("an unknown fact: %q", Clip(key))
		}
		if MaskText(value) != value {
			return fmt.Errorf("%q holds what looks like a secret", Clip(key))
		}
		return nil
	}
	name, companion, of := strings.Cut(key[len(KeyEnv):], "@")
	if !Recordable(name) {
		return fmt.Errorf("%q is no variable of the go command", Clip(name))
	}
	if !of {
		if Mask(name, value) != value {
			return fmt.Errorf("the value of %s holds what looks like a secret", name)
		}
		return nil
	}
	if _, ok := r.Values[EnvKey(name)]; !ok || companion != keyLayer[1:] && companion != keyKeyed[1:] {
		return fmt.Errorf("an unknown fact: %q", Clip(key))
	}
	switch is := map[string]func(string) bool{keyLayer[1:]: isLayer, keyKeyed[1:]: isKeyed}[companion]; {
	case MaskText(value) != value:
		return fmt.Errorf("%q holds what looks like a secret", Clip(key))
	case !is(value):
		return fmt.Errorf("%q is not of the form that it has", Clip(key))
	}
	return nil
}
