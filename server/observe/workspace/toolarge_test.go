package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// godrift's own limit is no error of the go command's.
func TestTooLargeIsNotQuoted(t *testing.T) {
	for name, gotoolchain := range map[string]string{"local": "local", "auto": "auto"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "go.mod")
			if err := os.WriteFile(file, []byte("module m\n\ngo 1.25.0\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(file, sizeMax+1); err != nil {
				t.Fatal(err)
			}
			world := around(t, dir)
			world.Environ["GOTOOLCHAIN"] = gotoolchain
			s := open(t, dir, world).Snapshot()
			if s.Selection.Error != "" || s.Selection.LoadError != "" || s.Selection.Selected == "" {
				t.Errorf("selected %q, error %q, load error %q", s.Selection.Selected, s.Selection.Error, s.Selection.LoadError)
			}
			last := s.Selection.Steps[len(s.Selection.Steps)-1]
			if last.File != file || !strings.Contains(last.Text, "is larger than godrift reads") {
				t.Errorf("the last step is %+v", last)
			}
			if len(s.Problems) != 1 || s.Problems[0].Place.File != file || !strings.Contains(s.Problems[0].Message, "larger than the 16 MiB") {
				t.Errorf("problems %v", s.Problems)
			}
		})
	}
}
