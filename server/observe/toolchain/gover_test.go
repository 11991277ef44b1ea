package toolchain

import "testing"

// The tables are those of cmd/go/internal/gover.

func TestCompare(t *testing.T) {
	tests := []struct {
		x, y string
		want int
	}{
		{"", "", 0},
		{"x", "x", 0},
		{"", "x", 0},
		{"1", "1.1", -1},
		{"1.5", "1.10", -1},
		{"1.19", "1.19.0", 0},
		{"1.19rc1", "1.19", -1},
		{"1.20", "1.20.0", 0},
		{"1.21", "1.21.0", -1},
		{"1.21", "1.21rc1", -1},
		{"1.21rc1", "1.21.0", -1},
		{"1.19rc1", "1.19.1", -1},
		{"1.19alpha3", "1.19beta2", -1},
		{"1.99999999999999998", "1.99999999999999999", -1},
		{"1.25.3-custom", "1.0", -1},
		{"1.25.03", "", 0},
	}
	for _, tt := range tests {
		if got := compare(tt.x, tt.y); got != tt.want {
			t.Errorf("compare(%q, %q) = %d, want %d", tt.x, tt.y, got, tt.want)
		}
		if got := compare(tt.y, tt.x); got != -tt.want {
			t.Errorf("compare(%q, %q) = %d, want %d", tt.y, tt.x, got, -tt.want)
		}
	}
}

func TestIsLang(t *testing.T) {
	for v, want := range map[string]bool{
		"1.2rc3": false, "1.2.3": false, "1.999testmod": false, "1.22": true, "1.21": true, "1.20": false,
		"1.19": false, "1": false, "2": false, "2.0": false, "2.21": true, "": false, "x": false,
	} {
		if got := isLang(v); got != want {
			t.Errorf("isLang(%q) = %v", v, got)
		}
	}
}

func TestFromToolchain(t *testing.T) {
	for name, want := range map[string]string{
		"go1.2.3": "1.2.3", "1.2.3": "", "go1.2.3+bigcorp": "", "go1.2.3-bigcorp": "1.2.3",
		"go1.2.3-bigcorp more text": "1.2.3", "gccgo-go1.23rc4": "", "go1.25/x": "", "go": "", "": "",
		"go1.25.03": "", "go1.25.3 X:jsonv2": "1.25.3",
	} {
		if got := fromToolchain(name); got != want {
			t.Errorf("fromToolchain(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestLocal(t *testing.T) {
	tests := []struct{ runtime, version, name string }{
		{"go1.25.3", "1.25.3", "go1.25.3"},
		{"go1.25.3-corp.2", "1.25.3", "go1.25.3-corp.2"},
		{"go1.25.3 X:jsonv2", "1.25.3", "go1.25.3 X:jsonv2"},
		{"devel go1.27-3f2a91 Mon Jan 1", "1.27", "go1.27"},
	}
	for _, tt := range tests {
		if version, name := local(tt.runtime); version != tt.version || name != tt.name {
			t.Errorf("local(%q) = %q, %q; want %q, %q", tt.runtime, version, name, tt.version, tt.name)
		}
	}
}
