package rules

import (
	"fmt"
	"strings"

	"godrift.dev/server/drift"
)

// pin-digest-mismatch reports an image whose tag was edited while its digest was
// not.
//
// # Why it matters
//
// A digest names one image, and whoever pulls it passes the tag by. So the build
// still runs with the old Go, and the tag says something that is not so.
//
// Nothing is looked up. What a digest is of is known from the commit that --staged
// or --since compares with, in an editor from the time when the folder was opened,
// and from other files here that have the same digest beside another tag.
//
// # Example
//
//	FROM golang:1.26.7@sha256:0d1d3a79…
//
// where the last commit has golang:1.26.6 with the same digest.
//
// # How to fix it
//
// Drop the digest, so that the tag counts, and have it written anew by the tool
// that keeps it; or write the old tag back.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the file and the tag.
var pinDigestMismatch = Rule{
	Code: "pin-digest-mismatch", Title: "A tag that is not that of the digest behind it",
	Group: GroupPins, Severity: drift.SeverityWarning, All: "Drop the digest in all %d files",
	Check: checkPinDigestMismatch,
}

func checkPinDigestMismatch(in Input) []Found {
	former := map[string][]drift.Digested{}
	for _, d := range in.Snapshot.Digested {
		former[d.Digest] = append(former[d.Digest], d)
	}
	present, order := map[string][]drift.Pin{}, []string{}
	for _, pin := range in.Snapshot.Pins {
		digest := drift.DigestOf(in.Snapshot.Documents[pin.Place.File].Text, pin)
		if digest == "" || pin.Version == "" || in.testData(pin.Place.File) {
			continue
		}
		if present[digest] == nil {
			order = append(order, digest)
		}
		present[digest] = append(present[digest], pin)
	}
	var found []Found
	for _, digest := range order {
		known, seen := former[digest], ""
		var old []drift.Pin
		for _, d := range known {
			old, seen = append(old, d.Pin), d.Seen
		}
		right := mostCommon(old)
		if len(old) == 0 {
			right = mostCommon(present[digest])
		}
		for _, pin := range present[digest] {
			if sameTag(pin, right) || matchesAny(pin, old) {
				continue
			}
			found = append(found, in.mismatch(pin, right, digest, seen))
		}
	}
	return found
}

// mismatch is the finding about a pin whose digest is that of another tag.
func (in Input) mismatch(pin, of drift.Pin, digest, seen string) Found {
	short := digest[:len("sha256:")+12]
	f := drift.Finding{Place: pin.Place, Subject: string(pin.Source), Value: pin.Raw}
	const counts = "Whoever pulls it goes by the digest, so the tag says something that is not so."
	if seen != "" {
		f.Message = fmt.Sprintf("%s says %s, but the digest behind it (%s…) stood beside %s %s. %s", in.at(pin.Place), tagOf(pin), short, tagOf(of), seen, counts)
	} else {
		f.Message = fmt.Sprintf("%s says %s, but the same digest (%s…) stands beside %s at %s. %s", in.at(pin.Place), tagOf(pin), short, tagOf(of), in.at(of.Place), counts)
		f.Related = []drift.Related{{Place: of.Place, Message: "the same digest, beside " + tagOf(of)}}
	}
	if drop := in.dropDigest(pin); drop.Kind != "" {
		f.Fixes = repair("Drop the digest, so that the tag counts", "The image that is pulled changes with it.", drop)
	}
	if text := in.spelled(pin, name(of.Version)); alignable(pin) && text != "" && distribution(pin) == distribution(of) && namesMinor(pin) == namesMinor(of) {
		f.Fixes = append(f.Fixes, repair("Write "+text+" back, which the digest is of", "", in.edit(pin.Place, text))...)
	}
	f.Fixes = preferFirst(f.Fixes)
	return Found{Finding: f, Cause: digest + " " + tagOf(pin), Brief: "says " + tagOf(pin) + ", too, beside that digest"}
}

// tagOf is the version of a tag with its variant, for people.
func tagOf(pin drift.Pin) string {
	if v := pin.Extra["variant"]; v != "" {
		return pin.Version + "-" + strings.TrimPrefix(v, "-")
	}
	return pin.Version
}
