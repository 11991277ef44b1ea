package telemetry

// Kind says how the values of a metric go on.
type Kind string

// The kinds.
const (
	Gauge     Kind = "gauge"     // what is so now
	Counter   Kind = "counter"   // how often it was since the process began
	Histogram Kind = "histogram" // how values are spread
)

// Metric is one metric as it is published.
type Metric struct {
	// Name is the same in Prometheus and over OTLP: it has its unit and, of a counter,
	// "_total" at its end already.
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Unit is one of UCUM, or a word in braces; empty if the value has none.
	Unit string `json:"unit,omitempty"`
	Help string `json:"help"`
	// Labels are the names of its labels, in the order of the values.
	Labels []string `json:"labels,omitempty"`
	// Buckets are the bounds of a histogram.
	Buckets []float64 `json:"buckets,omitempty"`
	// Series says in words how many series there can be of it.
	Series string `json:"series"`
}

// id is the index of a metric in the list.
type id int

const (
	gorootChanges id = iota
	migrations
	cgoState
	cgoFlips
	cgoTargets
	selectedInfo
	selectedSupported
	driftState
	findings
	findingSince
	pins
	score
	scoreLimit
	cacheSize
	cacheCorrupt
	probeDuration
	probeValue
	probeFailures
	eventToReport
	evaluationFailures
	rollbacks
	rollbackDuration
	deeds
	historyMoments
	alerts
	alertDelivery
	checkTime
	exports
	buildInfo
	processMemory
	processHeap
	processGoroutines
	processFiles
	processCPU
	processStart
	count // of all
)

// The labels, and what is written in the place of a value that is one too many.
const (
	labelWorkspace = "workspace"
	other          = "other"
	none           = "none"
)

// latency are the bounds for what takes from a millisecond to a minute, and lengthy for
// what may wait for a network.
var (
	latency = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}
	lengthy = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}
)

var (
	ofWorkspace = []string{labelWorkspace}
	perOne      = "one for each workspace"
)

