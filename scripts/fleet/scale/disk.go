package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"godrift.dev/scripts/fleet/emulate"
	"godrift.dev/scripts/fleet/server"
)

// blocks are some blocks of Prometheus together.
type blocks struct {
	number                 int
	samples, series        int64
	chunkBytes, indexBytes int64
}

func (b blocks) aSample() float64 { return float64(b.chunkBytes) / float64(b.samples) }

// storage is what a day of a few hosts takes on disk: in blocks of two hours, and after
// Prometheus has merged those that it merges.
type storage struct {
	hosts       int
	length      time.Duration
	raw, merged blocks
}

// indexAnHour is what an hour of one host takes in the indexes.
func (s storage) indexAnHour() float64 {
	return float64(s.merged.indexBytes) / float64(s.hosts) / s.length.Hours()
}

// day has hosts live through a day on a clock of their own, one message a minute, makes
// blocks of it, and lets Prometheus merge them.
func day(ctx context.Context, dir string, hosts int, changes float64) (storage, error) {
	s := storage{hosts: hosts, length: 20 * time.Hour}
	gathered, err := server.NewBackfill(filepath.Join(dir, "day.txt"))
	if err != nil {
		return s, err
	}
	// Prometheus merges blocks that begin at multiples of six and eighteen hours since
	// 1970, and never the newest one.
	const whole = 18 * 3600
	from := time.Unix(time.Now().Unix()/whole*whole-2*whole, 0)
	to := from.Add(s.length)
	now := from
	all := make([]*emulate.Host, hosts)
	for i := range all {
		if all[i], err = emulate.New(ctx, i+1, emulate.Options{Changes: changes, Now: func() time.Time { return now }}); err != nil {
			return s, err
		}
		defer func() { _ = all[i].Close(ctx) }() // it sends nowhere
	}
	for ; now.Before(to); now = now.Add(time.Minute) {
		for _, h := range all {
			h.Step()
			r := httptest.NewRecorder()
			h.Metrics().ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
			gathered.Scrape(r.Body.String(), fmt.Sprintf("job=%q,instance=%q", "godrift", h.ID), now)
		}
	}
	data := filepath.Join(dir, "data")
	if err := gathered.Blocks(ctx, data); err != nil {
		return s, err
	}
	if s.raw, err = measure(data); err != nil {
		return s, err
	}
	config := filepath.Join(dir, "empty.yml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		return s, err
	}
	p, err := server.StartPrometheus(ctx, config)
	if err != nil {
		return s, err
	}
	defer p.Stop()
	// It looks for blocks to merge once a minute.
	for until := time.Now().Add(150 * time.Second); ; {
		if s.merged, err = measure(data); err != nil {
			return s, err
		}
		if done := s.merged.number <= 4 || time.Now().After(until); done && s.merged.samples == s.raw.samples {
			return s, nil
		}
		if time.Now().After(until.Add(time.Minute)) {
			return s, fmt.Errorf("%d of %d samples are left after merging", s.merged.samples, s.raw.samples)
		}
		if err := wait(ctx, time.Second); err != nil {
			return s, err
		}
	}
}

// measure adds up the blocks of a folder.
func measure(data string) (blocks, error) {
	var b blocks
	files, err := filepath.Glob(filepath.Join(data, "*", "meta.json"))
	if err != nil {
		return b, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue // it was merged meanwhile
		}
		if err != nil {
			return b, err
		}
		var meta struct {
			Stats struct{ NumSamples, NumSeries int64 }
		}
		if err := json.Unmarshal(text, &meta); err != nil {
			return b, err
		}
		chunks, err := size(filepath.Join(filepath.Dir(file), "chunks"))
		if err != nil {
			return b, err
		}
		index, err := size(filepath.Join(filepath.Dir(file), "index"))
		if err != nil {
			return b, err
		}
		b.number++
		b.samples += meta.Stats.NumSamples
		b.series += meta.Stats.NumSeries
		b.chunkBytes += chunks
		b.indexBytes += index
	}
	return b, nil
}

// size adds up the files of a folder, or one file. What is removed meanwhile counts
// for nothing.
func size(path string) (int64, error) {
	var n int64
	err := filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}
