package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"sync"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/host"
)

// Present is the record of a report: what would be remembered of it now.
func (m *Memory) Present(world World, report *drift.Report) (drift.Record, error) {
	store, err := m.mender.open()
	if err != nil {
		return drift.Record{}, err
	}
	keyed, err := store.Keyed()
	if err != nil {
		return drift.Record{}, err
	}
	facts := host.Facts(host.Machine{Files: world.Files, Environ: world.Environ, Host: world.Host})
	maps.Copy(facts, m.host)
	m.probes.copyTo(facts, report.Snapshot.Root)
	maps.Copy(facts, prints(world, report.Snapshot, keyed))
	return drift.NewRecord(report, drift.Facts{Values: facts, Keyed: keyed, Mask: m.masks.mask}), nil
}

// brief is the record that rules look at: without what has to be read from the
// disk for it, which no keystroke may wait for: no facts of the machine, no
// fingerprints and no score.
func (m *Memory) brief(snap *drift.Snapshot) drift.Record {
	store, err := m.mender.open()
	if err != nil {
		return drift.Record{}
	}
	keyed, err := store.Keyed()
	if err != nil {
		return drift.Record{}
	}
	r := drift.NewRecord(&drift.Report{Snapshot: snap}, drift.Facts{Keyed: keyed, Mask: m.masks.mask})
	delete(r.Values, drift.KeyScore) // which is what the rules make
	return r
}

// prints are the fingerprints of what a record does not hold itself.
func prints(world World, snap *drift.Snapshot, keyed func(name, value string) string) map[string]string {
	out := map[string]string{}
	h := sha256.New()
	found := false
	for _, name := range []string{"go.sum", "go.work.sum"} {
		text, err := world.Files.ReadFile(filepath.Join(snap.Root, name))
		if err != nil {
			continue
		}
		found = true
		h.Write([]byte(name))
		h.Write(text)
	}
	if found {
		out[drift.KeyPrint+drift.PrintGoSum] = hex.EncodeToString(h.Sum(nil)[:16])
	}
	if doc, ok := snap.Documents[snap.Environment.GOENV]; ok {
		// The file may hold a password, which a plain hash would let others guess.
		out[drift.KeyPrint+drift.PrintGOENV] = keyed("the file that go env -w writes", string(doc.Text))
	}
	if v, ok := snap.Environment.Lookup("GOCACHE"); ok && filepath.IsAbs(v.Value) {
		real, err := world.Files.EvalSymlinks(v.Value)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			out[drift.KeyPrint+drift.PrintGOCACHE] = "missing"
		case err == nil:
			out[drift.KeyPrint+drift.PrintGOCACHE] = real
		}
	}
	return out
}

// masks remembers what was masked: every evaluation masks the same forty values
// again, and masking is the larger part of making a record.
type masks struct {
	mu    sync.Mutex
	known map[[2]string]string
}

// most bounds what is remembered.
const mostMasks = 4096

func (m *masks) mask(name, value string) string {
	key := [2]string{name, value}
	m.mu.Lock()
	defer m.mu.Unlock()
	if shown, ok := m.known[key]; ok {
		return shown
	}
	if m.known == nil || len(m.known) >= mostMasks {
		m.known = map[[2]string]string{}
	}
	shown := drift.Mask(name, value)
	if name == "" {
		shown = drift.MaskText(value)
	}
	m.known[key] = shown
	return shown
}
