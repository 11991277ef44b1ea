package telemetry

import (
	"encoding/binary"
	"math"
)

// message is a protobuf message as it is encoded: a field is its number and wire type, and
// its value; see https://protobuf.dev/programming-guides/encoding/. What has its default
// is left out.
type message []byte

const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

func (m message) tag(field, wire int) message {
	return binary.AppendUvarint(m, uint64(field)<<3|uint64(wire))
}

func (m message) varint(field int, v uint64) message {
	if v == 0 {
		return m
	}
	return binary.AppendUvarint(m.tag(field, wireVarint), v)
}

func (m message) fixed32(field int, v uint32) message {
	if v == 0 {
		return m
	}
	return binary.LittleEndian.AppendUint32(m.tag(field, wireFixed32), v)
}

func (m message) fixed64(field int, v uint64) message {
	if v == 0 {
		return m
	}
	return m.fixed64Always(field, v)
}

// fixed64Always is for a field of a oneof, or an optional one: it says something also
// with its default.
func (m message) fixed64Always(field int, v uint64) message {
	return binary.LittleEndian.AppendUint64(m.tag(field, wireFixed64), v)
}

func (m message) double(field int, v float64) message {
	return m.fixed64Always(field, math.Float64bits(v))
}

func (m message) bytes(field int, v []byte) message {
	m = binary.AppendUvarint(m.tag(field, wireBytes), uint64(len(v)))
	return append(m, v...)
}

func (m message) text(field int, v string) message {
	if v == "" {
		return m
	}
	return m.bytes(field, []byte(v))
}

// uvarint is a number without its tag.
func (m message) uvarint(v uint64) message { return binary.AppendUvarint(m, v) }

// packed is a repeated field of 64 bits each.
func (m message) packed(field int, values []uint64) message {
	if len(values) == 0 {
		return m
	}
	m = binary.AppendUvarint(m.tag(field, wireBytes), uint64(8*len(values)))
	for _, v := range values {
		m = binary.LittleEndian.AppendUint64(m, v)
	}
	return m
}

// field finds the bytes of a field in an encoded message; nil if it is not there, or the
// message is none.
func (m message) field(number int) message {
	for len(m) > 0 {
		tag, n := binary.Uvarint(m)
		if n <= 0 {
			return nil
		}
		m = m[n:]
		size := uint64(0)
		switch tag & 7 {
		case wireVarint:
			if _, n = binary.Uvarint(m); n <= 0 {
				return nil
			}
			size = uint64(n)
		case wireFixed64:
			size = 8
		case wireFixed32:
			size = 4
		case wireBytes:
			if size, n = binary.Uvarint(m); n <= 0 {
				return nil
			}
			m = m[n:]
		default:
			return nil
		}
		if size > uint64(len(m)) {
			return nil
		}
		if tag>>3 == uint64(number) && tag&7 == wireBytes {
			return m[:size]
		}
		m = m[size:]
	}
	return nil
}
