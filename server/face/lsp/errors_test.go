package lsp

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.lsp.dev/jsonrpc2"

	"godrift.dev/server/engine"
)

func TestWireErrors(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want jsonrpc2.Code
	}{
		{context.Canceled, -32800},
		{fmt.Errorf("reading: %w", context.Canceled), -32800},
		{context.DeadlineExceeded, -32800},
		{failed(context.Canceled), -32800},
		{fmt.Errorf("%w: edited", errChanged), -32801},
		{engine.ErrNoFix, -32801},
		{fmt.Errorf("%w: no folder", errParams), -32602},
		{fmt.Errorf("%w: %w", jsonrpc2.ErrParse, errors.New("x")), -32602},
		{fmt.Errorf("%w: x", jsonrpc2.ErrMethodNotFound), -32601},
		{errStarting, -32002},
		{errEnding, -32600},
		{failed(errors.New("the disk is full")), -32803},
		{errors.New("anything else"), -32603},
	} {
		var got *jsonrpc2.Error
		if !errors.As(wireError("m", tc.err), &got) || got.Code != tc.want {
			t.Errorf("%v goes out as %v, want code %d", tc.err, got, tc.want)
		} else if got.Message == "" {
			t.Errorf("%v goes out without a message", tc.err)
		}
	}
	if wireError("m", nil) != nil {
		t.Error("no error became one")
	}
}
