package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"godrift.dev/server/tell"
)

// pageDrawing fits the past of an environment into so many pixels.
type pageDrawing struct {
	track        *pageTrack
	since, until int64
	width        int
	zone         int64  // the reader's clock is so many milliseconds ahead of UTC
	home         string // of whoever looks; paths begin with ~ there
}

// span settles which time is drawn: what was asked for, else all that there is.
func (d *pageDrawing) span(q tell.PageQuestion, now int64) {
	first, last := d.track.times[0], max(now, d.track.times[len(d.track.times)-1])
	d.since, d.until = first, last
	if !q.Since.IsZero() {
		d.since = q.Since.UnixMilli()
	}
	if !q.Until.IsZero() {
		d.until = q.Until.UnixMilli()
	}
	d.until = max(d.until, d.since+1000) // no picture shows less than a second
}

// pixel is how much time a pixel stands for, in milliseconds.
func (d *pageDrawing) pixel() int64 { return max(1, (d.until-d.since)/int64(d.width)) }

// draw fills in all but the numbers of moments.
func (d *pageDrawing) draw(doc *tell.PageTimelineDocument, is map[string]string, now int64) {
	t := d.track
	doc.First, doc.Last, doc.Total = t.times[0], t.times[len(t.times)-1], len(t.times)
	doc.Since, doc.Until = d.since, d.until
	end := max(now, doc.Last)
	for i, key := range pageLanes {
		value, known := is[key], is != nil
		all := t.bands(i, value, known, end)
		if i == laneScore {
			doc.Scores = d.scores(all)
			continue
		}
		bands := d.fit(all)
		for j, band := range bands {
			if i == laneGOROOT && band.Value != nil {
				bands[j].Label = tell.GorootText(*band.Value, d.home)
			}
		}
		doc.Lanes = append(doc.Lanes, tell.PageLane{Key: key, Changes: len(d.within(t.lanes[i])), Bands: bands})
	}
	doc.MovesStep = d.step(max(40, int64(d.width)/8))
	doc.Moves = d.moves(d.within(t.lanes[laneGOROOT]), doc.MovesStep)
	doc.Flips = d.flips(d.within(t.lanes[laneCgo]), doc.MovesStep)
}

// within are the points of the drawn time.
func (d *pageDrawing) within(points []lanePoint) []lanePoint {
	from, _ := slices.BinarySearchFunc(points, d.since, func(p lanePoint, at int64) int { return cmp.Compare(p.at, at) })
	to, _ := slices.BinarySearchFunc(points, d.until+1, func(p lanePoint, at int64) int { return cmp.Compare(p.at, at) })
	return points[from:to]
}

// The narrowest band that can be seen and pointed at, and how wide those become that are
// drawn as one; in pixels. mostValues bounds what is told of such a band.
const (
	narrowBand = 4
	joinedBand = 4 * narrowBand
	mostValues = 6
)

// fit draws bands: those that would be too narrow to be seen are drawn as one.
func (d *pageDrawing) fit(all []laneBand) []tell.PageBand {
	out := []tell.PageBand{}
	narrow, joined := narrowBand*d.pixel(), joinedBand*d.pixel()
	lengths := map[string]int64{} // of the values in the last band
	for _, b := range all {
		if b.to < d.since || b.from > d.until {
			continue
		}
		from, to := max(b.from, d.since), min(b.to, d.until)
		if n := len(out); n > 0 && to-from < narrow {
			last := &out[n-1]
			if (last.Changes > 0 || last.To-last.From < narrow) && from-last.From < joined {
				join(last, b, to)
				if lengths[b.value] += to - from; lengths[b.value] > lengths[last.Most] || last.Most == "" {
					last.Most = b.value
				}
				continue
			}
		}
		band := tell.PageBand{From: from, To: to}
		if b.known {
			band.Value = &b.value
		}
		clear(lengths)
		lengths[b.value] = to - from
		out = append(out, band)
	}
	return out
}

// join adds one more value to a band.
func join(band *tell.PageBand, b laneBand, to int64) {
	if band.Changes == 0 && band.Value != nil {
		band.Values, band.Most = append(band.Values, *band.Value), *band.Value
	}
	band.Value, band.To = nil, to
	band.Changes++
	if b.known && len(band.Values) < mostValues && !slices.Contains(band.Values, b.value) {
		band.Values = append(band.Values, b.value)
	}
}

// scorePixels is the width in which the health is one point.
const scorePixels = 3

// scores draws the health.
func (d *pageDrawing) scores(all []laneBand) []tell.PageScore {
	out := []tell.PageScore{}
	for _, b := range all {
		if b.to < d.since || b.from > d.until {
			continue
		}
		score, err := strconv.Atoi(b.value)
		if err != nil || !b.known || score < 0 || score > 100 {
			score = -1
		}
		at := max(b.from, d.since)
		wide := scorePixels * d.pixel()
		switch n := len(out); {
		case n > 0 && at-out[n-1].Time >= 3*wide:
			out = calmed(out, wide)
		case n > 0 && at-out[n-1].Time < wide:
			last := &out[n-1]
			last.Score, last.High = score, max(last.High, score)
			if score >= 0 && (last.Low < 0 || score < last.Low) {
				last.Low = score
			}
			continue
		}
		out = append(out, tell.PageScore{Time: at, Score: score, Low: score, High: score})
	}
	return calmed(out, scorePixels*d.pixel())
}

