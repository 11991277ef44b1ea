package tell

// PageCacheDocument is what is known about the build cache of a folder.
type PageCacheDocument struct {
	// Schema is "godrift/page-cache".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Cache is the value of GOCACHE, and Program that of GOCACHEPROG without secrets: a
	// program that keeps what is compiled in the place of the folder; empty if there is none.
	Cache   string `json:"cache"`
	Program string `json:"program"`
	// Size is what stands in it; null if it cannot be added up, and Missing says why.
	Size    *CacheSizeDocument `json:"size"`
	Missing string             `json:"missing"`
	// Quota is how large it may get, 0 if the policy does not say.
	Quota int64 `json:"quota"`
	// Checked is when all of it was last read, as RFC 3339, and CheckedBytes how much that
	// was; empty if it never was. Bad is what was bad then and still is.
	Checked      string     `json:"checked"`
	CheckedBytes int64      `json:"checkedBytes"`
	Bad          []CacheBad `json:"bad"`
	// Troubles are problems with the place of the cache, one sentence each.
	Troubles []string `json:"troubles"`
	// Fixes are what can be done about what is bad and about the troubles.
	Fixes []FindingFix `json:"fixes"`
	// Old are the caches that switches left behind.
	Old []OldCache `json:"old"`
}

// NewPageCache makes the document of a cache of which nothing is known yet.
func NewPageCache(dir string) PageCacheDocument {
	return PageCacheDocument{
		Schema: SchemaPageCache, Version: DocumentVersion, Cache: dir,
		Bad: []CacheBad{}, Troubles: []string{}, Fixes: []FindingFix{}, Old: []OldCache{},
	}
}
