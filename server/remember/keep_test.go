package remember

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseKeep(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]Keep{
		"":                           DefaultKeep,
		"# nothing\n":                DefaultKeep,
		"[history]\nage = \"90d\"\n": {90 * day, KeepMoments, KeepFixes},
		"[history]\nage = \"2y\"\nentries = 500\nfixes = \"8w\"\n": {732 * day, 500, 56 * day},
	} {
		if got, err := parseKeep([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %+v %v, want %+v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"[history]\nage = \"a while\"\n":                 `history.age = "a while": write a number of days, weeks or years, such as "90d", "8w" or "2y"`,
		"[history]\nage = \"\"\n":                        `history.age = "": write a number`,
		"[history]\nage = \"0d\"\n":                      "it must be from 1 day to 100 years",
		"[history]\nage = \"-3d\"\n":                     "write a number of days",
		"[history]\nfixes = \"101y\"\n":                  `history.fixes = "101y": it must be from 1 day to 100 years`,
		"[history]\nfixes = \"99999999999999999999d\"\n": "write a number of days",
		"[history]\nentries = 0\n":                       "history.entries = 0: it must be from 1 to 10000000",
		"[history]\nentries = \"many\"\n":                "line 2:",
		"[history]\nage = 90\n":                          "line 2:",
		"[history]\nages = \"90d\"\n":                    "line 2: there is no setting history.ages; there are history.age, history.entries and history.fixes",
		"[alerts]\n":                                     "there is no setting alerts",
		"[history\n":                                     "line 1:",
		"\xff\xfe":                                       "line 1:",
	} {
		if got, err := parseKeep([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v %v, want %q", text, got, err, want)
		}
	}
}

func FuzzParseKeep(f *testing.F) {
	f.Add("[history]\nage = \"2y\"\nentries = 500\n")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := parseKeep([]byte(text))
		if err == nil && (k.Age < leastAge || k.Age > longestAge || k.Fixes < leastAge || k.Fixes > longestAge || k.Moments < 1 || k.Moments > mostMoments) {
			t.Errorf("%q gives %+v", text, k)
		}
	})
}

func TestConfigFile(t *testing.T) {
	if filepath.Separator != '/' {
		t.Skip("the names are those of Unix")
	}
	for _, c := range []struct {
		goos    string
		environ map[string]string
		want    string
	}{
		{"linux", map[string]string{"HOME": "/h"}, "/h/.config/godrift/config.toml"},
		{"linux", map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/godrift/config.toml"},
		{"linux", map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "x"}, "/h/.config/godrift/config.toml"},
		{"linux", nil, ""},
		{"darwin", map[string]string{"HOME": "/h"}, "/h/Library/Application Support/godrift/config.toml"},
		{"windows", map[string]string{"APPDATA": "/a"}, "/a/godrift/config.toml"},
	} {
		if got := userConfig(c.goos, c.environ); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.goos, c.environ, got, c.want)
		}
	}
}

// TestKeepIsObeyed: what the user's configuration says is forgotten, and nothing is
// as long as there is a mistake in it.
func TestKeepIsObeyed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened := func() *Store {
		t.Helper()
		s, err := Open(filepath.Join(filepath.Dir(file), "state"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		s.Configure(file)
		return s
	}
	write("[history]\nage = \"10d\"\nentries = 3\n")
	s := opened()
	count := func() int {
		t.Helper()
		list, err := s.Moments(ctx, Filter{Root: "/w", Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	for i := range 6 {
		remembered(t, s, stateOf(i, map[string]string{"score": fmt.Sprint(i)}))
	}
	if n := count(); n != 6 {
		t.Fatalf("%d moments", n)
	}
	if err := s.Prune(ctx, begin.Add(24*time.Hour)); err != nil || count() != 3 {
		t.Errorf("by count: %d left, %v", count(), err)
	}
	if err := s.Prune(ctx, begin.Add(20*24*time.Hour)); err != nil || count() != 0 {
		t.Errorf("by age: %d left, %v", count(), err)
	}
	s.Close()
	write("[history]\nage = \"soon\"\n")
	s = opened()
	remembered(t, s, stateOf(7, map[string]string{"score": "7"}))
	notes := strings.Join(s.Notes(), "\n")
	if !strings.Contains(notes, "nothing is forgotten until that is corrected") || !strings.Contains(notes, file+`: history.age = "soon"`) {
		t.Errorf("notes %q", notes)
	}
	// Two chores, years apart: both are passed by.
	s.chores(ctx, begin.AddDate(3, 0, 0))
	s.chores(ctx, begin.AddDate(6, 0, 0))
	if n := count(); n != 1 {
		t.Errorf("%d moments are left beside a mistake", n)
	}
}
