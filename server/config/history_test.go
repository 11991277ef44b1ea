package config

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHistory(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]History{
		"":                           DefaultHistory,
		"# nothing\n":                DefaultHistory,
		"[history]\nage = \"90d\"\n": {90 * day, DefaultHistory.Moments, DefaultHistory.Fixes},
		"[history]\nage = \"2y\"\nentries = 500\nfixes = \"8w\"\n": {732 * day, 500, 56 * day},
	} {
		if got, err := parsed(text); err != nil || got != want {
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
		"[history]\nages = \"90d\"\n":                    "line 2: there is no setting history.ages",
		"[alarms]\n":                                     "there is no setting alarms",
		"[history\n":                                     "line 1:",
		"\xff\xfe":                                       "line 1:",
	} {
		if got, err := parsed(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v %v, want %q", text, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[history]\nage = \"2y\"\nentries = 500\n")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := parsed(text)
		if err == nil && (k.Age < leastAge || k.Age > longestAge || k.Fixes < leastAge || k.Fixes > longestAge || k.Moments < 1 || k.Moments > mostMoments) {
			t.Errorf("%q gives %+v", text, k)
		}
	})
}

func TestFile(t *testing.T) {
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
		if got := file(c.goos, c.environ); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.goos, c.environ, got, c.want)
		}
	}
}

func parsed(text string) (History, error) {
	c, err := Parse([]byte(text))
	return c.History, err
}
