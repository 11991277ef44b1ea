package lsp

import (
	"runtime"
	"testing"

	"go.lsp.dev/uri"
)

func TestFileOf(t *testing.T) {
	for _, tc := range []struct {
		platform uri.Platform
		uri      string
		want     string // empty: an error
	}{
		{uri.PlatformPOSIX, "file:///home/me/go.mod", "/home/me/go.mod"},
		{uri.PlatformPOSIX, "file:///home/me/a%20b/go.mod", "/home/me/a b/go.mod"},
		{uri.PlatformPOSIX, "file:///home/me/a%2520b/go.mod", "/home/me/a%20b/go.mod"},
		{uri.PlatformPOSIX, "file:///home/me/a%23b%3Fc/go.mod", "/home/me/a#b?c/go.mod"},
		{uri.PlatformPOSIX, "file:///home/me/%40scope/go.mod", "/home/me/@scope/go.mod"},
		{uri.PlatformPOSIX, "file:///home/me/@scope/go.mod", "/home/me/@scope/go.mod"},
		{uri.PlatformPOSIX, "file:///home/%E4%BD%A0%E5%A5%BD/go.mod", "/home/你好/go.mod"},
		{uri.PlatformPOSIX, "file:///home/你好/go.mod", "/home/你好/go.mod"},
		{uri.PlatformPOSIX, "file://localhost/home/me/go.mod", "/home/me/go.mod"},
		{uri.PlatformPOSIX, "file:///home/me/x/../go.mod", "/home/me/go.mod"},
		{uri.PlatformPOSIX, "file:///home/me/", "/home/me"},
		{uri.PlatformPOSIX, "file:///", "/"},
		{uri.PlatformPOSIX, "file://server/share/go.mod", ""},
		{uri.PlatformPOSIX, "file:///home/me/a%00b", ""},
		{uri.PlatformPOSIX, "untitled:Untitled-1", ""},
		{uri.PlatformPOSIX, "git:/home/me/go.mod?%7B%22ref%22%3A%22%22%7D", ""},
		{uri.PlatformPOSIX, "vscode-vfs://github/golang/go/go.mod", ""},
		{uri.PlatformPOSIX, "vscode-remote://wsl%2Bdebian/home/me/go.mod", ""},
		{uri.PlatformPOSIX, "/home/me/go.mod", ""},
		{uri.PlatformPOSIX, "", ""},
		{uri.PlatformPOSIX, "file", ""},
		{uri.PlatformWindows, "file:///c%3A/Users/me/go.mod", `C:\Users\me\go.mod`},
		{uri.PlatformWindows, "file:///C:/Users/me/go.mod", `C:\Users\me\go.mod`},
		{uri.PlatformWindows, "file:///c:/Users/a%20b/go.mod", `C:\Users\a b\go.mod`},
		{uri.PlatformWindows, "file://server/share/go.mod", `\\server\share\go.mod`},
		{uri.PlatformWindows, "file://SERVER/share/go.mod", `\\server\share\go.mod`},
		{uri.PlatformWindows, "file:///home/me/go.mod", ""},
		{uri.PlatformWindows, "untitled:Untitled-1", ""},
	} {
		if runtime.GOOS == "windows" && tc.platform == uri.PlatformPOSIX {
			continue // cleaning is the host's
		}
		got, err := fileFor(tc.platform, uri.URI(tc.uri))
		if got != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("fileFor(%q) = %q, %v; want %q", tc.uri, got, err, tc.want)
		}
	}
}

// Whatever VS Code sends for a name, the server sends the same back, and reads
// back the name it sent.
func TestURIOfAndBack(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("names of POSIX systems")
	}
	for name, want := range map[string]string{
		"/home/me/go.mod":        "file:///home/me/go.mod",
		"/home/me/a b/go.mod":    "file:///home/me/a%20b/go.mod",
		"/home/me/@scope/go.mod": "file:///home/me/%40scope/go.mod",
		"/home/me/a#b?c/go.mod":  "file:///home/me/a%23b%3Fc/go.mod",
		"/home/你好/go.mod":        "file:///home/%E4%BD%A0%E5%A5%BD/go.mod",
		"/home/100%/go.mod":      "file:///home/100%25/go.mod",
		"/home/🐹/go.mod":         "file:///home/%F0%9F%90%B9/go.mod",
	} {
		u := uriOf(name)
		if string(u) != want {
			t.Errorf("uriOf(%q) = %q, want %q", name, u, want)
		}
		if back, err := fileOf(u); back != name || err != nil {
			t.Errorf("fileOf(%q) = %q, %v, want %q", u, back, err, name)
		}
	}
}

func FuzzFileOf(f *testing.F) {
	for _, s := range []string{"file:///a/b", "file:///c%3A/x", "untitled:x", "file://h/p", "%", "file:///%zz", "file:///a%00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range []uri.Platform{uri.PlatformPOSIX, uri.PlatformWindows} {
			name, err := fileFor(p, uri.URI(s))
			if err != nil || p != platform() {
				continue
			}
			back, err := fileFor(p, uri.FileFor(p, name))
			if err != nil || back != name {
				t.Errorf("%q is %q, which comes back as %q, %v", s, name, back, err)
			}
		}
	})
}
