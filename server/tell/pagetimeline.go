package tell

import (
	"path"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// PageTimelineDocument is what the page draws of the past of one environment. All times
// are milliseconds since 1970. It does not grow with the history: what is narrower than
// a pixel is told as one.
type PageTimelineDocument struct {
	// Schema is "godrift/page-timeline".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Root is the workspace folder and Of whose environment is drawn.
	Root string `json:"root"`
	Of   string `json:"of"`
	// Environments are all that have a history here, the one that changed last first.
	Environments []PageEnvironment `json:"environments"`
	// First and Last are the first and the last moment of that environment, and Total
	// counts them; 0 if there is none.
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	Total int   `json:"total"`
	// Since and Until are what is drawn. Count is the number of moments in it that fit.
	Since int64 `json:"since"`
	Until int64 `json:"until"`
	Count int   `json:"count"`
	// Causes says how many moments in the drawn time have which cause, whatever was
	// asked for.
	Causes []PageCause `json:"causes"`
	// Lanes are facts and what they were, in a fixed order.
	Lanes []PageLane `json:"lanes"`
	// Scores is the health, in the order of time, where it changes.
	Scores []PageScore `json:"scores"`
	// Density counts the moments that fit, each for DensityStep milliseconds; times in
	// which there is none are left out.
	DensityStep int64       `json:"densityStep"`
	Density     []PageCount `json:"density"`
	// Moves are how often GOROOT went from where to where, each for MovesStep
	// milliseconds.
	MovesStep int64      `json:"movesStep"`
	Moves     []PageMove `json:"moves"`
	// Flips are how often cgo was switched on and off, each for MovesStep milliseconds.
	Flips []PageFlip `json:"flips"`
}

// PageEnvironment is somebody's environment that has a history.
type PageEnvironment struct {
	Of string `json:"of"`
	// Moments counts them and Last is when the newest was.
	Moments int   `json:"moments"`
	Last    int64 `json:"last"`
}

// PageCause is a number of moments with the same cause.
type PageCause struct {
	Kind  drift.CauseKind `json:"kind"`
	Count int             `json:"count"`
}

// PageLane is a fact over time.
type PageLane struct {
	// Key names the fact, for example "go.selected".
	Key string `json:"key"`
	// Changes counts how often it changed in the drawn time.
	Changes int        `json:"changes"`
	Bands   []PageBand `json:"bands"`
}

// PageBand is a time in which a fact had one value, or several that are too close
// together to be told apart.
type PageBand struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
	// Value is what it was; null if that is not known, or if Changes is not 0.
	Value *string `json:"value"`
	// Label is the value in short, where it is long; absent if it is not.
	Label string `json:"label,omitempty"`
	// Changes counts how often it changed within, 0 for a band of one value. Values are
	// then some of what it was, without what comes twice, and Most is what it was for the
	// longest time.
	Changes int      `json:"changes,omitempty"`
	Values  []string `json:"values,omitempty"`
	Most    string   `json:"most,omitempty"`
}

// PageScore is the health from a time on.
type PageScore struct {
	Time int64 `json:"time"`
	// Score is what it came to, Low the lowest and High the highest on the way there,
	// which are not the same where it changed more than once within a few pixels. All are
	// -1 while it is not known.
	Score int `json:"score"`
	Low   int `json:"low"`
	High  int `json:"high"`
}

// PageCount is a number of moments from a time on.
type PageCount struct {
	Time  int64 `json:"time"`
	Count int   `json:"count"`
}

// PageMove is how often GOROOT went from one place to another.
type PageMove struct {
	// From and To are folders; both are empty for the moves that are too rare to be
	// told one by one.
	From string `json:"from"`
	To   string `json:"to"`
	// Label says it in short: "go1.25.3 → go1.26.0".
	Label string `json:"label"`
	// Count is their number in the drawn time and Cells tells when they were.
	Count int         `json:"count"`
	Cells []PageCount `json:"cells"`
}

// PageFlip is how often cgo was switched on and off from a time on.
type PageFlip struct {
	Time int64 `json:"time"`
	On   int   `json:"on"`
	Off  int   `json:"off"`
}

// NewPageTimeline makes an empty document about an environment.
func NewPageTimeline(root, of string) PageTimelineDocument {
	return PageTimelineDocument{
		Schema: SchemaPageTimeline, Version: DocumentVersion, Root: root, Of: of, Environments: []PageEnvironment{}, Causes: []PageCause{},
		Lanes: []PageLane{}, Scores: []PageScore{}, Density: []PageCount{}, Moves: []PageMove{}, Flips: []PageFlip{},
	}
}

// GorootText is a GOROOT in short, for people: "go1.25.3 modcache" for a toolchain of the
// module cache, "go1.25.3 sdk" for one that golang.org/dl installed, else the folder.
func GorootText(dir, home string) string {
	dir = strings.TrimRight(filepath.ToSlash(dir), "/")
	if dir == "" {
		return "no Go"
	}
	if _, name, ok := strings.Cut(dir, "/golang.org/toolchain@v0.0.1-"); ok {
		if i := strings.LastIndex(name, "."); i > 0 && strings.Contains(name, "-") { // go1.25.3.linux-amd64
			name = name[:i]
		}
		return name + " modcache"
	}
	if parent, name := path.Split(dir); strings.HasSuffix(parent, "/sdk/") && strings.HasPrefix(name, "go1") {
		return name + " sdk"
	}
	if home = strings.TrimRight(filepath.ToSlash(home), "/"); home != "" && strings.HasPrefix(dir, home+"/") {
		return "~" + dir[len(home):]
	}
	return dir
}
