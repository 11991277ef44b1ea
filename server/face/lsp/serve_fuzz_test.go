package lsp

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/engine"
)

// Whatever a client sends, the server answers or ends; it does not hang and
// does not panic.
func FuzzServe(f *testing.F) {
	start := frame(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`) +
		frame(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
	f.Add([]byte(start + frame(`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`) + frame(`{"jsonrpc":"2.0","method":"exit"}`)))
	f.Add([]byte(start + frame(`{"jsonrpc":"2.0","id":"a","method":"textDocument/hover","params":{"textDocument":{"uri":"file:///x/go.mod"},"position":{"line":4294967295,"character":0}}}`)))
	f.Add([]byte(start + frame(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///x/go.mod","version":1},"contentChanges":[{"range":{"start":{"line":9,"character":9},"end":{"line":0,"character":0}},"text":"x"}]}}`)))
	f.Add([]byte(start + frame(`{"jsonrpc":"2.0","id":3,"method":"godrift/why","params":{"uri":"file:///%00"}}`)))
	f.Add([]byte(start + frame(`{"jsonrpc":"2.0","id":4,"method":"workspace/executeCommand","params":{"command":"godrift.undo","arguments":[{"id":-1}]}}`)))
	f.Add([]byte("Content-Length: 3\r\n\r\n\x00\x01\x02" + start))
	f.Add([]byte(start + frame(`[]`) + frame(`{"jsonrpc":"2.0","id":1,"result":{}}`)))
	state := f.TempDir()
	files := engine.Here("editor").Files
	f.Fuzz(func(t *testing.T, data []byte) {
		// Folders of this machine are none of the fuzzer's business.
		if bytes.Contains(data, []byte("rootUri\":\"")) || bytes.Contains(data, []byte("rootPath")) || bytes.Contains(data, []byte("olders")) {
			return
		}
		var log bytes.Buffer
		done := make(chan struct{})
		go func() {
			Serve(context.Background(), Options{
				In: bytes.NewReader(data), Out: io.Discard, Err: &log, StateDir: state,
				World: engine.World{Files: files, Environ: map[string]string{}},
				Alive: func(int) bool { return false },
			})
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatalf("the server hangs on %q", data)
		}
		if strings.Contains(log.String(), "crash report") {
			t.Fatalf("%q: %s", data, log.String())
		}
	})
}
