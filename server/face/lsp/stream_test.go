package lsp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
)

func frame(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// readAll reads a stream to its end and returns the methods it understood, the
// answers it gave, and the error at the end.
func readAll(input string) (methods []string, answers string, err error) {
	var out bytes.Buffer
	s := newStream(strings.NewReader(input), &out, func() error { return nil }, func() {}, slog.New(slog.DiscardHandler))
	for {
		msg, _, err := s.Read(context.Background())
		if err != nil {
			return methods, out.String(), err
		}
		switch m := msg.(type) {
		case *jsonrpc2.Call:
			methods = append(methods, strings.Clone(m.Method()))
		case *jsonrpc2.Notification:
			methods = append(methods, strings.Clone(m.Method()))
		case *jsonrpc2.Response:
			methods = append(methods, "response")
		}
	}
}

func TestStreamSurvives(t *testing.T) {
	good := frame(`{"jsonrpc":"2.0","method":"good"}`)
	for _, tc := range []struct {
		name, bad string
		answer    string // what the answer must hold; empty: no answer
	}{
		{"nothing", "", ""},
		{"not JSON", frame(`{"jsonrpc":`), `"id":null,"error":{"code":-32700`},
		{"not JSON at all", frame("hello"), `"code":-32700`},
		{"not an object", frame(`17`), `"code":-32700`},
		{"a batch", frame(`[{"jsonrpc":"2.0","method":"x"}]`), `"code":-32600`},
		{"wrong version with an ID", frame(`{"jsonrpc":"1.0","id":7,"method":"x"}`), `"id":7,"error":{"code":-32600`},
		{"a name for an ID", frame(`{"jsonrpc":"1.0","id":"a\"b","method":"x"}`), `"id":"a\"b","error"`},
		{"an object for an ID", frame(`{"jsonrpc":"2.0","id":{},"method":"x"}`), `"error"`},
		{"an answer that is none", frame(`{"jsonrpc":"2.0","id":7}`), `"id":null,"error"`},
		{"bytes that are not UTF-8", frame("\xff\xfe"), `"code":-32700`},
		{"a zero length", "Content-Length: 0\r\n\r\n", `"code":-32700`},
		{"a negative length", "Content-Length: -5\r\n\r\n", `"code":-32700`},
		{"a length that is no number", "Content-Length: five\r\n\r\n", `"code":-32700`},
		{"a length beyond all numbers", "Content-Length: 99999999999999999999999\r\n\r\n", `"code":-32700`},
		{"no length", "Content-Type: x\r\n\r\n", ""},
		{"other fields", "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n", ""},
		{"lower case", strings.ToLower(good), ""},
		{"newlines only", "\r\n\n\n", ""},
		{"a body without a header", `{"jsonrpc":"2.0","method":"lost"}`, ""},
		{"a body longer than announced", "Content-Length: 2\r\n\r\n{}{}{}", `"error"`},
		{"a long line", strings.Repeat("x", 3*maxHeader) + "\r\n", ""},
	} {
		methods, answers, err := readAll(tc.bad + good)
		if len(methods) == 0 || methods[len(methods)-1] != "good" {
			t.Errorf("%s: understood %q, want good at the end (%v)", tc.name, methods, err)
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: ended with %v, want EOF", tc.name, err)
		}
		if tc.answer == "" && answers != "" || !strings.Contains(answers, tc.answer) {
			t.Errorf("%s: answered %q, want %q in it", tc.name, answers, tc.answer)
		}
	}
}

func TestStreamEnds(t *testing.T) {
	for _, tc := range []struct {
		input string
		want  error
	}{
		{"", io.EOF},
		{"Content-Le", io.ErrUnexpectedEOF},
		{"Content-Length: 10\r\n", io.ErrUnexpectedEOF},
		{"Content-Length: 10\r\n\r\n{", io.ErrUnexpectedEOF},
		{fmt.Sprintf("Content-Length: %d\r\n\r\n{", maxMessage+1), io.ErrUnexpectedEOF},
	} {
		if methods, _, err := readAll(tc.input); len(methods) > 0 || !errors.Is(err, tc.want) {
			t.Errorf("%q: %q, %v; want %v", tc.input, methods, err, tc.want)
		}
	}
}

// A message that is too large is skipped, not kept.
func TestStreamSkipsHugeMessages(t *testing.T) {
	huge := io.LimitReader(zeros{}, maxMessage+1)
	in := io.MultiReader(strings.NewReader(fmt.Sprintf("Content-Length: %d\r\n\r\n", maxMessage+1)), huge,
		strings.NewReader(frame(`{"jsonrpc":"2.0","method":"good"}`)))
	var out bytes.Buffer
	s := newStream(in, &out, func() error { return nil }, func() {}, slog.New(slog.DiscardHandler))
	msg, _, err := s.Read(context.Background())
	n, ok := msg.(*jsonrpc2.Notification)
	if err != nil || !ok || n.Method() != "good" {
		t.Errorf("read %v, %v", msg, err)
	}
	if !strings.Contains(out.String(), "too large") {
		t.Errorf("answered %q", out.String())
	}
	if cap(s.body) > keepBuffer {
		t.Errorf("kept a buffer of %d bytes", cap(s.body))
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func FuzzStream(f *testing.F) {
	f.Add([]byte(frame(`{"jsonrpc":"2.0","id":1,"method":"x"}`)))
	f.Add([]byte("Content-Length: 4\r\n\r\nnullContent-Length: 2\r\n\r\n{}"))
	f.Add([]byte("content-length:3\n\n[1]"))
	f.Add([]byte("\r\n\r\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _, err := readAll(string(data))
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("ended with %v", err)
		}
	})
}