// calmed ends the point in which the health went up and down: after it, it was what it
// came to.
func calmed(out []tell.PageScore, wide int64) []tell.PageScore {
	if len(out) == 0 {
		return out
	}
	if last := out[len(out)-1]; last.Low != last.High {
		out = append(out, tell.PageScore{Time: last.Time + wide, Score: last.Score, Low: last.Score, High: last.Score})
	}
	return out
}

// pageSteps are the times that people count in, in milliseconds.
var pageSteps = []int64{
	1000, 5000, 15_000, 60_000, 5 * 60_000, 15 * 60_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000, 12 * 3_600_000, 86_400_000, 2 * 86_400_000,
	7 * 86_400_000, 14 * 86_400_000, 28 * 86_400_000,
	91 * 86_400_000, 364 * 86_400_000,
}

// step is the shortest of these that makes at most so many of the drawn time.
func (d *pageDrawing) step(most int64) int64 {
	for _, step := range pageSteps {
		if (d.until-d.since)/step < most {
			return step
		}
	}
	return pageSteps[len(pageSteps)-1] * (1 + (d.until-d.since)/pageSteps[len(pageSteps)-1]/most)
}

// begin is the beginning of the step that a time is in, by the reader's clock.
func (d *pageDrawing) begin(at, step int64) int64 { return (at+d.zone)/step*step - d.zone }

// mostMoves bounds the rows of the picture; the rarer ones are counted together.
const mostMoves = 12

// moves counts how often GOROOT went from where to where, and when.
func (d *pageDrawing) moves(points []lanePoint, step int64) []tell.PageMove {
	type pair struct{ from, to string }
	rows := map[pair]map[int64]int{}
	counts := map[pair]int{}
	for _, p := range points {
		if p.old == p.new {
			continue // from another layer
		}
		key := pair{p.old, p.new}
		if rows[key] == nil {
			rows[key] = map[int64]int{}
		}
		rows[key][d.begin(p.at, step)]++
		counts[key]++
	}
	pairs := slices.SortedFunc(maps.Keys(counts), func(a, b pair) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	out := []tell.PageMove{}
	rest, others := map[int64]int{}, 0
	for i, key := range pairs {
		if i >= mostMoves {
			for at, n := range rows[key] {
				rest[at] += n
			}
			others += counts[key]
			continue
		}
		label := tell.GorootText(key.from, d.home) + " → " + tell.GorootText(key.to, d.home)
		out = append(out, tell.PageMove{From: key.from, To: key.to, Label: label, Count: counts[key], Cells: cells(rows[key])})
	}
	if others > 0 {
		label := fmt.Sprintf("%d other ways", len(pairs)-mostMoves)
		out = append(out, tell.PageMove{Label: label, Count: others, Cells: cells(rest)})
	}
	return out
}

func cells(counts map[int64]int) []tell.PageCount {
	out := make([]tell.PageCount, 0, len(counts))
	for _, at := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, tell.PageCount{Time: at, Count: counts[at]})
	}
	return out
}

// flips counts how often cgo was switched.
func (d *pageDrawing) flips(points []lanePoint, step int64) []tell.PageFlip {
	out := []tell.PageFlip{}
	for _, p := range points {
		if p.old == p.new {
			continue
		}
		at := d.begin(p.at, step)
		if n := len(out); n == 0 || out[n-1].Time != at {
			out = append(out, tell.PageFlip{Time: at})
		}
		if p.new == "1" {
			out[len(out)-1].On++
		} else {
			out[len(out)-1].Off++
		}
	}
	return out
}

// count fills in the numbers of moments that fit.
func (d *pageDrawing) count(doc *tell.PageTimelineDocument, times []int64) {
	doc.DensityStep = d.step(max(30, int64(d.width)/4))
	from, _ := slices.BinarySearch(times, d.since)
	to, _ := slices.BinarySearch(times, d.until+1)
	doc.Count = to - from
	for _, at := range times[from:to] {
		begin := d.begin(at, doc.DensityStep)
		if n := len(doc.Density); n == 0 || doc.Density[n-1].Time != begin {
			doc.Density = append(doc.Density, tell.PageCount{Time: begin})
		}
		doc.Density[len(doc.Density)-1].Count++
	}
	var counts [16]int
	from, _ = slices.BinarySearch(d.track.times, d.since)
	to, _ = slices.BinarySearch(d.track.times, d.until+1)
	for _, cause := range d.track.causes[from:to] {
		counts[cause&15]++
	}
	for i, n := range counts[:len(pageCauses)] {
		if n > 0 {
			doc.Causes = append(doc.Causes, tell.PageCause{Kind: pageCauses[i], Count: n})
		}
	}
	slices.SortStableFunc(doc.Causes, func(a, b tell.PageCause) int { return cmp.Compare(b.Count, a.Count) })
}
