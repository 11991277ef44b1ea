package tell

import (
	"fmt"
	"strconv"

	"godrift.dev/server/drift"
)

// Health says what the score of a workspace is made of.
type Health struct {
	Score int `json:"score"`
	// Usual is what the score has been in this environment; absent where nothing is
	// remembered.
	Usual *Usual `json:"usual,omitempty"`
	// Burdens are the root causes that lower the score, the one that takes most
	// first. Each counts once, in however many findings it shows.
	Burdens []Burden `json:"burdens"`
}

// Usual is what the score of a workspace has been.
type Usual struct {
	// Median and Spread (the median distance from it) of the past scores; -1 and 0
	// where too little is known of the past.
	Median int `json:"median"`
	Spread int `json:"spread"`
	// Limit is the lowest score that is nothing unusual here, and Low says that
	// the present one is below it.
	Limit int  `json:"limit"`
	Low   bool `json:"low"`
}

// Burden is one root cause that lowers the score.
type Burden struct {
	// Points are gained when it is gone.
	Points int `json:"points"`
	// Finding is the ID of the worst finding that it shows in, Code its rule and
	// Findings the number of all of them.
	Finding  string         `json:"finding"`
	Code     string         `json:"code"`
	Severity drift.Severity `json:"severity"`
	// Surface is where it is felt: build, test, develop, lint or docs.
	Surface  drift.Surface `json:"surface"`
	Findings int           `json:"findings"`
	// Fix mends the most of it in one go, and gains FixPoints; absent if there is
	// none.
	Fix       *FindingFix `json:"fix,omitempty"`
	FixPoints int         `json:"fixPoints,omitempty"`
}

// NewHealth is what the score of a report is made of. IDs are those of its
// findings, in their order.
func NewHealth(r *drift.Report, ids []string) Health {
	h := Health{Score: r.Score, Burdens: []Burden{}}
	if u := r.Usual; u != nil {
		h.Usual = &Usual{Median: u.Median, Spread: u.Spread, Limit: u.Limit, Low: u.Low}
	}
	for _, b := range r.Burdens {
		worst := r.Findings[b.Worst]
		out := Burden{
			Points: b.Points, Finding: ids[b.Worst], Code: worst.Code, Severity: worst.Severity, Surface: worst.Surface,
			Findings: b.Findings, FixPoints: b.FixPoints,
		}
		if b.Fix != nil {
			fix := NewFindingFix(*b.Fix)
			out.Fix = &fix
		}
		h.Burdens = append(h.Burdens, out)
	}
	return h
}

// UsualText tells how a score stands to what is usual, as the end of a sentence:
// empty where nothing is unusual.
func UsualText(u *drift.Usual) string {
	switch {
	case u == nil || !u.Low:
		return ""
	case u.Median < 0:
		return fmt.Sprintf(", which is low: below %d", u.Limit)
	}
	return fmt.Sprintf(", which is low for this workspace: %d is usual", u.Median)
}

// maxBurdens bounds the list in a summary.
const maxBurdens = 10

// gains lists what there is to gain, the most first.
func (t *textWriter) gains(r *drift.Report) {
	if len(r.Burdens) == 0 {
		return
	}
	texts := TextsOf(r.Snapshot)
	ids := IDs(r.Snapshot.Root, r.Findings, texts)
	wide := len(strconv.Itoa(r.Burdens[0].Points)) + 1
	t.printf("\nWhat it gains to mend each cause (godrift fix --finding ID):\n")
	shown := 0
	for _, b := range r.Burdens {
		if shown == maxBurdens || b.Points == 0 && shown > 0 {
			break
		}
		shown++
		worst := r.Findings[b.Worst]
		t.printf("%s  %s  %s", t.paint(t.good, fmt.Sprintf("%*s", wide+2, "+"+strconv.Itoa(b.Points))), ids[b.Worst], t.paint(t.palette.severity(worst.Severity), worst.Code))
		if at := worst.Place; at.File != "" {
			t.printf(" at %s", clean(drift.MaskText(Relative(r.Snapshot.Root, at.File))))
			if line := texts.Range(at).Line; line > 0 {
				t.printf(":%d", line)
			}
		}
		if b.Findings > 1 {
			t.printf(" and %s of the same cause", drift.Plural(b.Findings-1, "other"))
		}
		switch {
		case b.Fix == nil:
			t.printf("; no fix is offered")
		case b.FixPoints < b.Points:
			t.printf("; %s (+%d)", clean(drift.MaskText(b.Fix.Title)), b.FixPoints)
		default:
			t.printf("; %s", clean(drift.MaskText(b.Fix.Title)))
		}
		t.printf("\n")
	}
	if more := len(r.Burdens) - shown; more > 0 {
		t.printf("%*s  and %s\n", wide+2, "…", drift.Plural(more, "smaller cause"))
	}
}
