package remember

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

func TestMonitorClaim(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	if note, runs, err := s.Monitor(); err != nil || runs || note.PID != 0 {
		t.Errorf("none ever ran: %+v %v %v", note, runs, err)
	}
	claim, err := s.ClaimMonitor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ClaimMonitor(t.Context()); !errors.Is(err, ErrMonitorRuns) {
		t.Errorf("a second one: %v", err)
	}
	want := drift.MonitorNote{
		PID: 7, Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Version: "v1", URL: "http://127.0.0.1:9494/",
		Workspaces: []drift.MonitoredWorkspace{{Name: "a", Root: "/a", Score: 99}},
	}
	if err := claim.Note(want); err != nil {
		t.Fatal(err)
	}
	got, runs, err := s.Monitor()
	if err != nil || !runs {
		t.Errorf("it runs: %v %v", runs, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(s.monitorFile())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its file is %v %v", info.Mode(), err)
	}
	if err := claim.Release(); err != nil {
		t.Fatal(err)
	}
	if got, runs, err = s.Monitor(); err != nil || runs || got.PID != 7 {
		t.Errorf("it ran: %+v %v %v", got, runs, err)
	}
	again, err := s.ClaimMonitor(t.Context())
	if err != nil {
		t.Fatalf("after the first one has ended: %v", err)
	}
	defer again.Release()

	for _, text := range []string{"", "{", `{"version":99,"pid":3}`, "null"} {
		if err := os.WriteFile(s.monitorFile(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if note, runs, err := s.Monitor(); err != nil || !runs || note.PID != 0 {
			t.Errorf("%q: %+v %v %v", text, note, runs, err)
		}
	}
	if err := os.Remove(s.monitorFile()); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.monitorFile(), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Monitor(); err == nil {
		t.Error("a folder in the place of the file is no error")
	}
}

func TestMachineFolder(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := s.MachineFolder()
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info, err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("it holds %v %v", list, err)
	}
	if same, err := s.MachineFolder(); err != nil || same != dir {
		t.Errorf("the second time it is %s %v", same, err)
	}
}
