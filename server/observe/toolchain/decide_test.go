package toolchain

import (
	"strings"
	"testing"
)

func TestParseSetting(t *testing.T) {
	tests := []struct {
		value string
		want  Setting
		err   string
	}{
		{"auto", Setting{"local", "", "auto"}, ""},
		{"path", Setting{"local", "", "path"}, ""},
		{"local", Setting{"local", "", ""}, ""},
		{"local+auto", Setting{"local", "", "auto"}, ""},
		{"go1.25.3", Setting{"go1.25.3", "1.25.3", ""}, ""},
		{"go1.25.3-corp+path", Setting{"go1.25.3-corp", "1.25.3", "path"}, ""},
		{"go1.22", Setting{"go1.22", "1.22", ""}, ""},
		{"go2.0+auto", Setting{"go2.0", "2.0", "auto"}, ""},
		{"1.25.3", Setting{}, `invalid GOTOOLCHAIN "1.25.3"`},
		{"Auto", Setting{}, `invalid GOTOOLCHAIN "Auto"`},
		{"local\r", Setting{}, `invalid GOTOOLCHAIN "local\r"`},
		{"go1.25.x", Setting{}, `invalid GOTOOLCHAIN "go1.25.x"`},
		{"auto+path", Setting{}, `invalid GOTOOLCHAIN "auto+path": invalid minimum toolchain "auto"`},
		{"+auto", Setting{}, `invalid GOTOOLCHAIN "+auto": invalid minimum toolchain ""`},
		{"go1.25.3+", Setting{}, `invalid GOTOOLCHAIN "go1.25.3+": only version suffixes are +auto and +path`},
		{"local+auto+path", Setting{}, `invalid GOTOOLCHAIN "local+auto+path": only version suffixes are +auto and +path`},
	}
	for _, tt := range tests {
		got, err := ParseSetting(tt.value)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != tt.want || text != tt.err {
			t.Errorf("ParseSetting(%q) = %+v, %q; want %+v, %q", tt.value, got, text, tt.want, tt.err)
		}
	}
}

func FuzzParseSetting(f *testing.F) {
	for _, seed := range []string{"", "auto", "path", "local", "local+auto", "go1.25.3+path", "+", "go1.2-x y+auto", "go1.25.3+auto "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		s, err := ParseSetting(value)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "invalid GOTOOLCHAIN ") {
				t.Fatalf("%q: %v", value, err)
			}
			return
		}
		if s.Mode != "" && s.Mode != "auto" && s.Mode != "path" {
			t.Fatalf("%q: mode %q", value, s.Mode)
		}
		if (s.Minimum == "local") != (s.Version == "") {
			t.Fatalf("%q: %+v", value, s)
		}
		if value != "auto" && value != "path" {
			again := s.Minimum
			if s.Mode != "" {
				again += "+" + s.Mode
			}
			if again != value {
				t.Fatalf("%q is %+v, which is written %q", value, s, again)
			}
		}
	})
}
