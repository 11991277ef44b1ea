package fleet

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The page for users lists exactly the alerts that there are, as bad as they are, and
// names no file that is not there.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(observability, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	alerts := 0
	for _, rule := range rules(t) {
		if rule.Alert == "" {
			continue
		}
		alerts++
		if row := fmt.Sprintf("| `%s` | %s |", rule.Alert, rule.Labels["severity"]); !strings.Contains(page, row) {
			t.Errorf("no row %s", row)
		}
	}
	if rows := strings.Count(page, "\n| `Godrift"); rows != alerts {
		t.Errorf("%d alerts are listed, there are %d", rows, alerts)
	}
	for _, m := range regexp.MustCompile("`((?:prometheus|collector|grafana)/[a-z.-]*)`").FindAllStringSubmatch(page, -1) {
		if _, err := os.Stat(filepath.Join(observability, m[1])); err != nil {
			t.Error(err)
		}
	}
	if n := len(dashboards(t)); n != 7 || !strings.Contains(page, "seven dashboards") {
		t.Errorf("there are %d dashboards", n)
	}
}