// list holds every metric at its id.
var list = [count]Metric{
	gorootChanges: {"go_env_goroot_change_total", Counter, "{change}", "How often GOROOT, as go env prints it in the workspace, became another folder.", ofWorkspace, nil, perOne},
	migrations: {
		"go_build_goroot_migrations_total", Counter, "{migration}", "How often the Go that builds the workspace became another: from which to which, each as its version and where it stands (path, sdk, modcache, system, other).",
		[]string{labelWorkspace, "from", "to"},
		nil, "at most 50 pairs of from and to in one process, then \"other\"",
	},
	cgoState:   {"go_env_cgo_enabled_state", Gauge, "", "CGO_ENABLED as go env prints it in the workspace: 0 or 1.", ofWorkspace, nil, perOne},
	cgoFlips:   {"go_build_cgo_enabled_flips_total", Counter, "{flip}", "How often CGO_ENABLED became this value.", []string{labelWorkspace, "value"}, nil, "two for each workspace"},
	cgoTargets: {"go_env_cgo_cross_compilable", Gauge, "", "1 if a program with C code can be built here for the target, 0 if not. Only targets that were tried are there.", []string{labelWorkspace, "goos", "goarch"}, nil, "at most 64 for each workspace"},
	selectedInfo: {
		"go_selected_info", Gauge, "", "The Go that the go command runs in the workspace, how it comes to it (local, path, modcache, download, error, nogo), and the Go that was agreed upon.",
		[]string{labelWorkspace, "version", "how", "agreed"},
		nil, perOne,
	},
	selectedSupported: {"go_selected_supported", Gauge, "", "1 if the Go project still supports the Go that runs in the workspace, 0 if not.", ofWorkspace, nil, perOne},
	driftState:        {"godrift_drift", Gauge, "", "1 if the Go that runs in the workspace is not the agreed one, 0 if it is.", ofWorkspace, nil, perOne},
	findings:          {"godrift_findings", Gauge, "{finding}", "Findings in the workspace by rule and severity. A rule that finds nothing has no series.", []string{labelWorkspace, "rule", "severity"}, nil, "at most 128 for each workspace"},
	findingSince:      {"godrift_finding_since_timestamp_seconds", Gauge, "s", "Since when a rule has had findings without a break, as this process saw it, in seconds since 1970.", []string{labelWorkspace, "rule"}, nil, "at most 128 for each workspace"},
	pins:              {"godrift_pins", Gauge, "{pin}", "Places that say which Go to use, by what they decide and the version they name.", []string{labelWorkspace, "role", "version"}, nil, "at most 72 for each workspace: of versions 64, then \"other\""},
	score:             {"godrift_score", Gauge, "", "Health of the workspace, 0 to 100.", ofWorkspace, nil, perOne},
	scoreLimit:        {"godrift_score_limit", Gauge, "", "The lowest score that is nothing unusual in the workspace. There is none while too little is known of its past.", ofWorkspace, nil, perOne},
	cacheSize:         {"godrift_cache_size_bytes", Gauge, "By", "Size of the build cache of the workspace when it was last added up.", ofWorkspace, nil, perOne},
	cacheCorrupt:      {"godrift_cache_corrupt_entries", Gauge, "{entry}", "Entries of the build cache of the workspace that were bad when it was last read.", ofWorkspace, nil, perOne},
	probeDuration:     {"godrift_probe_duration_seconds", Gauge, "s", "How long the last run of a probe took.", []string{"probe"}, nil, "at most 64"},
	probeValue:        {"godrift_probe_value", Gauge, "", "The number that a probe printed last. A probe whose last run failed has none.", []string{"probe"}, nil, "at most 64"},
	probeFailures:     {"godrift_probe_failures_total", Counter, "{failure}", "How often a probe failed.", []string{"probe"}, nil, "at most 64"},
	eventToReport:     {"godrift_event_to_report_seconds", Histogram, "s", "Time from an event, such as a saved file, to the report that accounts for it, by the kind of the event.", []string{"kind"}, latency, "at most 14, of 17 series each"},
	evaluationFailures: {
		"godrift_evaluation_failures_total", Counter, "{failure}", "How often the workspace could not be looked at.", ofWorkspace, nil, perOne,
	},
	rollbacks:         {"rollback_total", Counter, "{rollback}", "Rollbacks of the environment by how they ended: done, refused, failed.", []string{labelWorkspace, "result"}, nil, "three for each workspace"},
	rollbackDuration:  {"rollback_duration_seconds", Histogram, "s", "How long rollbacks took, by how they ended.", []string{"result"}, lengthy, "at most three, of 16 series each"},
	deeds:             {"godrift_deeds_total", Counter, "{deed}", "What was done in the workspace as the audit tells it: fix, undo, rollback, accept and others, by how it ended.", []string{labelWorkspace, "kind", "result"}, nil, "at most 24 for each workspace"},
	historyMoments:    {"godrift_history_moments", Gauge, "{moment}", "Moments that the history holds of all workspaces.", nil, nil, "one"},
	alerts:            {"godrift_alerts_total", Counter, "{alert}", "Alerts by channel and by what became of them: sent, failed (to be tried again), dead, deduplicated, silenced.", []string{"channel", "result"}, nil, "at most 33 channels, of 6 each"},
	alertDelivery:     {"godrift_alert_delivery_seconds", Histogram, "s", "How long a channel took to take an alert.", []string{"channel"}, lengthy, "at most 33, of 16 series each"},
	checkTime:         {"godrift_check_timestamp_seconds", Gauge, "s", "When the workspace was last looked at, in seconds since 1970.", ofWorkspace, nil, perOne},
	exports:           {"godrift_otlp_exports_total", Counter, "{export}", "Deliveries to the collector by signal (metrics, traces) and by how they ended (sent, failed).", []string{"signal", "result"}, nil, "four"},
	buildInfo:         {"godrift_build_info", Gauge, "", "The version of godrift and the Go that it was built with.", []string{"version", "go_version"}, nil, "one"},
	processMemory:     {"godrift_process_resident_memory_bytes", Gauge, "By", "Memory of this process that is in RAM.", nil, nil, "one"},
	processHeap:       {"godrift_process_heap_bytes", Gauge, "By", "Memory that live objects of this process take, and dead ones that are not swept yet.", nil, nil, "one"},
	processGoroutines: {"godrift_process_goroutines", Gauge, "{goroutine}", "Goroutines of this process.", nil, nil, "one"},
	processFiles:      {"godrift_process_open_fds", Gauge, "{file}", "Open file descriptors of this process.", nil, nil, "one"},
	processCPU:        {"godrift_process_cpu_seconds_total", Counter, "s", "Processor time that this process has taken.", nil, nil, "one"},
	processStart:      {"godrift_process_start_time_seconds", Gauge, "s", "When this process began, in seconds since 1970.", nil, nil, "one"},
}

// Metrics lists everything that is measured, in the order of its publication.
func Metrics() []Metric { return list[:] }
