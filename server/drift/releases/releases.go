// Package releases is what this godrift knows about the Go releases: which
// there are, which are supported, and which of them the go command can fetch
// as a toolchain. The list is compiled in and dated; nothing is looked up on a
// network. Versions have the form that go/version takes, "go1.25.3".
//
// The list comes from the folders of golang.org/dl and the versions of
// golang.org/toolchain, by scripts/releases. A release is taken to be there as
// a toolchain too: golang.org/toolchain has every one since go1.2.2, for the
// systems it was released for.
package releases

import (
	"go/version"
	"strconv"
	"strings"
	"sync"
)

// supportedMinors is how many minors the Go project keeps supporting, see
// https://go.dev/doc/devel/release#policy.
const supportedMinors = 2

// minor is one line of the list: all releases of one 1.N.
type minor struct {
	n int
	// patches says that there are the releases 1.N (1.N.0 from 1.21 on) to
	// 1.N.patches; -1 if there are only pre-releases.
	patches int
	// pre holds the pre-releases in ascending order, for example "beta1 rc1".
	pre string
}

// firstDotZero is the minor from which on the first release is called 1.N.0
// and 1.N is a language version only.
const firstDotZero = 21

// all is built on first use: most runs never list the releases.
var all = sync.OnceValue(func() []string {
	var list []string
	for _, m := range minors {
		for p := m.patches; p >= 0; p-- {
			list = append(list, m.name(p))
		}
		pre := strings.Fields(m.pre)
		for i := len(pre) - 1; i >= 0; i-- {
			list = append(list, m.language()+pre[i])
		}
	}
	return list
})

// All returns every release, newest first. The slice is shared: do not change
// it.
func All() []string { return all() }

// Date returns the day on which the list was made, as YYYY-MM-DD.
func Date() string { return date }

// Newest returns the newest stable release.
func Newest() string {
	for _, m := range minors {
		if m.patches >= 0 {
			return m.name(m.patches)
		}
	}
	return ""
}

// NewestPatch returns the newest stable release of the minor that is named
// "1.25" or "go1.25", or that a release such as "go1.25.3" belongs to; empty
// if there is none.
func NewestPatch(of string) string {
	if m := find(of); m != nil && m.patches >= 0 {
		return m.name(m.patches)
	}
	return ""
}

// Known reports whether there is a release of exactly this name. Language
// versions such as "go1.25" are no releases; "go1.20" is one.
func Known(name string) bool {
	m := find(name)
	if m == nil {
		return false
	}
	rest := strings.TrimPrefix(withGo(name), m.language())
	if rest == "" {
		return m.n < firstDotZero && m.patches >= 0
	}
	if patch, ok := strings.CutPrefix(rest, "."); ok {
		p, err := strconv.Atoi(patch)
		return err == nil && patch == strconv.Itoa(p) && p >= 0 && p <= m.patches &&
			(p > 0 || m.n >= firstDotZero)
	}
	return word(m.pre, rest)
}

// Supported reports whether the minor, named as for NewestPatch, still gets
// fixes. A minor newer than the list counts as supported.
func Supported(of string) bool {
	lang := version.Lang(withGo(of))
	return lang != "" && version.Compare(lang, version.Lang(OldestSupported())) >= 0
}

// OldestSupported returns the newest patch of the oldest minor that still gets
// fixes.
func OldestSupported() string {
	oldest := ""
	left := supportedMinors
	for _, m := range minors {
		if m.patches < 0 {
			continue
		}
		oldest = m.name(m.patches)
		if left--; left == 0 {
			break
		}
	}
	return oldest
}

// After reports whether the name is of a release newer than every one in the
// list, of which nothing can be said.
func After(name string) bool {
	return version.Compare(withGo(name), all()[0]) > 0
}

func find(name string) *minor {
	lang, ok := strings.CutPrefix(version.Lang(withGo(name)), "go1.")
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(lang)
	if err != nil {
		return nil
	}
	for i := range minors {
		if minors[i].n == n {
			return &minors[i]
		}
	}
	return nil
}

func withGo(name string) string {
	if strings.HasPrefix(name, "go") {
		return name
	}
	return "go" + name
}

func (m minor) language() string { return "go1." + strconv.Itoa(m.n) }

func (m minor) name(patch int) string {
	if patch == 0 && m.n < firstDotZero {
		return m.language()
	}
	return m.language() + "." + strconv.Itoa(patch)
}

// word reports whether w is one of the space-separated words of list.
func word(list, w string) bool {
	for f := range strings.FieldsSeq(list) {
		if f == w {
			return true
		}
	}
	return false
}
