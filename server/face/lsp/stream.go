package lsp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"

	"go.lsp.dev/jsonrpc2"
)

// The bounds of what is read. A client that announces a larger message is
// answered with an error, and the message is skipped.
const (
	maxMessage = 64 << 20
	maxHeader  = 16 << 10
	// keepBuffer is the largest read buffer that is kept for the next message.
	keepBuffer = 1 << 20
)

// stream frames messages as the protocol says. Unlike the library's own, it
// does not end the session over a message that cannot be read: it answers with
// an error and looks for the next message.
type stream struct {
	in    *bufio.Reader
	body  []byte // reused: a message is valid until the next Read
	close func() error
	ended func() // called when nothing more can be read
	log   *slog.Logger

	writing sync.Mutex
	out     io.Writer
	frame   []byte
}

func newStream(in io.Reader, out io.Writer, closeIn func() error, ended func(), log *slog.Logger) *stream {
	return &stream{in: bufio.NewReaderSize(in, 16<<10), out: out, close: closeIn, ended: ended, log: log}
}

// Read returns the next message that can be understood.
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	msg, n, err := s.read(ctx)
	if err != nil {
		s.ended()
	}
	return msg, n, err
}

func (s *stream) read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		n, err := s.length()
		if err != nil {
			return nil, 0, err
		}
		if n > maxMessage {
			if _, err := io.CopyN(io.Discard, s.in, n); err != nil {
				return nil, 0, cut(err)
			}
			s.refuse(ctx, nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest,
				"a message of %d bytes is too large; the most is %d", n, maxMessage))
			continue
		}
		if cap(s.body) > keepBuffer {
			s.body = nil
		}
		if s.body, err = readFull(s.in, s.body[:0], int(n)); err != nil {
			return nil, 0, cut(err)
		}
		msg, err := jsonrpc2.DecodeMessage(s.body)
		if err != nil {
			s.refuse(ctx, s.body, err)
			continue
		}
		return msg, n, nil
	}
}

// readFull reads n bytes without trusting n: memory grows with what comes.
func readFull(r io.Reader, buf []byte, n int) ([]byte, error) {
	const step = 64 << 10
	for len(buf) < n {
		more := min(n-len(buf), step)
		at := len(buf)
		if cap(buf)-at < more {
			buf = append(buf, make([]byte, more)...)
		} else {
			buf = buf[:at+more]
		}
		if _, err := io.ReadFull(r, buf[at:]); err != nil {
			return buf[:at], err
		}
	}
	return buf, nil
}

// cut says that a stream ended in the middle of something.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

const lengthField = "content-length:"

// lastField finds the last "Content-Length:" in a line, in any case of
// letters, byte by byte: what stands in front may not be text at all.
func lastField(line []byte) int {
	for at := len(line) - len(lengthField); at >= 0; at-- {
		if bytes.EqualFold(line[at:at+len(lengthField)], []byte(lengthField)) {
			return at
		}
	}
	return -1
}

// length reads a header and returns the length it announces. Anything in front
// of a well formed header is skipped, so that a client that lost count once is
// understood again from its next message on.
func (s *stream) length() (int64, error) {
	length, junk, some := int64(-1), false, false
	for {
		line, err := s.line()
		if err != nil {
			if !some && length < 0 && len(line) == 0 {
				return 0, err // a clean end
			}
			return 0, cut(err)
		}
		some = true
		text := bytes.TrimRight(line, "\r\n")
		if len(text) == 0 {
			if length > 0 {
				if junk {
					s.log.Warn("skipped bytes that are no message of the language server protocol")
				}
				return length, nil
			}
			if length == 0 {
				s.refuse(context.Background(), nil, jsonrpc2.Errorf(jsonrpc2.ParseError, "an empty message"))
				length = -1
			}
			continue
		}
		// The field may stand behind junk without a line end: JSON has none.
		if at := lastField(text); at >= 0 {
			junk = junk || at > 0
			n, err := strconv.ParseInt(string(bytes.TrimSpace(text[at+len(lengthField):])), 10, 64)
			if err != nil || n < 0 {
				junk, length = true, -1
				s.refuse(context.Background(), nil, jsonrpc2.Errorf(jsonrpc2.ParseError,
					"Content-Length %q is no number of bytes", clip(string(text[at+len(lengthField):]))))
				continue
			}
			length = n
			continue
		}
		if length < 0 {
			junk = true
		}
	}
}

// line reads one line of a header, of which at most maxHeader bytes count.
func (s *stream) line() ([]byte, error) {
	var line []byte
	for {
		part, err := s.in.ReadSlice('\n')
		if len(line) == 0 && err == nil {
			return part, nil
		}
		line = append(line, part...)
		if len(line) > maxHeader {
			line = line[len(line)-maxHeader:]
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// refuse answers a message that cannot be understood. If its ID can be read
// the answer carries it, so that the client does not wait for ever.
func (s *stream) refuse(ctx context.Context, body []byte, cause error) {
	s.log.Warn("a message from the client cannot be understood", "error", cause)
	wire := jsonrpc2.NewError(jsonrpc2.ParseError, "this message cannot be understood: "+cause.Error())
	if errors.As(cause, &wire) {
		wire = jsonrpc2.NewError(wire.Code, "this message cannot be understood: "+wire.Message)
	}
	if _, err := s.Write(ctx, jsonrpc2.NewResponse(looseID(body), nil, wire)); err != nil {
		s.log.Error("cannot write to the client", "error", err)
	}
}

// Write sends one message as one write.
func (s *stream) Write(_ context.Context, msg jsonrpc2.Message) (int64, error) {
	body, err := jsonrpc2.EncodeMessage(msg)
	if err != nil {
		return 0, fmt.Errorf("encode a message for the client: %w", err)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.frame = append(s.frame[:0], "Content-Length: "...)
	s.frame = strconv.AppendInt(s.frame, int64(len(body)), 10)
	s.frame = append(s.frame, "\r\n\r\n"...)
	s.frame = append(s.frame, body...)
	n, err := s.out.Write(s.frame)
	if cap(s.frame) > keepBuffer {
		s.frame = nil
	}
	return int64(n), err
}

// Close closes the input if that is possible. It does not end a read of
// standard input that is under way; see Serve.
func (s *stream) Close() error { return s.close() }
