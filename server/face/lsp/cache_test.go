package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godrift.dev/server/tell"
)

// The whole life of a build cache through the protocol: measured, checked with progress,
// told in the report, mended, switched with what is good, undone, collected.
func TestCache(t *testing.T) {
	const (
		entry  = "cache/00/0011223344556677889900112233445566778899001122334455667788990011-a"
		output = "cache/58/5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03-d"
	)
	m := newMachine(t)
	m.write(t, "home/goenv", "GOCACHE="+m.path("cache")+"\n")
	m.write(t, "ws/go.mod", "module m\n\ngo 1.20\n")
	m.write(t, "cache/README", "This directory holds cached build artifacts from the Go build system.\n")
	m.write(t, entry, "v1 "+filepath.Base(entry)[:64]+" "+filepath.Base(output)[:64]+"                    6  1700000000000000000\n")
	m.write(t, output, "hellO\n")
	c := serve(t, m.world)
	c.initialize(object{"trusted": true}, m.path("ws"))

	var cache tell.PageCacheDocument
	c.call(MethodCache, CacheParams{}, &cache)
	if cache.Cache != m.path("cache") || cache.Size == nil || cache.Size.Outputs.Files != 1 || cache.Checked != "" || len(cache.Bad) != 0 {
		t.Fatalf("at first: %+v", cache)
	}
	var check tell.CacheVerifyDocument
	from := c.count()
	c.call(MethodCacheVerify, CacheParams{}, &check)
	if len(check.Bad) != 1 || check.Bad[0].Reason != "content" {
		t.Fatalf("checked: %+v", check)
	}
	for _, kind := range []string{`"begin"`, `"end"`} {
		c.seen("progress "+kind, from, func(msg message) bool {
			return msg.Method == "$/progress" && strings.Contains(string(msg.Params), `"kind":`+kind)
		})
	}
	c.call(MethodCache, CacheParams{}, &cache)
	if cache.Checked == "" || len(cache.Bad) != 1 || len(cache.Fixes) < 2 || !strings.HasPrefix(cache.Fixes[0].ID, "gocache-corrupt-") {
		t.Fatalf("after the check: %+v", cache)
	}
	var plan tell.CacheSwitchDocument
	c.call(MethodCacheSwitch, CacheParams{}, &plan)
	if plan.Applied || plan.From != m.path("cache") || plan.To != m.path("cache-2") || !strings.Contains(plan.Diff, "+GOCACHE="+m.path("cache-2")) {
		t.Fatalf("the plan of a switch: %+v", plan)
	}
	if _, err := os.Lstat(plan.To); err == nil {
		t.Fatal("a plan made the folder")
	}
	var done ApplyResult
	c.call(MethodApply, FixParams{Fix: cache.Fixes[0].ID}, &done)
	m.write(t, output, "hello\n")
	m.write(t, entry, "v1 "+filepath.Base(entry)[:64]+" "+filepath.Base(output)[:64]+"                    6  1700000000000000000\n")
	c.call(MethodCache, CacheParams{}, &cache)
	if !done.Applied || len(cache.Bad) != 0 {
		t.Fatalf("mended: %+v, %+v", done, cache)
	}
	var trim tell.CacheTrimDocument
	c.call(MethodCacheTrim, CacheParams{Apply: true}, &trim)
	if trim.Files != 0 || trim.Applied {
		t.Errorf("trimmed: %+v", trim)
	}
	c.call(MethodCacheSwitch, CacheParams{Apply: true, CarryOver: true}, &plan)
	if !plan.Applied || plan.Outputs != 1 || plan.Bad != 0 || plan.Journal == 0 {
		t.Fatalf("switched: %+v", plan)
	}
	c.call(MethodCache, CacheParams{}, &cache)
	if cache.Cache != m.path("cache-2") || cache.Size.Outputs.Files != 1 || len(cache.Old) != 1 || cache.Old[0].Cache != m.path("cache") || len(cache.Old[0].Uses) == 0 {
		t.Fatalf("after the switch: %+v", cache)
	}
	var gc tell.CacheGcDocument
	c.call(MethodCacheGc, CacheParams{Apply: true}, &gc)
	if len(gc.Caches) != 1 || gc.Caches[0].Removed {
		t.Errorf("an old cache that was used a moment ago: %+v", gc)
	}
	c.call(MethodUndo, UndoParams{ID: plan.Journal}, &done)
	c.call(MethodCache, CacheParams{}, &cache)
	if cache.Cache != m.path("cache") {
		t.Errorf("undone: %+v", cache)
	}
}
