//go:build fleet

package fleet

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// What an alert says to run is a command that there is.
func TestActions(t *testing.T) {
	for _, rule := range rules(t) {
		commands := regexp.MustCompile("`godrift ([^`]+)`").FindAllStringSubmatch(rule.Annotations["action"], -1)
		for _, m := range commands {
			args := append(strings.Fields(m[1]), "--help")
			if m[1] == "monitor" {
				continue // its log is meant
			}
			out, err := exec.CommandContext(t.Context(), godrift(t), args...).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "\n  godrift "+strings.Fields(m[1])[0]) {
				t.Errorf("%s says to run godrift %s: %v\n%s", rule.Alert, m[1], err, out)
			}
		}
	}
}
