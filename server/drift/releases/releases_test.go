package releases

import (
	"go/version"
	"slices"
	"testing"
)

func TestList(t *testing.T) {
	list := All()
	if len(list) < 300 {
		t.Fatalf("%d releases, expected hundreds", len(list))
	}
	for i, v := range list {
		if !version.IsValid(v) {
			t.Errorf("%q is no version", v)
		}
		if i > 0 && version.Compare(list[i-1], v) <= 0 {
			t.Errorf("%s stands before %s", list[i-1], v)
		}
		if !Known(v) {
			t.Errorf("%s is listed and not known", v)
		}
	}
	if len(Date()) != len("2006-01-02") {
		t.Errorf("date %q", Date())
	}
}

func TestKnown(t *testing.T) {
	for v, want := range map[string]bool{
		"go1.25.3": true, "1.25.3": true, "go1.21.0": true, "go1.20": true, "go1.26rc1": true, "go1.8": true,
		"go1.25": false, "go1.21": false, "go1.20.0": false, "go1.25.99": false, "go1.25.03": false,
		"go1.26rc99": false, "go1.99.0": false, "go2.0": false, "": false, "x": false, "go1.25.3-corp": false,
	} {
		if Known(v) != want {
			t.Errorf("Known(%q) = %v", v, !want)
		}
	}
}

func TestSupport(t *testing.T) {
	newest := Newest()
	if version.Lang(newest) == newest || slices.Index(All(), newest) < 0 {
		t.Fatalf("Newest() = %q", newest)
	}
	if NewestPatch(version.Lang(newest)) != newest || NewestPatch(newest) != newest {
		t.Errorf("NewestPatch(%s) = %q, want %q", version.Lang(newest), NewestPatch(newest), newest)
	}
	oldest := OldestSupported()
	if version.Compare(oldest, newest) >= 0 {
		t.Errorf("OldestSupported() = %s, Newest() = %s", oldest, newest)
	}
	minors := map[string]bool{}
	for _, v := range All() {
		if v == NewestPatch(v) && Supported(v) {
			minors[version.Lang(v)] = true
		}
	}
	if len(minors) != supportedMinors {
		t.Errorf("%d minors are supported: %v", len(minors), minors)
	}
	if NewestPatch("1.20") != "go1.20.14" || NewestPatch("go1.99") != "" || NewestPatch("nonsense") != "" {
		t.Error("NewestPatch of an old, an unknown and a broken minor")
	}
	for v, want := range map[string]bool{"1.20": false, "go1.999": true, "": false, "x": false} {
		if Supported(v) != want {
			t.Errorf("Supported(%q) = %v", v, !want)
		}
	}
	if !After("go1.999.1") || After(newest) {
		t.Error("After of a future release and of the newest")
	}
}
