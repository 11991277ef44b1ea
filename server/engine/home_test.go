package engine_test

import (
	"slices"
	"testing"

	"godrift.dev/server/engine"
)

// A job's Go is held against the module in the folder that the job works in.
func TestWorkflowIsJudgedByItsWorkingDirectory(t *testing.T) {
	for dir, below := range map[string]bool{"tools": false, ".": true, "${{ inputs.dir }}": true} {
		t.Run(dir, func(t *testing.T) {
			r, err := engine.Evaluate(t.Context(), workspace(t, map[string]string{
				"go.mod":       "module example.com/m\n\ngo 1.25.0\n",
				"tools/go.mod": "module example.com/m/tools\n\ngo 1.21.0\n",
				".github/workflows/ci.yml": "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    defaults:\n      run:\n        working-directory: " + dir +
					"\n    steps:\n      - uses: actions/setup-go@v6\n        with:\n          go-version: '1.23.4'\n      - run: go build ./...\n",
			}))
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Contains(codes(r), "pin-below-floor"); got != below {
				t.Errorf("findings %v: pin-below-floor %v, want %v", codes(r), got, below)
			}
		})
	}
}
