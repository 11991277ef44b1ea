package act

import (
	"os"
	"testing"
	"time"
)

func TestTrimKeepsWhatIsUsed(t *testing.T) {
	w := newWorld(t)
	w.write("old", "12345")
	w.write("folder/in", "678")
	w.write("used", "9")
	since := time.Now().Add(-time.Hour)
	before := since.Add(-time.Minute)
	for _, name := range []string{"old", "folder"} {
		if err := os.Chtimes(w.path(name), before, before); err != nil {
			t.Fatal(err)
		}
	}
	n, bytes, err := Trim(t.Context(), []string{w.path("old"), w.path("folder"), w.path("used"), w.path("gone")}, since)
	if err != nil || n != 2 || bytes != 8 {
		t.Errorf("removed %d, %d bytes, %v", n, bytes, err)
	}
	if exists(w.path("old")) || exists(w.path("folder")) || w.read("used") != "9" {
		t.Error("it removed other things than it was told to")
	}
}
