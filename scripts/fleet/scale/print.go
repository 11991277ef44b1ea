package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"time"
)

// print writes everything as Markdown.
func (m *figures) print(to io.Writer) error {
	var b strings.Builder
	m.table(&b)
	m.dashboards(&b)
	m.arithmetic(&b)
	_, err := io.WriteString(to, b.String())
	return err
}

func (m *figures) table(b *strings.Builder) {
	seconds := m.measured.Seconds()
	messages := float64(m.hosts) * seconds / m.interval.Seconds()
	row := func(what, value string) { fmt.Fprintf(b, "| %s | %s |\n", what, value) }
	b.WriteString("| what | measured |\n| --- | --- |\n")
	row("hosts, workspaces", fmt.Sprintf("%d, %d (%.2f a host)", m.hosts, m.workspaces, float64(m.workspaces)/float64(m.hosts)))
	row("each host sends every", m.interval.String())
	row("measured for", m.measured.Round(time.Second).String())
	row("series of hosts", fmt.Sprintf("%.0f (%.0f a host)", m.hostSeries, m.hostSeries/float64(m.hosts)))
	row("series in Prometheus' head, with what rules record and its own", fmt.Sprintf("%.0f", m.headSeries))
	row("samples a second into Prometheus", fmt.Sprintf("%.0f", m.samples/seconds))
	row("one message of one host, unpacked", bytes(m.unpacked))
	row("the same, as it is sent (gzip)", fmt.Sprintf("%s (%.1f : 1)", bytes(m.packed), m.unpacked/m.packed))
	row("on the wire to the collector, with headers", fmt.Sprintf("%s/s, %s a message", bytes(float64(m.up)/seconds), bytes(float64(m.up)/messages)))
	row("back from it", bytes(float64(m.down)/seconds)+"/s")
	row(fmt.Sprintf("load of the machine, which has %d processors", runtime.NumCPU()), m.load)
	row("collector", used(m.collector, seconds))
	row("Prometheus", used(m.prometheus, seconds))
	if !m.write {
		row("one scrape of the collector", fmt.Sprintf("%.0f samples in %.2f s", m.scrapeSamples, m.scrapeSeconds))
	}
	for _, g := range m.rules {
		row("rules of "+g.name+", once", fmt.Sprintf("%.0f ms", 1000*g.seconds))
	}
	st := m.storage
	row(fmt.Sprintf("20 hours of %d hosts on disk, in %d blocks", st.hosts, st.raw.number), fmt.Sprintf("%d samples; chunks %s, index %s", st.raw.samples, bytes(float64(st.raw.chunkBytes)), bytes(float64(st.raw.indexBytes))))
	row(fmt.Sprintf("the same, merged by Prometheus into %d blocks", st.merged.number), fmt.Sprintf("chunks %s: %.2f bytes a sample; index %s: %s a host and hour", bytes(float64(st.merged.chunkBytes)), st.merged.aSample(), bytes(float64(st.merged.indexBytes)), bytes(st.indexAnHour())))
}

func (m *figures) dashboards(b *strings.Builder) {
	b.WriteString("\n| dashboard | queries | all, one after another | slowest |\n| --- | --- | --- | --- |\n")
	for _, board := range m.boards {
		fmt.Fprintf(b, "| %s | %d | %.2f s | %.0f ms (%s) |\n", board.title, board.queries, board.all.Seconds(), 1000*board.worst.Seconds(), board.of)
	}
}

// arithmetic shows step by step what a larger fleet costs at one message a minute.
func (m *figures) arithmetic(b *strings.Builder) {
	const (
		scrapesAMinute = 1
		month          = 30 * 86400
	)
	n := float64(m.larger)
	factor := n / float64(m.hosts)
	perHost := m.hostSeries / float64(m.hosts)
	series := perHost * n
	samples := series / 60 * scrapesAMinute
	message := float64(m.up) / (float64(m.hosts) * m.measured.Seconds() / m.interval.Seconds())
	slower := time.Minute.Seconds() / m.interval.Seconds()
	chunks, index := m.storage.merged.aSample(), m.storage.indexAnHour()
	stored, indexes := samples*month*chunks, n*index*month/3600
	step := func(what, sum, result string) { fmt.Fprintf(b, "| %s | %s | %s |\n", what, sum, result) }
	fmt.Fprintf(b, "\n| for %d hosts, one message a minute | arithmetic | |\n| --- | --- | --- |\n", m.larger)
	step("series", fmt.Sprintf("%.0f a host × %.0f", perHost, n), millions(series))
	step("samples a second", fmt.Sprintf("%s ÷ 60 s", millions(series)), fmt.Sprintf("%.0f", samples))
	step("messages a second", fmt.Sprintf("%.0f ÷ 60 s", n), fmt.Sprintf("%.0f", n/60))
	step("bytes a second to the collectors", fmt.Sprintf("%.0f ÷ 60 s × %s", n, bytes(message)), bytes(n/60*message)+"/s")
	step("the same in a month", fmt.Sprintf("× %d s", month), bytes(n/60*message*month))
	step("processors for collectors", fmt.Sprintf("%s ÷ %.0f × %.0f", share(m.collector.cpu, m.measured), slower, factor), fmt.Sprintf("%.2f", m.collector.cpu.Seconds()/m.measured.Seconds()/slower*factor))
	step("memory for collectors", fmt.Sprintf("%s × %.0f", bytes(float64(m.collector.rss)), factor), bytes(float64(m.collector.rss)*factor))
	step("processors for Prometheus", fmt.Sprintf("%s ÷ %.0f × %.0f", share(m.prometheus.cpu, m.measured), slower, factor), fmt.Sprintf("%.2f", m.prometheus.cpu.Seconds()/m.measured.Seconds()/slower*factor))
	step("memory for Prometheus", fmt.Sprintf("%s × %.0f", bytes(float64(m.prometheus.rss)), factor), bytes(float64(m.prometheus.rss)*factor))
	step("chunks of a month", fmt.Sprintf("%.0f samples/s × %d s × %.2f bytes", samples, month, chunks), bytes(stored))
	step("index of a month", fmt.Sprintf("%.0f hosts × %d hours × %s", n, month/3600, bytes(index)), bytes(indexes))
	step("together, on disk", "chunks + index", bytes(stored+indexes))
}

func used(t taken, seconds float64) string {
	return fmt.Sprintf("%.1f %% of one processor, %s in RAM (at most %s)", 100*t.cpu.Seconds()/seconds, bytes(float64(t.rss)), bytes(float64(t.peak)))
}

func share(cpu, of time.Duration) string { return fmt.Sprintf("%.3f", cpu.Seconds()/of.Seconds()) }

func millions(n float64) string {
	if n < 1e6 {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.2f million", n/1e6)
}

func bytes(n float64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	i := 0
	for ; n >= 1000 && i < len(units)-1; i++ {
		n /= 1000
	}
	if i == 0 || n >= 100 {
		return fmt.Sprintf("%.0f %s", math.Round(n), units[i])
	}
	return fmt.Sprintf("%.1f %s", n, units[i])
}
