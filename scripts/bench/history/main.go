// Command history makes up a history for "godrift log import": what a workspace might
// live through in nine months, the same every time.
//
//	go -C scripts/bench run ./history -root FOLDER [-of cli] [-moments 100000] > history.jsonl
package main

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
)

func main() {
	root := flag.String("root", "", "the workspace folder")
	of := flag.String("of", "cli", "whose environment it is")
	moments := flag.Int("moments", 100_000, "how many moments")
	months := flag.Int("months", 9, "over how many months")
	flag.Parse()
	if err := write(*root, *of, *moments, time.Now(), time.Duration(*months)*30*24*time.Hour); err != nil {
		fmt.Fprintln(os.Stderr, "history:", err)
		os.Exit(1)
	}
}

// gos are the toolchains that come along, in the order in which they do.
var gos = []struct{ version, goroot string }{
	{"go1.24.9", "/usr/local/go"},
	{"go1.25.1", "/home/me/sdk/go1.25.1"},
	{"go1.25.3", "/home/me/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.25.3.linux-amd64"},
	{"go1.25.7", "/home/me/sdk/go1.25.7"},
	{"go1.26.2", "/usr/local/go"},
	{"go1.26.8", "/home/me/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64"},
}

func write(root, of string, moments int, now time.Time, length time.Duration) error {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // it is to be the same every time
	values := map[string]string{
		"env.CGO_ENABLED": "1", "env.CGO_ENABLED@layer": "default", "env.GOTOOLCHAIN": "auto", "env.GOTOOLCHAIN@layer": "default",
		"env.GOFLAGS": "", "env.GOFLAGS@layer": "default", "env.GOCACHE": "/home/me/.cache/go-build", "env.GOCACHE@layer": "default",
		"go.how": "local", "go.path": "/usr/local/go/bin/go", "pin.go.mod:go.mod:go": "1.24.0", "score": "100",
	}
	days := workdays(random, now, length)
	known := map[string]bool{}
	before := ""
	for i := range moments {
		share := float64(i) / float64(moments)
		r := drift.Record{Version: drift.RecordVersion, Root: root, Of: of}
		var cause drift.Cause
		id := before
		for id == before {
			cause = step(random, values, share)
			score(values, share)
			r.Values = maps.Clone(values)
			id = r.ID()
		}
		r.Time = days.at(share).Truncate(time.Millisecond)
		line := record.Line{Moment: &drift.Moment{
			Time: r.Time, Root: root, Of: of, Before: before, After: id, Cause: cause, By: drift.Actor{Kind: drift.ActorCommand, Name: "godrift monitor"},
		}}
		lines := []record.Line{line}
		if !known[id] {
			known[id] = true
			lines = []record.Line{{Record: &r}, line}
		}
		for _, l := range lines {
			text, err := l.JSON()
			if err != nil {
				return err
			}
			if _, err := out.Write(append(text, '\n')); err != nil {
				return err
			}
		}
		before = id
	}
	return out.Flush()
}

// calendar are the days on which something happens, with how much that is, added up.
type calendar struct {
	days []time.Time
	sums []float64
}

// workdays are the days of a length of time until now on which people work, some more
// than others.
func workdays(random *rand.Rand, now time.Time, length time.Duration) calendar {
	var c calendar
	sum := 0.0
	for day := now.Add(-length).Truncate(24 * time.Hour); day.Before(now.Add(-24 * time.Hour)); day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		sum += 0.2 + random.Float64()*random.Float64()*3
		c.days, c.sums = append(c.days, day), append(c.sums, sum)
	}
	return c
}

// at is when so much of everything has happened.
func (c calendar) at(share float64) time.Time {
	want := share * c.sums[len(c.sums)-1]
	i, _ := slices.BinarySearch(c.sums, want)
	before := 0.0
	if i > 0 {
		before = c.sums[i-1]
	}
	part := (want - before) / (c.sums[i] - before)
	return c.days[i].Add(8*time.Hour + time.Duration(part*float64(11*time.Hour)))
}

// step changes one thing.
func step(random *rand.Rand, values map[string]string, share float64) drift.Cause {
	newest := int(share * float64(len(gos)))
	at := slices.IndexFunc(gos, func(g struct{ version, goroot string }) bool { return g.version == values["go.selected"] })
	switch n := random.IntN(1000); {
	case at < 0, n < 12: // another Go: the newest there is, or for a while an older one
		next := newest
		if random.IntN(3) == 0 {
			next = max(0, newest-1-random.IntN(2))
		}
		values["go.selected"], values["go.goroot"] = gos[next].version, gos[next].goroot
		return drift.Cause{Kind: drift.CauseMachine}
	case n < 60:
		if values["env.CGO_ENABLED"] == "1" {
			values["env.CGO_ENABLED"], values["env.CGO_ENABLED@layer"] = "0", "goenv /home/me/.config/go/env"
		} else {
			values["env.CGO_ENABLED"], values["env.CGO_ENABLED@layer"] = "1", "default"
		}
		return drift.Cause{Kind: drift.CauseGoEnv}
	case n < 110:
		values["env.GOTOOLCHAIN"] = []string{"auto", "local", "go1.25.3+auto"}[random.IntN(3)]
		values["env.GOTOOLCHAIN@layer"] = "goenv /home/me/.config/go/env"
		return drift.Cause{Kind: drift.CauseGoEnv}
	case n < 114:
		values["env.GOCACHE"] = fmt.Sprintf("/home/me/.cache/go-build-%d", random.IntN(2))
		return drift.Cause{Kind: drift.CauseGodrift, Text: "cache switch"}
	case n < 500:
		values["pin.go.mod:go.mod:go"] = fmt.Sprintf("1.%d.%d", 24+newest/3, random.IntN(2))
		return drift.Cause{Kind: drift.CauseBranch, Text: []string{"main → feature", "feature → main"}[random.IntN(2)]}
	case n < 750:
		values["print.gosum"] = fmt.Sprintf("%032x", random.IntN(2))
		return drift.Cause{Kind: drift.CauseGoGet}
	default:
		values["env.GOFLAGS"], values["env.GOFLAGS@layer"] = []string{"", "-mod=mod"}[random.IntN(2)], "process"
		return drift.Cause{Kind: drift.CauseVariable}
	}
}

// score is worse where an older Go runs, and gets better with time.
func score(values map[string]string, share float64) {
	s := 70 + 4*int(share*6)
	if values["env.GOTOOLCHAIN"] == "local" {
		s -= 18
	}
	if values["go.selected"] < gos[int(share*float64(len(gos)))].version {
		s -= 22
	}
	values["score"] = strconv.Itoa(s)
}
